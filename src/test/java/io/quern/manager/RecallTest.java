package io.quern.manager;

import static io.quern.manager.ManagerDriver.BOSS;
import static io.quern.worker.WorkerDriver.child;
import static io.quern.worker.WorkerDriver.root;
import static org.assertj.core.api.Assertions.assertThat;

import io.quern.engine.pass.LogLevel;
import io.quern.protocol.CompilationContext;
import io.quern.protocol.IdBlock;
import io.quern.protocol.LinkId;
import io.quern.protocol.Message;
import io.quern.protocol.RuntimeAddress;
import io.quern.protocol.RuntimeTask;
import io.quern.protocol.RuntimeTaskId;
import io.quern.runtime.Effect;
import io.quern.runtime.Event;
import io.quern.task.TaskId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Work that was given ahead and comes back before it is begun: because it was not as short as it
/// was thought to be, because the boss wants it, because the manager drains.
class RecallTest {
  private static final LinkId WORKER = new LinkId(1);
  private static final IdBlock IDS = IdBlock.of(3, 4);
  private static final Duration PATIENCE = Duration.ofMillis(100);
  private static final long SHORT = 10_000;

  private final Manager manager = new Manager(BOSS, 1, function -> true);
  private final ManagerDriver driver = new ManagerDriver(manager);

  @BeforeEach
  void connect() {
    driver.receive(BOSS, new Message.Connect(IDS));
    driver.connect(WORKER);
    // One that is short makes the next ones look short.
    RuntimeTask first = tasks(1, 1).getFirst();
    driver.receive(BOSS, new Message.Submit(first));
    driver.finish(WORKER, first, SHORT);
    driver.receive(WORKER, new Message.Waiting(1, first.id()));
  }

  private static List<RuntimeTask> tasks(long mailbox, int count) {
    return IntStream.range(0, count).mapToObj(slot -> child(root(1), 12, mailbox, slot)).toList();
  }

  private static List<RuntimeTaskId> ids(List<RuntimeTask> tasks) {
    return tasks.stream().map(RuntimeTask::id).toList();
  }

  private List<RuntimeTask> givenAhead() {
    List<RuntimeTask> tasks = tasks(2, 50);
    driver.receive(BOSS, new Message.SubmitBatch(tasks));
    assertThat(driver.sent(WORKER)).containsExactly(new Message.SubmitBatch(tasks));
    return tasks;
  }

  private static RuntimeTask ofAnotherTenant() {
    RuntimeTaskId id = new RuntimeTaskId(new RuntimeAddress(RuntimeAddress.SERVER, 99, 0), 1);
    return new RuntimeTask(
        id,
        root(1).breadcrumbs(),
        new CompilationContext(
            new TaskId(new UUID(0x7000, 99)), id, "bob", LogLevel.INFO, -1, null),
        root(1).function(),
        "argument");
  }

  @Test
  void whatWasThoughtShortAndIsNotComesBackAndAnotherTenantIsNext() {
    List<RuntimeTask> tasks = givenAhead();
    driver.passAndFire(PATIENCE);
    assertThat(driver.sent(WORKER))
        .as("all but the one that is executed")
        .containsExactly(new Message.Recall(ids(tasks.subList(1, 50))));
    driver.receive(WORKER, new Message.Recalled(ids(tasks.subList(1, 50))));
    assertThat(driver.sent(WORKER)).as("it is not given again before it is its turn").isEmpty();
    RuntimeTask bobs = ofAnotherTenant();
    driver.receive(BOSS, new Message.Submit(bobs));
    driver.finish(WORKER, tasks.getFirst(), 1_000_000_000);
    driver.receive(WORKER, new Message.Waiting(1, tasks.getFirst().id()));
    assertThat(driver.sent(WORKER)).containsExactly(new Message.Submit(bobs));
  }

  @Test
  void whatIsCancelledBeforeItComesBackLeavesAnIdleWorkerBehind() {
    RuntimeTask task = tasks(2, 1).getFirst();
    driver.receive(BOSS, new Message.Submit(task));
    driver.receive(BOSS, new Message.Cancel(task.id().address(), 1, 7));
    // It had been asked to give it back before.
    driver.receive(WORKER, new Message.Recalled(List.of(task.id())));
    driver.receive(WORKER, new Message.Waiting(1, null));
    assertThat(manager.nodeStatistics().idleWorkers()).isEqualTo(1);
  }

