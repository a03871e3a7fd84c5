package io.quern.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.quern.web.Http.Answer;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.test.web.server.LocalServerPort;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The tasks API of the whole service, from the circuit to the last event; every answer is judged
/// by the served description.
@RunningService
class ApiIT {
  private static final String EMPTY = "OPENQASM 2.0;\ninclude \"qelib1.inc\";\nqreg q[1];\n";

  @LocalServerPort private int port;
  private Http http;
  private Contract contract;

  @BeforeEach
  void connect() throws Exception {
    http = new Http(port);
    contract = new Contract(http.get("/v3/api-docs").body());
  }

  @Test
  void formBodyOfCurlIsCompiledForALine() throws Exception {
    Answer accepted =
        contract.judge(
            "POST /tasks",
            http.post(
                "/tasks?level=1&coupling=line&seed=7&name=qft&tag=a&tag=b",
                Files.readString(Path.of("examples/qft_5.qasm")),
                "Content-Type",
                "application/x-www-form-urlencoded"));
    assertThat(accepted.status()).isEqualTo(202);
    assertThat(accepted.header("location")).isEqualTo("/tasks/" + accepted.text("id"));
    assertThat(accepted.json().path("tags").toString()).isEqualTo("[\"a\",\"b\"]");
    assertThat(accepted.text("name")).isEqualTo("qft");
    assertThat(accepted.json().path("before").path("qubits").asInt()).isEqualTo(5);

    JsonNode result = result(accepted).json();
    assertThat(result.path("state").asString()).isEqualTo("DONE");
    assertThat(result.path("seed").asInt()).isEqualTo(7);
    assertThat(result.path("machine").path("coupling").toString())
        .isEqualTo("[[0,1],[1,2],[2,3],[3,4]]");
    assertThat(result.path("initial_mapping").size()).isEqualTo(5);
    assertThat(result.path("final_mapping").size()).isEqualTo(5);
    assertThat(result.path("distance").path("value").asDouble()).isLessThan(1e-12);
    assertThat(result.path("circuit").asString()).startsWith("OPENQASM 2.0;");
    JsonNode status = get("GET /tasks/{id}", accepted.header("location")).json();
    assertThat(status.path("after").toString()).isEqualTo(result.path("after").toString());
  }

  @Test
  void bareQasmCarriesTheMappingsAsComments() throws Exception {
    Answer accepted = submit("qft_5.qasm", "?coupling=line&seed=3");
    JsonNode result = result(accepted).json();
    Answer bare =
        contract.judge(
            "GET /tasks/{id}/result",
            http.get(accepted.header("location") + "/result", "Accept", "text/x-qasm, */*;q=0.1"));
    assertThat(bare.header("content-type")).startsWith("text/x-qasm");
    assertThat(bare.header("vary")).contains("Accept");
    assertThat(bare.body())
        .startsWith(
            "// initial_mapping: "
                + result.path("initial_mapping").toString().replace(",", ", ")
                + "\n// final_mapping: "
                + result.path("final_mapping").toString().replace(",", ", ")
                + "\n// seed: 3\n// version: "
                + result.path("version").asString()
                + "\nOPENQASM 2.0;")
        .endsWith(result.path("circuit").asString());
  }

  @Test
  void couplingOfEveryPairIsNamedInTheResult() throws Exception {
    JsonNode machine = result(submit("qft_5.qasm", "")).json().path("machine");
    assertThat(machine.path("coupling").asString()).isEqualTo("all");
    assertThat(machine.path("qubits").asInt()).isEqualTo(5);
  }

  @Test
  void jsonSubmissionIsCompiledForItsMachine() throws Exception {
    String body =
        """
        {"circuit": "OPENQASM 2.0; include \\"qelib1.inc\\"; qreg q[2]; h q[0]; cx q[0],q[1];",
         "machine": {"coupling": [[0, 1], [1, 2]], "gates": ["cz", "rz", "sx", "x"]},
         "level": 1, "seed": null, "time_limit": "10m", "verify": "unitary",
         "logging": {"level": "debug", "depth": -1}, "options": {"synthesis_epsilon": null}}
        """;
    Answer accepted = contract.judge("POST /tasks", http.post("/tasks", body));
    JsonNode result = result(accepted).json();
    assertThat(result.path("machine").path("qubits").asInt()).isEqualTo(3);
    assertThat(result.path("after").path("gates").propertyNames())
        .isSubsetOf("cz", "rz", "sx", "x");
  }

