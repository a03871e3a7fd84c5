package io.quern.runtime;

import io.quern.task.CompilationTask;
import io.quern.task.TaskEvent;
import io.quern.task.TaskId;
import io.quern.task.TaskRecord;
import io.quern.task.TaskStore.Outcome;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/// Writes what happens to accepted tasks: attempts, events, ends.
///
/// Of each task one commit is under way at a time. What happens meanwhile is numbered and collected
/// and goes with the next, so log lines are committed in groups of their own making, numbers have
/// neither gaps nor doubles whatever fails, and nothing follows a terminal event. A commit that
/// failed is looked up before it is tried again, since "failed" may mean that only its report was
/// lost.
final class TaskJournal {

  /// Hears what has become durable.
  interface Listener {
    void startCommitted(TaskEntry entry);

    void endCommitted(TaskEntry entry);

    /// The store knows the task as ended by other means, or not at all.
    void gone(TaskEntry entry);

    /// What had been reported as failed turned out to be stored.
    void foundCommitted(TaskEntry entry, long lastEvent);

    /// The end could not be written yet; it is tried again.
    void endDelayed(TaskEntry entry, String reason);
  }

  private final Commits commits;
  private final Timers timers;
  private final Supplier<Instant> now;
  private final Duration retryDelay;
  private final Listener listener;

  TaskJournal(
      Commits commits,
      Timers timers,
      Supplier<Instant> now,
      Duration retryDelay,
      Listener listener) {
    this.commits = commits;
    this.timers = timers;
    this.now = now;
    this.retryDelay = retryDelay;
    this.listener = listener;
  }

  /// Gives the store what a task has unwritten, unless a commit of it is under way.
  void write(TaskEntry entry) {
    if (entry.isCommitting) {
      return;
    }
    TaskRecord.Started start = entry.unwrittenStart;
    TaskEntry.Ending ending = entry.ending;
    TaskEntry.Run run = entry.run;
    TaskRecord record;
    if (start != null) {
      record =
          new TaskRecord.Started(
              entry.id(),
              start.attempt(),
              start.at(),
              start.deadline(),
              start.deaths(),
              takeUnwritten(entry));
      entry.unwrittenStart = null;
    } else if (ending != null) {
      entry.append(entry.nextEvent(ending.at(), ending.terminal()));
      record = new TaskRecord.Ended(entry.id(), ending.state(), ending.at(), takeUnwritten(entry));
    } else if (!entry.unwritten.isEmpty()) {
      record = new TaskRecord.Appended(entry.id(), takeUnwritten(entry));
    } else if (run != null && run.hasUnwrittenWork()) {
      record = run.takeKept(entry.id());
    } else {
      return;
    }
    entry.isCommitting = true;
    commits.persist(new TaskCommit(entry, record));
  }

  private static List<TaskEvent> takeUnwritten(TaskEntry entry) {
    List<TaskEvent> events = List.copyOf(entry.unwritten);
    entry.unwritten = List.of();
    return events;
  }

  private final class TaskCommit implements Commits.Commit {
    private final TaskEntry entry;
    private final TaskRecord record;

    private TaskCommit(TaskEntry entry, TaskRecord record) {
      this.entry = entry;
      this.record = record;
    }

    @Override
    public List<TaskRecord> records() {
      return List.of(record);
    }

    @Override
    public void committed(List<Outcome> outcomes) {
      if (record instanceof TaskRecord.Kept) {
        // Worth having, not worth a second try: what is missing is computed again if need be.
        done();
        return;
      }
      switch (outcomes.getFirst()) {
        case Outcome.Committed() -> done();
        case Outcome.NotApplied() -> gone();
        case Outcome.KeyTaken _ -> gone();
        case Outcome.Failed(String reason) -> {
          delayed(reason);
          commits.readBack(this, List.of(entry.id()));
        }
      }
    }

    @Override
    public void refused() {
      if (record instanceof TaskRecord.Kept) {
        done();
        return;
      }
      delayed("the store's queue is full");
      timers.schedule(now.get().plus(retryDelay), () -> commits.persist(this));
    }

    @Override
    public void readBack(Map<TaskId, CompilationTask> found) {
      CompilationTask stored = found.get(entry.id());
      if (stored == null) {
        gone();
      } else if (stored.lastEvent() >= lastNumber()) {
        listener.foundCommitted(entry, lastNumber());
        done();
      } else if (stored.state().isTerminal()) {
        gone();
      } else {
        timers.schedule(now.get().plus(retryDelay), () -> commits.persist(this));
      }
    }

    @Override
    public void readBackFailed(String reason) {
      delayed(reason);
      timers.schedule(
          now.get().plus(retryDelay), () -> commits.readBack(this, List.of(entry.id())));
    }

    private long lastNumber() {
      return record.events().getLast().number();
    }

    private void delayed(String reason) {
      if (entry.ending != null) {
        listener.endDelayed(entry, reason);
      }
    }

    private void done() {
      entry.isCommitting = false;
      switch (record) {
        case TaskRecord.Started _ -> listener.startCommitted(entry);
        case TaskRecord.Ended _ -> {
          listener.endCommitted(entry);
          return;
        }
        case TaskRecord.Appended _,
            TaskRecord.Kept _,
            TaskRecord.Accepted _,
            TaskRecord.AcceptedTogether _ -> {}
      }
      write(entry);
    }

    private void gone() {
      entry.isCommitting = false;
      entry.unwritten = List.of();
      listener.gone(entry);
    }
  }
}
