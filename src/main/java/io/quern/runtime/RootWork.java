package io.quern.runtime;

import io.quern.engine.pass.LogLevel;
import io.quern.engine.pass.RuntimeFunction;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// What a compilation task's root runtime task runs, and under which limits.
///
/// @param argument what the root function gets, normally the submission
/// @param timeLimit null for none
public record RootWork(
    RuntimeFunction<?, ?> function,
    Object argument,
    @Nullable Duration timeLimit,
    LogLevel loggingLevel,
    int loggingDepth) {}
