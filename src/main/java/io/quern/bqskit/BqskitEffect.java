package io.quern.bqskit;

import io.quern.bqskit.wire.PickledValue;
import io.quern.bqskit.wire.ToClient;
import io.quern.bqskit.wire.ToManager;
import io.quern.task.TaskGateway.SubmitAnswer;
import io.quern.task.TaskId;
import io.quern.task.TaskRecord;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

/// What a [BqskitServer] wants done.
sealed interface BqskitEffect {

  record Tell(long connection, ToClient message) implements BqskitEffect {}

  record TellManager(long connection, ToManager message) implements BqskitEffect {}

  /// Ends a client's connection after what was said before.
  record CloseClient(long connection, String reason) implements BqskitEffect {}

  /// Ends a manager's connection after what was said before.
  record CloseManager(long connection, String reason) implements BqskitEffect {}

  /// One message of this client is dealt with, so another may be read.
  record Resume(long connection) implements BqskitEffect {}

  /// Commits the records; answered by [BqskitEvent.Committed] or [BqskitEvent.Refused].
  record Persist(long seq, List<TaskRecord> records) implements BqskitEffect {
    public Persist {
      records = List.copyOf(records);
    }
  }

  /// Finds out what the store has of a task whose commit was reported as failed; answered by
  /// [BqskitEvent.ReadBackDone] or [BqskitEvent.ReadBackFailed].
  record ReadBack(long seq, TaskId task) implements BqskitEffect {}

  /// Tells who reads a task's events that the store has those up to a number, though their commit
  /// was reported as failed.
  record Announce(TaskId task, long number) implements BqskitEffect {}

  /// Reads what a task was submitted with.
  record LoadInput(TaskId task) implements BqskitEffect {}

  /// Finds the task a client knows by this id.
  record Look(long connection, UUID id) implements BqskitEffect {}

  /// Reads a task's log lines behind a number, and its result.
  record Read(long connection, TaskId task, long after) implements BqskitEffect {}

  /// Makes a result out of what BQSKit returned for a task of the tasks API.
  record Decode(TaskId task, PickledValue returned) implements BqskitEffect {}

  record Reply(long reply, SubmitAnswer answer) implements BqskitEffect {}

  /// Answers a cancel with the task as the store has it now.
  record ReplyStatus(long reply, TaskId task) implements BqskitEffect {}

  /// Asks for a [BqskitEvent.TimerFired] at that time; the earliest one counts.
  record ArmTimer(Instant at) implements BqskitEffect {}

  /// An event could not be dealt with, which is to be told to whoever looks after the server.
  record Broken(String event, RuntimeException cause) implements BqskitEffect {}
}
