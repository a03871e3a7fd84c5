package io.quern.link;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// One thread that looks after every link of a process: it has signs of life sent and notices who
/// is gone. It runs apart from the loops, so a busy loop does not look dead.
///
/// Should it be late itself (the process was stopped, or collected garbage), every peer is granted
/// that time: their signs of life may be waiting to be read.
final class Heartbeats {

  /// What is looked after; called by the one thread.
  interface Watched {
    void tick(long nanoTime, long grantedNanos);
  }

  static final Heartbeats SHARED = new Heartbeats();

  private static final long PERIOD_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

  private final Set<Watched> watched = ConcurrentHashMap.newKeySet();
  private @Nullable Thread thread;

  private Heartbeats() {}

  void add(Watched each) {
    watched.add(each);
    synchronized (this) {
      if (thread == null) {
        thread = Thread.ofPlatform().daemon().name("quern-heartbeats").start(this::run);
      }
    }
  }

  void remove(Watched each) {
    watched.remove(each);
  }

  private void run() {
    long expected = System.nanoTime() + PERIOD_NANOS;
    while (true) {
      LockSupport.parkNanos(this, Math.max(0, expected - System.nanoTime()));
      long now = System.nanoTime();
      if (now < expected) {
        continue;
      }
      long late = now - expected;
      long granted = late > PERIOD_NANOS ? late : 0;
      for (Watched each : watched) {
        each.tick(now, granted);
      }
      expected = now + PERIOD_NANOS;
    }
  }
}