  @Test
  void workflowOfOnesOwnTakesThePlaceOfALevel() throws Exception {
    String body =
        """
        {"circuit": "OPENQASM 2.0; include \\"qelib1.inc\\"; qreg q[2]; cx q[0],q[1]; cx q[0],q[1]; cx q[0],q[1];",
         "workflow": [{"pass": "QuickPartitioner", "block_size": 2},
                      {"pass": "ForEachBlock", "body": ["TwoQubitResynthesis"]},
                      {"pass": "WhileLoop", "predicate": "ChangePredicate", "body": ["ReorderBlocks"], "rounds": 3}]}
        """;
    Answer accepted = contract.judge("POST /tasks", http.post("/tasks", body));
    JsonNode result = result(accepted).json();
    List<String> passes = new ArrayList<>();
    result.path("passes").forEach(pass -> passes.add(pass.path("name").asString()));
    assertThat(passes).contains("QuickPartitioner", "ForEachBlock", "WhileLoop");
    assertThat(result.path("after").path("two_qubit_gates").asInt()).isEqualTo(1);
    JsonNode known = contract.judge("GET /passes", http.get("/passes")).json();
    List<String> names = new ArrayList<>();
    known.path("passes").forEach(pass -> names.add(pass.path("name").asString()));
    assertThat(names).contains("QuickPartitioner", "ForEachBlock", "WhileLoop");
  }

  @Test
  void workflowThatCannotWorkIsRefusedByItsPlace() throws Exception {
    JsonNode problem =
        contract
            .judge(
                "POST /tasks",
                http.post(
                    "/tasks",
                    "{\"circuit\": \"OPENQASM 2.0; qreg q[9];\","
                        + " \"workflow\": [\"ReorderBlocks\", \"QSearchSynthesisPass\"]}"))
            .json();
    assertThat(problem.path("status").asInt()).isEqualTo(422);
    assertThat(problem.path("pointer").asString()).isEqualTo("/workflow/1");
    assertThat(problem.path("expected").path(0).asString()).contains("at most 4 qubits");
    assertThat(problem.path("found").asString()).isEqualTo("9 qubits");
  }

  @Test
  void resultLeavesTheMappingOutWhereItIsNotWanted() throws Exception {
    Answer accepted = submit("qft_5.qasm", "?coupling=line&with_mapping=false");
    assertThat(result(accepted).json().path("initial_mapping").isNull()).isTrue();
    assertThat(result(accepted).json().path("final_mapping").isNull()).isTrue();
  }

  @Test
  void eventsAreNumberedWithoutGapsAndEndWithTheResult() throws Exception {
    Answer accepted = submit("qft_5.qasm", "?coupling=line");
    String events = accepted.header("location") + "/events";
    List<Frame> all = frames(get("GET /tasks/{id}/events", events));
    assertThat(all).isNotEmpty();
    for (int i = 0; i < all.size(); i++) {
      assertThat(all.get(i).id()).isEqualTo(Integer.toString(i + 1));
      JsonNode event = contract.judgeEvent(all.get(i).data());
      assertThat(event.path("number").asInt()).isEqualTo(i + 1);
      assertThat(event.path("type").asString()).isEqualTo(all.get(i).event());
      assertThat(event.path("task").asString()).isEqualTo(accepted.text("id"));
    }
    assertThat(all.getFirst().data()).contains("\"from\":null,\"to\":\"QUEUED\"");
    JsonNode last = JsonMapper.shared().readTree(all.getLast().data());
    assertThat(last.path("type").asString()).isEqualTo("result");
    assertThat(last.path("data")).isEqualTo(result(accepted).json());
    assertThat(
            get("GET /tasks/{id}", accepted.header("location")).json().path("last_event").asInt())
        .isEqualTo(all.size());

    int n = all.size();
    assertThat(frames(get("GET /tasks/{id}/events", events + "?from=" + n)))
        .containsExactly(all.getLast());
    assertThat(frames(get("GET /tasks/{id}/events", events, "Last-Event-ID", "1")))
        .isEqualTo(all.subList(1, n));
    assertThat(get("GET /tasks/{id}/events", events + "?from=" + (n + 1)).status()).isEqualTo(204);
    assertThat(get("GET /tasks/{id}/events", events + "?from=" + (n + 2)).status()).isEqualTo(416);
  }

