package io.quern.runtime;

import io.quern.engine.pass.Progress;
import io.quern.protocol.RuntimeTaskId;
import io.quern.task.Attempt;
import io.quern.task.Blob;
import io.quern.task.DeathCount;
import io.quern.task.KeptWork;
import io.quern.task.Scheduling;
import io.quern.task.TaskEvent;
import io.quern.task.TaskId;
import io.quern.task.TaskRecord;
import io.quern.task.TaskState;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What the server keeps of one compilation task while it is not over. A queued one stays small:
/// its submission is in the store.
final class TaskEntry {

  /// How it ends.
  record Ending(TaskState state, Instant at, TaskEvent.Data terminal) {}

  /// Its current attempt.
  static final class Run {
    final Attempt attempt;
    final RuntimeTaskId root;
    final RootWork work;
    @Nullable Instant handedOutAt;
    Timers.@Nullable Timer overdue;
    @Nullable Progress progress;
    @Nullable Instant progressWrittenAt;

    /// What it has finished and the store was not given yet; it is worth nothing once the run is
    /// over.
    KeptWork.@Nullable StoredCheckpoint unwrittenCheckpoint;

    private Map<String, Blob> unwrittenBlocks = Map.of();

    /// Bytes of its blocks that were or will be given to the store.
    long keptBytes;

    Run(Attempt attempt, RuntimeTaskId root, RootWork work) {
      this.attempt = attempt;
      this.root = root;
      this.work = work;
    }

    void keep(String key, Blob block) {
      if (unwrittenBlocks.isEmpty()) {
        unwrittenBlocks = new HashMap<>();
      }
      unwrittenBlocks.put(key, block);
      keptBytes += block.size();
    }

    boolean hasUnwrittenWork() {
      return unwrittenCheckpoint != null || !unwrittenBlocks.isEmpty();
    }

    /// Takes what it has finished, for the store.
    TaskRecord.Kept takeKept(TaskId task) {
      TaskRecord.Kept kept =
          new TaskRecord.Kept(task, attempt, unwrittenCheckpoint, unwrittenBlocks);
      unwrittenCheckpoint = null;
      unwrittenBlocks = Map.of();
      return kept;
    }
  }

  private final TaskId id;
  private final String tenant;
  private final Scheduling scheduling;
  private final StateMachine<TaskPhase, TaskPhase.Signal> machine;
  long lastEvent;

  /// Attempts so far, in all epochs.
  int attempts;

  /// Processes that ended while they executed its root or, beside it, descendants of it.
  DeathCount deaths = DeathCount.NONE;

  @Nullable Instant deadline;
  @Nullable Run run;

  /// The attempt an earlier life of the service had handed out, while whoever has it may come back.
  @Nullable Attempt returning;

  /// Its root's result or failure, until the end is durable.
  @Nullable Slip answer;

  /// Whether its root is with an employee.
  boolean isPlaced;

  /// Events numbered and not yet given to the store.
  List<TaskEvent> unwritten = List.of();

  /// Of the unwritten events, those the store must get as an attempt's beginning.
  TaskRecord.@Nullable Started unwrittenStart;

  @Nullable Ending ending;

  /// Whether a commit is under way; one at a time, so that events of one task are committed in
  /// order even when a commit has to be tried again.
  boolean isCommitting;

  /// Who waits for the end to be durable.
  List<ReplyTo> waiters = List.of();

  TaskEntry(
      TaskId id,
      String tenant,
      Scheduling scheduling,
      StateMachine<TaskPhase, TaskPhase.Signal> machine) {
    this.id = id;
    this.tenant = tenant;
    this.scheduling = scheduling;
    this.machine = machine;
  }

  TaskId id() {
    return id;
  }

  String tenant() {
    return tenant;
  }

  Scheduling scheduling() {
    return scheduling;
  }

  TaskPhase phase() {
    return machine.state();
  }

  boolean is(TaskPhase phase) {
    return machine.is(phase);
  }

  /// Whether it has been taken from the queue and its end is not decided.
  boolean isOut() {
    return machine.is(TaskPhase.LOADING)
        || machine.is(TaskPhase.STARTING)
        || machine.is(TaskPhase.RUNNING);
  }

  boolean signal(TaskPhase.Signal signal) {
    return machine.apply(signal, id);
  }

  /// The task's state as clients know it or will, once what is under way is committed.
  TaskState visibleState() {
    return attempts == 0 ? TaskState.QUEUED : TaskState.RUNNING;
  }

  /// The pass its run reported last; null if none.
  @Nullable String passReached() {
    Run current = run;
    return current == null || current.progress == null ? null : current.progress.pass();
  }

  TaskEvent nextEvent(Instant time, TaskEvent.Data data) {
    return new TaskEvent(id, ++lastEvent, time, data);
  }

  void append(TaskEvent event) {
    if (unwritten.isEmpty()) {
      unwritten = new ArrayList<>();
    }
    unwritten.add(event);
  }

  void addWaiter(ReplyTo reply) {
    if (waiters.isEmpty()) {
      waiters = new ArrayList<>(1);
    }
    waiters.add(reply);
  }
}
