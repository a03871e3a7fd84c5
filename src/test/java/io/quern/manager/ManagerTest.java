package io.quern.manager;

import static io.quern.manager.ManagerDriver.BOSS;
import static io.quern.worker.WorkerDriver.child;
import static io.quern.worker.WorkerDriver.root;
import static org.assertj.core.api.Assertions.assertThat;

import io.quern.protocol.CompilationContext;
import io.quern.protocol.IdBlock;
import io.quern.protocol.LinkId;
import io.quern.protocol.Message;
import io.quern.protocol.RuntimeAddress;
import io.quern.protocol.RuntimeTask;
import io.quern.runtime.DropReason;
import io.quern.runtime.Effect;
import io.quern.runtime.Event;
import io.quern.task.Scheduling;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// The manager's handlers: placing, routing, cancels, what the boss is told.
class ManagerTest {
  private static final LinkId ONE = new LinkId(1);
  private static final LinkId TWO = new LinkId(2);
  private static final IdBlock IDS = IdBlock.of(3, 4);

  private final Manager manager = new Manager(BOSS, 2, function -> true);
  private final ManagerDriver driver = new ManagerDriver(manager);

  @BeforeEach
  void connect() {
    driver.receive(BOSS, new Message.Connect(IDS));
    assertThat(driver.effects()).containsExactly(new Effect.Spawn(2));
    driver.handle(new Event.LinkOpened(ONE));
    driver.handle(new Event.LinkOpened(TWO));
    driver.receive(ONE, new Message.Started(1));
    assertThat(driver.effects()).isEmpty();
    driver.receive(TWO, new Message.Started(1));
    assertThat(driver.sent(BOSS)).containsExactly(new Message.Started(2));
  }

  private static List<RuntimeTask> children(RuntimeTask parent, long worker, int count) {
    return IntStream.range(0, count).mapToObj(slot -> child(parent, worker, 1, slot)).toList();
  }

  /// Managers one under the other, each the only employee of the one above: the ids given to the
  /// highest must do for a worker under the lowest, however many there are between.
  @Test
  void idsReachWorkersUnderManyManagersOfManagers() {
    int depth = 9;
    long given = 0;
    List<Manager> chain = new ArrayList<>();
    for (int i = 0; i < depth; i++) {
      chain.add(new Manager(BOSS, i == depth - 1 ? 1 : 0, function -> true));
    }
    record Letter(int to, Event event) {}
    Deque<Letter> post = new ArrayDeque<>();
    for (int i = 0; i < depth - 1; i++) {
      post.add(new Letter(i, new Event.NodeOpened(TWO)));
    }
    post.add(new Letter(0, new Event.Received(BOSS, new Message.Connect(IdBlock.of(3, given++)))));
    IdBlock workersIds = null;
    while (!post.isEmpty()) {
      Letter letter = post.remove();
      for (Effect effect : chain.get(letter.to()).handleMessage(letter.event(), Instant.EPOCH)) {
        switch (effect) {
          case Effect.Spawn _ -> post.add(new Letter(letter.to(), new Event.LinkOpened(ONE)));
          case Effect.Send(LinkId link, Message message) -> {
            if (link.equals(ONE) && message instanceof Message.Connect(IdBlock ids)) {
              workersIds = ids;
            } else if (link.equals(TWO)) {
              post.add(new Letter(letter.to() + 1, new Event.Received(BOSS, message)));
            } else if (letter.to() > 0) {
              post.add(new Letter(letter.to() - 1, new Event.Received(TWO, message)));
            } else if (message instanceof Message.MoreIds) {
              post.add(
                  new Letter(
                      0, new Event.Received(BOSS, new Message.Connect(IdBlock.of(3, given++)))));
            }
          }
          default -> throw new AssertionError(effect);
        }
      }
    }
    IdBlock arrived = Objects.requireNonNull(workersIds, "no ids reached the worker");
    assertThat(arrived.upper() - arrived.lower()).isEqualTo(1);
    for (Manager each : chain.subList(0, depth - 1)) {
      assertThat(each.isMyWorker(arrived.lower())).isTrue();
    }
  }

