package io.quern.server;

import static io.quern.runtime.Fixtures.function;
import static io.quern.runtime.Fixtures.newTask;
import static io.quern.runtime.Fixtures.result;
import static io.quern.runtime.Fixtures.taskId;
import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.quern.engine.compile.CompilationResult;
import io.quern.engine.pass.LogLevel;
import io.quern.engine.pass.RuntimeFunction;
import io.quern.engine.pass.RuntimeHandle;
import io.quern.protocol.encoding.FunctionRegistry;
import io.quern.task.Attempt;
import io.quern.task.CompilationTask;
import io.quern.task.KeptWork;
import io.quern.task.Submission;
import io.quern.task.TaskGateway.SubmitAnswer;
import io.quern.task.TaskRecord.IdempotencyKey;
import io.quern.task.TaskState;
import io.quern.task.TaskStore.StoredEvent;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.LongStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.Status;

/// The running server on a real store, through several lives.
class QuernServerTest {
  private static final RuntimeFunction<Submission, CompilationResult> SEED =
      function("seed", (submission, runtime) -> result(submission.seed()));

  @TempDir private Path directory;
  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private final List<ServerLife> lives = new ArrayList<>();

  private boolean hasLocalManager = true;
  private FunctionRegistry functions = FunctionRegistry.of(List.of());

  private ServerLife live(RuntimeFunction<Submission, CompilationResult> root, Duration drain) {
    ServerLife life =
        new ServerLife(
            directory,
            root,
            functions,
            new ServerLife.Settings(hasLocalManager, Duration.ofMillis(50), drain),
            registry);
    life.server.managersMayJoin();
    lives.add(life);
    return life;
  }

  private ServerLife live(RuntimeFunction<Submission, CompilationResult> root) {
    return live(root, Duration.ofSeconds(30));
  }

  /// Runs until it is cancelled.
  private static RuntimeFunction<Submission, CompilationResult> endless(
      CountDownLatch begun, CountDownLatch left) {
    return function(
        "endless",
        (submission, runtime) -> {
          begun.countDown();
          while (!runtime.isCancelled()) {
            Thread.onSpinWait();
          }
          left.countDown();
          return result(0);
        });
  }

  private static RuntimeFunction<Submission, CompilationResult> endless() {
    return endless(new CountDownLatch(1), new CountDownLatch(1));
  }

  private static void await(String what, CountDownLatch latch) {
    Awaitility.await(what).until(latch::getCount, count -> count == 0);
  }

  @AfterEach
  void endAll() {
    lives.forEach(ServerLife::close);
  }

  @Test
  void acceptedTaskIsInTheStoreWhenItIsAnsweredAndComesToItsResult() {
    ServerLife life = live(SEED);
    SubmitAnswer answer = life.server.submit(newTask(1, "alice")).join();
    assertThat(answer).isInstanceOf(SubmitAnswer.Accepted.class);
    assertThat(life.store.find(taskId(1))).isNotNull();
    life.awaitState(taskId(1), TaskState.DONE);
    assertThat(life.eventTypes(taskId(1))).containsExactly("state", "state", "result");
  }

  @Test
  void taskThatRanWhenTheServiceStoppedRunsAgainAndSaysSo() {
    CountDownLatch begun = new CountDownLatch(1);
    ServerLife first = live(endless(begun, new CountDownLatch(1)), Duration.ZERO);
    first.server.submit(newTask(1, "alice")).join();
    await("the start", begun);
    first.close();

    ServerLife second = live(SEED);
    second.awaitState(taskId(1), TaskState.DONE);
    assertThat(second.eventTypes(taskId(1)))
        .containsExactly("state", "state", "restarted", "result");
    assertThat(second.status(taskId(1)).attempt()).isEqualTo(new Attempt(2, 2));
  }

  /// A block that takes long, or for ever while `isHeld`.
  private static final class SlowBlock implements RuntimeFunction<Integer, Integer> {
    private final AtomicInteger runs = new AtomicInteger();
    private volatile boolean isHeld = true;

    @Override
    public String name() {
      return "slow-block";
    }

