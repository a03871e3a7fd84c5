package io.quern;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A server without workers of its own, and managers and workers in processes of their own that are
/// killed, frozen and asked to leave while they compile. No client sees a failed task.
class ClusterIT {
  private static final JsonMapper JSON = JsonMapper.shared();
  private static final Duration PATIENCE = Duration.ofMinutes(3);

  @TempDir Path directory;

  private final List<Process> processes = new ArrayList<>();

  @AfterEach
  void killAll() throws Exception {
    for (Process each : processes) {
      each.destroyForcibly().waitFor();
    }
  }

  @Test
  void workGoesOnWhateverHappensToThoseWhoDoIt() throws Exception {
    int port = freePort();
    int nodePort = freePort();
    // Before there is a server: it is dialled until it answers.
    Process first = start("first", "manager", "--server", "localhost:" + port, "--workers", "2");
    try (ServerProcess server =
        ServerProcess.start(
            directory.resolve("data"),
            directory.resolve("server.log"),
            "--no-local-manager",
            "--quern.link.port=" + port)) {
      awaitWorkers(server, 2);

      String killed = submit(server, 1);
      awaitRunning(server, killed);
      // A manager without workers of its own, and a process of workers under it.
      start(
          "second",
          "manager",
          "--server=localhost:" + port,
          "--only-connect",
          "--listen",
          String.valueOf(nodePort));
      Process worker =
          start("worker", "worker", "--manager", "localhost:" + nodePort, "--slots", "1");
      awaitWorkers(server, 3);
      first.destroyForcibly().waitFor();
      awaitResult(server, killed);
      assertThat(events(server, killed)).contains("event: restarted");

      String lost = submit(server, 2);
      awaitRunning(server, lost);
      Process third = start("third", "manager", "--server", "localhost:" + port, "--workers", "1");
      awaitWorkers(server, 2);
      worker.destroyForcibly().waitFor();
      awaitResult(server, lost);

      String frozen = submit(server, 3);
      awaitRunning(server, frozen);
      signal(third, "STOP");
      awaitWorkers(server, 0);
      Process fourth =
          start("fourth", "manager", "--server", "localhost:" + port, "--workers", "1");
      awaitResult(server, frozen);
      signal(third, "CONT");
      awaitWorkers(server, 2);

      String handedOver = submit(server, 4);
      awaitRunning(server, handedOver);
      fourth.destroy();
      fourth.waitFor();
      awaitResult(server, handedOver);
      for (String task : List.of(killed, lost, frozen, handedOver)) {
        assertThat(JSON.readTree(server.get("/tasks/" + task).body()).path("state").asString())
            .isEqualTo("DONE");
      }
    }
  }

  private Process start(String name, String... arguments) throws IOException {
    Process process = ServerProcess.launch(directory.resolve(name + ".log"), arguments);
    processes.add(process);
    return process;
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  private static void signal(Process process, String signal) throws Exception {
    assertThat(
            new ProcessBuilder("kill", "-" + signal, String.valueOf(process.pid()))
                .start()
                .waitFor())
        .isZero();
  }

  private static void awaitWorkers(ServerProcess server, int workers) {
    await()
        .atMost(PATIENCE)
        .until(
            () ->
                server
                    .getManagement("/actuator/prometheus")
                    .body()
                    .contains("\nquern_workers " + workers + ".0"));
  }

  private static String submit(ServerProcess server, long seed) {
    return submit(server, seed, "");
  }

  /// Submits a circuit that takes some seconds.
  ///
  /// @param options further query parameters, each after an `&`
  static String submit(ServerProcess server, long seed, String options) {
    Random random = new Random(seed);
    StringBuilder qasm = new StringBuilder("OPENQASM 2.0;\ninclude \"qelib1.inc\";\nqreg q[24];\n");
    for (int i = 0; i < 8_000; i++) {
      int a = random.nextInt(24);
      int b = (a + 1 + random.nextInt(23)) % 24;
      qasm.append("rz(0.").append(1 + i).append(") q[").append(a).append("];\n");
      qasm.append("sx q[").append(a).append("];\n");
      qasm.append("cx q[").append(a).append("],q[").append(b).append("];\n");
    }
    HttpResponse<String> answer =
        server.post("/tasks?level=1&coupling=line&seed=7" + options, qasm.toString());
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(202);
    return JSON.readTree(answer.body()).path("id").asString();
  }

  /// Waits until a pass has begun.
  static void awaitRunning(ServerProcess server, String task) {
    await()
        .atMost(PATIENCE)
        .until(
            () -> {
              JsonNode status = JSON.readTree(server.get("/tasks/" + task).body());
              assertThat(status.path("state").asString()).isIn("QUEUED", "RUNNING");
              return status.path("progress").has("pass");
            });
  }

  static void awaitResult(ServerProcess server, String task) {
    HttpResponse<String> answer = server.get("/tasks/" + task + "/result?wait=60s");
    while (answer.statusCode() == 202) {
      answer = server.get("/tasks/" + task + "/result?wait=60s");
    }
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
  }

  private static String events(ServerProcess server, String task) throws Exception {
    try (java.util.stream.Stream<String> lines =
        server.stream("/tasks/" + task + "/events").body()) {
      return String.join("\n", lines.toList());
    }
  }
}
