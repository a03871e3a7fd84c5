package io.quern.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.quern.failure.ErrorCode;
import io.quern.protocol.LinkId;
import io.quern.protocol.Message;
import io.quern.protocol.NodeReport;
import io.quern.protocol.RuntimeTask;
import io.quern.task.Scheduling;
import io.quern.task.TaskError;
import io.quern.task.TaskExplanation;
import io.quern.task.TaskExplanation.Reason;
import io.quern.task.TaskGateway.NewTask;
import io.quern.task.TaskId;
import io.quern.task.TaskRecord;
import io.quern.task.TaskState;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// Whose task is next, on whose workers, and what the server says of those that wait.
class SchedulingTest {
  private static final LinkId OTHER = new LinkId(2);

  private final ServerDriver driver = ServerDriver.ready(1);

  private static NewTask task(long number, String tenant, int priority, String... labels) {
    return new NewTask(
        Fixtures.taskId(number),
        tenant,
        Fixtures.submission().toBuilder()
            .scheduling(new Scheduling(priority, List.of(labels)))
            .build(),
        Fixtures.NOTHING,
        null);
  }

  private void accept(NewTask... tasks) {
    driver.submit(tasks);
    driver.commit();
  }

  /// Loads and starts the one task the server has asked for.
  private RuntimeTask start() {
    driver.load(driver.effect(Effect.LoadSubmission.class).task());
    driver.commit();
    return driver.rootSent();
  }

  private static Message.Roster roster(String label, int slots) {
    return new Message.Roster(
        new NodeReport("node", "", "1", false, List.of(label), 0, slots, slots, 0, 0, List.of()));
  }

  private TaskExplanation explain(long number) {
    driver.handle(new Event.ClientExplain(driver.reply(), Fixtures.taskId(number)));
    return Objects.requireNonNull(
        driver.effect(Effect.ReplyExplanation.class).explanation(), "no explanation");
  }

