package io.quern.server;

import static io.quern.runtime.Fixtures.taskId;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.quern.failure.ErrorCode;
import io.quern.link.LinkContext;
import io.quern.link.LinkServer;
import io.quern.node.PoisonedManager;
import io.quern.runtime.Fixtures;
import io.quern.task.CompilationTask;
import io.quern.task.TaskError;
import io.quern.task.TaskGateway.NewTask;
import io.quern.task.TaskState;
import io.quern.testing.EndOfProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A compilation that ends the process of whoever runs it, beside one that does not, on managers in
/// processes of their own.
class PoisonIT {
  @TempDir private Path directory;

  private final List<Process> managers = new ArrayList<>();

  private Process manager(int port, Path flag) throws IOException {
    List<String> command = new ArrayList<>(PoisonedManager.program(flag));
    command.add("manager");
    command.add("127.0.0.1:" + port);
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(directory.resolve("log").toFile()))
            .start();
    managers.add(process);
    return process;
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
    LinkContext links = PoisonedManager.context("server", null, false);
    try (ServerLife life =
            new ServerLife(
                directory.resolve("data"),
                new PoisonedManager.Root(),
                links.functions(),
                new ServerLife.Settings(false, Duration.ofMillis(300), Duration.ZERO),
                new SimpleMeterRegistry());
        LinkServer door = life.open(0, links)) {
      Process first = manager(door.port(), flag);
      life.server.submit(named(1, "neighbour")).join();
      life.awaitState(taskId(1), TaskState.RUNNING);
      life.server.submit(named(2, "poison")).join();
      assertThat(EndOfProcess.await("who runs what ends processes", first)).isEqualTo(137);

      Process second = manager(door.port(), flag);
      await("the end of what ends processes")
          .failFast(
              "the neighbour has ended", () -> life.status(taskId(1)).state() != TaskState.RUNNING)
          .until(() -> life.status(taskId(2)).state(), TaskState.FAILED::equals);
      CompilationTask poison = life.status(taskId(2));
      TaskError error = Objects.requireNonNull(poison.error());
      assertThat(error.code()).isEqualTo(ErrorCode.POISONED);
      assertThat(error.detail())
          .contains("3 processes ended while executing it, 2 of them with nothing else to do");
      assertThat(Objects.requireNonNull(poison.attempt()).number()).isEqualTo(3);
      assertThat(second.isAlive()).as("the manager that had it run alone").isTrue();
      assertThat(Objects.requireNonNull(life.server.statistics()).poisoned()).isEqualTo(1);

      Files.createFile(flag);
      life.awaitState(taskId(1), TaskState.DONE);
      assertThat(life.status(taskId(1)).deaths().total())
          .as("it only shared the process")
          .isEqualTo(1);
    } finally {
      for (Process each : managers) {
        each.destroyForcibly().waitFor();
      }
    }
  }
}
