package io.quern.journal;

import io.quern.failure.ErrorCode;
import io.quern.failure.QuernException;
import io.quern.task.TaskId;
import io.quern.task.TaskRecord;
import io.quern.task.TaskRecord.Accepted;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// What is durable in the journal and not in the database yet, and whoever waits for it: the thread
/// that commits waits for room, the one that carries records over for records, reads of many tasks
/// for the database to have what was committed before them.
///
/// Thread-safe. One thread adds, one takes out.
final class Backlog {
  /// Records carried into the database by one transaction.
  private static final int GROUP_RECORDS = 4_096;

  /// What they may take of the journal. The database writes its pages in the middle of a
  /// transaction that has changed some 20 MB of them, and then writes most of them once more.
  private static final long GROUP_BYTES = 3L << 19;

  /// How long a group may grow while nobody waits for it: a task that begins and ends within it
  /// costs the database one row of each kind and no change.
  private static final long GATHER_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

  /// Records that may wait for the database; then commits wait.
  private static final int MOST_RECORDS = 16_384;

  /// What they may take of memory; then commits wait.
  private static final long MOST_FOOTPRINT =
      Math.min(256L << 20, Runtime.getRuntime().maxMemory() / 8);

  private static final long RETRY_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

  /// How long a read of many tasks waits for a database that works, and for one that is away.
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private static final Duration PATIENCE_WHILE_AWAY = Duration.ofSeconds(2);

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition committed = lock.newCondition();
  private final Condition carried = lock.newCondition();

  // Guarded by the lock.

  private final PendingTasks pending = new PendingTasks();
  private final WaitingRecords waiting = new WaitingRecords();

  /// Position of the last record the database has; those after it wait.
  private long applied;

  /// Position of the last record somebody waits for.
  private long wanted;

  private boolean isClosed;

  /// When the database took nothing for the first time in a row; 0 if it took what came last.
  private long awaySince;

  // The thread that commits

  /// The database has the records up to a position.
  void startBehind(long position) {
    lock.lock();
    try {
      applied = position;
    } finally {
      lock.unlock();
    }
  }

  /// Waits while the database is far behind; false if the store is closed.
  boolean awaitRoom() {
    lock.lock();
    try {
      while (isFull() && !isClosed) {
        carried.awaitUninterruptibly();
      }
      return !isClosed;
    } finally {
      lock.unlock();
    }
  }

  private boolean isFull() {
    return waiting.count() >= MOST_RECORDS || waiting.footprint() >= MOST_FOOTPRINT;
  }

  /// Records have become durable.
  ///
  /// @param sizes what each of them takes of the journal, in bytes
  void add(List<TaskRecord> records, int[] sizes) {
    lock.lock();
    try {
      for (int i = 0; i < sizes.length; i++) {
        pending.add(records.get(i));
        waiting.add(records.get(i), sizes[i]);
      }
      committed.signal();
    } finally {
      lock.unlock();
    }
  }

  /// A record is durable and does not wait: it is kept aside.
  void addAside(TaskRecord record) {
    lock.lock();
    try {
      pending.add(record);
    } finally {
      lock.unlock();
    }
  }

  // The thread that carries over

  /// Waits for records; nothing if the store is closed and the database has all of them.
  List<TaskRecord> takeGroup() {
    lock.lock();
    try {
      while (waiting.isEmpty() && !isClosed) {
        committed.awaitUninterruptibly();
      }
      long left = GATHER_NANOS;
      while (left > 0
          && waiting.count() < GROUP_RECORDS
          && waiting.bytes() < GROUP_BYTES
          && wanted <= applied
          && !isClosed) {
        try {
          left = committed.awaitNanos(left);
        } catch (InterruptedException _) {
          // Ended by close() only: an interrupt must not lose what waits.
          left = 0;
        }
      }
      return waiting.first(GROUP_RECORDS, GROUP_BYTES);
    } finally {
      lock.unlock();
    }
  }

  /// The records that wait first, as many as are carried over together; nothing if none waits.
  List<TaskRecord> firstGroup() {
    lock.lock();
    try {
      return waiting.first(GROUP_RECORDS, GROUP_BYTES);
    } finally {
      lock.unlock();
    }
  }

  /// The first records that waited wait no more.
  ///
  /// @param isKeptAside whether the database does not have them, so that reads still look for them
  void release(int count, boolean isKeptAside) {
    lock.lock();
    try {
      for (int i = 0; i < count; i++) {
        TaskRecord record = waiting.remove();
        if (!isKeptAside) {
          pending.remove(record);
        }
      }
      applied += count;
      carried.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /// The database has a record that was kept aside.
  void forget(TaskRecord record) {
    lock.lock();
    try {
      pending.remove(record);
    } finally {
      lock.unlock();
    }
  }

  /// The database takes nothing now, or takes something again.
  void noteAway(boolean isAway) {
    lock.lock();
    try {
      awaySince = !isAway ? 0 : awaySince == 0 ? Math.max(1, System.nanoTime()) : awaySince;
      carried.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /// Waits until it is time to try again; false if the store is closed.
  boolean awaitRetry() {
    lock.lock();
    try {
      for (long left = RETRY_NANOS; left > 0 && !isClosed; ) {
        left = committed.awaitNanos(left);
      }
      return !isClosed;
    } catch (InterruptedException _) {
      return true;
    } finally {
      lock.unlock();
    }
  }

  // Anybody

  /// Records that wait for the database.
  int count() {
    lock.lock();
    try {
      return waiting.count();
    } finally {
      lock.unlock();
    }
  }

  /// Position of the last record the database has.
  long applied() {
    lock.lock();
    try {
      return applied;
    } finally {
      lock.unlock();
    }
  }

  /// What of a task is not in the database, oldest first.
  List<TaskRecord> of(TaskId id) {
    lock.lock();
    try {
      return pending.of(id);
    } finally {
      lock.unlock();
    }
  }

  /// The task under an idempotency key that is not in the database; null if there is none.
  @Nullable Accepted holder(String tenant, String key) {
    lock.lock();
    try {
      return pending.holder(tenant, key);
    } finally {
      lock.unlock();
    }
  }

  /// Returns when the database has everything that was committed before the call.
  ///
  /// @throws QuernException if it does not take it in time
  void awaitCarried() {
    long begun = System.nanoTime();
    lock.lock();
    try {
      long last = applied + waiting.count();
      wanted = Math.max(wanted, last);
      committed.signal();
      while (applied < last) {
        long since = awaySince == 0 ? begun : Math.max(begun, awaySince);
        Duration patience = awaySince == 0 ? PATIENCE : PATIENCE_WHILE_AWAY;
        long left = since + patience.toNanos() - System.nanoTime();
        if (left <= 0) {
          throw new QuernException(
              ErrorCode.STORE_UNAVAILABLE,
              "the database has not taken what is durable for " + patience.toSeconds() + " s");
        }
        carried.awaitNanos(left);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    } finally {
      lock.unlock();
    }
  }

  /// Nothing more is added; whoever waits goes on.
  void close() {
    lock.lock();
    try {
      isClosed = true;
      committed.signalAll();
      carried.signalAll();
    } finally {
      lock.unlock();
    }
  }
}
