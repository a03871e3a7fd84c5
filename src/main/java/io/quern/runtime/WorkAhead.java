package io.quern.runtime;

import java.time.Duration;

/// How far employees may work ahead.
///
/// @param nanos how much work, by estimate, an employee may hold for each busy slot
/// @param patience what was given ahead is short by estimate; if nothing of it ends in this time it
///   is not, and what was not begun comes back, to go to whoever is free first and whoever's turn
///   it is
public record WorkAhead(long nanos, Duration patience) {
  private static final Duration PATIENCE = Duration.ofMillis(100);

  /// With the usual patience.
  public static WorkAhead ofNanos(long nanos) {
    return new WorkAhead(nanos, PATIENCE);
  }
}
