package io.quern.runtime;

import static io.quern.runtime.Fixtures.taskId;
import static org.assertj.core.api.Assertions.assertThat;

import io.quern.engine.pass.LogLevel;
import io.quern.failure.ErrorCode;
import io.quern.protocol.LinkId;
import io.quern.protocol.Message;
import io.quern.protocol.RuntimeTask;
import io.quern.protocol.RuntimeTaskId;
import io.quern.task.Attempt;
import io.quern.task.Blob;
import io.quern.task.CompilationTask;
import io.quern.task.DeathCount;
import io.quern.task.Scheduling;
import io.quern.task.TaskError;
import io.quern.task.TaskEvent;
import io.quern.task.TaskExplanation;
import io.quern.task.TaskRecord;
import io.quern.task.TaskState;
import io.quern.worker.WorkerDriver;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/// What counts against a task when processes end, and what becomes of one that ends them.
class PoisonTest {
  private ServerDriver driver = ServerDriver.ready(1);
  private long links = ServerDriver.MANAGER.value();

  private LinkId link() {
    return new LinkId(links);
  }

  private void receive(Message message) {
    driver.handle(new Event.Received(link(), message));
  }

  /// The manager's process ends; the task begins anew at another.
  private RuntimeTask dieAndGoOn() {
    driver.handle(new Event.LinkCut(link()));
    return goOn();
  }

  private RuntimeTask goOn() {
    driver.connect(new LinkId(++links), 1);
    driver.load(taskId(1));
    assertThat(driver.effects(Effect.Send.class)).as("before the attempt is stored").isEmpty();
    driver.commit();
    return driver.rootSent();
  }

  /// The process in which a manager ran the task alone ends; the task begins anew.
  private RuntimeTask dieAloneAndGoOn(RuntimeTaskId root) {
    receive(new Message.Lost(root, true, true));
    receive(new Message.Waiting(1, root));
    driver.load(taskId(1));
    driver.commit();
    return driver.rootSent();
  }

  private void assertGivenUp() {
    assertThat(driver.persisted())
        .isInstanceOfSatisfying(
            TaskRecord.Ended.class,
            ended ->
                assertThat(ended.events().getLast().data())
                    .isInstanceOfSatisfying(
                        TaskEvent.StateChanged.class,
                        changed -> {
                          TaskError error = Objects.requireNonNull(changed.error());
                          assertThat(error.code()).isEqualTo(ErrorCode.POISONED);
                          assertThat(error.detail())
                              .contains(
                                  "3 processes ended while executing it, 2 of them with nothing"
                                      + " else to do");
                        }));
    assertThat(driver.server().statistics().poisoned()).isEqualTo(1);
  }

  @Test
  void deathCountsForATaskThatWasExecutingAndItRunsAloneFromThenOn() {
    RuntimeTask first = driver.run(1);
    assertThat(first.isSuspect()).isFalse();
    RuntimeTask second = dieAndGoOn();
    assertThat(second.deaths()).isEqualTo(new DeathCount(1, 0));
    assertThat(second.isSuspect()).isTrue();
    assertThat(driver.server().statistics().deaths()).isEqualTo(1);
  }

  @Test
  void deathDoesNotCountForATaskThatAwaitedOrWasQueued() {
    RuntimeTask first = driver.run(1);
    receive(new Message.Executing(List.of(), List.of(first.id())));
    assertThat(dieAndGoOn().deaths()).isEqualTo(DeathCount.NONE);
  }

  @Test
  void deathCountsForATaskWhoseDescendantsThatProcessExecuted() {
    RuntimeTask first = driver.run(1);
    receive(new Message.Executing(List.of(), List.of(first.id())));
    receive(new Message.Executing(List.of(first.id()), List.of()));
    assertThat(dieAndGoOn().deaths()).isEqualTo(new DeathCount(1, 0));
  }

  @Test
  void taskGivenAheadToABusyManagerIsTakenForQueued() {
    driver.run(1);
    driver.submit(Fixtures.newTask(2, "bob"));
    driver.commit();
    driver.load(taskId(2));
    driver.commit();
    RuntimeTask ahead = driver.rootSent();
    assertThat(ahead.compilation().tenant()).isEqualTo("bob");
    driver.handle(new Event.LinkCut(link()));
    assertThat(driver.server().statistics().deaths()).as("of the one that had the slot").isOne();
  }

  @Test
  void connectionThatBreaksAfterALongSilenceIsNoEndOfAProcess() {
    driver.run(1);
    driver.handle(new Event.LinkCut(link(), Duration.ofSeconds(1)));
    assertThat(driver.server().statistics().deaths()).isZero();
  }