  @Test
  void idleWorkersGetOneTaskEachAndTheRestWaits() {
    RuntimeTask parent = root(1);
    List<RuntimeTask> tasks = children(parent, 12, 4);
    driver.receive(BOSS, new Message.SubmitBatch(tasks));
    assertThat(List.of(driver.sent(ONE), driver.sent(TWO)))
        .containsExactlyInAnyOrder(
            List.of(new Message.Submit(tasks.get(0))), List.of(new Message.Submit(tasks.get(1))));
    assertThat(driver.sent(BOSS)).isEmpty();
  }

  @Test
  void waitingTaskGoesToWhoeverIsFreeFirst() {
    List<RuntimeTask> tasks = children(root(1), 12, 3);
    driver.receive(BOSS, new Message.SubmitBatch(tasks));
    LinkId busyWithFirst =
        driver.sent(ONE).contains(new Message.Submit(tasks.getFirst())) ? ONE : TWO;
    driver.finish(busyWithFirst, tasks.getFirst(), 5_000_000);
    driver.receive(busyWithFirst, new Message.Waiting(1, tasks.getFirst().id()));
    assertThat(driver.sent(busyWithFirst)).containsExactly(new Message.Submit(tasks.getLast()));
  }

  @Test
  void shortTasksAreGivenAheadLongOnesAreNot() {
    List<RuntimeTask> tasks = children(root(1), 12, 100);
    driver.receive(BOSS, new Message.SubmitBatch(tasks));
    RuntimeTask first = tasks.getFirst();
    LinkId worker = driver.sent(ONE).contains(new Message.Submit(first)) ? ONE : TWO;
    driver.finish(worker, first, 100_000);
    assertThat(driver.sent(worker))
        .as("ten of 0.1 ms make 1 ms")
        .containsExactly(new Message.SubmitBatch(tasks.subList(2, 12)));
  }

  @Test
  void newestBatchIsTakenFirst() {
    List<RuntimeTask> older = children(root(1), 12, 4);
    driver.receive(BOSS, new Message.SubmitBatch(older));
    RuntimeTask parent = older.getFirst();
    List<RuntimeTask> newer =
        List.of(child(parent, IDS.lower(), 9, 0), child(parent, IDS.lower(), 9, 1));
    LinkId worker = driver.sent(ONE).contains(new Message.Submit(parent)) ? ONE : TWO;
    driver.receive(worker, new Message.SubmitBatch(newer));
    assertThat(driver.sent(ONE)).isEmpty();
    assertThat(driver.sent(TWO)).isEmpty();
    driver.receive(worker, new Message.Update(parent.id(), -1));
    driver.receive(worker, new Message.Waiting(1, parent.id()));
    assertThat(driver.sent(worker)).containsExactly(new Message.Submit(newer.getFirst()));
  }

  @Test
  void blocksThatRequireALabelNoWorkerOfMineHasGoUpToWhereSomebodyHasIt() {
    RuntimeTask parent = requiringGpu(root(1));
    RuntimeTask plain = root(2);
    driver.receive(BOSS, new Message.Submit(plain));
    LinkId worker = driver.sent(ONE).isEmpty() ? TWO : ONE;
    long workerId = worker.equals(ONE) ? IDS.lower() : IDS.lower() + 1;
    List<RuntimeTask> blocks = children(parent, workerId, 3);
    driver.receive(worker, new Message.SubmitBatch(blocks));
    assertThat(driver.sent(ONE)).isEmpty();
    assertThat(driver.sent(TWO)).as("it is idle and has no such label").isEmpty();
    assertThat(driver.sent(BOSS))
        .hasAtLeastOneElementOfType(Message.Backlog.class)
        .filteredOn(Message.Backlog.class::isInstance)
        .singleElement()
        .isInstanceOfSatisfying(
            Message.Backlog.class, backlog -> assertThat(backlog.tasks()).isEqualTo(3));
    driver.receive(BOSS, new Message.Credit(2));
    assertThat(driver.sent(BOSS))
        .hasAtLeastOneElementOfType(Message.SubmitBatch.class)
        .contains(new Message.SubmitBatch(List.of(blocks.get(0), blocks.get(1))));
    RuntimeTask block = blocks.getFirst();
    driver.receive(BOSS, new Message.Result(block.id(), 0, block.function(), "value", 1));
    assertThat(driver.sent(worker)).hasAtLeastOneElementOfType(Message.Result.class);
  }

