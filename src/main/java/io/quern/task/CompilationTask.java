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
  public CompilationTask {
    tags = List.copyOf(tags);
  }
}
