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
  private static final long USUAL_NANOS = TimeUnit.MILLISECONDS.toNanos(400);

  private final Set<Watched> watched = ConcurrentHashMap.newKeySet();
  private volatile long expected = System.nanoTime() + PERIOD_NANOS;
  private @Nullable Thread thread;

  private Heartbeats() {}

  void add(Watched each) {
    watched.add(each);
    synchronized (this) {
      if (thread == null) {
        expected = System.nanoTime() + PERIOD_NANOS;
        thread = Thread.ofPlatform().daemon().name("quern-heartbeats").start(this::run);
      }
    }
  }

  void remove(Watched each) {
    watched.remove(each);
  }

  /// How late it is at this moment, and has granted nobody yet.
  long lateNanos() {
    return granted(System.nanoTime() - expected);
  }

  /// What is usual on a busy machine gives the peers' signs of life time enough to be read.
  private static long granted(long late) {
    return late > USUAL_NANOS ? late : 0;
  }

  private void run() {
    while (true) {
      LockSupport.parkNanos(this, Math.max(0, expected - System.nanoTime()));
      long now = System.nanoTime();
      if (now < expected) {
        continue;
      }
      long granted = granted(now - expected);
      for (Watched each : watched) {
        each.tick(now, granted);
      }
      expected = now + PERIOD_NANOS;
    }
  }
}
