package io.quern.task.store;

import io.quern.task.TaskStore.StoredEvent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// The newest events of one task that is being read, in an unbroken run of numbers.
final class EventChannel {
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition grown = lock.newCondition();

  // The fields down to `last` are guarded by the lock.

  /// Event n lies in slot n modulo the length.
  private final @Nullable StoredEvent[] ring;

  /// Number of the oldest event in the ring; last + 1 if it is empty.
  private long first = 1;

  /// Number of the newest event known to be committed, 0 before the first one; the ring, if it is
  /// not empty, ends with it.
  private long last;

  /// Guarded by the feed's map: join and leave are called inside its compute.
  private int readers;

  EventChannel(int capacity) {
    this.ring = new StoredEvent[capacity];
  }

  void join() {
    readers++;
  }

  /// @return whether nobody is left
  boolean leave() {
    readers--;
    return readers == 0;
  }

  /// Adds committed events and wakes the readers.
  void append(List<StoredEvent> events) {
    lock.lock();
    try {
      for (StoredEvent event : events) {
        if (event.number() != last + 1) {
          clear(event.number() - 1);
        }
        last = event.number();
        first = Math.max(first, last - ring.length + 1);
        ring[slot(last)] = event;
      }
      grown.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /// Wakes the readers to look for events up to a number in the store.
  void skipTo(long number) {
    lock.lock();
    try {
      clear(Math.max(last, number));
      grown.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private void clear(long number) {
    Arrays.fill(ring, null);
    last = number;
    first = number + 1;
  }

  private int slot(long number) {
    return (int) (number % ring.length);
  }

  /// Number of the newest event known here.
  long last() {
    lock.lock();
    try {
      return last;
    } finally {
      lock.unlock();
    }
  }

  /// Events from a position on.
  ///
  /// @return null if they must be read from the store, empty if the position is beyond the last
  @Nullable List<StoredEvent> read(long position, int limit) {
    lock.lock();
    try {
      if (position < first || last == 0) {
        return null;
      }
      long end = Math.min(last, position + limit - 1);
      List<StoredEvent> events = new ArrayList<>();
      for (long number = position; number <= end; number++) {
        events.add(Objects.requireNonNull(ring[slot(number)]));
      }
      return events;
    } finally {
      lock.unlock();
    }
  }

  /// Waits until an event with a greater number is known.
  ///
  /// @return false on time-out
  boolean awaitAfter(long number, long nanos) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      long left = nanos;
      while (last <= number) {
        if (left <= 0) {
          return false;
        }
        left = grown.awaitNanos(left);
      }
      return true;
    } finally {
      lock.unlock();
    }
  }
}