  private static RuntimeTask requiringGpu(RuntimeTask task) {
    CompilationContext context = task.compilation();
    return new RuntimeTask(
        task.id(),
        task.breadcrumbs(),
        new CompilationContext(
            context.task(),
            context.root(),
            context.tenant(),
            context.loggingLevel(),
            context.loggingDepth(),
            context.deadline(),
            new Scheduling(5, List.of("gpu"))),
        task.function(),
        task.argument());
  }

  @Test
  void resultForMyWorkerGoesDownAnyOtherUp() {
    RuntimeTask root = root(1);
    RuntimeTask mine = child(root, IDS.lower() + 1, 1, 0);
    driver.receive(BOSS, new Message.Submit(root));
    LinkId hasRoot = driver.sent(ONE).contains(new Message.Submit(root)) ? ONE : TWO;
    driver.receive(TWO, new Message.Submit(mine));
    driver.finish(hasRoot.equals(ONE) ? TWO : ONE, mine, 1_000_000);
    assertThat(driver.sent(TWO)).hasAtLeastOneElementOfType(Message.Result.class);
    driver.finish(hasRoot, root, 1_000_000);
    assertThat(driver.sent(BOSS)).hasAtLeastOneElementOfType(Message.Result.class);
  }

  @Test
  void resultFromAboveIsSentDownAndLateOnesAreDropped() {
    RuntimeTask task = child(root(1), IDS.lower(), 1, 0);
    driver.receive(BOSS, new Message.Result(task.id(), 0, task.function(), "value", 1));
    assertThat(driver.sent(ONE)).hasSize(1);
    RuntimeTask foreign = child(root(1), 5, 1, 0);
    driver.receive(BOSS, new Message.Result(foreign.id(), 0, foreign.function(), "value", 1));
    assertThat(driver.effects()).isEmpty();
    assertThat(manager.dropped()).containsEntry(DropReason.LATE_RESULT, 1L);
  }

  @Test
  void cancelReachesEveryWorkerAndIsAcknowledgedWhenAllHave() {
    RuntimeTask root = root(1);
    driver.receive(BOSS, new Message.Cancel(root.id().address(), 1, 40));
    assertThat(driver.sent(ONE)).hasOnlyElementsOfType(Message.Cancel.class).hasSize(1);
    assertThat(driver.sent(TWO)).hasOnlyElementsOfType(Message.Cancel.class).hasSize(1);
    driver.receive(ONE, new Message.Ack(1));
    assertThat(driver.sent(BOSS)).isEmpty();
    driver.receive(TWO, new Message.Ack(1));
    assertThat(driver.sent(BOSS)).containsExactly(new Message.Ack(40));
  }

  @Test
  void descendantsOfACancelledTaskAreDroppedUntilTheCancelIsAcknowledged() {
    RuntimeTask root = root(1);
    driver.receive(BOSS, new Message.Submit(root));
    LinkId worker = driver.sent(ONE).isEmpty() ? TWO : ONE;
    driver.receive(BOSS, new Message.Cancel(root.id().address(), 1, 40));
    driver.receive(worker, new Message.Submit(child(root, IDS.lower(), 1, 0)));
    assertThat(driver.effects()).isEmpty();
    assertThat(manager.dropped()).containsEntry(DropReason.CANCELLED_ANCESTOR, 1L);
    driver.receive(ONE, new Message.Ack(1));
    driver.receive(TWO, new Message.Ack(1));
    driver.receive(worker, new Message.Waiting(1, root.id()));
    manager.checkIdle();
  }

  @Test
  void taskOfMineThatTheBossRunsAgainIsStillCancelledWithItsParent() {
    RuntimeTask parent = root(1);
    driver.receive(BOSS, new Message.Submit(parent));
    LinkId worker = driver.sent(ONE).isEmpty() ? TWO : ONE;
    long workerId = worker.equals(ONE) ? IDS.lower() : IDS.lower() + 1;
    driver.receive(worker, new Message.SubmitBatch(children(parent, workerId, 3)));
    driver.receive(BOSS, new Message.Credit(1));
    RuntimeTask lent =
        ((Message.SubmitBatch)
                driver.sent(BOSS).stream()
                    .filter(Message.SubmitBatch.class::isInstance)
                    .findFirst()
                    .orElseThrow())
            .tasks()
            .getFirst();
    // The boss lost whoever ran it and begins its second attempt.
    driver.receive(BOSS, new Message.Cancel(lent.id().address(), 1, 40));
    RuntimeAddress mailbox = new RuntimeAddress(workerId, lent.id().address().mailbox(), -1);
    driver.receive(worker, new Message.Cancel(mailbox, Integer.MAX_VALUE, 7));
    assertThat(driver.sent(BOSS)).hasAtLeastOneElementOfType(Message.Cancel.class);
  }

