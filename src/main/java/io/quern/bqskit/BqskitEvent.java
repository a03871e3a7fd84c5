package io.quern.bqskit;

import io.quern.bqskit.wire.FromClient;
import io.quern.bqskit.wire.FromManager;
import io.quern.bqskit.wire.PickledValue;
import io.quern.task.CompilationTask;
import io.quern.task.StoredPythonTask;
import io.quern.task.TaskEvent;
import io.quern.task.TaskGateway.NewTask;
import io.quern.task.TaskId;
import io.quern.task.TaskState;
import io.quern.task.TaskStore.Outcome;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// What happens to a [BqskitServer]. Connections have numbers that are never used again.
sealed interface BqskitEvent {

  record ClientConnected(long connection) implements BqskitEvent {}

  record ClientSaid(long connection, FromClient message) implements BqskitEvent {}

  /// The connection has ended, whoever ended it.
  record ClientGone(long connection) implements BqskitEvent {}

  /// A manager has been reached; nothing was said yet.
  ///
  /// @param name for people
  record ManagerConnected(long connection, String name) implements BqskitEvent {}

  record ManagerSaid(long connection, FromManager message) implements BqskitEvent {}

  /// The connection has ended, whoever ended it.
  record ManagerGone(long connection, String reason) implements BqskitEvent {}

  /// A task that came by another way than this wire.
  ///
  /// @param reply where the answer goes
  record Submitted(long reply, NewTask task, PickledValue input) implements BqskitEvent {}

  /// @param reply where the answer goes
  record CancelAsked(long reply, String tenant, TaskId task) implements BqskitEvent {}

  /// An unfinished task of an earlier run.
  record Recovered(StoredPythonTask task) implements BqskitEvent {}

  /// The input asked for by [BqskitEffect.LoadInput].
  record InputLoaded(TaskId task, PickledValue input) implements BqskitEvent {}

  /// The store has no such input, or it cannot be read now.
  ///
  /// @param isFinal whether asking again is of no use
  record InputNotLoaded(TaskId task, String reason, boolean isFinal) implements BqskitEvent {}

  /// What the store says of an id a client asked for; null if it does not know it.
  record Looked(long connection, UUID id, @Nullable CompilationTask task) implements BqskitEvent {}

  /// Committed log lines of a task, and its result if it has one.
  record Read(
      long connection, TaskId task, List<LoggedRecord> records, @Nullable PickledValue result)
      implements BqskitEvent {
    public Read {
      records = List.copyOf(records);
    }
  }

  /// What was asked for a client cannot be read now.
  record ReadFailed(long connection, String reason) implements BqskitEvent {}

  /// What [BqskitEffect.Decode] asked for: the end of a task.
  record Decoded(TaskId task, TaskState state, TaskEvent.Data terminal) implements BqskitEvent {}

  /// @param outcomes one for each record of the [BqskitEffect.Persist] of this number
  record Committed(long seq, List<Outcome> outcomes) implements BqskitEvent {
    public Committed {
      outcomes = List.copyOf(outcomes);
    }
  }

  /// The store's writer had no room for a [BqskitEffect.Persist].
  record Refused(long seq) implements BqskitEvent {}

  /// What the store has of the task that the [BqskitEffect.ReadBack] of this number asked for; null
  /// if it does not know it.
  record ReadBackDone(long seq, @Nullable CompilationTask stored) implements BqskitEvent {}

  /// The store cannot be read now.
  record ReadBackFailed(long seq) implements BqskitEvent {}

  /// The time asked for by [BqskitEffect.ArmTimer] has come.
  record TimerFired() implements BqskitEvent {}

  /// The service stops: managers are told to.
  record Stopping() implements BqskitEvent {}

  /// A committed log line.
  ///
  /// @param number of its event
  /// @param record as the worker wrote it
  record LoggedRecord(long number, PickledValue record) {}
}
