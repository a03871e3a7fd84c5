package io.quern;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.quern.testing.Authority;
import io.quern.testing.EndOfProcess;
import io.quern.testing.FreePorts;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
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

/// The command lines of all roles: a tree of processes with mutual TLS and a join token, started in
/// the wrong order; a manager of managers, one with worker processes and labels, one that waits to
/// be dialled. What happens to work whose processes are lost is for [ClusterIT].
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
    int port = FreePorts.one();
    int middlePort = FreePorts.one();
    int leafHttp = FreePorts.one();
    List<String> links = links();
    // In the wrong order: whoever has nobody to dial yet goes on dialling.
    Process leaf =
        start(
            "leaf",
            links,
            "manager",
            "--server=localhost:" + middlePort,
            "--worker-processes=2",
            "--labels=gpu",
            "--server.port=" + leafHttp);
    start(
        "middle",
        links,
        "manager",
        "--server",
        "localhost:" + port,
        "--only-connect",
        "--listen",
        "" + middlePort);
    List<String> settings = new ArrayList<>(links);
    settings.addAll(
        List.of(
            "--no-local-manager",
            "--quern.link.port=" + port,
            "--quern.link.address=127.0.0.1",
            "--quern.runtime.label-grace=1s"));
    try (ServerProcess server =
        ServerProcess.start(
            directory.resolve("data"),
            directory.resolve("server.log"),
            settings.toArray(String[]::new))) {
      JsonNode tree =
          awaitCluster(server, each -> each.at("/managers/0/managers/0/managers").size() == 2);
      assertThat(tree.at("/managers/0/slots").asInt()).isEqualTo(2);
      JsonNode process = tree.at("/managers/0/managers/0/managers/0");
      assertThat(process.path("role").asString()).isEqualTo("worker");
      assertThat(process.path("labels").get(0).asString()).isEqualTo("gpu");
      assertThat(process.path("version").asString()).isNotEmpty();
      assertThat(process.path("state").asString()).isEqualTo("started");
      checkHealthAndMetrics(leafHttp);

      String needsTpu = submit(server, "&requires=tpu");
      await("the failure of what nobody can do")
          .atMost(PATIENCE)
          .until(
              () -> status(server, needsTpu).path("state").asString(),
              state -> state.equals("FAILED"));
      assertThat(status(server, needsTpu).at("/error/type").asString())
          .isEqualTo("/problems/no-worker");
      assertThat(status(server, needsTpu).at("/error/detail").asString())
          .contains("[tpu]", "[gpu]");

      // A worker process is killed while it works: its work runs elsewhere, it is started again.
      String needsGpu = submit(server, "&requires=gpu&priority=9");
      awaitRunning(server, needsGpu);
      assertThat(explain(server, needsGpu).path("reason").asString()).isIn("running", "awaiting");
      ProcessHandle worker = leaf.children().findFirst().orElseThrow();
      worker.destroyForcibly();
      awaitDone(server, needsGpu);
      awaitCluster(
          server,
          each ->
              each.path("slots").asInt() == 2
                  && leaf.children().noneMatch(child -> child.pid() == worker.pid()));

      // Its manager is killed: the worker processes go with it.
      List<ProcessHandle> orphans = leaf.children().toList();
      leaf.destroyForcibly().waitFor();
      await("the end of worker processes without a manager")
          .atMost(PATIENCE)
          .until(() -> orphans.stream().filter(ProcessHandle::isAlive).toList(), List::isEmpty);
      awaitCluster(server, each -> each.path("slots").asInt() == 0);

      // One that waits, with a worker that joins it, is dialled from now on.
      String waits = submit(server, "");
      int waitingPort = FreePorts.one();
      start("worker", links, "worker", "--manager", "localhost:" + waitingPort, "--slots", "2");
      start(
          "waiting",
          links,
          "manager",
          "--listen=" + waitingPort,
          "--quern.link.address=127.0.0.1",
          "--only-connect");
      assertThat(add(server, waitingPort)).isEqualTo(202);
      assertThat(add(server, waitingPort)).isEqualTo(200);
      awaitDone(server, waits);
      awaitCluster(
          server,
          each ->
              each.path("slots").asInt() == 2
                  && each.findValuesAsString("role").contains("worker"));
      assertThat(JSON.readTree(server.get("/cluster").body()).at("/dialled/0/state").asString())
          .startsWith("connected to");
      JsonNode runtime =
          JSON.readTree(server.getManagement("/actuator/health").body())
              .at("/components/runtime/details");
      assertThat(runtime.path("managers").toString()).contains("manager ", "2 slots");
      assertThat(runtime.path("dialled").toString()).contains("connected to");
    }
    for (String log : List.of("server", "leaf", "middle", "waiting", "worker")) {
      assertThat(Files.readString(directory.resolve(log + ".log")))
          .contains("mutual TLS, join token")
          .containsAnyOf("joins:", "connected to", "working for");
    }
  }

  /// Settings for links that everybody has: a certificate for localhost, whom to trust, the token.
  private List<String> links() throws Exception {
    Authority authority = Authority.make(directory, "cluster");
    String bundle = "--spring.ssl.bundle.jks.link.";
    return List.of(
        bundle + "keystore.location=file:" + authority.node("node", false),
        bundle + "keystore.password=" + Authority.PASSWORD,
        bundle + "truststore.location=file:" + authority.trust(),
        bundle + "truststore.password=" + Authority.PASSWORD,
        "--quern.link.ssl-bundle=link",
        "--quern.link.client-certificates=true",
        "--quern.link.join-token=secret");
  }

  /// What a manager says of itself.
  private static void checkHealthAndMetrics(int port) throws Exception {
    JsonNode health = JSON.readTree(fetch(port, "/actuator/health"));
    assertThat(health.path("status").asString()).isEqualTo("UP");
    JsonNode details = health.at("/components/manager/details");
    assertThat(details.path("boss").asString()).contains("@localhost:");
    assertThat(details.path("worker_processes").asInt()).isEqualTo(2);
    assertThat(details.path("dialled").get(0).asString()).contains("connected to");
    assertThat(fetch(port, "/actuator/prometheus"))
        .contains("\nquern_workers 2.0", "\nquern_boss_connected 1.0");
  }

  private static String fetch(int port, String path) throws Exception {
    try (HttpClient client = HttpClient.newHttpClient()) {
      return client
          .send(
              HttpRequest.newBuilder(URI.create("http://localhost:" + port + path)).build(),
              BodyHandlers.ofString())
          .body();
    }
  }

  @Test
  void badOptionsEndWithStatus2() throws Exception {
    Process unknown = start("unknown", List.of(), "worker", "--slot", "2");
    Process lonely = start("lonely", List.of(), "manager", "--workers=1");
    assertThat(EndOfProcess.await("a worker with an unknown option", unknown)).isEqualTo(2);
    assertThat(Files.readString(directory.resolve("unknown.log")))
        .contains("quern worker: expected one of --join-token, --labels, --manager");
    assertThat(EndOfProcess.await("a manager without a boss", lonely)).isEqualTo(2);
    assertThat(Files.readString(directory.resolve("lonely.log")))
        .contains("a manager needs a boss to dial");
  }

  private Process start(String name, List<String> more, String... arguments) throws IOException {
    List<String> all = new ArrayList<>(List.of(arguments));
    all.addAll(more);
    Process process =
        ServerProcess.launch(directory.resolve(name + ".log"), all.toArray(String[]::new));
    processes.add(process);
    return process;
  }

  /// Submits a circuit that takes some seconds.
  private static String submit(ServerProcess server, String options) {
    HttpResponse<String> answer =
        server.post(
            "/tasks?level=1&coupling=line&seed=7" + options, BlockCluster.circuit(7, 24, 3_000));
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(202);
    return JSON.readTree(answer.body()).path("id").asString();
  }

  /// Waits until a pass has begun.
  private static void awaitRunning(ServerProcess server, String task) {
    await("a pass of task " + task)
        .atMost(PATIENCE)
        .until(
            () -> {
              JsonNode status = status(server, task);
              assertThat(status.path("state").asString()).isIn("QUEUED", "RUNNING");
              return status;
            },
            status -> status.path("progress").has("pass"));
  }

  private static void awaitDone(ServerProcess server, String task) {
    server.awaitResult(task);
    assertThat(status(server, task).path("state").asString()).isEqualTo("DONE");
  }

  private static int add(ServerProcess server, int port) {
    return server
        .post("/cluster/managers", "{\"address\": \"localhost:" + port + "\"}")
        .statusCode();
  }

  private static JsonNode awaitCluster(ServerProcess server, Predicate<JsonNode> is) {
    return await("a cluster of another shape")
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
}
