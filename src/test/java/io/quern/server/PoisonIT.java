package io.quern.server;

import static io.quern.runtime.Fixtures.taskId;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.quern.engine.qasm.QasmWriter;
import io.quern.failure.ErrorCode;
import io.quern.link.GrpcLink;
import io.quern.link.LinkServer;
import io.quern.node.PoisonedManager;
import io.quern.protocol.encoding.Hello;
import io.quern.runtime.Fixtures;
import io.quern.task.CompilationTask;
import io.quern.task.TaskError;
import io.quern.task.TaskGateway.NewTask;
import io.quern.task.TaskState;
import io.quern.task.store.JdbcTaskStore;
import io.quern.task.store.LiveEventFeed;
import io.quern.task.store.Retention;
import io.quern.task.store.StoreDatabase;
import io.quern.task.store.StoreWriter;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.util.unit.DataSize;

/// A compilation that ends the process of whoever runs it, beside one that does not, on managers in
/// processes of their own.
class PoisonIT {
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  @TempDir private Path directory;

  private Process manager(int port, Path flag) throws IOException {
    List<String> command = new ArrayList<>(PoisonedManager.program(flag));
    command.add("manager");
    command.add("127.0.0.1:" + port);
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.appendTo(directory.resolve("log").toFile()))
        .start();
  }

  private static NewTask named(long number, String name) {
    return new NewTask(
        taskId(number),
        "alice",
        Fixtures.submission().toBuilder().name(name).build(),
        Fixtures.NOTHING,
        null);
  }

  @Test
  void compilationThatEndsItsProcessFailsAfterThreeDeathsAndItsNeighbourIsDone() throws Exception {
    Path flag = directory.resolve("flag");
    StoreDatabase database =
        StoreDatabase.open(StoreDatabase.Settings.of(directory.resolve("data")));
    JdbcTaskStore store = new JdbcTaskStore(database, QasmWriter::write, Retention.DEFAULT);
    StoreWriter writer = new StoreWriter(store, new LiveEventFeed(store), 1 << 24);
    PoisonedManager.Root root = new PoisonedManager.Root();
    QuernServer server =
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
                Duration.ofMillis(300),
                Duration.ZERO),
            store,
            writer,
            root,
            PoisonedManager.context("server", null, false).functions(),
            InstantSource.system(),
            new ServerMeters(new SimpleMeterRegistry()));
    server.start();
    Process second = null;
    try (LinkServer door =
        LinkServer.start(
            PoisonedManager.context("server", null, false),
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
            new Door(server))) {
      server.managersMayJoin();
      Process first = manager(door.port(), flag);
      server.submit(named(1, "neighbour")).join();
      await().atMost(PATIENCE).until(() -> find(store, 1).state() == TaskState.RUNNING);
      server.submit(named(2, "poison")).join();
      assertThat(first.waitFor()).isEqualTo(137);

      second = manager(door.port(), flag);
      await()
          .atMost(PATIENCE)
          .failFast("the neighbour has ended", () -> find(store, 1).state() != TaskState.RUNNING)
          .until(() -> find(store, 2).state() == TaskState.FAILED);
      CompilationTask poison = find(store, 2);
      TaskError error = Objects.requireNonNull(poison.error());
      assertThat(error.code()).isEqualTo(ErrorCode.POISONED);
      assertThat(error.detail())
          .contains("3 processes ended while executing it, 2 of them with nothing else to do");
      assertThat(Objects.requireNonNull(poison.attempt()).number()).isEqualTo(3);
      assertThat(second.isAlive()).as("the manager that had it run alone").isTrue();
      assertThat(Objects.requireNonNull(server.statistics()).poisoned()).isEqualTo(1);

      Files.createFile(flag);
      await().atMost(PATIENCE).until(() -> find(store, 1).state() == TaskState.DONE);
      assertThat(find(store, 1).deaths().total()).as("it only shared the process").isEqualTo(1);
    } finally {
      if (second != null) {
        second.destroyForcibly().waitFor();
      }
      server.stop();
      writer.close();
      store.close();
      database.close();
    }
  }

  private static CompilationTask find(JdbcTaskStore store, long number) {
    return Objects.requireNonNull(store.find(taskId(number)));
  }

  private record Door(QuernServer server) implements LinkServer.Acceptor {
    @Override
    public @Nullable String refusal(Hello peer) {
      return null;
    }

    @Override
    public void accept(GrpcLink link) {
      server.open(link);
    }
  }
}
