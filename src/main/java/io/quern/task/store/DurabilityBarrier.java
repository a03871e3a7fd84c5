package io.quern.task.store;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// Keeps readers from telling what could still be lost. A database shows a transaction to other
/// connections a moment before its log is on disk; a reader that has read in this moment waits here
/// until the commit it may have seen has come to its end. Readers never hold up the writer.
final class DurabilityBarrier {
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition ended = lock.newCondition();

  /// Counts beginnings and ends of commits: odd while one is in progress.
  private final AtomicLong phase = new AtomicLong();

  /// The writer is about to commit.
  void beginCommit() {
    advance();
  }

  /// The commit is durable, or has failed.
  void endCommit() {
    advance();
  }

  private void advance() {
    lock.lock();
    try {
      phase.incrementAndGet();
      ended.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /// Waits for the end of a commit that is in progress now.
  void await() {
    long seen = phase.get();
    if ((seen & 1) == 0) {
      return;
    }
    lock.lock();
    try {
      while (phase.get() == seen) {
        ended.awaitUninterruptibly();
      }
    } finally {
      lock.unlock();
    }
  }
}
