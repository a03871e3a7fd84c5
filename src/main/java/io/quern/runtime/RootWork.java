package io.quern.runtime;

import io.quern.engine.pass.LogLevel;
import io.quern.engine.pass.RuntimeFunction;
import io.quern.task.KeptWork;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// What a compilation task's root runtime task runs, and under which limits.
///
/// @param argument what the root function gets, normally the submission
/// @param timeLimit null for none
/// @param kept what earlier runs have finished
public record RootWork(
    RuntimeFunction<?, ?> function,
    Object argument,
    @Nullable Duration timeLimit,
    LogLevel loggingLevel,
    int loggingDepth,
    KeptWork kept) {

  /// Work that begins with nothing.
  public RootWork(
      RuntimeFunction<?, ?> function,
      Object argument,
      @Nullable Duration timeLimit,
      LogLevel loggingLevel,
      int loggingDepth) {
    this(function, argument, timeLimit, loggingLevel, loggingDepth, KeptWork.NOTHING);
  }
}
