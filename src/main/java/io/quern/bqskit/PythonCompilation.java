package io.quern.bqskit;

import io.quern.bqskit.wire.PickledValue;
import io.quern.task.Blob;
import io.quern.task.CompilationTask;
import io.quern.task.PythonInput;
import io.quern.task.TaskEvent;
import io.quern.task.TaskId;
import io.quern.task.TaskRecord;
import io.quern.task.TaskState;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// An unfinished compilation task of this wire: where it stands, who waits for it, and what of it
/// is not yet in the store.
final class PythonCompilation {

  /// Where it stands.
  enum Phase {
    /// On its way into the store.
    ACCEPTING,
    /// Waits for a manager.
    READY,
    /// Waits for its input, which is being read.
    LOADING,
    /// Its start is on its way into the store.
    STARTING,
    /// A manager has its root.
    RUNNING,
    /// Its end is on its way into the store.
    ENDING,
    /// The store has its end.
    ENDED
  }

  private final CompilationTask task;
  private final @Nullable UUID clientId;
  private final List<String> importPaths;
  private final int loggingLevel;
  private final int loggingDepth;

  /// Records of the store not yet handed to it, oldest first.
  final ArrayDeque<TaskRecord> unwritten = new ArrayDeque<>();

  /// Those it has been handed; empty if none are under way.
  List<TaskRecord> underWay = List.of();

  /// Clients that wait for the result, by connection.
  final List<Long> requests = new ArrayList<>(1);

  /// Clients whose question of its status or wish to cancel it waits for the store.
  final List<Runnable> whenCommitted = new ArrayList<>(0);

  Phase phase;

  /// What it was submitted with; null if it has to be read.
  @Nullable PickledValue input;

  /// Number of the server's mailbox for its result; -1 before its first start.
  long mailbox = -1;

  @Nullable PythonManager holder;

  /// The connection it was submitted on; 0 if that has ended or there was none.
  long owner;

  /// When it is cancelled unless a client asks for it; null if a client has it or it needs none.
  @Nullable Instant orphanEnd;

  int attempts;
  long lastEvent;

  /// Number of its last committed log line, or one not below it; 0 if it has none.
  long lastLog;

  /// Of the request it came with, by which a repeat is told from a reuse; empty if there was none.
  String bodyHash = "";

  /// Managers that ended while they had it, and were not asked to.
  int ends;

  /// How much their ends speak against it: the sum of [ManagerEnd#blame].
  int blame;

  /// How it ended, from the moment its end was decided.
  @Nullable TaskState end;

  @Nullable PickledValue result;

  /// Why it failed, in full.
  @Nullable String failure;

  PythonCompilation(
      CompilationTask task,
      @Nullable UUID clientId,
      List<String> importPaths,
      int loggingLevel,
      int loggingDepth,
      Phase phase) {
    this.task = task;
    this.clientId = clientId;
    this.importPaths = importPaths;
    this.loggingLevel = loggingLevel;
    this.loggingDepth = loggingDepth;
    this.phase = phase;
    this.lastEvent = task.lastEvent();
    this.attempts = task.attempt() == null ? 0 : task.attempt().number();
  }

  TaskId id() {
    return task.id();
  }

  CompilationTask task() {
    return task;
  }

  @Nullable UUID clientId() {
    return clientId;
  }

  List<String> importPaths() {
    return importPaths;
  }

  int loggingLevel() {
    return loggingLevel;
  }

  int loggingDepth() {
    return loggingDepth;
  }

  /// Whether its end is decided.
  boolean isOver() {
    return end != null;
  }

  /// Whether it may be what ends managers, so that it runs where no other such task does.
  boolean isSuspected() {
    return blame >= ManagerEnd.SUSPICION;
  }

  /// Whether it is being started or runs.
  boolean isOnItsWay() {
    return phase == Phase.LOADING || phase == Phase.STARTING || phase == Phase.RUNNING;
  }

  /// As others see it: queued until it is started for the first time, then running.
  TaskState visibleState() {
    return attempts == 0 ? TaskState.QUEUED : TaskState.RUNNING;
  }

  /// Answers those whose question has waited for the store.
  void answerWhoWaited() {
    List<Runnable> waiting = List.copyOf(whenCommitted);
    whenCommitted.clear();
    waiting.forEach(Runnable::run);
  }

  /// Its next event.
  TaskEvent event(Instant time, TaskEvent.Data data) {
    lastEvent++;
    return new TaskEvent(id(), lastEvent, time, data);
  }

  PythonInput inputRecord(PickledValue value) {
    return new PythonInput(
        clientId, Blob.of(value.toBytes()), importPaths, loggingLevel, loggingDepth);
  }
}
