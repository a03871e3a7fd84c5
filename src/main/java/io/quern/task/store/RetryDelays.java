package io.quern.task.store;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/// How the writer waits for a database it has lost.
///
/// @param first before the second try; doubled for each further one
/// @param longest bound of a single delay
/// @param patience how long records wait for a connection before they fail; while the outcome of a
///   commit is unknown there is no such bound
record RetryDelays(Duration first, Duration longest, Duration patience) {
  static final RetryDelays DEFAULT =
      new RetryDelays(Duration.ofMillis(20), Duration.ofSeconds(2), Duration.ofSeconds(5));

  /// Waits before the next try.
  ///
  /// @param failures tries that failed so far, at least 1
  void pause(int failures) {
    long nanos = first.toNanos() << Math.min(failures - 1, 20);
    LockSupport.parkNanos(Math.min(nanos, longest.toNanos()));
  }
}
