package io.quern.link;

import java.util.Collection;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// The queue in front of an event loop: many threads add, one thread takes. Nobody ever waits for
/// room.
///
/// [#offer] is for what comes from outside and is refused beyond the capacity; [#put] is for what
/// is bounded by other means (results of tasks handed out, reports of commits asked for) and must
/// not be lost.
public final class Inbox<E> {
  private final ConcurrentLinkedQueue<E> queue = new ConcurrentLinkedQueue<>();
  private final AtomicInteger size = new AtomicInteger();
  private final int capacity;
  private volatile @Nullable Thread sleeper;

  public Inbox(int capacity) {
    this.capacity = capacity;
  }

  /// Adds an event unless the inbox is full.
  public boolean offer(E event) {
    if (size.get() >= capacity) {
      return false;
    }
    put(event);
    return true;
  }

  /// Adds an event whatever the number waiting.
  public void put(E event) {
    size.incrementAndGet();
    queue.add(event);
    Thread waiting = sleeper;
    if (waiting != null) {
      LockSupport.unpark(waiting);
    }
  }

  /// Adds events whatever the number waiting; who takes them is woken once.
  public void putAll(Collection<? extends E> events) {
    size.addAndGet(events.size());
    queue.addAll(events);
    Thread waiting = sleeper;
    if (waiting != null) {
      LockSupport.unpark(waiting);
    }
  }

  /// How many events wait.
  public int size() {
    return size.get();
  }

  /// Takes at most `limit` events, oldest first; returns how many.
  public int drain(int limit, Consumer<? super E> consumer) {
    int taken = 0;
    while (taken < limit) {
      E event = queue.poll();
      if (event == null) {
        break;
      }
      taken++;
      size.decrementAndGet();
      consumer.accept(event);
    }
    return taken;
  }

  /// Waits until an event is there, at most so long; may return early.
  public void await(long nanos) {
    if (!queue.isEmpty() || nanos <= 0) {
      return;
    }
    sleeper = Thread.currentThread();
    try {
      if (queue.isEmpty()) {
        LockSupport.parkNanos(this, nanos);
      }
    } finally {
      sleeper = null;
    }
  }
}
