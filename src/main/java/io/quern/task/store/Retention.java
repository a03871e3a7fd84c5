package io.quern.task.store;

import java.time.Duration;

/// How long and how much is kept.
///
/// @param finished time from a task's end until it is removed
/// @param expired time a removed task's id is remembered, so that it answers "expired"
/// @param logLines newest log lines kept of a task
public record Retention(Duration finished, Duration expired, int logLines) {
  public static final Retention DEFAULT =
      new Retention(Duration.ofDays(7), Duration.ofDays(30), 10_000);

  public Retention {
    if (finished.isNegative() || expired.isNegative() || logLines < 1) {
      throw new IllegalArgumentException(
          "expected times of 0 or more and at least one log line, found "
              + finished
              + ", "
              + expired
              + ", "
              + logLines);
    }
  }
}
