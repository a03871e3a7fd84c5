package io.quern.server;

import static io.quern.runtime.Fixtures.newTask;
import static io.quern.runtime.Fixtures.result;
import static io.quern.runtime.Fixtures.taskId;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.quern.engine.compile.CompilationResult;
import io.quern.engine.pass.RuntimeFunction;
import io.quern.engine.pass.RuntimeHandle;
import io.quern.link.LinkContext;
import io.quern.link.LinkSecurity;
import io.quern.link.LinkServer;
import io.quern.link.LinkSettings;
import io.quern.manager.ManagerNode;
import io.quern.protocol.encoding.FunctionRegistry;
import io.quern.task.Attempt;
import io.quern.task.Submission;
import io.quern.task.TaskState;
import io.quern.testing.FreePorts;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A manager whose server goes and comes back, over real links: it goes on working meanwhile, and
/// nothing it has begun is begun again.
class ManagerReturnTest {

  /// A block that says when it begins and waits until it may end.
  private static final class Block implements RuntimeFunction<Integer, Integer> {
    private final AtomicInteger runs = new AtomicInteger();
    private final CountDownLatch mayEnd = new CountDownLatch(1);

    @Override
    public String name() {
      return "held-block";
    }

    @Override
    public int version() {
      return 1;
    }

    @Override
    public Integer run(Integer number, RuntimeHandle runtime) throws InterruptedException {
      runs.incrementAndGet();
      mayEnd.await();
      runtime.checkCancelled();
      return number * number;
    }
  }

  private static final class Root implements RuntimeFunction<Submission, CompilationResult> {
    private final Block block;

    private Root(Block block) {
      this.block = block;
    }

    @Override
    public String name() {
      return "sum-of-squares";
    }

    @Override
    public int version() {
      return 1;
    }

    @Override
    public CompilationResult run(Submission submission, RuntimeHandle runtime)
        throws InterruptedException {
      List<Integer> numbers = IntStream.rangeClosed(1, 4).boxed().toList();
      return result(runtime.map(block, numbers).stream().mapToInt(Integer::intValue).sum());
    }
  }

  @TempDir private Path directory;
  private final Block block = new Block();
  private final Root root = new Root(block);
  private final FunctionRegistry functions = FunctionRegistry.of(List.of(root, block));

  private LinkContext context(String name) {
    return new LinkContext(
        name, "1", functions, LinkSettings.DEFAULT, LinkSecurity.NONE, List.of());
  }

  private ServerLife live() {
    return new ServerLife(
        directory,
        root,
        functions,
        new ServerLife.Settings(false, Duration.ofSeconds(30), Duration.ZERO),
        new SimpleMeterRegistry());
  }

  @Test
  void whatRunsGoesOnWhileTheServerIsStartedAgainAndIsNotBegunTwice() throws Exception {
    int port = FreePorts.one();
    try (ManagerNode manager =
        ManagerNode.start(
            new ManagerNode.Settings("manager", false, 3, "127.0.0.1:" + port, null, List.of()),
            context("manager"),
            InstantSource.system())) {
      // The door is closed first: the manager loses its server and is not told to stop.
      try (ServerLife first = live();
          LinkServer _ = first.open(port, context("server"))) {
        first.server.submit(newTask(1, "alice")).join();
        await("three blocks").until(block.runs::get, runs -> runs == 3);
      }
      await("the loss of the server").until(() -> manager.boss() == null);

      try (ServerLife second = live();
          LinkServer _ = second.open(port, context("server"))) {
        await("the return to the server").until(() -> manager.boss() != null);
        block.mayEnd.countDown();
        second.awaitState(taskId(1), TaskState.DONE);
        assertThat(block.runs).as("blocks begun").hasValue(4);
        assertThat(second.status(taskId(1)).attempt()).isEqualTo(new Attempt(1, 1));
        assertThat(second.eventTypes(taskId(1))).containsExactly("state", "state", "result");
        assertThat(Objects.requireNonNull(second.store.findResult(taskId(1))).json())
            .contains("\"seed\":30");
      } finally {
        block.mayEnd.countDown();
      }
    }
  }
}
