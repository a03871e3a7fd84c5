package io.quern.manager;

import static io.quern.manager.ManagerDriver.BOSS;
import static io.quern.worker.WorkerDriver.child;
import static io.quern.worker.WorkerDriver.root;
import static org.assertj.core.api.Assertions.assertThat;

import io.quern.engine.pass.LogLevel;
import io.quern.protocol.IdBlock;
import io.quern.protocol.LinkId;
import io.quern.protocol.Message;
import io.quern.protocol.RuntimeTask;
import io.quern.runtime.Event;
import io.quern.task.Blob;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What a manager does with the wishes of a node that comes back, when what it wants done has been
/// handed to the boss.
class OpenSubmitsTest {
  private static final LinkId WORKER = new LinkId(1);
  private static final LinkId NODE = new LinkId(2);
  private static final LinkId BACK = new LinkId(3);

  private final Manager manager =
      new Manager(BOSS, 1, List.of(), function -> true, Duration.ofSeconds(3));
  private final ManagerDriver driver = new ManagerDriver(manager);
  private RuntimeTask lent = root(9);
  private RuntimeTask ofNode = root(9);

  /// A node's task is with the boss, the node is away and comes back, and its manager has a slot
  /// free.
  @BeforeEach
  void nodeComesBack() {
    driver.receive(BOSS, new Message.Connect(IdBlock.of(3, 4)));
    driver.connect(WORKER);
    driver.handle(new Event.NodeOpened(NODE));
    IdBlock ids = ((Message.Connect) driver.sent(NODE).getFirst()).ids();
    driver.receive(NODE, new Message.Started(1));
    List<RuntimeTask> roots = List.of(root(1), root(2));
    driver.receive(BOSS, new Message.SubmitBatch(roots));
    ofNode = ((Message.Submit) driver.sent(NODE).getFirst()).task();
    RuntimeTask ofWorker = ((Message.Submit) driver.sent(WORKER).getFirst()).task();
    lent = child(ofNode, ids.lower(), 5, 0);
    driver.receive(NODE, new Message.Submit(lent));
    driver.receive(BOSS, new Message.Credit(1));
    assertThat(driver.sent(BOSS)).contains(new Message.SubmitBatch(List.of(lent)));
    driver.handle(new Event.LinkCut(NODE));
    driver.handle(new Event.NodeReturned(BACK));
    driver.receive(BACK, new Message.Inventory(List.of(ids), List.of(ofNode), Set.of(), List.of()));
    driver.receive(BACK, new Message.Started(1));
    driver.finish(WORKER, ofWorker, 1);
    driver.receive(WORKER, new Message.Waiting(1, ofWorker.id()));
  }

  @Test
  void whatTheBossHasIsNotBegunHereToo() {
    driver.receive(BACK, new Message.OpenSubmits(List.of(lent)));
    assertThat(driver.effects()).isEmpty();
  }

  @Test
  void whatIsLostBetweenTheInventoryAndItsAnswerIsToldAfterThat() {
    driver.handle(new Event.LinkCut(BOSS));
    driver.handle(new Event.NodeReturned(BOSS));
    assertThat(driver.sent(BOSS))
        .singleElement()
        .isInstanceOfSatisfying(
            Message.Inventory.class, told -> assertThat(told.held()).contains(ofNode));
    driver.handle(new Event.LinkClosed(BACK));
    assertThat(driver.sent(BOSS)).isEmpty();
    driver.receive(BOSS, new Message.Attached(List.of()));
    assertThat(driver.sent(BOSS)).contains(new Message.Lost(ofNode.id(), false, false));
  }

  @Test
  void inventorySaysWhatIsDoneAndWhatAwaitsOthersAndTheResultsFollow() {
    driver.finish(BACK, ofNode, 1);
    List<Message> told = driver.sent(BOSS);
    RuntimeTask next = root(3);
    driver.receive(BOSS, new Message.Submit(next));
    LinkId holder = driver.sent(BACK).isEmpty() ? WORKER : BACK;
    driver.receive(holder, new Message.Update(next.id(), -1));
    driver.handle(new Event.LinkCut(BOSS));
    driver.handle(new Event.NodeReturned(BOSS));
    assertThat(driver.sent(BOSS))
        .singleElement()
        .isInstanceOfSatisfying(
            Message.Inventory.class,
            inventory -> {
              assertThat(inventory.held()).contains(ofNode, next);
              assertThat(inventory.results()).hasSize(2).endsWith(ofNode.id());
              assertThat(inventory.awaiting()).containsExactly(next.id());
            });
    driver.receive(BOSS, new Message.Attached(List.of()));
    assertThat(driver.sent(BOSS)).containsAll(told);
  }

