package io.quern.runtime;

import io.quern.failure.ErrorCode;
import io.quern.protocol.LinkId;
import io.quern.protocol.Message;
import io.quern.task.TaskExplanation;
import io.quern.task.TaskGateway.SubmitAnswer;
import io.quern.task.TaskId;
import io.quern.task.TaskRecord;
import io.quern.task.TaskState;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What a server or manager wants done; the shell does it, in order.
public sealed interface Effect {

  record Send(LinkId link, Message message) implements Effect {}

  /// Close a link.
  ///
  /// @param isForged whether who is at its other end spoke for somebody else; it is counted, and
  ///   not waited for
  record CutOff(LinkId link, String reason, boolean isForged) implements Effect {}

  /// Start so many worker slots and report [Event.LinkOpened] for each.
  record Spawn(int workers) implements Effect {}

  /// Start a worker process for a task that may end whoever runs it, and report [Event.CellOpened]
  /// when it has joined.
  record SpawnCell() implements Effect {}

  /// Make these durable, then report [Event.Committed] or [Event.Refused].
  record Persist(long seq, List<TaskRecord> records) implements Effect {
    public Persist {
      records = List.copyOf(records);
    }
  }

  /// The outcome of a commit is unknown: look what the store holds of these tasks.
  record ReadBack(long seq, List<TaskId> tasks) implements Effect {
    public ReadBack {
      tasks = List.copyOf(tasks);
    }
  }

  /// Read a submission and report it.
  record LoadSubmission(TaskId task) implements Effect {}

  /// Answer a [Event.ClientSubmit], in the order of its tasks.
  record Reply(ReplyTo to, List<SubmitAnswer> answers) implements Effect {
    public Reply {
      answers = List.copyOf(answers);
    }
  }

  /// Answer with the task's status as the store has it.
  record ReplyStatus(ReplyTo to, TaskId task) implements Effect {}

  /// Answer a [Event.ClientExplain].
  ///
  /// @param explanation null if the task is not here (any more)
  /// @param manager which has its root; null if none has
  record ReplyExplanation(
      ReplyTo to, @Nullable TaskExplanation explanation, @Nullable LinkId manager)
      implements Effect {}

  record ReplyFailure(ReplyTo to, ErrorCode code, String message) implements Effect {}

  /// Report [Event.TimerFired] at this time; replaces the time asked for before.
  record ArmTimer(Instant at) implements Effect {}

  /// Tell who watches that a task has ended, durably.
  record Notify(TaskId task, TaskState state) implements Effect {}

  /// Tell who reads a task's events that the store has those up to a number: it was found there,
  /// though it had reported that it could not be stored.
  record Announce(TaskId task, long number) implements Effect {}

  /// Everything is handed over or stored: the shell may stop.
  record Stopped() implements Effect {}
}