  @Test
  void webSocketSendsTheSameEventsAndClosesNormally() throws Exception {
    Answer accepted = submit("grover_4.qasm", "?coupling=line");
    Frames socket = new Frames();
    http.socket(accepted.header("location") + "/stream", socket, List.of("quern.v1")).get();
    assertThat(socket.closed.get()).isEqualTo(1000);
    List<String> sent =
        frames(get("GET /tasks/{id}/events", accepted.header("location") + "/events")).stream()
            .map(Frame::data)
            .toList();
    assertThat(socket.texts).isEqualTo(sent);
    Frames rest = new Frames();
    http.socket(accepted.header("location") + "/stream?from=2", rest, List.of()).get();
    assertThat(rest.closed.get()).isEqualTo(1000);
    assertThat(rest.texts).isEqualTo(sent.subList(1, sent.size()));
  }

  @Test
  void repeatedKeyGivesTheSameTask() throws Exception {
    String key = "key-" + System.nanoTime();
    Answer first = http.post("/tasks?seed=1", EMPTY, "Idempotency-Key", key);
    Answer again = http.post("/tasks?seed=1", EMPTY, "Idempotency-Key", key);
    Answer other = http.post("/tasks?seed=2", EMPTY, "Idempotency-Key", key);
    assertThat(contract.judge("POST /tasks", first).status()).isEqualTo(202);
    assertThat(contract.judge("POST /tasks", again).status()).isEqualTo(200);
    assertThat(again.text("id")).isEqualTo(first.text("id"));
    assertThat(contract.judge("POST /tasks", other).problem()).isEqualTo("idempotency-key-reused");
    assertThat(other.text("task")).isEqualTo(first.text("id"));
  }

