package io.quern.testing;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

/// Waits for processes that are to end by themselves.
public final class EndOfProcess {
  private static final Duration PATIENCE = Duration.ofMinutes(3);

  private EndOfProcess() {}

  /// Returns the status of a process as soon as it has ended.
  ///
  /// @param name what it is called if it does not
  /// @throws AssertionError if it does not within three minutes; it is killed then
  public static int await(String name, Process process) throws InterruptedException {
    if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
      process.destroyForcibly();
      throw new AssertionError(name + " was to end, and went on for " + PATIENCE);
    }
    return process.exitValue();
  }
}
