package io.quern.manager;

import static io.quern.worker.WorkerDriver.child;
import static io.quern.worker.WorkerDriver.root;
import static org.assertj.core.api.Assertions.assertThat;

import io.quern.protocol.IdBlock;
import io.quern.protocol.LinkId;
import io.quern.protocol.Message;
import io.quern.protocol.RuntimeTask;
import io.quern.runtime.Effect;
import io.quern.runtime.Event;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What a manager does with the wishes of a node that comes back, when what it wants done has been
/// handed to the boss.
class OpenSubmitsTest {
  private static final LinkId BOSS = new LinkId(0);
  private static final LinkId WORKER = new LinkId(1);
  private static final LinkId NODE = new LinkId(2);
  private static final LinkId BACK = new LinkId(3);

  private final Manager manager =
      new Manager(BOSS, 1, List.of(), function -> true, Duration.ofSeconds(3));
  private List<Effect> effects = List.of();
  private RuntimeTask lent = root(9);
  private RuntimeTask ofNode = root(9);

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

  /// A node's task is with the boss, the node is away and comes back, and its manager has a slot
  /// free.
  @BeforeEach
  void nodeComesBack() {
    receive(BOSS, new Message.Connect(IdBlock.of(3, 4)));
    handle(new Event.LinkOpened(WORKER));
    receive(WORKER, new Message.Started(1));
    handle(new Event.NodeOpened(NODE));
    IdBlock ids = ((Message.Connect) sent(NODE).getFirst()).ids();
    receive(NODE, new Message.Started(1));
    List<RuntimeTask> roots = List.of(root(1), root(2));
    receive(BOSS, new Message.SubmitBatch(roots));
    ofNode = ((Message.Submit) sent(NODE).getFirst()).task();
    RuntimeTask ofWorker = ((Message.Submit) sent(WORKER).getFirst()).task();
    lent = child(ofNode, ids.lower(), 5, 0);
    receive(NODE, new Message.Submit(lent));
    receive(BOSS, new Message.Credit(1));
    assertThat(sent(BOSS)).contains(new Message.SubmitBatch(List.of(lent)));
    handle(new Event.LinkCut(NODE));
    handle(new Event.NodeReturned(BACK));
    receive(BACK, new Message.Inventory(List.of(ids), List.of(ofNode), Set.of(), List.of()));
    receive(BACK, new Message.Started(1));
    receive(WORKER, new Message.Result(ofWorker.id(), 0, ofWorker.function(), "value", 1));
    receive(WORKER, new Message.Waiting(1, ofWorker.id()));
  }

  @Test
  void whatTheBossHasIsNotBegunHereToo() {
    receive(BACK, new Message.OpenSubmits(List.of(lent)));
    assertThat(effects).isEmpty();
  }

  @Test
  void whatIsLostBetweenTheInventoryAndItsAnswerIsToldAfterThat() {
    handle(new Event.LinkCut(BOSS));
    handle(new Event.NodeReturned(BOSS));
    assertThat(sent(BOSS))
        .singleElement()
        .isInstanceOfSatisfying(
            Message.Inventory.class, told -> assertThat(told.held()).contains(ofNode));
    handle(new Event.LinkClosed(BACK));
    assertThat(sent(BOSS)).isEmpty();
    receive(BOSS, new Message.Attached(List.of()));
    assertThat(sent(BOSS)).contains(new Message.Lost(ofNode.id(), false, false));
  }

  @Test
  void whatIsWantedNoMoreIsCancelledAtTheBoss() {
    receive(BACK, new Message.OpenSubmits(List.of()));
    assertThat(sent(BOSS))
        .anyMatch(each -> each instanceof Message.Cancel cancel && cancel.covers(lent.id()));
  }
}
