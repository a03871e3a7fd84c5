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
import io.quern.engine.qasm.QasmWriter;
import io.quern.link.GrpcLink;
import io.quern.link.LinkContext;
import io.quern.link.LinkSecurity;
import io.quern.link.LinkServer;
import io.quern.link.LinkSettings;
import io.quern.manager.ManagerNode;
import io.quern.protocol.encoding.FunctionRegistry;
import io.quern.protocol.encoding.Hello;
import io.quern.task.Attempt;
import io.quern.task.Submission;
import io.quern.task.TaskState;
import io.quern.task.TaskStore.StoredEvent;
import io.quern.task.store.JdbcTaskStore;
import io.quern.task.store.LiveEventFeed;
import io.quern.task.store.Retention;
import io.quern.task.store.StoreDatabase;
import io.quern.task.store.StoreWriter;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.util.unit.DataSize;

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

  /// One life of the service, with a port of its own for managers.
  private final class Life {
    private final StoreDatabase database = StoreDatabase.open(StoreDatabase.Settings.of(directory));
    private final JdbcTaskStore store =
        new JdbcTaskStore(database, QasmWriter::write, Retention.DEFAULT);
    private final StoreWriter writer = new StoreWriter(store, new LiveEventFeed(store), 1 << 24);
    private final QuernServer server =
        new QuernServer(
            new RuntimeProperties(
                2,
                false,
                List.of(),
                Duration.ofSeconds(30),
                100,
                1_000,
                DataSize.ofMegabytes(1),
                Duration.ofSeconds(5),
                Duration.ofMillis(20),
                Duration.ofSeconds(30),
                Duration.ZERO),
            store,
            writer,
            root,
            functions,
            InstantSource.system(),
            new ServerMeters(new SimpleMeterRegistry()));
    private final LinkServer door;

    private Life(int port) throws IOException {
      server.start();
      door =
          LinkServer.start(
              context("server"),
              new InetSocketAddress(InetAddress.getLoopbackAddress(), port),
              new LinkServer.Acceptor() {
                @Override
                public @Nullable String refusal(Hello peer) {
                  return null;
                }

                @Override
                public void accept(GrpcLink link) {
                  server.open(link);
                }
              });
      server.managersMayJoin();
    }

    /// Managers lose it first, so that nothing tells them to stop.
    private void vanish() {
      door.close();
      server.stop();
      writer.close();
      store.close();
      database.close();
    }
  }

  @Test
  void whatRunsGoesOnWhileTheServerIsStartedAgainAndIsNotBegunTwice() throws Exception {
    Life first = new Life(0);
    int port = first.door.port();
    try (ManagerNode manager =
        ManagerNode.start(
            new ManagerNode.Settings("manager", false, 3, "127.0.0.1:" + port, null, List.of()),
            context("manager"),
            InstantSource.system())) {
      first.server.submit(newTask(1, "alice")).join();
      await().until(() -> block.runs.get() == 3);
      first.vanish();
      await().until(() -> manager.boss() == null);

      Life second = new Life(port);
      try {
        await().until(() -> manager.boss() != null);
        block.mayEnd.countDown();
        await()
            .until(
                () ->
                    Objects.requireNonNull(second.store.find(taskId(1))).state() == TaskState.DONE);
        assertThat(block.runs).as("blocks begun").hasValue(4);
        assertThat(Objects.requireNonNull(second.store.find(taskId(1))).attempt())
            .isEqualTo(new Attempt(1, 1));
        assertThat(second.store.events(taskId(1), 1, 100).stream().map(StoredEvent::type))
            .containsExactly("state", "state", "result");
        assertThat(Objects.requireNonNull(second.store.findResult(taskId(1))).json())
            .contains("\"seed\":30");
      } finally {
        block.mayEnd.countDown();
        second.vanish();
      }
    }
  }
}
