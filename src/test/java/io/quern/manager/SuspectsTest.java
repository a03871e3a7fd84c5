package io.quern.manager;

import static io.quern.manager.ManagerDriver.BOSS;
import static io.quern.worker.WorkerDriver.child;
import static io.quern.worker.WorkerDriver.root;
import static org.assertj.core.api.Assertions.assertThat;

import io.quern.protocol.IdBlock;
import io.quern.protocol.LinkId;
import io.quern.protocol.Message;
import io.quern.protocol.NodeReport;
import io.quern.protocol.RuntimeTask;
import io.quern.runtime.Effect;
import io.quern.runtime.Event;
import io.quern.task.DeathCount;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// A manager with two slots of its own and tasks that may end whoever runs them; and what it says
/// of what its process executes.
class SuspectsTest {
  private static final LinkId ONE = new LinkId(1);
  private static final LinkId TWO = new LinkId(2);
  private static final LinkId CELL = new LinkId(3);
  private static final LinkId NODE = new LinkId(4);
  private static final IdBlock IDS = IdBlock.of(3, 4);
  private static final Duration LOOK = Duration.ofMillis(50);

  private final Manager manager =
      new Manager(BOSS, 2, List.of(), function -> true, Duration.ofSeconds(3), 3, true);
  private final ManagerDriver driver = new ManagerDriver(manager);

  @BeforeEach
  void connect() {
    driver.receive(BOSS, new Message.Connect(IDS));
    driver.connect(ONE);
    driver.connect(TWO);
  }

  private static RuntimeTask suspect(long mailbox) {
    return root(mailbox).withDeaths(new DeathCount(1, 0));
  }

  private void openCell() {
    driver.handle(new Event.CellOpened(CELL));
    driver.receive(CELL, new Message.Started(2));
  }

  private List<Message.Executing> look() {
    driver.passAndFire(LOOK);
    return driver.sent(BOSS).stream()
        .filter(Message.Executing.class::isInstance)
        .map(Message.Executing.class::cast)
        .toList();
  }

  @Test
  void suspectWaitsForAProcessOfItsOwnThoughSlotsAreIdle() {
    RuntimeTask suspect = suspect(1);
    driver.receive(BOSS, new Message.Submit(suspect));
    assertThat(driver.effects()).contains(new Effect.SpawnCell());
    assertThat(driver.sent(ONE)).isEmpty();
    assertThat(driver.sent(TWO)).isEmpty();
    openCell();
    assertThat(driver.sent(CELL)).containsExactly(new Message.Submit(suspect));
  }

  @Test
  void processOfASuspectGetsNothingElse() {
    driver.receive(BOSS, new Message.Submit(suspect(1)));
    openCell();
    List<RuntimeTask> others = List.of(root(2), root(3), root(4));
    driver.receive(BOSS, new Message.SubmitBatch(others));
    assertThat(driver.sent(CELL)).isEmpty();
    assertThat(driver.sent(ONE)).hasSize(1);
    assertThat(driver.sent(TWO)).hasSize(1);
    driver.receive(BOSS, new Message.Submit(suspect(5)));
    assertThat(driver.sent(CELL)).isEmpty();
    assertThat(driver.effects())
        .as("another process for another suspect")
        .contains(new Effect.SpawnCell());
  }

  @Test
  void processThatEndedIsAskedForAgainWhenItNeverJoined() {
    driver.receive(BOSS, new Message.Submit(suspect(1)));
    driver.passAndFire(Duration.ofSeconds(60));
    assertThat(driver.effects()).contains(new Effect.SpawnCell());
  }

  @Test
  void slotsOfThoseProcessesAreNotCountedAndASuspectTakesOneHere() {
    driver.receive(BOSS, new Message.Submit(suspect(1)));
    openCell();
    assertThat(driver.sent(BOSS)).noneMatch(Message.Started.class::isInstance);
    assertThat(manager.nodeStatistics().workers()).isEqualTo(2);
    assertThat(driver.sent(BOSS)).noneMatch(Message.Waiting.class::isInstance);
    driver.finish(CELL, suspect(1), 5_000_000);
    assertThat(driver.sent(BOSS)).contains(new Message.Waiting(2, suspect(1).id()));
  }

  @Test
  void bossHearsThatTheProcessEndedWithTheSuspectAloneAndNeighboursGoOn() {
    RuntimeTask neighbour = root(2);
    driver.receive(BOSS, new Message.Submit(neighbour));
    RuntimeTask suspect = suspect(1);
    driver.receive(BOSS, new Message.Submit(suspect));
    openCell();
    driver.handle(new Event.LinkCut(CELL));
    assertThat(driver.sent(BOSS)).contains(new Message.Lost(suspect.id(), true, true));
    assertThat(driver.sent(BOSS)).doesNotContain(new Message.Lost(neighbour.id(), true, false));
    assertThat(manager.numTasksOfBoss()).isEqualTo(1);
  }

