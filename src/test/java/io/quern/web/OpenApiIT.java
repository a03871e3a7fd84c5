package io.quern.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.quern.failure.ErrorCode;
import io.quern.failure.QuernException;
import io.quern.task.TaskError;
import io.quern.task.TaskGateway.SubmitAnswer;
import io.quern.task.TaskId;
import io.quern.web.Http.Answer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;
import tools.jackson.databind.JsonNode;

/// Holds the service to its own description: every call and every status in it is met at least
/// once, and every answer is judged by it.
@SpringBootTest(
    classes = WebTestApplication.class,
    webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
    properties = {
      "management.server.port=0",
      "quern.limits.body=2KB",
      "quern.limits.batch=3",
      "quern.limits.streams=1",
      "quern.limits.keep-alive=50ms",
      "quern.tokens[0].tenant=alice",
      "quern.tokens[0].sha256=" + OpenApiIT.ALICE,
      "quern.tokens[1].tenant=prometheus",
      "quern.tokens[1].sha256=" + OpenApiIT.SCRAPE,
      "quern.tokens[1].access=management"
    })
class OpenApiIT {
  /// SHA-256 of `alice-token` and `scrape-token`.
  static final String ALICE = "9c220f200955d76c0a38d308225e0ef10c5f971acaf2f8d1d8f732affa5bd1dc";

  static final String SCRAPE = "41369aae32e5cc50e94b626f9f49cef39b6a57243708bcaa06662f19bdae5483";

  private static final String QASM =
      "OPENQASM 2.0;\ninclude \"qelib1.inc\";\nqreg q[2];\nh q[0];\ncx q[0],q[1];\n";
  private static final String JSON = "{\"circuit\": \"OPENQASM 2.0;\\nqreg q[1];\\n\"}";
  private static final String BAD = "{\"circuit\": \"OPENQASM 2.0;\\nqreg q[1]\\n\"}";
  private static final String COUNTS =
      "{\"qubits\":2,\"operations\":2,\"two_qubit_gates\":1,\"depth\":2,\"two_qubit_depth\":1,"
          + "\"gates\":{\"cx\":1}}";
  private static final String UNKNOWN = "/tasks/01990000-0000-7000-8000-000000000000";

  /// A defect cannot be asked for; the public pages refuse nobody while tokens are configured
  /// (LoopbackIT meets that).
  private static final Set<String> NOT_HERE =
      Set.of(
          "GET /passes 403",
          "GET /problems 403",
          "GET /problems/{slug} 403",
          "GET / 403",
          "GET /cluster 403");

  @LocalServerPort private int port;
  @Autowired private InMemoryTasks tasks;
  @Autowired private EventStreams streams;

  @Autowired
  @Qualifier("requestMappingHandlerMapping")
  private RequestMappingHandlerMapping mappings;

  @Test
  void everyCallAnswersAsDescribed() throws Exception {
    Http http = new Http(port);
    Contract contract = new Contract(http.get("/v3/api-docs").body());
    Caller alice = new Caller(contract, "alice-token");
    submit(alice);
    submitBatch(alice);
    list(alice);
    statusAndCancel(alice);
    explain(alice);
    input(alice);
    result(alice);
    events(alice);
    stream(alice);
    refuseStrangers(new Caller(contract), 401);
    refuseStrangers(new Caller(contract, "scrape-token"), 403);
    cluster(alice, new Caller(contract, "scrape-token"), new Caller(contract));
    pages(new Caller(contract));
    stopping(alice);

    Set<String> missing = new TreeSet<>(contract.described());
    missing.removeAll(contract.seen());
    missing.removeIf(known -> known.endsWith(" 500"));
    missing.removeAll(NOT_HERE);
    assertThat(missing).as("described but never met").isEmpty();
  }

  @Test
  void everyMappedCallIsDescribed() throws Exception {
    Contract contract = new Contract(new Http(port).get("/v3/api-docs").body());
    Set<String> described =
        contract.described().stream()
            .map(known -> known.substring(0, known.lastIndexOf(' ')))
            .collect(Collectors.toSet());
    Set<String> mapped = new TreeSet<>();
    mappings
        .getHandlerMethods()
        .forEach(
            (mapping, method) -> {
              if (method.getBeanType().getPackageName().startsWith("io.quern.web")
                  && !method.getMethod().getName().equals("error")) {
                mapping
                    .getMethodsCondition()
                    .getMethods()
                    .forEach(
                        verb ->
                            mapping
                                .getPatternValues()
                                .forEach(path -> mapped.add(verb.name() + " " + path)));
              }
            });
    assertThat(mapped).isEqualTo(new TreeSet<>(described)).isNotEmpty();

    Set<String> told = new TreeSet<>();
    new Http(port)
        .get("/nowhere", "Authorization", "Bearer alice-token")
        .json()
        .path("known")
        .forEach(call -> told.add(call.asString()));
    described.remove("GET /");
    assertThat(told).as("calls an unknown address is answered with").containsAll(described);
  }

