package io.quern;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The service is killed with signal 9 as the answer to a submission arrives, while other tasks run
/// and one is being streamed; then it is started again on the same data, three times over.
class RestartIT {
  private static final JsonMapper JSON = JsonMapper.shared();
  private static final int ROUNDS = 3;

  @TempDir Path directory;

  /// Events of tasks as streams delivered them, across restarts.
  private final Map<String, List<JsonNode>> streamed = new HashMap<>();

  /// Results as they were answered before a kill.
  private final Map<String, String> results = new HashMap<>();

  private final List<String> tasks = new ArrayList<>();
  private int restarts;

  private ServerProcess start() throws Exception {
    return ServerProcess.start(directory.resolve("data"), directory.resolve("server.log"));
  }

  @Test
  void nothingAcknowledgedIsLostOrDoubledByKill() throws Exception {
    for (int round = 1; round <= ROUNDS; round++) {
      try (ServerProcess server = start()) {
        checkResultsAreUnchanged(server);
        String finished = submit(server, example("qft_5.qasm"), "finished");
        results.put(finished, server.awaitResult(finished));

        // Takes seconds to route.
        String running = submit(server, BlockCluster.circuit(round, 24, 4_000), "running");
        streamUntilRunning(server, running);

        // The queue behind it, and one whose 202 is the last thing this process says.
        submit(server, example("grover_4.qasm"), "queued");
        submit(server, example("ae_5.qasm"), "last");
        server.kill();
      }
    }
    try (ServerProcess server = start()) {
      checkResultsAreUnchanged(server);
      for (String task : tasks) {
        server.awaitResult(task);
        checkEvents(server, task);
      }
    }
    assertThat(restarts).as("tasks that ran again").isGreaterThanOrEqualTo(ROUNDS);
  }

  private static String example(String name) throws Exception {
    return Files.readString(Path.of("examples", name));
  }

  private String submit(ServerProcess server, String circuit, String name) {
    HttpResponse<String> answer =
        server.post("/tasks?level=1&coupling=line&seed=7&name=" + name, circuit);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(202);
    String id = JSON.readTree(answer.body()).path("id").asString();
    tasks.add(id);
    return id;
  }

  private void checkResultsAreUnchanged(ServerProcess server) {
    results.forEach(
        (task, result) ->
            assertThat(server.get("/tasks/" + task + "/result").body()).isEqualTo(result));
  }

  private void streamUntilRunning(ServerProcess server, String task) throws Exception {
    List<JsonNode> events = streamed.computeIfAbsent(task, _ -> new ArrayList<>());
    boolean isRunning =
        server.read(
            "/tasks/" + task + "/events",
            "the start of task " + task,
            lines ->
                lines
                    .peek(line -> note(line, events))
                    .anyMatch(_ -> !events.isEmpty() && isStart(events.getLast())));
    assertThat(isRunning).as("events of task %s end with its start: %s", task, events).isTrue();
  }

  private static boolean isStart(JsonNode event) {
    return event.at("/data/to").asString("").equals("RUNNING");
  }

  private static void note(String line, List<JsonNode> events) {
    if (line.startsWith("data:")) {
      events.add(JSON.readTree(line.substring("data:".length())));
    }
  }

  /// What was streamed before the kill and what a stream resumed behind it gives now are the whole
  /// log, each number once, as a stream from the beginning gives it.
  private void checkEvents(ServerProcess server, String task) throws Exception {
    List<JsonNode> whole = stream(server, task, 1);
    assertThat(numbers(whole))
        .as("numbers of the events of task %s", task)
        .isEqualTo(LongStream.rangeClosed(1, whole.size()).boxed().toList());
    JsonNode status = JSON.readTree(server.get("/tasks/" + task).body());
    assertThat(status.path("state").asString()).isEqualTo("DONE");
    assertThat(status.path("last_event").asInt()).isEqualTo(whole.size());
    assertThat(whole.getLast().path("type").asString()).isEqualTo("result");
    assertThat(whole.stream().filter(event -> event.path("type").asString().equals("result")))
        .hasSize(1);
    long again =
        whole.stream().filter(event -> event.path("type").asString().equals("restarted")).count();
    restarts += again > 0 ? 1 : 0;

    List<JsonNode> pieces = streamed.get(task);
    if (pieces != null) {
      assertThat(again).as("task %s was running when the service was killed", task).isPositive();
      long seen = pieces.getLast().path("number").asLong();
      List<JsonNode> joined = new ArrayList<>(pieces);
      joined.addAll(stream(server, task, seen + 1));
      assertThat(joined).isEqualTo(whole);
    }
  }

  private static List<JsonNode> stream(ServerProcess server, String task, long from)
      throws Exception {
    return server.read(
        "/tasks/" + task + "/events?from=" + from,
        "the end of the events of task " + task,
        lines -> {
          List<JsonNode> events = new ArrayList<>();
          lines.forEach(line -> note(line, events));
          return events;
        });
  }

  private static List<Long> numbers(List<JsonNode> events) {
    return events.stream().map(event -> event.path("number").asLong()).toList();
  }
}