  @Test
  void higherPriorityOfATenantGoesFirstAndEqualOnesInOrder() {
    accept(task(1, "alice", 5));
    RuntimeTask running = start();
    accept(task(2, "alice", 0), task(3, "alice", 5), task(4, "alice", 9), task(5, "alice", 5));
    List<TaskId> order = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      driver.finish(running.id(), Fixtures.result(1, false));
      running = start();
      order.add(running.compilation().task());
    }
    assertThat(order)
        .containsExactly(
            Fixtures.taskId(4), Fixtures.taskId(3), Fixtures.taskId(5), Fixtures.taskId(2));
  }

  @Test
  void priorityOfOneTenantTakesNothingFromAnother() {
    accept(task(1, "alice", 9));
    RuntimeTask running = start();
    accept(task(2, "alice", 9), task(3, "bob", 0), task(4, "alice", 9));
    // Bob has nothing out, so his is the next whatever its priority.
    assertThat(start().compilation().tenant()).isEqualTo("bob");
    assertThat(running.compilation().tenant()).isEqualTo("alice");
  }

  @Test
  void tenThousandTasksOfOneTenantDelayOneOfAnotherByAtMostTheTaskThatRuns() {
    accept(task(1, "alice", 5));
    RuntimeTask running = start();
    accept(
        IntStream.range(2, 10_002)
            .mapToObj(number -> task(number, "alice", 9))
            .toArray(NewTask[]::new));
    assertThat(driver.server().statistics().queued()).isEqualTo(10_000);
    accept(task(20_000, "bob", 5));
    RuntimeTask next = start();
    assertThat(next.compilation().tenant()).isEqualTo("bob");
    // It is with the only worker already, behind the one task that runs there and no other.
    assertThat(driver.server().employees().getFirst().numTasks()).isEqualTo(2);
    assertThat(running.compilation().tenant()).isEqualTo("alice");
  }

  @Test
  void taskThatRequiresALabelGoesToWhoHasItAndOthersPassItBy() {
    driver.connect(OTHER, 1);
    driver.handle(new Event.Received(OTHER, roster("gpu", 1)));
    accept(task(1, "alice", 5, "gpu"));
    RuntimeTask first = start();
    assertThat(driver.sent(OTHER)).contains(new Message.Submit(first));
    accept(task(2, "alice", 5, "gpu"), task(3, "alice", 5));
    assertThat(driver.effects(Effect.LoadSubmission.class))
        .as("the labelled one waits, the other does not wait behind it")
        .containsExactly(new Effect.LoadSubmission(Fixtures.taskId(3)));
    driver.load(Fixtures.taskId(3));
    driver.commit();
    assertThat(driver.sent(ServerDriver.MANAGER)).contains(new Message.Submit(driver.rootSent()));
    driver.handle(
        new Event.Received(
            OTHER,
            new Message.Result(first.id(), 1, ServerDriver.ROOT, Fixtures.result(1, false), 1)));
    RuntimeTask second = start();
    assertThat(driver.sent(OTHER)).contains(new Message.Submit(second));
  }

  @Test
  void setsOfLabelsThatTheSameSlotsSuitShareThemInTurns() {
    driver.connect(OTHER, 1);
    String[] labels =
        IntStream.range(0, 10).mapToObj(number -> "l" + number).toArray(String[]::new);
    driver.handle(
        new Event.Received(
            OTHER,
            new Message.Roster(
                new NodeReport(
                    "node", "", "1", false, List.of(labels), 0, 1, 1, 0, 0, List.of()))));
    accept(
        IntStream.range(1, 1_000)
            .mapToObj(number -> task(number, "alice", 5, setOf(labels, number)))
            .toArray(NewTask[]::new));
    assertThat(driver.effects(Effect.LoadSubmission.class))
        .as("one slot suits all sets, so one task is begun")
        .containsExactly(new Effect.LoadSubmission(Fixtures.taskId(1)));
    RuntimeTask running = start();
    accept(task(2_000, "alice", 5, setOf(labels, 1)));
    driver.handle(
        new Event.Received(
            OTHER,
            new Message.Result(running.id(), 1, ServerDriver.ROOT, Fixtures.result(1, false), 1)));
    assertThat(driver.effects(Effect.LoadSubmission.class))
        .as("the next set has its turn")
        .containsExactly(new Effect.LoadSubmission(Fixtures.taskId(2)));
  }

  private static String[] setOf(String[] labels, int bits) {
    return IntStream.range(0, labels.length)
        .filter(bit -> (bits >> bit & 1) != 0)
        .mapToObj(bit -> labels[bit])
        .toArray(String[]::new);
  }

  /// Where each round looks at each set, it takes thousands of times as long with all of them.
  @Test
  void setsOfLabelsThatNobodyOffersYetCostNothingWhileTheyWait() {
    driver.handle(new Event.ManagersAwaited(1));
    String[] labels =
        IntStream.range(0, 16).mapToObj(number -> "l" + number).toArray(String[]::new);
    accept(task(1, "alice", 5, setOf(labels, 1)));
    long withOne = processorNanosOfRounds();
    accept(
        IntStream.rangeClosed(2, 20_000)
            .mapToObj(number -> task(number, "alice", 5, setOf(labels, number)))
            .toArray(NewTask[]::new));
    long withAll = processorNanosOfRounds();
    assertThat(driver.server().statistics().queued()).isEqualTo(20_000);
    assertThat(withAll)
        .as("processor time of rounds, which took %d ns with one set", withOne)
        .isLessThan(50 * withOne);
  }

  /// Of this thread alone: what else runs on the machine does not count.
  private long processorNanosOfRounds() {
    ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    long begun = threads.getCurrentThreadCpuTime();
    for (int round = 0; round < 2_000; round++) {
      driver
          .server()
          .handleMessage(new Event.ClientStatus(driver.reply(), Fixtures.taskId(1)), driver.now());
    }
    return threads.getCurrentThreadCpuTime() - begun;
  }

  @Test
  void labelThatNobodyHasFailsTheTaskAtOnceOnceNobodyCanBeExpected() {
    driver.pass(Duration.ofMinutes(1));
    accept(task(1, "alice", 5, "gpu", "big"));
    assertFailedForWantOfAWorker("[big, gpu]", "none with any label");
  }

  @Test
  void labelIsWaitedForAfterTheStartAndAfterItsLastManagerHasLeft() {
    accept(task(1, "alice", 5, "gpu"));
    assertThat(explain(1).reason()).isEqualTo(Reason.NO_WORKER_WITH_LABELS);
    driver.pass(Duration.ofSeconds(29));
    driver.connect(OTHER, 1);
    driver.handle(new Event.Received(OTHER, roster("gpu", 1)));
    start();
    driver.pass(Duration.ofMinutes(10)).handle(new Event.LinkClosed(OTHER));
    assertThat(driver.effects(Effect.Persist.class)).isEmpty();
    driver.pass(Duration.ofSeconds(29)).handle(new Event.TimerFired());
    assertThat(driver.effects(Effect.Persist.class)).isEmpty();
    driver.pass(Duration.ofSeconds(1)).handle(new Event.TimerFired());
    assertThat(((TaskRecord.Ended) driver.persisted()).state()).isEqualTo(TaskState.FAILED);
  }

  @Test
  void managerThatIsDialledMayHaveAnyLabel() {
    driver.handle(new Event.ManagersAwaited(1));
    driver.pass(Duration.ofMinutes(1));
    accept(task(1, "alice", 5, "gpu"));
    assertThat(driver.effects(Effect.Persist.class)).isEmpty();
    assertThat(explain(1).detail()).contains("have not answered yet");
    driver.handle(new Event.ManagersAwaited(0));
    assertFailedForWantOfAWorker("[gpu]", "none with any label");
  }

  private void assertFailedForWantOfAWorker(String required, String found) {
    TaskRecord.Ended ended = (TaskRecord.Ended) driver.persisted();
    assertThat(ended.state()).isEqualTo(TaskState.FAILED);
    assertThat(ended.events().getLast().data())
        .isInstanceOfSatisfying(
            io.quern.task.TaskEvent.StateChanged.class,
            change -> {
              TaskError error = Objects.requireNonNull(change.error(), "no error");
              assertThat(error.code()).isEqualTo(ErrorCode.NO_WORKER);
              assertThat(error.detail()).contains(required).contains(found);
            });
  }

  @Test
  void explanationSaysWhereATaskStandsAndWhatItWaitsFor() {
    accept(task(1, "alice", 5));
    RuntimeTask running = start();
    assertThat(explain(1).reason()).isEqualTo(Reason.RUNNING);
    driver.receive(new Message.Update(running.id(), -1));
    assertThat(explain(1).reason()).isEqualTo(Reason.AWAITING);
    driver.receive(new Message.Update(running.id(), 1));
    NewTask[] more =
        IntStream.range(2, 6)
            .mapToObj(number -> task(number, "alice", number == 5 ? 9 : 5))
            .toArray(NewTask[]::new);
    accept(more);
    assertThat(Arrays.stream(more).map(each -> explain(number(each)).place()))
        .containsExactly(
            new TaskExplanation.Place(1, 4, 4, 1),
            new TaskExplanation.Place(2, 4, 4, 1),
            new TaskExplanation.Place(3, 4, 4, 1),
            new TaskExplanation.Place(0, 4, 4, 1));
    assertThat(explain(2).reason()).isEqualTo(Reason.WAITING_FOR_TURN);
    driver.handle(new Event.LinkClosed(ServerDriver.MANAGER));
    assertThat(explain(2).reason()).isEqualTo(Reason.NO_MANAGER);
    driver.handle(new Event.DrainStarted(driver.now()));
    assertThat(explain(2).reason()).isEqualTo(Reason.DRAINING);
  }

  private static long number(NewTask task) {
    return task.id().value().getLeastSignificantBits();
  }

  /// Who leaves has more idle slots than who stays, so but for its leaving it would be chosen.
  @Test
  void longTaskIsNotPlacedWithAManagerThatLeavesSoonWhileAnotherStays() {
    driver.receive(new Message.Started(3));
    driver.handle(new Event.NodeLeaves(ServerDriver.MANAGER, driver.now().plusSeconds(5)));
    accept(task(1, "alice", 5));
    RuntimeTask first = start();
    assertThat(first.compilation().tenant()).as("nobody else is there").isEqualTo("alice");
    driver.connect(OTHER, 1);
    driver.receive(new Message.Waiting(2, first.id()));
    accept(task(2, "bob", 5));
    driver.load(Fixtures.taskId(2));
    driver.commit();
    assertThat(driver.sent(OTHER)).containsExactly(new Message.Submit(driver.rootSent()));
    assertThat(driver.sent(ServerDriver.MANAGER)).isEmpty();
    assertThat(driver.server().employees().getFirst().numIdleWorkers())
        .as("free, but not for long")
        .isEqualTo(2);
  }

  @Test
  void taskThatIsBeingStoredSaysSo() {
    driver.submit(task(1, "alice", 5));
    assertThat(explain(1).reason()).isEqualTo(Reason.STORING);
  }

  @Test
  void taskThatIsNotHereHasNoExplanation() {
    driver.handle(new Event.ClientExplain(driver.reply(), Fixtures.taskId(7)));
    assertThat(driver.effect(Effect.ReplyExplanation.class).explanation()).isNull();
  }
}