  @Test
  void whatComesBackAndGoesToTheSameWorkerAgainIsNotTakenForRead() {
    RuntimeTask task = tasks(2, 1).getFirst();
    driver.receive(BOSS, new Message.Submit(task));
    driver.receive(WORKER, new Message.Recalled(List.of(task.id())));
    assertThat(driver.sent(WORKER)).as("again").containsExactly(new Message.Submit(task));
    // Said before the second submit was read: the worker is not idle.
    driver.receive(WORKER, new Message.Waiting(1, null));
    assertThat(manager.nodeStatistics().idleWorkers()).isZero();
    driver.receive(WORKER, new Message.Update(task.id(), -1));
    driver.receive(WORKER, new Message.Waiting(1, task.id()));
    assertThat(manager.nodeStatistics().idleWorkers()).isEqualTo(1);
  }

  @Test
  void noOpsAreGivenAheadOnlyAsFarAsCarryingThemTakesAMillisecond() {
    for (RuntimeTask noOp : tasks(2, 30)) {
      driver.receive(BOSS, new Message.Submit(noOp));
      driver.finish(WORKER, noOp, 1);
      driver.receive(WORKER, new Message.Waiting(1, noOp.id()));
    }
    List<RuntimeTask> noOps = tasks(3, 2_000);
    driver.receive(BOSS, new Message.SubmitBatch(noOps));
    assertThat(driver.sent(WORKER)).containsExactly(new Message.SubmitBatch(noOps.subList(0, 500)));
  }

  @Test
  void whatIsShortIsNotCalledBack() {
    List<RuntimeTask> tasks = givenAhead();
    driver.pass(PATIENCE.dividedBy(2));
    driver.finish(WORKER, tasks.getFirst(), SHORT);
    driver.passAndFire(PATIENCE.dividedBy(2));
    assertThat(driver.sent(WORKER)).isEmpty();
  }

  @Test
  void whatTheBossWantsBackGoesUpIfItWaitsHereOrWasNotBegun() {
    List<RuntimeTask> tasks = givenAhead();
    List<RuntimeTask> more = tasks(3, 200);
    driver.receive(BOSS, new Message.SubmitBatch(more));
    int here = manager.nodeStatistics().waiting();
    assertThat(here).isPositive();
    List<RuntimeTaskId> wanted = new ArrayList<>(ids(tasks));
    wanted.addAll(ids(more));
    driver.receive(BOSS, new Message.Recall(wanted));
    assertThat(driver.sent(BOSS))
        .hasAtLeastOneElementOfType(Message.Recalled.class)
        .filteredOn(Message.Recalled.class::isInstance)
        .singleElement()
        .isInstanceOfSatisfying(
            Message.Recalled.class, back -> assertThat(back.tasks()).hasSize(here));
    assertThat(driver.sent(WORKER))
        .singleElement()
        .isInstanceOfSatisfying(
            Message.Recall.class, recall -> assertThat(recall.tasks()).contains(ids(tasks).get(5)));
    driver.receive(WORKER, new Message.Recalled(List.of(ids(tasks).get(5))));
    assertThat(driver.sent(BOSS)).contains(new Message.Recalled(List.of(ids(tasks).get(5))));
    assertThat(manager.numTasksOfBoss()).isEqualTo(tasks.size() + more.size() - here - 1);
  }

  @Test
  void drainingManagerHandsBackWhatItsWorkersHaveNotBegun() {
    List<RuntimeTask> tasks = givenAhead();
    driver.handle(new Event.DrainStarted(driver.now()));
    assertThat(driver.sent(WORKER)).containsExactly(new Message.Recall(ids(tasks)));
    driver.receive(WORKER, new Message.Recalled(ids(tasks.subList(1, 50))));
    assertThat(driver.sent(BOSS)).contains(new Message.Recalled(ids(tasks.subList(1, 50))));
    driver.finish(WORKER, tasks.getFirst(), SHORT);
    assertThat(driver.effects()).contains(new Effect.Stopped());
  }

  @Test
  void whatCameBackAfterItsCancelIsDropped() {
    List<RuntimeTask> tasks = givenAhead();
    driver.passAndFire(PATIENCE);
    driver.receive(
        BOSS,
        new Message.Cancel(tasks.getFirst().breadcrumbs().ancestors().getFirst().address(), 1, 40));
    driver.receive(WORKER, new Message.Recalled(ids(tasks.subList(1, 50))));
    assertThat(manager.nodeStatistics().waiting()).isZero();
  }
}