  @Test
  void manyRequestsWithOneKeyMakeOneTask() throws Exception {
    String tag = "once" + System.nanoTime();
    List<CompletableFuture<Answer>> answers = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      answers.add(
          CompletableFuture.supplyAsync(
              () -> {
                try {
                  return http.post("/tasks?tag=" + tag, EMPTY, "Idempotency-Key", tag);
                } catch (Exception e) {
                  throw new IllegalStateException(e);
                }
              }));
    }
    for (CompletableFuture<Answer> answer : answers) {
      assertThat(contract.judge("POST /tasks", answer.get()).status()).isIn(200, 202, 409);
    }
    assertThat(get("GET /tasks", "/tasks?tag=" + tag).json().path("tasks").size()).isEqualTo(1);
  }

  @Test
  void batchAnswersInOrderAndTakesTheValidOnes() throws Exception {
    String good = "{\"circuit\": \"OPENQASM 2.0; qreg q[1];\", \"tags\": [\"batch\"]}";
    String bad = "{\"circuit\": \"OPENQASM 2.0; qreg q[1]\"}";
    String wrong = "{\"circuit\": \"OPENQASM 2.0;\", \"level\": \"one\", \"machine\": {}}";
    Answer answer =
        contract.judge(
            "POST /tasks/batch",
            http.post(
                "/tasks/batch", "{\"tasks\": [%s, %s, %s, %s]}".formatted(good, bad, wrong, good)));
    assertThat(answer.status()).isEqualTo(200);
    List<Integer> statuses = new ArrayList<>();
    answer.json().path("results").forEach(one -> statuses.add(one.path("status").asInt()));
    assertThat(statuses).containsExactly(202, 422, 400, 202);
    String id = answer.json().at("/results/3/task/id").asString();
    assertThat(get("GET /tasks/{id}", "/tasks/" + id).status()).isEqualTo(200);

    int before = get("GET /tasks", "/tasks?tag=atomic").json().path("tasks").size();
    String atomic = "{\"circuit\": \"OPENQASM 2.0; qreg q[1];\", \"tags\": [\"atomic\"]}";
    Answer refused =
        contract.judge(
            "POST /tasks/batch",
            http.post(
                "/tasks/batch", "{\"atomic\": true, \"tasks\": [%s, %s]}".formatted(atomic, bad)));
    assertThat(refused.problem()).isEqualTo("batch-rejected");
    assertThat(refused.json().at("/problems/0/index").asInt()).isEqualTo(1);
    assertThat(get("GET /tasks", "/tasks?tag=atomic").json().path("tasks").size())
        .isEqualTo(before);
  }

  @Test
  void anotherBatchUnderAKeyIsTurnedAwayWhole() throws Exception {
    String key = "batch-" + System.nanoTime();
    String tag = "again" + System.nanoTime();
    String one = "{\"circuit\": \"OPENQASM 2.0; qreg q[1];\", \"tags\": [\"%s\"]}".formatted(tag);
    String first = "{\"tasks\": [%s, %s]}".formatted(one, one);
    String longer = "{\"tasks\": [%s, %s, %s]}".formatted(one, one, one);
    assertThat(statusesOfBatch(first, key)).containsExactly(202, 202);
    assertThat(statusesOfBatch(first, key)).containsExactly(200, 200);
    assertThat(statusesOfBatch(longer, key)).containsExactly(422, 422, 422);
    assertThat(get("GET /tasks", "/tasks?tag=" + tag).json().path("tasks").size()).isEqualTo(2);
  }

  private List<Integer> statusesOfBatch(String body, String key) throws Exception {
    Answer answer =
        contract.judge(
            "POST /tasks/batch", http.post("/tasks/batch", body, "Idempotency-Key", key));
    List<Integer> statuses = new ArrayList<>();
    answer.json().path("results").forEach(result -> statuses.add(result.path("status").asInt()));
    return statuses;
  }

  @Test
  void listIsPagedNewestFirstAndFiltered() throws Exception {
    String tag = "page" + System.nanoTime();
    List<String> ids = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      ids.addFirst(http.post("/tasks?tag=" + tag + "&name=n" + i, EMPTY).text("id"));
    }
    List<String> listed = new ArrayList<>();
    String next = "/tasks?limit=2&tag=" + tag;
    int pages = 0;
    while (!next.isEmpty()) {
      JsonNode page = get("GET /tasks", next).json();
      page.path("tasks").forEach(task -> listed.add(task.path("id").asString()));
      next = page.path("next").asString("");
      pages++;
    }
    assertThat(listed).isEqualTo(ids);
    assertThat(pages).isEqualTo(3);
    JsonNode named = get("GET /tasks", "/tasks?tag=" + tag + "&name=n3").json().path("tasks");
    assertThat(named.size()).isEqualTo(1);
    assertThat(named.get(0).path("id").asString()).isEqualTo(ids.get(1));
    String third = named.get(0).path("submitted_at").asString();
    assertThat(get("GET /tasks", "/tasks?tag=" + tag + "&submitted_before=2020-01-01T00:00:00Z"))
        .extracting(page -> page.json().path("tasks").size())
        .isEqualTo(0);
    assertThat(
            get("GET /tasks", "/tasks?tag=" + tag + "&submitted_after=2020-01-01T00:00:00Z")
                .json()
                .path("tasks")
                .size())
        .as("%s lies after 2020", third)
        .isEqualTo(5);
  }

  @Test
  void cancelIsIdempotentAndLeavesFinishedTasksAlone() throws Exception {
    Answer done = http.post("/tasks", EMPTY);
    result(done);
    String before = get("GET /tasks/{id}", done.header("location")).body();
    Answer cancelled = contract.judge("DELETE /tasks/{id}", http.delete(done.header("location")));
    assertThat(cancelled.status()).isEqualTo(200);
    assertThat(cancelled.body()).isEqualTo(before);

    // More work than two workers finish at once, so the last one still waits.
    List<Answer> queued = new ArrayList<>();
    for (int i = 0; i < 12; i++) {
      queued.add(submit("qft_8.qasm", "?coupling=line&seed=" + i));
    }
    String last = queued.getLast().header("location");
    Answer first = contract.judge("DELETE /tasks/{id}", http.delete(last));
    Answer second = contract.judge("DELETE /tasks/{id}", http.delete(last));
    assertThat(first.text("state")).isEqualTo("CANCELLED");
    assertThat(second.body()).isEqualTo(first.body());
    Answer result = get("GET /tasks/{id}/result", last + "/result");
    assertThat(result.problem()).isEqualTo("task-cancelled");
    assertThat(result.text("state")).isEqualTo("CANCELLED");
    List<Frame> events = frames(get("GET /tasks/{id}/events", last + "/events"));
    assertThat(events.getLast().data()).contains("\"to\":\"CANCELLED\"");
    for (Answer other : queued) {
      http.delete(other.header("location"));
    }
  }

  @Test
  void unfinishedTaskAnswers202WithRetryAfter() throws Exception {
    List<Answer> queued = new ArrayList<>();
    for (int i = 0; i < 12; i++) {
      queued.add(submit("qft_8.qasm", "?coupling=line&seed=" + i));
    }
    String last = queued.getLast().header("location");
    Answer early = get("GET /tasks/{id}/result", last + "/result");
    assertThat(early.status()).isEqualTo(202);
    assertThat(early.header("retry-after")).isEqualTo("1");
    assertThat(early.text("state")).isIn("QUEUED", "RUNNING");
    Answer purge = contract.judge("DELETE /tasks/{id}", http.delete(last + "?purge=true"));
    assertThat(purge.problem()).isEqualTo("task-not-finished");
    for (Answer one : queued) {
      http.delete(one.header("location"));
    }
  }

  @Test
  void purgedTaskIsGone() throws Exception {
    Answer accepted = http.post("/tasks", EMPTY);
    result(accepted);
    String path = accepted.header("location");
    Answer purged = contract.judge("DELETE /tasks/{id}", http.delete(path + "?purge=true"));
    assertThat(purged.status()).isEqualTo(204);
    assertThat(get("GET /tasks/{id}/result", path + "/result").problem())
        .isEqualTo("task-not-found");
    assertThat(get("GET /tasks/{id}", path).status()).isEqualTo(404);
    assertThat(get("GET /tasks/{id}/events", path + "/events").status()).isEqualTo(404);
    assertThat(http.delete(path + "?purge=true").status()).isEqualTo(404);
  }

  @Test
  void timeLimitGivesAPartialResult() throws Exception {
    Answer accepted = submit("qft_8.qasm", "?coupling=line&time_limit=1ms");
    JsonNode result = result(accepted).json();
    assertThat(result.path("state").asString()).isIn("PARTIAL", "DONE");
    assertThat(result.path("circuit").asString()).startsWith("OPENQASM 2.0;");
  }

  private Answer submit(String example, String query) throws Exception {
    Answer accepted =
        contract.judge(
            "POST /tasks",
            http.post("/tasks" + query, Files.readString(Path.of("examples", example))));
    assertThat(accepted.status()).as("%s", accepted).isEqualTo(202);
    return accepted;
  }

  private Answer result(Answer accepted) throws Exception {
    Answer result = accepted;
    for (int asked = 0; asked < 10 && result.status() == 202; asked++) {
      result = get("GET /tasks/{id}/result", accepted.header("location") + "/result?wait=30s");
    }
    assertThat(result.status()).as("the result within five minutes: %s", result).isEqualTo(200);
    return result;
  }

  private Answer get(String call, String path, String... headers) throws Exception {
    return contract.judge(call, http.get(path, headers));
  }

  /// One server-sent event.
  private record Frame(String id, String event, String data) {}

  private static List<Frame> frames(Answer answer) {
    List<Frame> frames = new ArrayList<>();
    for (String block : answer.body().split("\n\n")) {
      if (block.startsWith("id: ")) {
        String[] lines = block.split("\n");
        assertThat(lines).hasSize(3);
        frames.add(
            new Frame(
                lines[0].substring("id: ".length()),
                lines[1].substring("event: ".length()),
                lines[2].substring("data: ".length())));
      }
    }
    return frames;
  }

  /// Collects what a WebSocket sends.
  static final class Frames implements WebSocket.Listener {
    final List<String> texts = new ArrayList<>();
    final CompletableFuture<Integer> closed = new CompletableFuture<>();
    private final StringBuilder text = new StringBuilder();

    @Override
    public CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
      text.append(data);
      if (last) {
        texts.add(text.toString());
        text.setLength(0);
      }
      return WebSocket.Listener.super.onText(socket, data, last);
    }

    @Override
    public CompletionStage<?> onClose(WebSocket socket, int code, String reason) {
      closed.complete(code);
      return WebSocket.Listener.super.onClose(socket, code, reason);
    }

    @Override
    public void onError(WebSocket socket, Throwable error) {
      closed.completeExceptionally(error);
    }
  }
}
