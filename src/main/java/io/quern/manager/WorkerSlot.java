package io.quern.manager;

import io.quern.link.Link;
import io.quern.protocol.Message;
import io.quern.protocol.RuntimeTaskId;
import io.quern.protocol.encoding.FunctionRegistry;
import io.quern.worker.TaskRunner;
import io.quern.worker.Worker;
import io.quern.worker.WorkerEffect;
import io.quern.worker.WorkerEvent;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.InstantSource;
import java.util.function.BiConsumer;

/// The shell of a [Worker] in its manager's process: the worker's core, which the manager's loop
/// runs, the threads that run functions, and the link between worker and manager.
final class WorkerSlot implements Link.Receiver, AutoCloseable {
  private static final Logger LOG = System.getLogger(WorkerSlot.class.getName());

  private final String name;
  private final Worker worker = new Worker();
  private final TaskRunner runner;
  private final Link up;

  /// @param slotsInAll workers in this process
  /// @param up the worker's end of its link
  /// @param reports hears on functions' threads what these do; it has the loop call [#handle]
  WorkerSlot(
      String name,
      int slotsInAll,
      FunctionRegistry functions,
      InstantSource clock,
      Link up,
      BiConsumer<WorkerSlot, WorkerEvent> reports) {
    this.name = name;
    this.up = up;
    runner =
        new TaskRunner(name, slotsInAll, functions, clock, event -> reports.accept(this, event));
  }

  @Override
  public void received(Message message) {
    handle(new WorkerEvent.FromBoss(message));
  }

  @Override
  public void closed() {
    handle(new WorkerEvent.FromBoss(new Message.Shutdown()));
  }

  /// Has the core handle an event and does what it wants done; called by the manager's loop.
  void handle(WorkerEvent event) {
    try {
      for (WorkerEffect effect : worker.handle(event)) {
        perform(effect);
      }
    } catch (RuntimeException e) {
      LOG.log(Level.ERROR, name + " dropped " + event, e);
    }
    switch (event) {
      case WorkerEvent.Returned returned -> runner.forget(returned.task());
      case WorkerEvent.Threw threw -> runner.forget(threw.task());
      case WorkerEvent.Unwound unwound -> runner.forget(unwound.task());
      case WorkerEvent.Recalled _,
          WorkerEvent.FromBoss _,
          WorkerEvent.Spawned _,
          WorkerEvent.Awaiting _,
          WorkerEvent.CancelAsked _,
          WorkerEvent.Communicated _,
          WorkerEvent.Said _ -> {}
    }
  }

  private void perform(WorkerEffect effect) {
    switch (effect) {
      case WorkerEffect.SendUp(Message message) -> {
        if (message instanceof Message.Started) {
          runner.start(worker.id());
        }
        up.send(message);
      }
      case WorkerEffect.Execute execute -> runner.execute(execute.task());
      case WorkerEffect.Resume resume -> runner.resume(resume.task(), resume.delivery());
      case WorkerEffect.Recall recall ->
          handle(new WorkerEvent.Recalled(runner.recall(recall.tasks())));
      case WorkerEffect.Tell(RuntimeTaskId task, Message.Communicate said) ->
          runner.tell(task, said);
      case WorkerEffect.Interrupt interrupt -> runner.interrupt(interrupt.task());
    }
  }

  /// Ends the threads; functions are told that they are cancelled.
  @Override
  public void close() {
    runner.close();
  }
}
