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
/// @param deaths processes that ended while they executed it, since its newest checkpoint
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
    Engine engine,
    DeathCount deaths) {
  public CompilationTask {
    tags = List.copyOf(tags);
  }

  /// A task that nothing has happened to yet.
  ///
  /// @param before null if the input is a pickle
  public static CompilationTask queued(
      TaskId id,
      String tenant,
      Submission submission,
      @Nullable CircuitStatistics before,
      Instant submittedAt) {
    return new CompilationTask(
        id,
        tenant,
        submission.name(),
        submission.tags(),
        TaskState.QUEUED,
        submission.level(),
        submission.seed(),
        submission.scheduling(),
        null,
        before,
        null,
        submittedAt,
        null,
        null,
        null,
        null,
        0,
        null,
        submission.engine(),
        DeathCount.NONE);
  }

  /// The same task after something has happened to it, which is said to the answer.
  public Change change() {
    return new Change(this);
  }

  /// What changes of a task while it lives.
  public static final class Change {
    private final CompilationTask from;
    private TaskState state;
    private @Nullable Progress progress;
    private @Nullable CircuitStatistics after;
    private @Nullable Instant startedAt;
    private @Nullable Instant finishedAt;
    private @Nullable Instant deadline;
    private @Nullable Attempt attempt;
    private long lastEvent;
    private @Nullable TaskError error;
    private DeathCount deaths;

    private Change(CompilationTask from) {
      this.from = from;
      state = from.state;
      progress = from.progress;
      after = from.after;
      startedAt = from.startedAt;
      finishedAt = from.finishedAt;
      deadline = from.deadline;
      attempt = from.attempt;
      lastEvent = from.lastEvent;
      error = from.error;
      deaths = from.deaths;
    }

    public Change state(TaskState value) {
      state = value;
      return this;
    }

    public Change progress(@Nullable Progress value) {
      progress = value;
      return this;
    }

    public Change after(@Nullable CircuitStatistics value) {
      after = value;
      return this;
    }

    public Change startedAt(@Nullable Instant value) {
      startedAt = value;
      return this;
    }

    public Change finishedAt(@Nullable Instant value) {
      finishedAt = value;
      return this;
    }

    public Change deadline(@Nullable Instant value) {
      deadline = value;
      return this;
    }

    public Change attempt(@Nullable Attempt value) {
      attempt = value;
      return this;
    }

    public Change lastEvent(long value) {
      lastEvent = value;
      return this;
    }

    public Change error(@Nullable TaskError value) {
      error = value;
      return this;
    }

    public Change deaths(DeathCount value) {
      deaths = value;
      return this;
    }

    /// The task as it is then.
    public CompilationTask made() {
      return new CompilationTask(
          from.id,
          from.tenant,
          from.name,
          from.tags,
          state,
          from.level,
          from.seed,
          from.scheduling,
          progress,
          from.before,
          after,
          from.submittedAt,
          startedAt,
          finishedAt,
          deadline,
          attempt,
          lastEvent,
          error,
          from.engine,
          deaths);
    }
  }
}
