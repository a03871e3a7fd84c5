package io.quern.runtime.simulation;

import io.quern.engine.pass.LogLevel;
import io.quern.protocol.Message;
import io.quern.protocol.RuntimeTask;
import io.quern.runtime.Effect;
import io.quern.runtime.Event;
import io.quern.runtime.Fixtures;
import io.quern.runtime.ServerDriver;
import io.quern.runtime.TransitionTable;
import io.quern.task.TaskId;
import io.quern.task.TaskStore.Outcome;
import io.quern.worker.WorkerDriver;
import java.util.HashSet;
import java.util.Set;

/// Coincidences so rare that no few hundred seeds meet them, played by hand.
final class RareRoutes {
  private final Set<TransitionTable.Row<?, ?>> taken = new HashSet<>();

  /// The rows of the transition tables that were taken.
  Set<TransitionTable.Row<?, ?>> taken() {
    goneWhileItWaitsAfterALoss();
    goneWhileItIsLoadedAfterALoss();
    cancelledWhileItCannotBeLoaded();
    givesUpAwaiting();
    cancelledTwiceWhileItLeaves();
    return taken;
  }

  private void goneWhileItWaitsAfterALoss() {
    ServerDriver driver = ServerDriver.ready(1);
    Effect.Persist line = lineUnderWayWhenTheManagerIsLost(driver);
    driver.answer(line, new Outcome.NotApplied());
    finish(driver);
  }

  private void goneWhileItIsLoadedAfterALoss() {
    ServerDriver driver = ServerDriver.ready(1);
    Effect.Persist line = lineUnderWayWhenTheManagerIsLost(driver);
    driver.connect(new io.quern.protocol.LinkId(2), 1);
    TaskId task = driver.effect(Effect.LoadSubmission.class).task();
    driver.answer(line, new Outcome.NotApplied());
    driver.load(task);
    finish(driver);
  }

  private static Effect.Persist lineUnderWayWhenTheManagerIsLost(ServerDriver driver) {
    RuntimeTask root = driver.run(1);
    driver.receive(new Message.Log(root.id(), LogLevel.INFO, "test", "hello"));
    Effect.Persist line = driver.effect(Effect.Persist.class);
    driver.handle(new Event.LinkClosed(ServerDriver.MANAGER));
    return line;
  }

  private void cancelledWhileItCannotBeLoaded() {
    ServerDriver driver = ServerDriver.ready(1);
    TaskId task = driver.accept(1);
    driver.cancel(Fixtures.taskId(1));
    Effect.Persist end = driver.effect(Effect.Persist.class);
    driver.handle(new Event.LoadFailed(task, "busy"));
    driver.commit(end);
    finish(driver);
  }

  private void givesUpAwaiting() {
    WorkerDriver driver = new WorkerDriver();
    RuntimeTask parent = driver.parent(5, 1);
    driver.awaiting(parent, 5);
    driver.awaiting(parent, 5);
    driver.threw(parent);
    taken.addAll(driver.worker().taskTable().taken());
  }

  private void cancelledTwiceWhileItLeaves() {
    WorkerDriver driver = new WorkerDriver();
    RuntimeTask parent = driver.parent(5, 1);
    driver.awaiting(parent, 5);
    driver.cancel(parent, 1);
    driver.cancel(parent, 2);
    taken.addAll(driver.worker().taskTable().taken());
  }

  private void finish(ServerDriver driver) {
    driver.server().checkIdle();
    taken.addAll(driver.server().taskTable().taken());
  }
}
