package io.quern.task;

import io.quern.engine.compile.CompilationResult;
import io.quern.engine.pass.Progress;
import io.quern.task.TaskRecord.Accepted;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// What records make of a task.
public final class TaskReplay {
  private TaskReplay() {}

  /// A task as it is when some of its records are carried out.
  ///
  /// @param before as the database has it; null if it does not
  public static @Nullable CompilationTask after(
      @Nullable CompilationTask before, List<TaskRecord> records) {
    CompilationTask task = before;
    for (TaskRecord record : records) {
      if (record instanceof Accepted accepted) {
        task = task == null ? accepted(accepted) : task;
      } else if (task != null && !task.state().isTerminal()) {
        task = after(task, record);
      }
    }
    return task;
  }

  /// An instant as a database has it, to the microsecond: what is told of it must not change when
  /// it has gone there.
  public static Instant asStored(Instant instant) {
    return instant.truncatedTo(ChronoUnit.MICROS);
  }

  private static CompilationTask accepted(Accepted accepted) {
    CompilationTask status = accepted.status();
    return status.change().lastEvent(Math.max(status.lastEvent(), last(accepted.events()))).made();
  }

  private static CompilationTask after(CompilationTask task, TaskRecord record) {
    long last = Math.max(task.lastEvent(), last(record.events()));
    Progress latest = latestProgress(record.events());
    Progress progress = latest == null ? task.progress() : latest;
    return switch (record) {
      case Accepted _, TaskRecord.AcceptedTogether _ -> task;
      case TaskRecord.Kept kept ->
          kept.checkpoint() != null && kept.attempt().equals(task.attempt())
              ? task.change().deaths(DeathCount.NONE).made()
              : task;
      case TaskRecord.Started started ->
          task.change()
              .state(TaskState.RUNNING)
              .progress(null)
              .startedAt(Objects.requireNonNullElse(task.startedAt(), started.at()))
              .deadline(started.deadline())
              .attempt(started.attempt())
              .deaths(started.deaths())
              .lastEvent(last)
              .made();
      case TaskRecord.Appended _ -> task.change().progress(progress).lastEvent(last).made();
      case TaskRecord.Ended ended -> {
        CompilationResult result = result(ended);
        yield task.change()
            .state(ended.state())
            .progress(progress)
            .after(result == null ? null : result.after())
            .finishedAt(ended.at())
            .lastEvent(last)
            .error(
                ended.events().getLast().data() instanceof TaskEvent.StateChanged change
                    ? change.error()
                    : null)
            .made();
      }
    };
  }

  private static long last(List<TaskEvent> events) {
    return events.isEmpty() ? 0 : events.getLast().number();
  }

  private static @Nullable Progress latestProgress(List<TaskEvent> events) {
    for (TaskEvent event : events.reversed()) {
      if (event.data() instanceof TaskEvent.Progressed(Progress progress)) {
        return progress;
      }
    }
    return null;
  }

  /// The result an end comes with; null if it has none.
  public static @Nullable CompilationResult result(TaskRecord.Ended ended) {
    return !ended.events().isEmpty()
            && ended.events().getLast().data() instanceof TaskEvent.ResultReady ready
        ? ready.result()
        : null;
  }
}