  @Test
  void examplesMatchTheirSchemas() throws Exception {
    Contract contract = new Contract(new Http(port).get("/v3/api-docs").body());
    List<JsonNode> media = new ArrayList<>();
    collectMedia(contract.document(), media);
    int judged = 0;
    for (JsonNode one : media) {
      if (one.has("example")) {
        contract.judgeValue("an example", one.path("schema"), one.path("example"));
        judged++;
      }
    }
    assertThat(judged).isGreaterThan(3);
  }

  @Test
  void descriptionIsOpenApi31() throws Exception {
    JsonNode document = new Http(port).get("/v3/api-docs").json();
    assertThat(document.path("openapi").asString()).startsWith("3.1");
    assertThat(document.path("info").path("title").asString()).isEqualTo("Quern");
  }

  private static void collectMedia(JsonNode node, List<JsonNode> found) {
    if (node.has("schema") && !node.has("in")) {
      found.add(node);
    }
    node.forEach(child -> collectMedia(child, found));
  }

  private void submit(Caller alice) throws Exception {
    String call = "POST /tasks";
    alice.submit();
    alice.ask(202, call, "/tasks", JSON, "Content-Type", "application/json");
    alice.ask(202, call, "/tasks", JSON, "Idempotency-Key", "one");
    alice.ask(200, call, "/tasks", JSON, "Idempotency-Key", "one");
    alice.ask(422, call, "/tasks", QASM, "Idempotency-Key", "one");
    alice.ask(400, call, "/tasks", JSON, "Idempotency-Key", "a b");
    alice.ask(400, call, "/tasks", "{");
    alice.ask(422, call, "/tasks", BAD);
    alice.ask(406, call, "/tasks", JSON, "Accept", "text/html");
    alice.ask(413, call, "/tasks", QASM + "//" + "x".repeat(3_000));
    alice.ask(415, call, "/tasks", JSON, "Content-Type", "image/png");
    tasks.answerNext(new SubmitAnswer.KeyInFlight());
    alice.ask(409, call, "/tasks", JSON);
    tasks.answerNext(new SubmitAnswer.QueueFull(7));
    alice.ask(429, call, "/tasks", JSON);
    tasks.answerNext(new SubmitAnswer.StoreUnavailable("the disk is full"));
    alice.ask(503, call, "/tasks", JSON);
    tasks.answerNext(new SubmitAnswer.Draining());
    alice.ask(503, call, "/tasks", JSON);
  }

  private void submitBatch(Caller alice) throws Exception {
    String call = "POST /tasks/batch";
    String path = "/tasks/batch";
    alice.ask(200, call, path, "{\"tasks\": [%s, %s, 5]}".formatted(JSON, BAD));
    alice.ask(422, call, path, "{\"tasks\": [%s, %s], \"atomic\": true}".formatted(JSON, BAD));
    alice.ask(200, call, path, "{\"tasks\": []}");
    alice.ask(400, call, path, "{}");
    alice.ask(406, call, path, "{}", "Accept", "text/html");
    alice.ask(413, call, path, "{\"tasks\": [1, 2, 3, 4]}");
    alice.ask(415, call, path, "{}", "Content-Type", "image/png");
    String atomic = "{\"tasks\": [%s], \"atomic\": true}".formatted(JSON);
    tasks.answerNext(new SubmitAnswer.KeyInFlight());
    alice.ask(409, call, path, atomic);
    tasks.answerNext(new SubmitAnswer.QueueFull(7));
    alice.ask(429, call, path, atomic);
    tasks.answerNext(new SubmitAnswer.Draining());
    alice.ask(503, call, path, atomic);
  }

  private void unavailable(Caller alice, String call, String path) throws Exception {
    tasks.failNextRead(new QuernException(ErrorCode.STORE_UNAVAILABLE, "the database is away"));
    alice.ask(503, call, path, "");
  }

