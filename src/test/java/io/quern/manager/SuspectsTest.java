package io.quern.manager;

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
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// A manager with two slots of its own and tasks that may end whoever runs them; and what it says
/// of what its process executes.
class SuspectsTest {
  private static final LinkId BOSS = new LinkId(0);
  private static final LinkId ONE = new LinkId(1);
  private static final LinkId TWO = new LinkId(2);
  private static final LinkId CELL = new LinkId(3);
  private static final LinkId NODE = new LinkId(4);
  private static final IdBlock IDS = IdBlock.of(3, 4);
  private static final Duration LOOK = Duration.ofMillis(50);

  private final Manager manager =
      new Manager(BOSS, 2, List.of(), function -> true, Duration.ofSeconds(3), 3, true);
  private Instant now = Instant.EPOCH;
  private List<Effect> effects = List.of();

  @BeforeEach
  void connect() {
    receive(BOSS, new Message.Connect(IDS));
    for (LinkId link : List.of(ONE, TWO)) {
      handle(new Event.LinkOpened(link));
      receive(link, new Message.Started(1));
    }
  }

  private void handle(Event event) {
    effects = manager.handleMessage(event, now);
    assertThat(manager.takeSystemErrors()).isEmpty();
    manager.verify();
  }

  private void receive(LinkId link, Message message) {
    handle(new Event.Received(link, message));
  }

  private List<Message> sent(LinkId link) {
    List<Message> messages = new ArrayList<>();
    for (Effect effect : effects) {
      if (effect instanceof Effect.Send(LinkId to, Message message) && to.equals(link)) {
        messages.add(message);
      }
    }
    return messages;
  }

  private static RuntimeTask suspect(long mailbox) {
    return root(mailbox).withDeaths(new DeathCount(1, 0));
  }

  private void finish(LinkId worker, RuntimeTask task) {
    receive(worker, new Message.Result(task.id(), 0, task.function(), "value", 5_000_000));
  }

  private void openCell() {
    handle(new Event.CellOpened(CELL));
    receive(CELL, new Message.Started(2));
  }

  private List<Message.Executing> look() {
    now = now.plus(LOOK);
    handle(new Event.TimerFired());
    return sent(BOSS).stream()
        .filter(Message.Executing.class::isInstance)
        .map(Message.Executing.class::cast)
        .toList();
  }

  @Test
  void suspectWaitsForAProcessOfItsOwnThoughSlotsAreIdle() {
    RuntimeTask suspect = suspect(1);
    receive(BOSS, new Message.Submit(suspect));
    assertThat(effects).contains(new Effect.SpawnCell());
    assertThat(sent(ONE)).isEmpty();
    assertThat(sent(TWO)).isEmpty();
    openCell();
    assertThat(sent(CELL)).containsExactly(new Message.Submit(suspect));
  }

  @Test
  void processOfASuspectGetsNothingElse() {
    receive(BOSS, new Message.Submit(suspect(1)));
    openCell();
    List<RuntimeTask> others = List.of(root(2), root(3), root(4));
    receive(BOSS, new Message.SubmitBatch(others));
    assertThat(sent(CELL)).isEmpty();
    assertThat(sent(ONE)).hasSize(1);
    assertThat(sent(TWO)).hasSize(1);
    receive(BOSS, new Message.Submit(suspect(5)));
    assertThat(sent(CELL)).isEmpty();
    assertThat(effects).as("another process for another suspect").contains(new Effect.SpawnCell());
  }

  @Test
  void processThatEndedIsAskedForAgainWhenItNeverJoined() {
    receive(BOSS, new Message.Submit(suspect(1)));
    now = now.plusSeconds(60);
    handle(new Event.TimerFired());
    assertThat(effects).contains(new Effect.SpawnCell());
  }

  @Test
  void slotsOfThoseProcessesAreNotCountedAndASuspectTakesOneHere() {
    receive(BOSS, new Message.Submit(suspect(1)));
    openCell();
    assertThat(sent(BOSS)).noneMatch(Message.Started.class::isInstance);
    assertThat(manager.nodeStatistics().workers()).isEqualTo(2);
    assertThat(sent(BOSS)).noneMatch(Message.Waiting.class::isInstance);
    finish(CELL, suspect(1));
    assertThat(sent(BOSS)).contains(new Message.Waiting(2, suspect(1).id()));
  }