  @Test
  void endOfAProcessThatWasDrainedOrStoppedCountsForNothing() {
    driver.run(1);
    receive(new Message.Drain(List.of()));
    assertThat(dieAndGoOn().deaths()).isEqualTo(DeathCount.NONE);
    receive(new Message.Shutdown());
    assertThat(dieAndGoOn().deaths()).isEqualTo(DeathCount.NONE);
  }

  @Test
  void linkThatWasGivenUpSaysNothingOfItsProcess() {
    driver.run(1);
    driver.handle(new Event.LinkClosed(link()));
    assertThat(goOn().deaths()).isEqualTo(DeathCount.NONE);
  }

  @Test
  void endOfAManagerDoesNotCountForASuspectThatItRanInAnotherProcess() {
    driver.run(1);
    dieAndGoOn();
    assertThat(dieAndGoOn().deaths()).isEqualTo(new DeathCount(1, 0));
  }

  @Test
  void taskFailsAfterThreeDeathsOfWhichTwoWereAlone() {
    driver.run(1);
    RuntimeTask second = dieAndGoOn();
    RuntimeTask third = dieAloneAndGoOn(second.id());
    assertThat(third.deaths()).isEqualTo(new DeathCount(2, 1));
    receive(new Message.Lost(third.id(), true, true));
    assertGivenUp();
  }

  @Test
  void anyNumberOfDeathsInCompanyIsNotEnough() {
    RuntimeTask task = driver.run(1);
    for (int i = 0; i < 5; i++) {
      receive(new Message.Lost(task.id(), true, false));
      receive(new Message.Waiting(1, task.id()));
      driver.load(taskId(1));
      driver.commit();
      task = driver.rootSent();
    }
    assertThat(task.deaths()).isEqualTo(new DeathCount(5, 0));
  }

  @Test
  void taskThatOnlySharedTheProcessIsUnharmed() {
    driver = ServerDriver.ready(2);
    driver.run(1);
    RuntimeTask neighbour = driver.run(2);
    driver.handle(new Event.LinkCut(link()));
    driver.connect(new LinkId(++links), 2);
    driver.load(taskId(1));
    Effect.Persist first = driver.effect(Effect.Persist.class);
    driver.load(taskId(2));
    Effect.Persist second = driver.effect(Effect.Persist.class);
    driver.commit(first);
    RuntimeTask poison = driver.rootSent();
    driver.commit(second);
    RuntimeTask again = driver.rootSent();
    assertThat(again.compilation().task()).isEqualTo(neighbour.compilation().task());
    receive(new Message.Lost(poison.id(), true, true));
    receive(new Message.Result(again.id(), 1, again.function(), Fixtures.result(2), 1));
    assertThat(driver.effects(Effect.Persist.class).getLast().records())
        .singleElement()
        .isInstanceOfSatisfying(
            TaskRecord.Ended.class, ended -> assertThat(ended.state()).isEqualTo(TaskState.DONE));
  }

  @Test
  void countIsStoredBeforeTheTaskIsHandedOut() {
    driver.run(1);
    driver.handle(new Event.LinkCut(link()));
    driver.connect(new LinkId(++links), 1);
    driver.load(taskId(1));
    assertThat(driver.persisted())
        .isInstanceOfSatisfying(
            TaskRecord.Started.class,
            started -> assertThat(started.deaths()).isEqualTo(new DeathCount(1, 0)));
    assertThat(driver.effects(Effect.Send.class)).isEmpty();
  }

  private void restart(boolean wasCutShort, DeathCount stored) {
    driver = new ServerDriver(2, ServerSettings.builder().wasCutShort(wasCutShort).build());
    driver.handle(
        new Event.Recovered(
            new CompilationTask(
                taskId(1),
                "alice",
                null,
                List.of(),
                TaskState.RUNNING,
                1,
                7,
                Scheduling.DEFAULT,
                null,
                Fixtures.NOTHING,
                null,
                driver.now(),
                driver.now(),
                null,
                null,
                new Attempt(1, 1),
                2,
                null,
                io.quern.task.Engine.QUERN,
                stored)));
    driver.handle(new Event.DoorsOpened());
  }

  @Test
  void countSurvivesTheServer() {
    restart(false, new DeathCount(2, 1));
    RuntimeTask next = goOn();
    assertThat(next.deaths()).isEqualTo(new DeathCount(2, 1));
    receive(new Message.Lost(next.id(), true, true));
    assertGivenUp();
  }

