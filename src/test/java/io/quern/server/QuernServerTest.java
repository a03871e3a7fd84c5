package io.quern.server;

import static io.quern.runtime.Fixtures.function;
import static io.quern.runtime.Fixtures.newTask;
import static io.quern.runtime.Fixtures.result;
import static io.quern.runtime.Fixtures.taskId;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.quern.engine.compile.CompilationResult;
import io.quern.engine.pass.LogLevel;
import io.quern.engine.pass.RuntimeFunction;
import io.quern.engine.pass.RuntimeHandle;
import io.quern.engine.qasm.QasmWriter;
import io.quern.protocol.encoding.FunctionRegistry;
import io.quern.task.Attempt;
import io.quern.task.CompilationTask;
import io.quern.task.KeptWork;
import io.quern.task.Submission;
import io.quern.task.TaskGateway.SubmitAnswer;
import io.quern.task.TaskId;
import io.quern.task.TaskRecord.IdempotencyKey;
import io.quern.task.TaskState;
import io.quern.task.TaskStore.StoredEvent;
import io.quern.task.store.JdbcTaskStore;
import io.quern.task.store.LiveEventFeed;
import io.quern.task.store.Retention;
import io.quern.task.store.StoreDatabase;
import io.quern.task.store.StoreWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.Status;
import org.springframework.util.unit.DataSize;

/// The running server on a real store, through several lives.
@Timeout(600)
class QuernServerTest {
  private static final RuntimeFunction<Submission, CompilationResult> SEED =
      function("seed", (submission, runtime) -> result(submission.seed()));

  @TempDir private Path directory;
  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private final List<Life> lives = new ArrayList<>();

  private boolean hasLocalManager = true;
  private FunctionRegistry functions = FunctionRegistry.of(List.of());

  /// One life of the process.
  private final class Life {
    private final StoreDatabase database = StoreDatabase.open(StoreDatabase.Settings.of(directory));
    private final JdbcTaskStore store =
        new JdbcTaskStore(database, QasmWriter::write, Retention.DEFAULT);
    private final LiveEventFeed feed = new LiveEventFeed(store);
    private final StoreWriter writer = new StoreWriter(store, feed, 1 << 24);
    private final QuernServer server;

    private Life(RuntimeFunction<Submission, CompilationResult> root, Duration drain) {
      server =
          new QuernServer(
              new RuntimeProperties(
                  2,
                  hasLocalManager,
                  List.of(),
                  Duration.ofSeconds(30),
                  100,
                  1_000,
                  DataSize.ofMegabytes(1),
                  Duration.ofSeconds(5),
                  Duration.ofMillis(20),
                  Duration.ofMillis(50),
                  drain),
              store,
              writer,
              root,
              functions,
              InstantSource.system(),
              new ServerMeters(registry));
      server.start();
      server.managersMayJoin();
      lives.add(this);
    }

    private void end() {
      server.stop();
      writer.close();
      store.close();
      database.close();
      lives.remove(this);
    }

    private CompilationTask status(TaskId task) {
      return Objects.requireNonNull(store.find(task));
    }

    private void awaitState(TaskId task, TaskState state) {
      await().until(() -> status(task).state() == state);
    }

    private List<String> eventTypes(TaskId task) {
      return store.events(task, 1, 1_000).stream().map(StoredEvent::type).toList();
    }
  }

  private Life live(RuntimeFunction<Submission, CompilationResult> root) {
    return new Life(root, Duration.ofSeconds(30));
  }

  @AfterEach
  void endAll() {
    List.copyOf(lives).forEach(Life::end);
  }

  @Test
  void acceptedTaskIsInTheStoreWhenItIsAnsweredAndComesToItsResult() {
    Life life = live(SEED);
    SubmitAnswer answer = life.server.submit(newTask(1, "alice")).join();
    assertThat(answer).isInstanceOf(SubmitAnswer.Accepted.class);
    assertThat(life.store.find(taskId(1))).isNotNull();
    life.awaitState(taskId(1), TaskState.DONE);
    assertThat(life.eventTypes(taskId(1))).containsExactly("state", "state", "result");
  }

