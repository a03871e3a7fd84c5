package io.quern.task;

import io.quern.engine.compile.CompilationResult;
import io.quern.engine.pass.LogLevel;
import io.quern.engine.pass.Progress;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// One entry of a task's event log, as the core makes it. Numbers of one task run from 1 without
/// gaps; the terminal event has the last one.
public record TaskEvent(TaskId task, long number, Instant time, Data data) {

  /// What happened.
  public sealed interface Data {}

  /// `state`
  public record StateChanged(@Nullable TaskState from, TaskState to, @Nullable TaskError error)
      implements Data {}

  /// `log`
  public record LogLine(LogLevel level, String logger, String message) implements Data {}

  /// `progress`
  public record Progressed(Progress progress) implements Data {}

  /// `restarted`: the events before it are of an attempt that was lost.
  public record Restarted(Attempt attempt) implements Data {}

  /// `result`: the last event of DONE and PARTIAL.
  public record ResultReady(TaskState state, CompilationResult result) implements Data {}
}