  @Test
  void bossHearsHowLongTasksTookElsewhereOfWhichMoreWaitHere() {
    RuntimeTask parent = root(1);
    driver.receive(BOSS, new Message.Submit(parent));
    LinkId worker = driver.sent(ONE).isEmpty() ? TWO : ONE;
    long workerId = worker.equals(ONE) ? IDS.lower() : IDS.lower() + 1;
    List<RuntimeTask> children = children(parent, workerId, 10);
    driver.receive(worker, new Message.SubmitBatch(children));
    driver.receive(BOSS, new Message.Credit(1));
    RuntimeTask lent = children.getLast();
    assertThat(driver.sent(BOSS)).contains(new Message.SubmitBatch(List.of(lent)));
    driver.receive(BOSS, new Message.Result(lent.id(), 77, lent.function(), 1, 2_000));
    driver.receive(BOSS, new Message.Credit(1));
    assertThat(driver.sent(BOSS))
        .filteredOn(Message.Backlog.class::isInstance)
        .extracting(each -> ((Message.Backlog) each).nanosEach())
        .containsExactly(2_000L);
  }

  @Test
  void waitingTasksOfACancelledParentAreRemoved() {
    RuntimeTask root = root(1);
    List<RuntimeTask> tasks = children(root, 12, 10);
    driver.receive(BOSS, new Message.SubmitBatch(tasks));
    RuntimeTask first = tasks.getFirst();
    LinkId worker = driver.sent(ONE).contains(new Message.Submit(first)) ? ONE : TWO;
    assertThat(manager.nodeStatistics().waiting()).isEqualTo(8);
    driver.receive(BOSS, new Message.Cancel(root.id().address(), 1, 40));
    driver.receive(worker, new Message.Waiting(1, first.id()));
    assertThat(driver.sent(worker)).as("given to a worker that is idle").isEmpty();
    assertThat(manager.nodeStatistics().waiting()).isZero();
  }

  @Test
  void bossHearsOfIdleWorkersWithAReceiptOnlyWhenItBelievesOtherwise() {
    RuntimeTask root = root(1);
    driver.receive(BOSS, new Message.Submit(root));
    assertThat(driver.sent(BOSS)).isEmpty();
    LinkId worker = driver.sent(ONE).isEmpty() ? TWO : ONE;
    driver.finish(worker, root, 1_000_000);
    driver.receive(worker, new Message.Waiting(1, root.id()));
    assertThat(driver.sent(BOSS)).containsExactly(new Message.Waiting(2, root.id()));
  }

  @Test
  void managerSaysGoodbyeWhenItsBossIsGone() {
    driver.handle(new Event.LinkClosed(BOSS));
    assertThat(driver.effects())
        .contains(
            new Effect.Send(ONE, new Message.Shutdown()),
            new Effect.Send(TWO, new Message.Shutdown()),
            new Effect.Stopped());
  }

  @Test
  void bossIsToldOfItsTaskThatWasLostWithAWorker() {
    RuntimeTask root = root(1);
    driver.receive(BOSS, new Message.Submit(root));
    LinkId worker = driver.sent(ONE).isEmpty() ? TWO : ONE;
    driver.handle(new Event.LinkClosed(worker));
    assertThat(driver.sent(BOSS))
        .contains(new Message.Lost(root.id(), false, false), new Message.Started(1));
  }

  @Test
  void employeeIsFoundByAnyOfItsIds() {
    assertThat(manager.getEmployeeResponsibleFor(IDS.lower() + 1).link()).isEqualTo(TWO);
    assertThat(manager.isMyWorker(IDS.lower())).isTrue();
    assertThat(manager.isMyWorker(IDS.lower() + 2)).isFalse();
    assertThat(manager.isMyWorker(RuntimeAddress.SERVER)).isFalse();
  }
}