  @Test
  void bossHearsThatTheProcessEndedWithTheSuspectAloneAndNeighboursGoOn() {
    RuntimeTask neighbour = root(2);
    receive(BOSS, new Message.Submit(neighbour));
    RuntimeTask suspect = suspect(1);
    receive(BOSS, new Message.Submit(suspect));
    openCell();
    handle(new Event.LinkCut(CELL));
    assertThat(sent(BOSS)).contains(new Message.Lost(suspect.id(), true, true));
    assertThat(sent(BOSS)).doesNotContain(new Message.Lost(neighbour.id(), true, false));
    assertThat(manager.numTasksOfBoss()).isEqualTo(1);
  }

  @Test
  void processIsToldToEndWhenNoSuspectWaits() {
    RuntimeTask suspect = suspect(1);
    receive(BOSS, new Message.Submit(suspect));
    openCell();
    finish(CELL, suspect);
    assertThat(sent(CELL)).contains(new Message.Shutdown());
    handle(new Event.LinkCut(CELL));
    assertThat(sent(BOSS)).noneMatch(Message.Lost.class::isInstance);
    manager.checkIdle();
  }

  @Test
  void cancelledSuspectIsNotRun() {
    RuntimeTask suspect = suspect(1);
    receive(BOSS, new Message.Submit(suspect));
    receive(BOSS, new Message.Cancel(suspect.id().address(), 1, 40));
    openCell();
    assertThat(sent(CELL)).noneMatch(Message.Submit.class::isInstance);
  }

  @Test
  void drainingManagerHandsSuspectsBack() {
    RuntimeTask suspect = suspect(1);
    receive(BOSS, new Message.Submit(suspect));
    handle(new Event.DrainStarted(now));
    assertThat(sent(BOSS)).contains(new Message.Drain(List.of(suspect.id())));
  }

  @Test
  void childOfMineThatEndedAProcessRunsAloneAndFailsAfterThreeDeathsForItsParent() {
    RuntimeTask parent = root(1);
    receive(BOSS, new Message.Submit(parent));
    receive(BOSS, new Message.Submit(root(2)));
    LinkId owner = ONE;
    handle(new Event.NodeOpened(NODE));
    receive(NODE, new Message.Started(1));
    RuntimeTask poison = child(parent, IDS.lower(), 1, 0);
    receive(owner, new Message.Submit(poison));
    assertThat(sent(NODE)).containsExactly(new Message.Submit(poison));
    handle(new Event.LinkCut(NODE));
    now = now.plusSeconds(3);
    handle(new Event.TimerFired());
    assertThat(effects).contains(new Effect.SpawnCell());
    openCell();
    assertThat(sent(CELL))
        .singleElement()
        .isInstanceOfSatisfying(
            Message.Submit.class,
            submit -> assertThat(submit.task().deaths()).isEqualTo(new DeathCount(1, 0)));
    handle(new Event.LinkCut(CELL));
    openCell();
    handle(new Event.LinkCut(CELL));
    assertThat(sent(owner))
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
    receive(BOSS, new Message.Submit(parent));
    LinkId worker = sent(ONE).isEmpty() ? TWO : ONE;
    assertThat(look()).as("it has just come").isEmpty();
    assertThat(look()).containsExactly(new Message.Executing(List.of(parent.id()), List.of()));
    assertThat(look()).as("nothing has changed").isEmpty();
    receive(worker, new Message.Update(parent.id(), -1));
    receive(worker, new Message.Waiting(1, parent.id()));
    assertThat(look())
        .as("it awaits others")
        .containsExactly(new Message.Executing(List.of(), List.of(parent.id())));
    long workerId = worker.equals(ONE) ? IDS.lower() : IDS.lower() + 1;
    RuntimeTask block = child(parent, workerId, 1, 0);
    receive(worker, new Message.Submit(block));
    assertThat(look())
        .as("a descendant of it is executed here")
        .containsExactly(new Message.Executing(List.of(parent.id()), List.of()));
  }

  @Test
  void bossIsToldThatWhatWaitsForASlotIsNotExecuted() {
    receive(BOSS, new Message.SubmitBatch(List.of(root(1), root(2), root(3))));
    look();
    assertThat(look())
        .containsExactly(
            new Message.Executing(List.of(root(1).id(), root(2).id()), List.of(root(3).id())));
  }

  @Test
  void bossIsToldThatWhatAnotherProcessHasIsNotExecutedHere() {
    handle(new Event.NodeOpened(NODE));
    receive(NODE, new Message.Started(4));
    receive(
        NODE,
        new Message.Roster(
            new NodeReport("node", "", "1", true, List.of(), 0, 4, 4, 0, 0, List.of())));
    RuntimeTask task = root(1);
    receive(BOSS, new Message.Submit(task));
    assertThat(sent(NODE)).containsExactly(new Message.Submit(task));
    look();
    assertThat(look()).containsExactly(new Message.Executing(List.of(), List.of(task.id())));
  }
}
