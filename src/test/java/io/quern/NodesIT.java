package io.quern;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A tree of processes under one server: a manager of managers, a manager with worker processes and
/// labels, one that waits to be dialled, and one behind a wire that is cut. They are killed, and no
/// client sees a failed task.
class NodesIT {
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
  void treeOfProcessesGrowsBreaksAndGoesOn() throws Exception {
    int port = freePort();
    int middlePort = freePort();
    // In the wrong order: whoever has nobody to dial yet goes on dialling.
    Process leaf =
        start(
            "leaf",
            "manager",
            "--server=localhost:" + middlePort,
            "--worker-processes=2",
            "--labels=gpu");
    Process middle =
        start(
            "middle",
            "manager",
            "--server",
            "localhost:" + port,
            "--only-connect",
            "--listen",
            "" + middlePort);
    try (ServerProcess server =
            ServerProcess.start(
                directory.resolve("data"),
                directory.resolve("server.log"),
                "--no-local-manager",
                "--quern.link.port=" + port,
                "--quern.runtime.label-grace=1s");
        TcpProxy wire = TcpProxy.to(port)) {
      JsonNode tree =
          awaitCluster(server, each -> each.at("/managers/0/managers/0/managers").size() == 2);
      assertThat(tree.at("/managers/0/slots").asInt()).isEqualTo(2);
      assertThat(tree.at("/managers/0/managers/0/managers/0/role").asString()).isEqualTo("worker");
      assertThat(tree.at("/managers/0/managers/0/managers/0/labels/0").asString()).isEqualTo("gpu");

      String needsGpu = ClusterIT.submit(server, 11, "&requires=gpu&priority=9");
      String needsTpu = ClusterIT.submit(server, 12, "&requires=tpu");
      await()
          .atMost(PATIENCE)
          .until(() -> status(server, needsTpu).path("state").asString().equals("FAILED"));
      assertThat(status(server, needsTpu).at("/error/type").asString())
          .isEqualTo("/problems/no-worker");
      assertThat(status(server, needsTpu).at("/error/detail").asString())
          .contains("[tpu]", "[gpu]");

      // A worker process is killed while it works: its work runs elsewhere, it is started again.
      ClusterIT.awaitRunning(server, needsGpu);
      assertThat(explain(server, needsGpu).path("reason").asString()).isIn("running", "awaiting");
      ProcessHandle worker = leaf.children().findFirst().orElseThrow();
      worker.destroyForcibly();
      ClusterIT.awaitResult(server, needsGpu);
      awaitCluster(
          server,
          each ->
              each.path("slots").asInt() == 2
                  && leaf.children().noneMatch(child -> child.pid() == worker.pid()));

      // Its manager is killed: the worker processes go with it.
      List<ProcessHandle> orphans = leaf.children().toList();
      String moved = ClusterIT.submit(server, 13, "");
      ClusterIT.awaitRunning(server, moved);
      leaf.destroyForcibly().waitFor();
      await().atMost(PATIENCE).until(() -> orphans.stream().noneMatch(ProcessHandle::isAlive));
      awaitCluster(server, each -> each.path("slots").asInt() == 0);
      // The manager might have come back within its grace.
      await()
          .atMost(PATIENCE)
          .until(
              () -> explain(server, moved).path("reason").asString(),
              List.of("no_manager", "waiting_for_slot")::contains);

      // One that waits is dialled from now on, and works for the server directly.
      int waitingPort = freePort();
      Process waiting = start("waiting", "manager", "--listen=" + waitingPort, "--workers=1");
      assertThat(add(server, waitingPort)).isEqualTo(202);
      assertThat(add(server, waitingPort)).isEqualTo(200);
      ClusterIT.awaitResult(server, moved);

      // The manager of managers is killed: it has no slots, so nobody notices.
      middle.destroyForcibly().waitFor();
      awaitCluster(server, each -> each.path("managers").size() == 1);

      // A wire is cut while what is behind it works: the work runs elsewhere.
      waiting.destroyForcibly().waitFor();
      awaitCluster(server, each -> each.path("slots").asInt() == 0);
      start("behind", "manager", "--server=localhost:" + wire.port(), "--workers=1");
      awaitCluster(server, each -> each.path("slots").asInt() == 1);
      String cut = ClusterIT.submit(server, 14, "");
      ClusterIT.awaitRunning(server, cut);
      wire.cut();
      awaitCluster(server, each -> each.path("slots").asInt() == 0);
      wire.mend();
      ClusterIT.awaitResult(server, cut);
      for (String task : List.of(needsGpu, moved, cut)) {
        assertThat(status(server, task).path("state").asString()).isEqualTo("DONE");
      }
    }
  }

  @Test
  void badOptionsEndWithStatus2() throws Exception {
    Process unknown = start("unknown", "worker", "--slot", "2");
    Process lonely = start("lonely", "manager", "--workers=1");
    assertThat(unknown.waitFor()).isEqualTo(2);
    assertThat(Files.readString(directory.resolve("unknown.log")))
        .contains("quern worker: expected one of --join-token, --labels, --manager");
    assertThat(lonely.waitFor()).isEqualTo(2);
    assertThat(Files.readString(directory.resolve("lonely.log")))
        .contains("a manager needs a boss to dial");
  }

  private Process start(String name, String... arguments) throws IOException {
    Process process = ServerProcess.launch(directory.resolve(name + ".log"), arguments);
    processes.add(process);
    return process;
  }

  private static int add(ServerProcess server, int port) {
    return server
        .post("/cluster/managers", "{\"address\": \"localhost:" + port + "\"}")
        .statusCode();
  }

  private static JsonNode awaitCluster(ServerProcess server, Predicate<JsonNode> is) {
    return await()
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(250))
        .until(() -> JSON.readTree(server.get("/cluster").body()), is);
  }

  private static JsonNode status(ServerProcess server, String task) {
    return JSON.readTree(server.get("/tasks/" + task).body());
  }

  private static JsonNode explain(ServerProcess server, String task) {
    HttpResponse<String> answer = server.get("/tasks/" + task + "/explain");
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return JSON.readTree(answer.body());
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }
}