  @Test
  void taskThatRanWhenTheServiceStoppedRunsAgainAndSaysSo() {
    CountDownLatch begun = new CountDownLatch(1);
    RuntimeFunction<Submission, CompilationResult> endless =
        function(
            "endless",
            (submission, runtime) -> {
              begun.countDown();
              while (!runtime.isCancelled()) {
                Thread.onSpinWait();
              }
              return result(0);
            });
    Life first = new Life(endless, Duration.ZERO);
    first.server.submit(newTask(1, "alice")).join();
    await().until(() -> begun.getCount() == 0);
    first.end();

    Life second = live(SEED);
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
    Life first = new Life(root, Duration.ZERO);
    first.server.submit(newTask(1, "alice")).join();
    await().until(() -> first.store.findKept(taskId(1)).blocks().size() == 2);
    first.end();
    assertThat(block.runs).as("two finished, two cut off").hasValue(4);

    block.isHeld = false;
    Life second = live(root);
    second.awaitState(taskId(1), TaskState.DONE);
    assertThat(block.runs).as("two of them again").hasValue(6);
    assertThat(Objects.requireNonNull(second.store.findResult(taskId(1))).json())
        .contains("\"seed\":30");
    assertThat(second.store.findKept(taskId(1))).isEqualTo(KeptWork.NOTHING);
  }

  @Test
  void repeatedKeyIsAnsweredWhileTheQueueIsFull() {
    RuntimeFunction<Submission, CompilationResult> endless =
        function(
            "endless",
            (submission, runtime) -> {
              while (!runtime.isCancelled()) {
                Thread.onSpinWait();
              }
              return result(0);
            });
    Life life = new Life(endless, Duration.ZERO);
    IdempotencyKey key = new IdempotencyKey("alice", "first", "hash");
    life.server.submit(newTask(1, "alice", key)).join();
    long number = 2;
    while (life.server.submit(newTask(number, "alice")).join() instanceof SubmitAnswer.Accepted) {
      number++;
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
    Life first = live(held);
    for (long number = 1; number <= 4; number++) {
      first.server.submit(newTask(number, "alice")).join();
    }
    await().until(() -> begun.getCount() == 0);
    first.server.drain();
    assertThat(first.server.submit(newTask(5, "alice")).join())
        .isEqualTo(new SubmitAnswer.Draining());
    assertThat(health(first).getStatus()).isEqualTo(Status.OUT_OF_SERVICE);
    finish.countDown();
    first.end();

    Life second = live(SEED);
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
    Life life =
        live(
            function(
                "endless",
                (submission, runtime) -> {
                  begun.countDown();
                  while (!runtime.isCancelled()) {
                    Thread.onSpinWait();
                  }
                  left.countDown();
                  return result(0);
                }));
    life.server.submit(newTask(1, "alice")).join();
    await().until(() -> begun.getCount() == 0);
    assertThat(life.server.cancel("mallory", taskId(1)).join()).isNull();
    CompilationTask cancelled = life.server.cancel("alice", taskId(1)).join();
    assertThat(cancelled).isNotNull();
    assertThat(cancelled.state()).isEqualTo(TaskState.CANCELLED);
    assertThat(life.server.cancel("alice", taskId(1)).join()).isEqualTo(cancelled);
    assertThat(life.server.cancel("alice", taskId(99)).join()).isNull();
    await().until(() -> left.getCount() == 0);
    assertThat(life.eventTypes(taskId(1))).containsExactly("state", "state", "state");
  }

  @Test
  void logLinesOfATaskAreNumberedInOrderHoweverManyThereAre() {
    Life life =
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
    Life first =
        new Life(
            function(
                "held",
                (submission, runtime) -> {
                  while (!runtime.isCancelled()) {
                    Thread.onSpinWait();
                  }
                  return result(1);
                }),
            Duration.ZERO);
    for (long number = 1; number <= 20; number++) {
      first.server.submit(newTask(number, "alice")).join();
    }
    first.end();
    Life second = live(SEED);
    for (long number = 1; number <= 20; number++) {
      second.awaitState(taskId(number), TaskState.DONE);
    }
  }

  @Test
  void metersTellWhatHappened() {
    Life life = live(SEED);
    for (long number = 1; number <= 3; number++) {
      life.server.submit(newTask(number, "alice")).join();
    }
    for (long number = 1; number <= 3; number++) {
      life.awaitState(taskId(number), TaskState.DONE);
    }
    await()
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
    Life life = live(SEED);
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
  private static Health health(Life life) {
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
