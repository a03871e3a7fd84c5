package io.quern;

import static org.assertj.core.api.Assertions.assertThat;

import io.quern.testing.EndOfProcess;
import io.quern.testing.FreePorts;
import io.quern.testing.PeerPython;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The real BQSKit at both ends: its `Compiler` above, its managers and workers below.
class BqskitIT {
  private static final int SCRIPT_MINUTES = 5;

  @TempDir private Path directory;

  private final List<Process> processes = new ArrayList<>();
  private PeerPython python;

  @BeforeEach
  void unpack() throws IOException {
    python = PeerPython.provide();
    Files.createDirectories(directory.resolve("user"));
    copy("runtime_passes.py", directory.resolve("user"));
    for (String script : List.of("runtime_cases.py", "runtime_kills.py", "runtime_survive.py")) {
      copy(script, directory);
    }
  }

  @AfterEach
  void end() throws InterruptedException {
    for (Process process : processes) {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly().waitFor();
    }
  }

  @Test
  void compilerWorksAsWithTheOriginalOverManagersOfManagersAndSeparateWorkers() throws Exception {
    int[] ports = FreePorts.find(8);
    manager("-n", "1", "-p", text(ports[0]), "-w", text(ports[1]));
    manager("-m", "localhost:" + ports[0], "-p", text(ports[2]));
    manager("-x", "-n", "1", "-p", text(ports[3]), "-w", text(ports[4]));
    try (ServerProcess server =
        server(
            "cases",
            ports[5],
            "--quern.bqskit.managers=localhost:%d,localhost:%d".formatted(ports[2], ports[3]))) {
      launch("bqskit-worker", "1", "-p", text(ports[4]));
      String output = run("runtime_cases.py", text(ports[5]), directory.resolve("user").toString());
      assertThat(output.lines().filter(line -> line.startsWith("FAILS"))).isEmpty();
      assertThat(output.lines().filter(line -> line.startsWith("holds"))).hasSizeGreaterThan(25);
      assertThat(output).endsWith("done\n");

      String tasks = server.get("/tasks?state=FAILED").body();
      assertThat(tasks).contains("\"engine\":\"bqskit\"", "the user made a mistake");
    }
  }

  @Test
  void everyTaskEndsWithItsRightResultThoughManagersAreKilled() throws Exception {
    int[] ports = FreePorts.find(5);
    try (ServerProcess server =
        server(
            "kills",
            ports[4],
            "--quern.bqskit.managers=localhost:%d,localhost:%d".formatted(ports[0], ports[2]))) {
      String output =
          run(
              "runtime_kills.py",
              text(ports[4]),
              directory.resolve("user").toString(),
              ports[0] + "," + ports[2],
              System.getProperty("quern.bqskit.kills", "3"),
              "4");
      assertThat(Integer.parseInt(output.strip())).isPositive();
      assertThat(server.getManagement("/actuator/prometheus").body())
          .containsPattern("quern_bqskit_ran_again_total [1-9]");
    }
  }

  @Test
  void tasksOutliveTheServerAndEndWithOtherManagers() throws Exception {
    int[] ports = FreePorts.find(5);
    String user = directory.resolve("user").toString();
    Path ids = directory.resolve("ids.txt");
    Process first = manager("-n", "1", "-p", text(ports[0]), "-w", text(ports[1]));
    try (ServerProcess server =
        server("survive", ports[4], "--quern.bqskit.managers=localhost:" + ports[0])) {
      Files.writeString(ids, run("runtime_survive.py", text(ports[4]), user, "submit"));
      assertThat(Files.readString(ids)).endsWith("submitted\n");
      server.kill();
    }
    assertThat(first.isAlive()).as("a manager that has lost its server stays").isTrue();
    first.descendants().forEach(ProcessHandle::destroyForcibly);
    first.destroyForcibly().waitFor();

    try (ServerProcess server =
        server("survive", ports[4], "--quern.bqskit.managers=localhost:" + ports[2])) {
      assertThat(server.get("/tasks?state=DONE").body()).contains("\"tasks\":[");
      manager("-n", "2", "-p", text(ports[2]), "-w", text(ports[3]));
      assertThat(run("runtime_survive.py", text(ports[4]), user, ids.toString())).isEqualTo("20\n");
    }
  }

  @Test
  void managersEndWhenTheServerIsStopped() throws Exception {
    int[] ports = FreePorts.find(3);
    Process manager = manager("-n", "1", "-p", text(ports[0]), "-w", text(ports[1]));
    try (ServerProcess server =
        server("stop", ports[2], "--quern.bqskit.managers=localhost:" + ports[0])) {
      Awaitility.await()
          .untilAsserted(
              () ->
                  assertThat(Files.readString(directory.resolve("stop.log")))
                      .contains("has started with 1 workers"));
      server.terminate();
      EndOfProcess.await("a manager whose server was stopped", manager);
    }
  }

  private ServerProcess server(String name, int port, String... options) throws Exception {
    List<String> all =
        new ArrayList<>(List.of("--quern.bqskit.client-port=" + port, "--quern.link.port=-1"));
    all.addAll(List.of(options));
    return ServerProcess.start(
        directory.resolve(name + "-data"),
        directory.resolve(name + ".log"),
        all.toArray(String[]::new));
  }

  private Process manager(String... arguments) throws IOException {
    return launch("bqskit-manager", arguments);
  }

  private Process launch(String program, String... arguments) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(python.interpreter().resolveSibling(program).toString());
    command.addAll(List.of(arguments));
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(
                ProcessBuilder.Redirect.appendTo(directory.resolve("managers.log").toFile()))
            .start();
    processes.add(process);
    return process;
  }

  private String run(String script, String... arguments) throws Exception {
    List<String> command =
        new ArrayList<>(
            List.of(python.interpreter().toString(), directory.resolve(script).toString()));
    command.addAll(List.of(arguments));
    Path output = directory.resolve(script + ".out");
    Path errors = directory.resolve(script + ".err");
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectOutput(output.toFile()).redirectError(errors.toFile());
    builder.environment().putAll(Map.of("PYTHONUNBUFFERED", "1"));
    Process process = builder.start();
    processes.add(process);
    int minutes = Integer.getInteger("quern.bqskit.minutes", SCRIPT_MINUTES);
    boolean isOver = process.waitFor(minutes, TimeUnit.MINUTES);
    assertThat(isOver && process.exitValue() == 0)
        .as(
            "%s:%n%s%n%s%n%s",
            script,
            Files.readString(output),
            Files.readString(errors),
            Files.exists(directory.resolve("managers.log"))
                ? Files.readString(directory.resolve("managers.log"))
                : "")
        .isTrue();
    return Files.readString(output);
  }

  private static void copy(String script, Path to) throws IOException {
    try (InputStream in =
        Objects.requireNonNull(BqskitIT.class.getResourceAsStream("/bqskit/" + script))) {
      Files.copy(in, to.resolve(script));
    }
  }

  private static String text(int number) {
    return Integer.toString(number);
  }
}