    @Override
    public int version() {
      return 1;
    }

    @Override
    public boolean isKept() {
      return true;
    }

    @Override
    public Integer run(Integer number, RuntimeHandle runtime) {
      runs.incrementAndGet();
      long until = System.nanoTime() + 3_000_000;
      while (System.nanoTime() < until || (isHeld && number > 2 && !runtime.isCancelled())) {
        Thread.onSpinWait();
      }
      return number * number;
    }
  }

  @Test
  void finishedBlocksAreNotComputedAgainAfterARestart() {
    SlowBlock block = new SlowBlock();
    functions = FunctionRegistry.of(List.of(block));
    RuntimeFunction<Submission, CompilationResult> root =
        function(
            "squares",
            (submission, runtime) ->
                result(
                    runtime.map(block, List.of(1, 2, 3, 4)).stream()
                        .mapToInt(Integer::intValue)
                        .sum()));
    ServerLife first = live(root, Duration.ZERO);
    first.server.submit(newTask(1, "alice")).join();
    Awaitility.await("two kept blocks")
        .until(() -> first.store.findKept(taskId(1)).blocks(), blocks -> blocks.size() == 2);
    first.close();
    assertThat(block.runs).as("two finished, two cut off").hasValue(4);

    block.isHeld = false;
    ServerLife second = live(root);
    second.awaitState(taskId(1), TaskState.DONE);
    assertThat(block.runs).as("two of them again").hasValue(6);
    assertThat(Objects.requireNonNull(second.store.findResult(taskId(1))).json())
        .contains("\"seed\":30");
    assertThat(second.store.findKept(taskId(1))).isEqualTo(KeptWork.NOTHING);
  }

  @Test
  void repeatedKeyIsAnsweredWhileTheQueueIsFull() {
    ServerLife life = live(endless(), Duration.ZERO);
    IdempotencyKey key = new IdempotencyKey("alice", "first", "hash");
    life.server.submit(newTask(1, "alice", key)).join();
    long number = 2;
    while (life.server.submit(newTask(number, "alice")).join() instanceof SubmitAnswer.Accepted) {
      assertThat(++number).as("tasks taken into a queue of 100").isLessThan(200);
    }
    assertThat(life.server.submit(newTask(number + 1, "alice", key)).join())
        .isInstanceOfSatisfying(
            SubmitAnswer.Repeated.class,
            repeated -> assertThat(repeated.task().id()).isEqualTo(taskId(1)));
    assertThat(
            life.server
                .submit(newTask(number + 2, "alice", new IdempotencyKey("alice", "first", "other")))
                .join())
        .isEqualTo(new SubmitAnswer.KeyReused(taskId(1)));
  }

  @Test
  void drainLetsRunningTasksFinishAndKeepsTheQueue() {
    CountDownLatch begun = new CountDownLatch(2);
    CountDownLatch finish = new CountDownLatch(1);
    RuntimeFunction<Submission, CompilationResult> held =
        function(
            "held",
            (submission, runtime) -> {
              begun.countDown();
              finish.await();
              return result(1);
            });
    ServerLife first = live(held);
    for (long number = 1; number <= 4; number++) {
      first.server.submit(newTask(number, "alice")).join();
    }
    await("the start of both", begun);
    first.server.drain();
    assertThat(first.server.submit(newTask(5, "alice")).join())
        .isEqualTo(new SubmitAnswer.Draining());
    assertThat(health(first).getStatus()).isEqualTo(Status.OUT_OF_SERVICE);
    finish.countDown();
    first.close();

    ServerLife second = live(SEED);
    for (long number = 1; number <= 4; number++) {
      second.awaitState(taskId(number), TaskState.DONE);
    }
    assertThat(second.eventTypes(taskId(1))).doesNotContain("restarted");
    assertThat(second.eventTypes(taskId(3))).doesNotContain("restarted");
  }

