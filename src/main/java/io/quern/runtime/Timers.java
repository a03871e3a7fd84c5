package io.quern.runtime;

import java.time.Instant;
import java.util.Comparator;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// What is to happen later, in order of time. A timer that is no longer wanted is taken out, so
/// that long time limits do not keep ended tasks in memory.
final class Timers {

  /// One appointment.
  static final class Timer {
    private final Instant at;
    private final long number;
    private final Runnable action;

    private Timer(Instant at, long number, Runnable action) {
      this.at = at;
      this.number = number;
      this.action = action;
    }
  }

  private static final Comparator<Timer> BY_TIME =
      Comparator.<Timer, Instant>comparing(timer -> timer.at)
          .thenComparingLong(timer -> timer.number);

  private final TreeSet<Timer> timers = new TreeSet<>(BY_TIME);
  private long counter;

  Timer schedule(Instant at, Runnable action) {
    Timer timer = new Timer(at, ++counter, action);
    timers.add(timer);
    return timer;
  }

  void cancel(@Nullable Timer timer) {
    if (timer != null) {
      timers.remove(timer);
    }
  }

  /// Runs everything that is due, but what that schedules. One that fails is over; those after it
  /// stay for the next time.
  void fire(Instant now) {
    long last = counter;
    while (!timers.isEmpty() && !timers.first().at.isAfter(now) && timers.first().number <= last) {
      timers.removeFirst().action.run();
    }
  }

  /// When the next one is due; null for never.
  @Nullable Instant next() {
    return timers.isEmpty() ? null : timers.first().at;
  }
}
