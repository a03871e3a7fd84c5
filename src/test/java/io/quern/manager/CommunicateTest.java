package io.quern.manager;

import static io.quern.worker.WorkerDriver.child;
import static io.quern.worker.WorkerDriver.root;
import static org.assertj.core.api.Assertions.assertThat;

import io.quern.protocol.IdBlock;
import io.quern.protocol.LinkId;
import io.quern.protocol.Message;
import io.quern.protocol.RuntimeAddress;
import io.quern.protocol.RuntimeTask;
import io.quern.runtime.DropReason;
import io.quern.runtime.Effect;
import io.quern.runtime.Event;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What a task tells its children reaches them once, wherever they are.
class CommunicateTest {
  private static final LinkId BOSS = new LinkId(0);
  private static final LinkId ONE = new LinkId(1);
  private static final LinkId TWO = new LinkId(2);
  private static final IdBlock IDS = IdBlock.of(3, 4);
  private static final long MAILBOX = 8;

  private final Manager manager = new Manager(BOSS, 2, function -> true);
  private List<Effect> effects = List.of();
  private final RuntimeTask parent = root(1);
  private LinkId parentsWorker = ONE;
  private LinkId other = TWO;
  private long workerId;
  private List<RuntimeTask> children = List.of();

  private void handle(Event event) {
    effects = manager.handleMessage(event, Instant.EPOCH);
    assertThat(manager.takeSystemErrors()).isEmpty();
    manager.verify();
  }

  private void receive(LinkId link, Message message) {
    handle(new Event.Received(link, message));
  }

  private List<Message> sent(LinkId to) {
    return effects.stream()
        .filter(effect -> effect instanceof Effect.Send(LinkId link, Message _) && link.equals(to))
        .map(effect -> ((Effect.Send) effect).message())
        .toList();
  }

  /// A parent on one worker, the first of its three children on the other; the rest waits.
  @BeforeEach
  void begin() {
    receive(BOSS, new Message.Connect(IDS));
    handle(new Event.LinkOpened(ONE));
    handle(new Event.LinkOpened(TWO));
    receive(ONE, new Message.Started(1));
    receive(TWO, new Message.Started(1));
    receive(BOSS, new Message.Submit(parent));
    parentsWorker = sent(ONE).isEmpty() ? TWO : ONE;
    other = parentsWorker.equals(ONE) ? TWO : ONE;
    workerId = parentsWorker.equals(ONE) ? IDS.lower() : IDS.lower() + 1;
    children =
        IntStream.range(0, 3).mapToObj(slot -> child(parent, workerId, MAILBOX, slot)).toList();
    receive(parentsWorker, new Message.SubmitBatch(children));
    assertThat(sent(other)).containsExactly(new Message.Submit(children.getFirst()));
  }

  private Message.Communicate said(int number) {
    return said(workerId, number);
  }

  private Message.Communicate said(long worker, int number) {
    return new Message.Communicate(
        new RuntimeAddress(worker, MAILBOX, RuntimeAddress.ALL_SLOTS),
        parent.function(),
        number,
        "hint " + number);
  }

  @Test
  void whoHasAChildHearsItAndWhatWaitsTakesItAlong() {
    receive(parentsWorker, said(1));
    assertThat(effects).containsExactly(new Effect.Send(other, said(1)));
    receive(
        other, new Message.Result(children.getFirst().id(), 0, parent.function(), 1, 9_000_000));
    receive(other, new Message.Waiting(1, children.getFirst().id()));
    assertThat(sent(other)).containsExactly(new Message.Submit(children.get(1).told(said(1))));
    receive(parentsWorker, said(2));
    assertThat(sent(other)).containsExactly(said(2));
  }

  @Test
  void aChildThatRunsAgainHasItFromTheBeginning() {
    receive(parentsWorker, said(1));
    handle(new Event.LinkClosed(other));
    receive(parentsWorker, new Message.Update(parent.id(), -1));
    receive(parentsWorker, new Message.Waiting(1, parent.id()));
    assertThat(sent(parentsWorker))
        .containsExactly(new Message.Submit(children.getFirst().again().told(said(1))));
  }

  @Test
  void whatTheBossHasHearsItThroughTheBossAndNothingTwice() {
    receive(BOSS, new Message.Credit(1));
    RuntimeTask lent = children.getLast();
    assertThat(sent(BOSS)).contains(new Message.SubmitBatch(List.of(lent)));
    receive(parentsWorker, said(1));
    assertThat(sent(BOSS)).containsExactly(said(1));
    receive(parentsWorker, said(1));
    assertThat(effects).isEmpty();
    // The boss found nobody better.
    receive(BOSS, new Message.Submit(lent.told(said(1))));
    receive(parentsWorker, said(2));
    assertThat(effects)
        .containsExactlyInAnyOrder(new Effect.Send(other, said(2)), new Effect.Send(BOSS, said(2)));
    receive(BOSS, said(2));
    assertThat(effects).as("it was heard here").isEmpty();
  }

  @Test
  void whatComesFromAboveGoesToWhoHasTheTaskOfTheBoss() {
    RuntimeTask ofBoss = child(root(2), 12, MAILBOX, 0);
    receive(
        other, new Message.Result(children.getFirst().id(), 0, parent.function(), 1, 9_000_000));
    receive(BOSS, new Message.Submit(ofBoss));
    receive(other, new Message.Waiting(1, children.getFirst().id()));
    RuntimeTask placed = ((Message.Submit) sent(other).getFirst()).task();
    receive(BOSS, said(12, 1));
    if (placed.id().equals(ofBoss.id())) {
      assertThat(effects).containsExactly(new Effect.Send(other, said(12, 1)));
    } else {
      assertThat(effects).isEmpty();
    }
    receive(other, new Message.Result(placed.id(), 0, placed.function(), 1, 9_000_000));
    receive(other, new Message.Waiting(1, placed.id()));
    receive(BOSS, said(33, 1));
    assertThat(effects).as("nobody is meant").isEmpty();
  }

  @Test
  void whoSpeaksForWorkersOfOthersIsCutOff() {
    receive(other, said(1));
    assertThat(effects)
        .singleElement()
        .isInstanceOfSatisfying(Effect.CutOff.class, cut -> assertThat(cut.isForged()).isTrue());
    assertThat(manager.dropped()).containsEntry(DropReason.FORGED_ADDRESS, 1L);
  }
}
