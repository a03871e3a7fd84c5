package io.quern.bqskit;

import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// Bytes that wait somewhere, so that readers can stop while there are too many. Thread-safe.
final class ByteBudget {
  private final long limit;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition hasRoom = lock.newCondition();

  /// Guarded by the lock.
  private long used;

  private boolean isClosed;

  ByteBudget(long limit) {
    this.limit = limit;
  }

  /// Counts bytes, whatever the number waiting.
  void add(long bytes) {
    lock.lock();
    try {
      used += bytes;
    } finally {
      lock.unlock();
    }
  }

  void remove(long bytes) {
    lock.lock();
    try {
      used -= bytes;
      if (used < limit) {
        hasRoom.signalAll();
      }
    } finally {
      lock.unlock();
    }
  }

  /// Waits while too many bytes wait; returns at once when closed.
  void awaitRoom() throws InterruptedException {
    lock.lock();
    try {
      while (used >= limit && !isClosed) {
        hasRoom.await();
      }
    } finally {
      lock.unlock();
    }
  }

  void close() {
    lock.lock();
    try {
      isClosed = true;
      hasRoom.signalAll();
    } finally {
      lock.unlock();
    }
  }
}