  private void bossComesBack() {
    driver.handle(new Event.LinkCut(BOSS));
    driver.handle(new Event.NodeReturned(BOSS));
    driver.receive(BOSS, new Message.Attached(List.of()));
  }

  @Test
  void whatRunsReportWhileTheBossIsAwayIsToldOnceItHasAnswered() {
    Message line = new Message.Log(ofNode.id(), LogLevel.INFO, "test", "hello");
    Message checkpoint = new Message.Checkpoint(ofNode.id(), 1, "1", Blob.of(new byte[] {1}));
    driver.handle(new Event.LinkCut(BOSS));
    driver.receive(BACK, line);
    driver.receive(BACK, checkpoint);
    assertThat(driver.sent(BOSS)).isEmpty();
    driver.handle(new Event.NodeReturned(BOSS));
    driver.receive(BOSS, new Message.Attached(List.of()));
    assertThat(driver.sent(BOSS)).containsSubsequence(line, checkpoint);
  }

  @Test
  void cancelFromALinkThatIsLostIsNotAcknowledgedOnTheNext() {
    driver.receive(BOSS, new Message.Cancel(ofNode.id().address(), 1, 40));
    long number = ((Message.Cancel) driver.sent(WORKER).getFirst()).number();
    bossComesBack();
    driver.receive(WORKER, new Message.Ack(number));
    driver.receive(BACK, new Message.Ack(number));
    assertThat(driver.sent(BOSS)).noneMatch(Message.Ack.class::isInstance);
  }

  @Test
  void cancelIsAcknowledgedWithoutWaitingForANodeThatIsAway() {
    driver.receive(BOSS, new Message.Cancel(ofNode.id().address(), 1, 40));
    long number = ((Message.Cancel) driver.sent(WORKER).getFirst()).number();
    driver.receive(WORKER, new Message.Ack(number));
    assertThat(driver.sent(BOSS)).noneMatch(Message.Ack.class::isInstance);
    driver.handle(new Event.LinkCut(BACK));
    assertThat(driver.sent(BOSS)).contains(new Message.Ack(40));
  }

  @Test
  void resultIsAcknowledgedToWhoSentItWhenTheBossHasIt() {
    driver.finish(BACK, ofNode, 1);
    assertThat(driver.sent(BOSS)).hasAtLeastOneElementOfType(Message.Result.class);
    assertThat(driver.sent(BACK)).noneMatch(Message.Taken.class::isInstance);
    driver.receive(BOSS, new Message.Taken(1));
    assertThat(driver.sent(BACK)).as("that was for the worker's, which is older").isEmpty();
    driver.receive(BOSS, new Message.Taken(1));
    assertThat(driver.sent(BACK)).containsExactly(new Message.Taken(1));
  }

  @Test
  void whatTheBossCancelsItNeedNotBeToldToCancel() {
    driver.receive(BOSS, new Message.Cancel(lent.id().address(), Integer.MAX_VALUE, 40));
    assertThat(driver.sent(BOSS)).noneMatch(Message.Cancel.class::isInstance);
  }

  @Test
  void drainIsSaidAgainToABossThatMayNotHaveHeardOfIt() {
    driver.handle(new Event.DrainStarted(driver.now()));
    bossComesBack();
    assertThat(driver.sent(BOSS)).contains(new Message.Drain(List.of()));
  }

  @Test
  void idsThatSomebodyWaitsForAreAskedForAgain() {
    for (long link = 10; !driver.sent(BOSS).contains(new Message.MoreIds()); link++) {
      assertThat(link).as("nodes that were given ids").isLessThan(200);
      driver.handle(new Event.NodeOpened(new LinkId(link)));
    }
    bossComesBack();
    assertThat(driver.sent(BOSS)).contains(new Message.MoreIds());
  }

  @Test
  void resultFromALinkThatIsLostIsNotAcknowledgedOnTheNext() {
    driver.receive(BOSS, new Message.Result(lent.id(), 77, lent.function(), "value", 1));
    bossComesBack();
    driver.receive(BACK, new Message.Taken(1));
    assertThat(driver.sent(BOSS)).noneMatch(Message.Taken.class::isInstance);
  }

  @Test
  void whatIsWantedNoMoreIsCancelledAtTheBoss() {
    driver.receive(BACK, new Message.OpenSubmits(List.of()));
    assertThat(driver.sent(BOSS))
        .anyMatch(each -> each instanceof Message.Cancel cancel && cancel.covers(lent.id()));
  }
}
