package io.quern.worker;

import io.quern.protocol.Message;
import io.quern.protocol.RuntimeTask;
import io.quern.protocol.RuntimeTaskId;
import java.util.List;

/// What a worker wants done.
public sealed interface WorkerEffect {

  record SendUp(Message message) implements WorkerEffect {}

  /// Run this when the slot is free, in the order given.
  record Execute(RuntimeTask task) implements WorkerEffect {}

  /// Go on with a task that awaited, before anything new is begun.
  record Resume(RuntimeTaskId task, Delivery delivery) implements WorkerEffect {}

  /// Take these back as far as they were not begun, and report [WorkerEvent.Recalled] before
  /// anything else.
  record Recall(List<RuntimeTaskId> tasks) implements WorkerEffect {
    public Recall {
      tasks = List.copyOf(tasks);
    }
  }

  /// Let a task hear what its parent says.
  record Tell(RuntimeTaskId task, Message.Communicate said) implements WorkerEffect {}

  /// Tell a task that it is cancelled, and wake it if it awaits.
  record Interrupt(RuntimeTaskId task) implements WorkerEffect {}
}