  private void list(Caller alice) throws Exception {
    String call = "GET /tasks";
    unavailable(alice, call, "/tasks");
    alice.ask(200, call, "/tasks", "");
    String next = alice.ask(200, call, "/tasks?limit=1&state=queued", "").text("next");
    alice.ask(200, call, next, "");
    alice.ask(400, call, "/tasks?state=LOST", "");
    alice.ask(406, call, "/tasks", "", "Accept", "text/csv");
  }

  private void statusAndCancel(Caller alice) throws Exception {
    String get = "GET /tasks/{id}";
    String delete = "DELETE /tasks/{id}";
    TaskId id = alice.submit();
    String path = "/tasks/" + id;
    alice.ask(200, get, path, "");
    unavailable(alice, get, path);
    alice.ask(400, get, "/tasks/7", "");
    alice.ask(404, get, UNKNOWN, "");
    alice.ask(406, get, path, "", "Accept", "text/csv");
    alice.ask(409, delete, path + "?purge=true", "");
    tasks.failNextCancel(new QuernException(ErrorCode.STORE_UNAVAILABLE, "the disk is full"));
    alice.ask(503, delete, path, "");
    alice.ask(406, delete, path, "", "Accept", "text/csv");
    alice.ask(200, delete, path, "");
    alice.ask(200, delete, path, "");
    alice.ask(400, delete, path + "?purge=maybe", "");
    alice.ask(404, delete, UNKNOWN, "");
    alice.ask(204, delete, path + "?purge=true", "");
    alice.ask(404, delete, path + "?purge=true", "");
    TaskId old = alice.submit();
    tasks.expire(old);
    alice.ask(410, delete, "/tasks/" + old, "");
    alice.ask(410, get, "/tasks/" + old, "");
  }

  private void explain(Caller alice) throws Exception {
    String call = "GET /tasks/{id}/explain";
    TaskId id = alice.submit();
    String path = "/tasks/" + id + "/explain";
    Answer waiting = alice.ask(200, call, path, "");
    assertThat(waiting.text("reason")).isEqualTo("waiting_for_turn");
    assertThat(waiting.json().at("/queue/before").asInt()).isEqualTo(3);
    alice.ask(400, call, path + "?why=so", "");
    alice.ask(404, call, UNKNOWN + "/explain", "");
    alice.ask(406, call, path, "", "Accept", "text/csv");
    tasks.failNextExplanation(new QuernException(ErrorCode.DRAINING, "the service is stopping"));
    alice.ask(503, call, path, "");
    finish(id);
    assertThat(alice.ask(200, call, path, "").text("reason")).isEqualTo("ended");
    tasks.expire(id);
    alice.ask(410, call, path, "");
  }

  private void input(Caller alice) throws Exception {
    String call = "GET /tasks/{id}/input";
    TaskId id = alice.submit();
    String path = "/tasks/" + id + "/input";
    assertThat(alice.ask(200, call, path, "").body()).isEqualTo(QASM);
    unavailable(alice, call, path);
    alice.ask(400, call, path + "?format=qasm", "");
    alice.ask(404, call, UNKNOWN + "/input", "");
    alice.ask(406, call, path, "", "Accept", "application/octet-stream");
    tasks.expire(id);
    alice.ask(410, call, path, "");
  }

  private static void cluster(Caller alice, Caller operator, Caller stranger) throws Exception {
    String tree = "GET /cluster";
    JsonNode counted = alice.ask(200, tree, "/cluster", "").json();
    assertThat(counted.at("/managers/0/managers/0/labels/0").asString()).isEqualTo("gpu");
    assertThat(counted.findValues("name")).allMatch(JsonNode::isNull).isNotEmpty();
    assertThat(counted.findValues("address")).allMatch(JsonNode::isNull).isNotEmpty();
    Answer seen = operator.ask(200, tree, "/cluster", "");
    assertThat(seen.json().at("/managers/0/managers/0/labels/0").asString()).isEqualTo("gpu");
    assertThat(seen.json().at("/managers/0/address").asString()).isNotEmpty();
    stranger.ask(401, tree, "/cluster", "");
    alice.ask(400, tree, "/cluster?depth=1", "");
    alice.ask(406, tree, "/cluster", "", "Accept", "text/csv");
    String add = "POST /cluster/managers";
    String path = "/cluster/managers";
    String rack = "{\"address\": \"Rack-7:7470\"}";
    alice.ask(403, add, path, rack);
    stranger.ask(401, add, path, rack);
    Answer added = operator.ask(202, add, path, rack);
    assertThat(added.json().at("/dialled/0/address").asString()).isEqualTo("rack-7:7470");
    assertThat(operator.ask(200, add, path, rack).json()).isEqualTo(added.json());
    for (String bad : List.of("rack-7", "rack-7:", ":7470", "rack 7:7470", "a:0", "a:65536", "")) {
      operator.ask(422, add, path, "{\"address\": \"" + bad + "\"}");
    }
    operator.ask(400, add, path, "{}");
    operator.ask(400, add, path, "{\"host\": \"rack-7:7470\"}");
    operator.ask(406, add, path, rack, "Accept", "text/csv");
    operator.ask(413, add, path, "{\"address\": \"" + "a".repeat(20_000) + "\"}");
    operator.ask(415, add, path, rack, "Content-Type", "image/png");
  }