  @Test
  void processIsToldToEndWhenNoSuspectWaits() {
    RuntimeTask suspect = suspect(1);
    driver.receive(BOSS, new Message.Submit(suspect));
    openCell();
    driver.finish(CELL, suspect, 5_000_000);
    assertThat(driver.sent(CELL)).contains(new Message.Shutdown());
    driver.handle(new Event.LinkCut(CELL));
    assertThat(driver.sent(BOSS)).noneMatch(Message.Lost.class::isInstance);
    manager.checkIdle();
  }

  @Test
  void cancelledSuspectIsNotRun() {
    RuntimeTask suspect = suspect(1);
    driver.receive(BOSS, new Message.Submit(suspect));
    driver.receive(BOSS, new Message.Cancel(suspect.id().address(), 1, 40));
    openCell();
    assertThat(driver.sent(CELL)).noneMatch(Message.Submit.class::isInstance);
  }

  @Test
  void drainingManagerHandsSuspectsBack() {
    RuntimeTask suspect = suspect(1);
    driver.receive(BOSS, new Message.Submit(suspect));
    driver.handle(new Event.DrainStarted(driver.now()));
    assertThat(driver.sent(BOSS)).contains(new Message.Drain(List.of(suspect.id())));
  }

  @Test
  void childOfMineThatEndedAProcessRunsAloneAndFailsAfterThreeDeathsForItsParent() {
    RuntimeTask parent = root(1);
    driver.receive(BOSS, new Message.Submit(parent));
    driver.receive(BOSS, new Message.Submit(root(2)));
    LinkId owner = ONE;
    driver.handle(new Event.NodeOpened(NODE));
    driver.receive(NODE, new Message.Started(1));
    RuntimeTask poison = child(parent, IDS.lower(), 1, 0);
    driver.receive(owner, new Message.Submit(poison));
    assertThat(driver.sent(NODE)).containsExactly(new Message.Submit(poison));
    driver.handle(new Event.LinkCut(NODE));
    driver.passAndFire(Duration.ofSeconds(3));
    assertThat(driver.effects()).contains(new Effect.SpawnCell());
    openCell();
    assertThat(driver.sent(CELL))
        .singleElement()
        .isInstanceOfSatisfying(
            Message.Submit.class,
            submit -> assertThat(submit.task().deaths()).isEqualTo(new DeathCount(1, 0)));
    driver.handle(new Event.LinkCut(CELL));
    openCell();
    driver.handle(new Event.LinkCut(CELL));
    assertThat(driver.sent(owner))
        .hasAtLeastOneElementOfType(Message.Error.class)
        .filteredOn(Message.Error.class::isInstance)
        .singleElement()
        .isInstanceOfSatisfying(
            Message.Error.class,
            error -> assertThat(error.failure().message()).contains("3 processes ended"));
    assertThat(manager.poisoned()).isEqualTo(1);
  }

  @Test
  void bossIsToldWhatThisProcessExecutesAndWhenThatChanges() {
    RuntimeTask parent = root(1);
    driver.receive(BOSS, new Message.Submit(parent));
    LinkId worker = driver.sent(ONE).isEmpty() ? TWO : ONE;
    assertThat(look()).as("it has just come").isEmpty();
    assertThat(look()).containsExactly(new Message.Executing(List.of(parent.id()), List.of()));
    assertThat(look()).as("nothing has changed").isEmpty();
    driver.receive(worker, new Message.Update(parent.id(), -1));
    driver.receive(worker, new Message.Waiting(1, parent.id()));
    assertThat(look())
        .as("it awaits others")
        .containsExactly(new Message.Executing(List.of(), List.of(parent.id())));
    long workerId = worker.equals(ONE) ? IDS.lower() : IDS.lower() + 1;
    RuntimeTask block = child(parent, workerId, 1, 0);
    driver.receive(worker, new Message.Submit(block));
    assertThat(look())
        .as("a descendant of it is executed here")
        .containsExactly(new Message.Executing(List.of(parent.id()), List.of()));
  }

  @Test
  void bossIsToldThatWhatWaitsForASlotIsNotExecuted() {
    driver.receive(BOSS, new Message.SubmitBatch(List.of(root(1), root(2), root(3))));
    look();
    assertThat(look())
        .containsExactly(
            new Message.Executing(List.of(root(1).id(), root(2).id()), List.of(root(3).id())));
  }

  @Test
  void bossIsToldThatWhatAnotherProcessHasIsNotExecutedHere() {
    driver.handle(new Event.NodeOpened(NODE));
    driver.receive(NODE, new Message.Started(4));
    driver.receive(
        NODE,
        new Message.Roster(
            new NodeReport("node", "", "1", true, List.of(), 0, 4, 4, 0, 0, List.of())));
    RuntimeTask task = root(1);
    driver.receive(BOSS, new Message.Submit(task));
    assertThat(driver.sent(NODE)).containsExactly(new Message.Submit(task));
    look();
    assertThat(look()).containsExactly(new Message.Executing(List.of(), List.of(task.id())));
  }
}
