package io.quern.task;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// One thing the core asks the store to make durable, whole or not at all.
public sealed interface TaskRecord {
  TaskId task();

  /// The events that become visible with it, in order of their numbers.
  List<TaskEvent> events();

  /// The tasks that it brings; none unless it is an acceptance.
  default List<Accepted> newTasks() {
    return switch (this) {
      case Accepted one -> List.of(one);
      case AcceptedTogether several -> several.tasks();
      case Started _, Appended _, Kept _, Ended _ -> List.of();
    };
  }

  /// A new task: its row, its submission, its idempotency key and its first events.
  ///
  /// @param python what BQSKit's managers are to be given; null for Quern's own engine
  record Accepted(
      CompilationTask status,
      Submission submission,
      @Nullable IdempotencyKey key,
      List<TaskEvent> events,
      @Nullable PythonInput python)
      implements TaskRecord {

    /// A task for Quern's own engine.
    public Accepted(
        CompilationTask status,
        Submission submission,
        @Nullable IdempotencyKey key,
        List<TaskEvent> events) {
      this(status, submission, key, events, null);
    }

    @Override
    public TaskId task() {
      return status.id();
    }
  }

  /// Several new tasks of which either all are stored or none.
  record AcceptedTogether(List<Accepted> tasks) implements TaskRecord {
    public AcceptedTogether {
      tasks = List.copyOf(tasks);
      if (tasks.isEmpty()) {
        throw new IllegalArgumentException("expected at least one task");
      }
    }

    /// The first one.
    @Override
    public TaskId task() {
      return tasks.getFirst().task();
    }

    @Override
    public List<TaskEvent> events() {
      return tasks.stream().flatMap(accepted -> accepted.events().stream()).toList();
    }
  }

  /// An attempt begins; committed before its root runtime task is handed out.
  ///
  /// @param deaths processes that ended while they executed the task before
  record Started(
      TaskId task,
      Attempt attempt,
      Instant at,
      @Nullable Instant deadline,
      DeathCount deaths,
      List<TaskEvent> events)
      implements TaskRecord {}

  /// Log lines and progress.
  record Appended(TaskId task, List<TaskEvent> events) implements TaskRecord {}

  /// What a run has finished so far. Applied only while the attempt is the task's current one and
  /// the task is not terminal; a checkpoint only if it is further than the one there is, or that is
  /// of another engine version. Writing it twice does no harm. With a checkpoint the task's deaths
  /// are counted anew.
  ///
  /// @param checkpoint null for none
  /// @param blocks finished blocks by content key
  record Kept(
      TaskId task,
      Attempt attempt,
      KeptWork.@Nullable StoredCheckpoint checkpoint,
      Map<String, Blob> blocks)
      implements TaskRecord {
    public Kept {
      blocks = Map.copyOf(blocks);
    }

    @Override
    public List<TaskEvent> events() {
      return List.of();
    }
  }

  /// The end, a conditional update: applied only while the task is not terminal. The last event is
  /// the terminal one; its data holds result or error.
  record Ended(TaskId task, TaskState state, Instant at, List<TaskEvent> events)
      implements TaskRecord {}

  /// @param bodyHash SHA-256 of the request, by which a repeat is told from a reuse
  record IdempotencyKey(String tenant, String key, String bodyHash) {}
}
