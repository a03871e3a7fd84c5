package io.quern.worker;

import io.quern.engine.pass.LogLevel;
import io.quern.failure.ErrorCode;
import io.quern.protocol.Breadcrumbs;
import io.quern.protocol.CompilationContext;
import io.quern.protocol.Failure;
import io.quern.protocol.IdBlock;
import io.quern.protocol.Message;
import io.quern.protocol.RuntimeAddress;
import io.quern.protocol.RuntimeTask;
import io.quern.protocol.RuntimeTaskId;
import io.quern.runtime.Fixtures;
import io.quern.task.TaskId;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/// Drives a [Worker] by hand: events in, the effects of the last event at hand.
public final class WorkerDriver {
  public static final long ID = 77;

  private static final Failure FAILURE =
      new Failure(ErrorCode.PASS_FAILED, "no luck", null, null, null);

  private final Worker worker = new Worker();
  private List<WorkerEffect> effects = List.of();

  public WorkerDriver() {
    fromBoss(new Message.Connect(new IdBlock(ID, ID + 1)));
  }

  public Worker worker() {
    return worker;
  }

  /// Handles an event and checks that the tables fit together.
  public List<WorkerEffect> handle(WorkerEvent event) {
    effects = worker.handle(event);
    worker.verify();
    return effects;
  }

  public List<WorkerEffect> fromBoss(Message message) {
    return handle(new WorkerEvent.FromBoss(message));
  }

  public List<WorkerEffect> effects() {
    return effects;
  }

  /// What the last event sent up.
  public List<Message> sent() {
    List<Message> messages = new ArrayList<>();
    for (WorkerEffect effect : effects) {
      if (effect instanceof WorkerEffect.SendUp(Message message)) {
        messages.add(message);
      }
    }
    return messages;
  }

  /// The root of a compilation.
  public static RuntimeTask root(long mailbox) {
    RuntimeTaskId id = new RuntimeTaskId(new RuntimeAddress(RuntimeAddress.SERVER, mailbox, 0), 1);
    return new RuntimeTask(
        id,
        Breadcrumbs.NONE,
        new CompilationContext(
            new TaskId(new UUID(0x7000, 1)), id, "alice", LogLevel.INFO, -1, null),
        Fixtures.function("test", (argument, runtime) -> argument),
        "argument");
  }

  /// A child of a task, returning to a mailbox of the task's worker.
  public static RuntimeTask child(RuntimeTask parent, long worker, long mailbox, int slot) {
    return new RuntimeTask(
        new RuntimeTaskId(new RuntimeAddress(worker, mailbox, slot), 1),
        parent.breadcrumbs().then(parent.id()),
        parent.compilation(),
        parent.function(),
        parent.argument());
  }

  /// Starts a task that makes a mailbox of so many children.
  public RuntimeTask parent(long mailbox, int children) {
    RuntimeTask parent = root(mailbox);
    fromBoss(new Message.Submit(parent));
    List<RuntimeTask> spawned = new ArrayList<>();
    for (int slot = 0; slot < children; slot++) {
      spawned.add(child(parent, ID, mailbox, slot));
    }
    handle(new WorkerEvent.Spawned(parent.id(), mailbox, spawned));
    return parent;
  }

  public List<WorkerEffect> awaiting(RuntimeTask task, long mailbox) {
    return handle(new WorkerEvent.Awaiting(task.id(), mailbox, false));
  }

  public List<WorkerEffect> result(RuntimeTask of, Object value) {
    return fromBoss(new Message.Result(of.id(), 1, of.function(), value, 1));
  }

  public List<WorkerEffect> failure(RuntimeTask of) {
    return fromBoss(new Message.Error(of.id(), 1, FAILURE, 1));
  }

  public List<WorkerEffect> threw(RuntimeTask task) {
    return handle(new WorkerEvent.Threw(task.id(), FAILURE, 1));
  }

  public List<WorkerEffect> cancel(RuntimeTask task, long number) {
    return fromBoss(new Message.Cancel(task.id().address(), task.id().attempt(), number));
  }
}
