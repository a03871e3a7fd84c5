package io.quern.task;

import io.quern.engine.compile.CircuitStatistics;
import io.quern.engine.pass.Progress;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What is known of a compilation task without its circuit and result; what `GET /tasks/{id}`
/// shows.
///
/// @param tenant the owner
/// @param level 0 if it has none: its passes came with it
/// @param before null if that is not known: the input is a pickle
/// @param scheduling when and where it runs
/// @param lastEvent number of the newest event
/// @param deadline when the time limit ends; null if there is none or no attempt has started
public record CompilationTask(
    TaskId id,
    String tenant,
    @Nullable String name,
    List<String> tags,
    TaskState state,
    int level,
    long seed,
    Scheduling scheduling,
    @Nullable Progress progress,
    @Nullable CircuitStatistics before,
    @Nullable CircuitStatistics after,
    Instant submittedAt,
    @Nullable Instant startedAt,
    @Nullable Instant finishedAt,
    @Nullable Instant deadline,
    @Nullable Attempt attempt,
    long lastEvent,
    @Nullable TaskError error,
    Engine engine) {
  public CompilationTask {
    tags = List.copyOf(tags);
  }

  /// A task for Quern's own engine.
  public CompilationTask(
      TaskId id,
      String tenant,
      @Nullable String name,
      List<String> tags,
      TaskState state,
      int level,
      long seed,
      Scheduling scheduling,
      @Nullable Progress progress,
      CircuitStatistics before,
      @Nullable CircuitStatistics after,
      Instant submittedAt,
      @Nullable Instant startedAt,
      @Nullable Instant finishedAt,
      @Nullable Instant deadline,
      @Nullable Attempt attempt,
      long lastEvent,
      @Nullable TaskError error) {
    this(
        id,
        tenant,
        name,
        tags,
        state,
        level,
        seed,
        scheduling,
        progress,
        before,
        after,
        submittedAt,
        startedAt,
        finishedAt,
        deadline,
        attempt,
        lastEvent,
        error,
        Engine.QUERN);
  }
}