  private void result(Caller alice) throws Exception {
    String call = "GET /tasks/{id}/result";
    TaskId id = alice.submit();
    String path = "/tasks/" + id + "/result";
    alice.ask(202, call, path, "");
    unavailable(alice, call, path);
    alice.ask(202, call, path + "?wait=10ms", "");
    alice.ask(400, call, path + "?wait=soon", "");
    alice.ask(404, call, UNKNOWN + "/result", "");
    alice.ask(406, call, path, "", "Accept", "image/png");
    finish(id);
    alice.ask(200, call, path, "");
    alice.ask(200, call, path, "", "Accept", "text/x-qasm");
    tasks.expire(id);
    alice.ask(410, call, path, "");
    alice.ask(409, call, "/tasks/" + failed(alice) + "/result", "");
    TaskId cancelled = alice.submit();
    alice.ask(200, "DELETE /tasks/{id}", "/tasks/" + cancelled, "");
    alice.ask(409, call, "/tasks/" + cancelled + "/result", "");
  }

  private void events(Caller alice) throws Exception {
    String call = "GET /tasks/{id}/events";
    TaskId id = alice.submit();
    String path = "/tasks/" + id + "/events";
    CompletableFuture<Answer> reader =
        alice.http.later(path, "Authorization", "Bearer alice-token");
    Awaitility.await().until(() -> streams.openStreams() == 1);
    alice.ask(429, call, path, "");
    tasks.run(id);
    tasks.log(id, 10);
    finish(id);
    Answer all = alice.contract.judge(call, reader.get());
    List<String> told =
        all.body()
            .lines()
            .filter(line -> line.startsWith("data: "))
            .map(l -> l.substring(6))
            .toList();
    assertThat(told).hasSize(4);
    told.forEach(alice.contract::judgeEvent);
    Awaitility.await().until(() -> streams.openStreams() == 0);
    alice.ask(200, call, path + "?from=4", "");
    alice.ask(204, call, path + "?from=5", "");
    alice.ask(204, call, path, "", "Last-Event-ID", "4");
    alice.ask(416, call, path + "?from=6", "");
    alice.ask(400, call, path + "?from=0", "");
    alice.ask(404, call, UNKNOWN + "/events", "");
    alice.ask(406, call, path, "", "Accept", "application/json");
    tasks.expire(id);
    alice.ask(410, call, path, "");
  }

  private void stream(Caller alice) throws Exception {
    TaskId id = failed(alice);
    String path = "/tasks/" + id + "/stream";
    alice.upgrade(204, path + "?from=3");
    alice.upgrade(416, path + "?from=4");
    alice.upgrade(400, path + "?from=x");
    alice.upgrade(404, UNKNOWN + "/stream");
    alice.ask(426, "GET /tasks/{id}/stream", path, "");
    CompletableFuture<Answer> other =
        alice.http.later(
            "/tasks/" + alice.submit() + "/events", "Authorization", "Bearer alice-token");
    Awaitility.await().until(() -> streams.openStreams() == 1);
    alice.upgrade(429, path);
    other.cancel(true);
    Awaitility.await().until(() -> streams.openStreams() == 0);
    tasks.expire(id);
    alice.upgrade(410, path);
    alice.contract.seen().add("GET /tasks/{id}/stream 101");
  }