  @Test
  void endOfTheServersOwnProcessCountsUnlessItWasStopped() {
    restart(true, DeathCount.NONE);
    assertThat(goOn().deaths()).isEqualTo(new DeathCount(1, 0));
    restart(false, DeathCount.NONE);
    assertThat(goOn().deaths()).isEqualTo(DeathCount.NONE);
    restart(true, new DeathCount(1, 0));
    assertThat(goOn().deaths()).as("it ran elsewhere").isEqualTo(new DeathCount(1, 0));
  }

  @Test
  void countStartsAnewAtACheckpoint() {
    driver.run(1);
    RuntimeTask second = dieAndGoOn();
    RuntimeTask third = dieAloneAndGoOn(second.id());
    receive(new Message.Checkpoint(third.id(), 1, "1", Blob.of(new byte[] {1})));
    driver.commit();
    assertThat(dieAloneAndGoOn(third.id()).deaths()).isEqualTo(new DeathCount(1, 1));
  }

  @Test
  void checkpointThatWasNotWrittenBeforeItsRunWasLostIsNotWrittenAsTheNextRuns() {
    ServerDriver server = ServerDriver.ready(1);
    RuntimeTask root = server.run(1);
    server.receive(new Message.Log(root.id(), LogLevel.INFO, "test", "a line"));
    Effect.Persist line = server.effect(Effect.Persist.class);
    server.receive(new Message.Checkpoint(root.id(), 1, "1", Blob.of(new byte[] {1})));
    assertThat(server.effects(Effect.Persist.class)).as("the line is under way").isEmpty();
    server.handle(new Event.LinkClosed(ServerDriver.MANAGER));
    server.connect(new LinkId(2), 1);
    server.load(taskId(1));
    server.commit(line);
    assertThat(server.persisted()).isInstanceOf(TaskRecord.Started.class);
    server.commit();
    assertThat(server.effects(Effect.Persist.class)).isEmpty();
  }

  @Test
  void nothingIsCountedWhenTheRuleIsOff() {
    driver = new ServerDriver(1, ServerSettings.builder().poisonDeaths(0).build());
    driver.handle(new Event.DoorsOpened());
    driver.connect(link(), 1);
    RuntimeTask task = driver.run(1);
    for (int i = 0; i < 5; i++) {
      task = dieAndGoOn();
    }
    assertThat(task.deaths()).isEqualTo(DeathCount.NONE);
  }

  @Test
  void explanationSaysThatATaskIsSuspectedAndWhy() {
    driver.run(1);
    dieAndGoOn();
    driver.handle(new Event.ClientExplain(driver.reply(), taskId(1)));
    TaskExplanation explanation =
        Objects.requireNonNull(driver.effect(Effect.ReplyExplanation.class).explanation());
    assertThat(explanation.detail())
        .endsWith(
            "it runs alone in a worker process of its own, since 1 process ended while executing"
                + " it, 0 of them with nothing else to do");
  }

  @Test
  void runtimeTaskBelowTheRootIsCountedByWhoHasItRunAgainAndItsFailureGoesToItsParent() {
    RuntimeTask root = driver.run(1);
    long mine = driver.server().employees().getFirst().ids().lower();
    RuntimeTask child = WorkerDriver.child(root, mine, 1, 0);
    LinkId other = new LinkId(50);
    driver.connect(other, 1);
    receive(new Message.Submit(child));
    RuntimeTaskId lost = child.id();
    List<Message> told = List.of();
    driver.handle(new Event.LinkCut(other));
    for (int death = 1; death < 3; death++) {
      other = new LinkId(50 + death);
      driver.connect(other, 1);
      RuntimeTask again = ((Message.Submit) driver.sent(other).getLast()).task();
      assertThat(again.deaths()).isEqualTo(new DeathCount(death, death - 1));
      lost = again.id();
      driver.handle(new Event.Received(other, new Message.Lost(lost, true, true)));
      told = driver.sent(link());
      driver.handle(new Event.LinkClosed(other));
    }
    RuntimeTaskId last = lost;
    assertThat(last.attempt()).isEqualTo(3);
    assertThat(told)
        .as("what its parent's manager is told")
        .last()
        .isInstanceOfSatisfying(
            Message.Error.class,
            error -> {
              assertThat(error.task()).isEqualTo(last);
              assertThat(error.failure().code()).isEqualTo(ErrorCode.POISONED);
            });
    assertThat(driver.server().statistics().poisoned()).isOne();
  }
}
