package io.quern.worker;

import io.quern.protocol.Failure;
import io.quern.protocol.Message;
import io.quern.protocol.RuntimeTask;
import io.quern.protocol.RuntimeTaskId;
import java.util.List;

/// What can happen to a worker: a message from its boss, or something a running function did.
public sealed interface WorkerEvent {

  record FromBoss(Message message) implements WorkerEvent {}

  /// The task `parent` made a mailbox and a child for each of its slots.
  record Spawned(RuntimeTaskId parent, long mailbox, List<RuntimeTask> children)
      implements WorkerEvent {
    public Spawned {
      children = List.copyOf(children);
    }
  }

  /// The task waits for a mailbox of its own.
  ///
  /// @param forNext whether any new result is enough
  record Awaiting(RuntimeTaskId task, long mailbox, boolean forNext) implements WorkerEvent {}

  /// The task wants the children of one of its mailboxes ended.
  record CancelAsked(RuntimeTaskId task, long mailbox) implements WorkerEvent {}

  /// The task has something to tell the children of one of its mailboxes.
  record Communicated(RuntimeTaskId task, Message.Communicate said) implements WorkerEvent {}

  /// The task has a log line or progress to report.
  record Said(Message message) implements WorkerEvent {}

  /// @param nanos how long it held the slot
  record Returned(RuntimeTaskId task, Object value, long nanos) implements WorkerEvent {}

  record Threw(RuntimeTaskId task, Failure failure, long nanos) implements WorkerEvent {}

  /// These were taken back before they were begun.
  record Recalled(List<RuntimeTaskId> tasks) implements WorkerEvent {
    public Recalled {
      tasks = List.copyOf(tasks);
    }
  }

  /// The task noticed its cancel and has left.
  record Unwound(RuntimeTaskId task) implements WorkerEvent {}
}