  private void refuseStrangers(Caller stranger, int status) throws Exception {
    stranger.ask(status, "POST /tasks", "/tasks", JSON);
    stranger.ask(status, "POST /tasks/batch", "/tasks/batch", JSON);
    stranger.ask(status, "GET /tasks", "/tasks", "");
    stranger.ask(status, "GET /tasks/{id}", UNKNOWN, "");
    stranger.ask(status, "DELETE /tasks/{id}", UNKNOWN, "");
    stranger.ask(status, "GET /tasks/{id}/explain", UNKNOWN + "/explain", "");
    stranger.ask(status, "GET /tasks/{id}/input", UNKNOWN + "/input", "");
    stranger.ask(status, "GET /tasks/{id}/result", UNKNOWN + "/result", "");
    stranger.ask(status, "GET /tasks/{id}/events", UNKNOWN + "/events", "");
    stranger.upgrade(status, UNKNOWN + "/stream");
  }

  private static void pages(Caller anyone) throws Exception {
    anyone.ask(200, "GET /", "/", "");
    anyone.ask(302, "GET /", "/", "", "Accept", "text/html");
    anyone.ask(200, "GET /passes", "/passes", "");
    anyone.ask(400, "GET /passes", "/passes?level=1", "");
    anyone.ask(406, "GET /passes", "/passes", "", "Accept", "text/x-qasm");
    anyone.ask(200, "GET /problems", "/problems", "");
    anyone.ask(200, "GET /problems", "/problems", "", "Accept", "text/html");
    for (ErrorCode code : ErrorCode.values()) {
      String path = "/problems/" + code.slug();
      String title = anyone.ask(200, "GET /problems/{slug}", path, "").text("title");
      assertThat(title).isEqualTo(code.title());
      assertThat(anyone.ask(200, "GET /problems/{slug}", path, "", "Accept", "text/html").body())
          .contains("<h1>" + code.title() + "</h1>");
    }
    anyone.ask(404, "GET /problems/{slug}", "/problems/none", "");
  }

  /// Comes last: no stream opens after it.
  private void stopping(Caller alice) throws Exception {
    TaskId id = alice.submit();
    streams.stop();
    alice.ask(503, "GET /tasks/{id}/events", "/tasks/" + id + "/events", "");
    alice.upgrade(503, "/tasks/" + id + "/stream");
  }

  private TaskId failed(Caller alice) throws Exception {
    TaskId id = alice.submit();
    tasks.fail(
        id,
        new TaskError(ErrorCode.PASS_FAILED, "a block broke", "SabreRouting", 17, "out of range"));
    return id;
  }

  private void finish(TaskId id) {
    tasks.finish(
        id,
        """
        {"id":"%s","state":"DONE","format":"openqasm2","machine":{"qubits":2,"coupling":[[0,1]],\
        "gates":["cx","u3"]},"initial_mapping":[0,1],"final_mapping":[1,0],"before":%s,"after":%s,\
        "distance":{"value":0,"measure":"1-|Tr(U^dagger V)|/d","method":"unitary"},\
        "error_bound":0,"seed":7,"version":"0.1.0","kernel":"scalar","passes":[],\
        "seconds":{"queued":0,"running":0}}\
        """
            .formatted(id, COUNTS, COUNTS),
        QASM);
  }

  /// One client under one token, whose every answer is judged.
  private final class Caller {
    private final Http http = new Http(port);
    private final Contract contract;
    private final List<String> token;

    Caller(Contract contract, String... token) {
      this.contract = contract;
      this.token = token.length == 0 ? List.of() : List.of("Authorization", "Bearer " + token[0]);
    }

    Answer ask(int status, String call, String path, String body, String... headers)
        throws IOException, InterruptedException {
      List<String> all = new ArrayList<>(token);
      all.addAll(List.of(headers));
      String method = call.substring(0, call.indexOf(' '));
      Answer answer = http.send(method, path, body, all.toArray(String[]::new));
      assertThat(answer.status()).as("%s %s: %s", method, path, answer).isEqualTo(status);
      return contract.judge(call, answer);
    }

    TaskId submit() throws IOException, InterruptedException {
      return TaskId.parse(ask(202, "POST /tasks", "/tasks", QASM).text("id"));
    }

    void upgrade(int status, String path) throws IOException {
      Answer answer = http.upgrade(path, token.toArray(String[]::new));
      assertThat(answer.status()).as("upgrade %s: %s", path, answer).isEqualTo(status);
      contract.judge("GET /tasks/{id}/stream", answer);
    }
  }
}