  @Test
  void cancelIsForTheOwnerAndAnswersTheStatusAfterIt() {
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch left = new CountDownLatch(1);
    ServerLife life = live(endless(begun, left));
    life.server.submit(newTask(1, "alice")).join();
    await("the start", begun);
    assertThat(life.server.cancel("mallory", taskId(1)).join()).isNull();
    CompilationTask cancelled = life.server.cancel("alice", taskId(1)).join();
    assertThat(cancelled).isNotNull();
    assertThat(cancelled.state()).isEqualTo(TaskState.CANCELLED);
    assertThat(life.server.cancel("alice", taskId(1)).join()).isEqualTo(cancelled);
    assertThat(life.server.cancel("alice", taskId(99)).join()).isNull();
    await("the end of the run", left);
    assertThat(life.eventTypes(taskId(1))).containsExactly("state", "state", "state");
  }

  @Test
  void logLinesOfATaskAreNumberedInOrderHoweverManyThereAre() {
    ServerLife life =
        live(
            function(
                "talkative",
                (submission, runtime) -> {
                  for (int i = 0; i < 500; i++) {
                    runtime.log(LogLevel.INFO, "test", "line " + i);
                  }
                  return result(1);
                }));
    life.server.submit(newTask(1, "alice")).join();
    life.awaitState(taskId(1), TaskState.DONE);
    List<StoredEvent> events = life.store.events(taskId(1), 1, 1_000);
    assertThat(events)
        .extracting(StoredEvent::number)
        .containsExactlyElementsOf(LongStream.rangeClosed(1, 503).boxed().toList());
    assertThat(events.getLast().terminal()).isTrue();
  }

  @Test
  void submissionsNeedNotBeAtHand() {
    ServerLife first = live(endless(), Duration.ZERO);
    for (long number = 1; number <= 20; number++) {
      first.server.submit(newTask(number, "alice")).join();
    }
    first.close();
    ServerLife second = live(SEED);
    for (long number = 1; number <= 20; number++) {
      second.awaitState(taskId(number), TaskState.DONE);
    }
  }

  @Test
  void metersTellWhatHappened() {
    ServerLife life = live(SEED);
    for (long number = 1; number <= 3; number++) {
      life.server.submit(newTask(number, "alice")).join();
    }
    for (long number = 1; number <= 3; number++) {
      life.awaitState(taskId(number), TaskState.DONE);
    }
    Awaitility.await()
        .untilAsserted(
            () ->
                assertThat(
                        registry
                            .get("quern.tasks.ended")
                            .tag("state", "done")
                            .functionCounter()
                            .count())
                    .isEqualTo(3));
    assertThat(registry.get("quern.submissions").tag("outcome", "accepted").counter().count())
        .isEqualTo(3);
    assertThat(registry.get("quern.workers").gauge().value()).isEqualTo(2);
    assertThat(health(life).getStatus()).isEqualTo(Status.UP);
  }

  @Test
  void tasksAreTakenBeforeThereAreWorkers() {
    hasLocalManager = false;
    ServerLife life = live(SEED);
    assertThat(life.server.submit(newTask(1, "alice")).join())
        .isInstanceOf(SubmitAnswer.Accepted.class);
    Health health = health(life);
    assertThat(health.getStatus()).isEqualTo(Status.UP);
    assertThat(health.getDetails()).containsEntry("workers", 0);
    assertThat(health.getDetails().get("managers"))
        .isEqualTo(List.of("bqskit-manager a:7473 at a:7473: started, 4 slots"));
    assertThat(health.getDetails().get("dialled")).isEqualTo(List.of("b:7470: no answer"));
  }

  /// As it is beside a manager over another wire.
  private static Health health(ServerLife life) {
    ClusterNode other =
        new ClusterNode(
            "a:7473",
            "bqskit-manager",
            "a:7473",
            "started",
            "bqskit",
            List.of(),
            Instant.EPOCH,
            4,
            4,
            0,
            0,
            List.of());
    Cluster.Tree tree =
        new Cluster.Tree(
            "front",
            "1",
            null,
            false,
            null,
            0,
            0,
            0,
            0,
            List.of(other),
            List.of(new Cluster.Dialled("b:7470", false, "no answer")));
    return new RuntimeHealth(life.server, () -> tree).health();
  }
}
