package io.quern.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.quern.web.Http.Answer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;

/// Everything a client can get wrong, against the real reader of circuits: the answer says what was
/// expected, what was found and where, and no task comes of it.
@SpringBootTest(
    classes = WebTestApplication.class,
    webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
    properties = {
      "management.server.port=0",
      "quern.limits.body=64KB",
      "quern.limits.qubits=64",
      "quern.limits.gates=10000"
    })
class BadInputIT {
  private static final String HEAD = "OPENQASM 2.0;\ninclude \"qelib1.inc\";\n";
  private static final String GOOD = HEAD + "qreg q[2];\ncreg c[2];\nh q[0];\ncx q[0],q[1];\n";
  private static final String UNKNOWN = "/tasks/01990000-0000-7000-8000-000000000000";

  @LocalServerPort private int port;
  private Http http;
  private Contract contract;
  private String tasksBefore = "";

  @BeforeEach
  void connect() throws Exception {
    http = new Http(port);
    contract = new Contract(http.get("/v3/api-docs").body());
    tasksBefore = http.get("/tasks").body();
  }

  @AfterEach
  void noTaskCameOfIt() throws Exception {
    assertThat(http.get("/tasks").body()).isEqualTo(tasksBefore);
  }

  static Stream<Arguments> json() {
    return Stream.of(
        arguments("{", 400, "malformed-json", "line 1"),
        arguments("[]", 400, "malformed-json", "expected an object (a submission), found an array"),
        arguments("\"x\"", 400, "malformed-json", "expected an object (a submission)"),
        arguments("{}", 400, "malformed-json", "expected the field 'circuit' in the submission"),
        arguments("{\"circuit\": 5}", 400, "malformed-json", "a string, found the number 5"),
        arguments("{\"circuit\": null}", 400, "malformed-json", "a string, found null"),
        arguments(
            "{\"circuit\": \"a\", \"circuit\": \"b\"}",
            400,
            "malformed-json",
            "each field once, found the field 'circuit' again"),
        arguments(json("}"), 400, "malformed-json", "found at line 1"),
        arguments(json("") + " {}", 400, "malformed-json", "the end of the body, found an object"),
        arguments(json("") + " x", 400, "malformed-json", "Unrecognized token 'x'"),
        arguments(json(", \"levle\": 1"), 400, "unknown-field", "found 'levle'"),
        arguments(
            json(", \"machine\": {\"qbits\": 1}"), 400, "unknown-field", "a field of a machine"),
        arguments(json(", \"name\": \"\\ud800\""), 400, "malformed-json", "half of one, \\ud800"),
        arguments(
            json(", \"machine\": {\"coupling\": []}"), 400, "malformed-json", "at least one edge"),
        arguments(json(", \"options\": {\"epsilon\": 1}"), 400, "unknown-field", "of the options"),
        arguments(json(", \"logging\": {\"x\": 1}"), 400, "unknown-field", "a field of logging"),
        arguments(
            json(", \"level\": \"1\""), 400, "malformed-json", "an integer, found the string"),
        arguments(json(", \"level\": 1.0"), 400, "malformed-json", "an integer, found the number"),
        arguments(json(", \"level\": 1e99"), 400, "malformed-json", "an integer"),
        arguments(json(", \"level\": 99999999999"), 400, "malformed-json", "32 bits"),
        arguments(json(", \"seed\": 99999999999999999999"), 400, "malformed-json", "64 bits"),
        arguments(json(", \"permute_output\": 1"), 400, "malformed-json", "true or false"),
        arguments(json(", \"tags\": \"a\""), 400, "malformed-json", "an array (tags)"),
        arguments(json(", \"tags\": [1]"), 400, "malformed-json", "a string, found the number 1"),
        arguments(json(", \"machine\": 5"), 400, "malformed-json", "an object (a machine)"),
        arguments(json(", \"time_limit\": 5"), 400, "malformed-json", "a string"),
        arguments(json(", \"seed\": NaN"), 400, "malformed-json", "NaN"),
        arguments(coupling("{}"), 400, "malformed-json", "\"all\", \"line\", \"ring\""),
        arguments(coupling("[[0]]"), 400, "malformed-json", "two qubits in an edge, found 1"),
        arguments(coupling("[[0,1,2]]"), 400, "malformed-json", "found a third"),
        arguments(coupling("[[0,\"1\"]]"), 400, "malformed-json", "an integer"),
        arguments(coupling("[[" + "[".repeat(500)), 400, "malformed-json", "expected an integer"),
        arguments("[".repeat(30_000), 400, "malformed-json", "expected an object"),
        arguments(coupling("[[0,-1]]"), 422, "invalid-machine", "found -1"),
        arguments(coupling("[[1,1]]"), 422, "invalid-machine", "two different qubits"),
        arguments(coupling("\"star\""), 422, "invalid-machine", "unknown coupling 'star'"),
        arguments(coupling("\"grid:0x3\""), 422, "invalid-machine", "grid"),
        arguments(coupling("\"grid:9999x9999\""), 422, "invalid-machine", "1 to 64 qubits"),
        arguments(json(", \"machine\": {\"qubits\": 1}"), 422, "invalid-machine", "only 1"),
        arguments(
            json(", \"machine\": {\"qubits\": 4, \"coupling\": [[2,2]]}"),
            422,
            "invalid-machine",
            "two different qubits"),
        arguments(
            json(", \"machine\": {\"gates\": [\"cx\", \"foo\"]}"), 422, "invalid-machine", "foo"),
        arguments(
            json(", \"machine\": {\"gates\": [\"cx\", \"x\"]}"),
            422,
            "invalid-machine",
            "not universal"),
        arguments(json(", \"level\": 9"), 422, "invalid-option", "unknown level"),
        arguments(json(", \"workflow\": 3"), 400, "malformed-json", "a workflow"),
        arguments(
            json(", \"workflow\": [\"Nothing\"]"),
            422,
            "invalid-option",
            "at /workflow/0, found 'Nothing'"),
        arguments(
            json(", \"workflow\": [{\"pass\": \"QuickPartitioner\", \"block_size\": 9}]"),
            422,
            "invalid-option",
            "an integer from 2 to 6 in 'block_size' at /workflow/0/block_size, found 9"),
        arguments(
            json(", \"level\": 1, \"workflow\": []"),
            422,
            "invalid-option",
            "'level' or 'workflow'"),
        arguments(json(", \"verify\": \"maybe\""), 422, "invalid-option", "unknown verify"),
        arguments(json(", \"time_limit\": \"soon\""), 422, "invalid-option", "found 'soon'"),
        arguments(json(", \"logging\": {\"level\": \"loud\"}"), 422, "invalid-option", "loud"),
        arguments(json(", \"name\": \"\""), 422, "invalid-option", "'name'"),
        arguments(
            json(", \"options\": {\"synthesis_epsilon\": -1}"),
            422,
            "invalid-option",
            "synthesis_epsilon"),
        arguments("{\"circuit\": \"\"}", 422, "qasm-syntax", "expected"));
  }

  @ParameterizedTest
  @MethodSource("json")
  void badJsonIsToldByPlace(String body, int status, String problem, String detail)
      throws Exception {
    Answer answer = http.post("/tasks", body, "Content-Type", "application/json");
    expect(answer, status, problem, detail);
    if (status == 400) {
      assertThat(answer.json().path("line").asInt()).isPositive();
      assertThat(answer.json().path("column").asInt()).isPositive();
      assertThat(answer.json().has("pointer")).isTrue();
    }
  }

  static Stream<Arguments> qasm() {
    return Stream.of(
        arguments("", "qasm-syntax", 1),
        arguments("garbage", "qasm-syntax", 1),
        arguments("OPENQASM 3.0;\nqubit[2] q;", "qasm-syntax", 1),
        arguments("OPENQASM 2.0;\ninclude \"foreign.inc\";\n", "qasm-semantics", 2),
        arguments(HEAD + "qreg q[2];\nh q[0] cx q[0],q[1];\n", "qasm-syntax", 4),
        arguments(HEAD + "h q[0];\n", "qasm-semantics", 3),
        arguments(HEAD + "qreg q[2];\nqreg q[2];\n", "qasm-semantics", 4),
        arguments(HEAD + "qreg q[2];\nh q[2];\n", "qasm-semantics", 4),
        arguments(HEAD + "qreg q[2];\ncx q[0],q[0];\n", "qasm-semantics", 4),
        arguments(HEAD + "qreg q[2];\nrx q[0];\n", "qasm-semantics", 4),
        arguments(HEAD + "qreg q[2];\nfoo q[0];\n", "qasm-semantics", 4),
        arguments(HEAD + "qreg q[1];\ngate a x { a x; }\na q[0];\n", "qasm-semantics", 4),
        arguments(HEAD + "qreg q[2];\ncreg c[3];\nmeasure q -> c;\n", "qasm-semantics", 5),
        arguments(HEAD + "qreg q[2];\nif(q==1) h q[0];\n", "qasm-semantics", 4),
        arguments(HEAD + "qreg q[1];\nrx(1/0) q[0];\n", "qasm-semantics", 4),
        arguments(HEAD + "qreg q[1];\nrx(ln(0)) q[0];\n", "qasm-semantics", 4),
        arguments(HEAD + "qreg q[65];\n", "circuit-too-large", 3),
        arguments(HEAD + "qreg q[999999999];\n", "circuit-too-large", 3),
        arguments(bomb(), "circuit-too-large", 0));
  }

  @ParameterizedTest
  @MethodSource("qasm")
  void badCircuitIsToldByLineAndToken(String circuit, String problem, int line) throws Exception {
    Answer answer = http.post("/tasks?level=1", circuit + " ", "Content-Type", "text/plain");
    expect(answer, 422, problem, "");
    if (line > 0) {
      assertThat(answer.json().path("line").asInt()).as("%s", answer).isEqualTo(line);
      assertThat(answer.json().path("column").asInt()).isPositive();
      assertThat(answer.json().has("source_line")).isTrue();
    }
  }

  @Test
  void lostLineBreaksGetTheHint() throws Exception {
    String flat = "// a comment" + GOOD.replace("\n", "");
    Answer answer = http.post("/tasks", flat, "Content-Type", "application/x-www-form-urlencoded");
    expect(answer, 422, "qasm-syntax", "");
    assertThat(answer.body()).contains("--data-binary");
  }

  static Stream<Arguments> parameters() {
    return Stream.of(
        arguments("POST", "/tasks?levle=1", 400, "invalid-parameter", "found 'levle'"),
        arguments("POST", "/tasks?level=one", 400, "invalid-parameter", "'level'"),
        arguments("POST", "/tasks?level=1&level=1", 400, "invalid-parameter", "once"),
        arguments("POST", "/tasks?level=7", 422, "invalid-option", "unknown level"),
        arguments("POST", "/tasks?coupling=0-1,1--2", 422, "invalid-machine", "edge"),
        arguments("POST", "/tasks?coupling=0-1,2-3&qubits=3", 422, "invalid-machine", "qubit 3"),
        arguments("POST", "/tasks?gates=cx,", 422, "invalid-machine", ""),
        arguments("POST", "/tasks?gates=h", 422, "invalid-machine", ""),
        arguments("POST", "/tasks?qubits=-1", 422, "invalid-machine", ""),
        arguments("POST", "/tasks?permute_output=yes", 400, "invalid-parameter", "true or false"),
        arguments("POST", "/tasks?synthesis_epsilon=NaN", 400, "invalid-parameter", "finite"),
        arguments("POST", "/tasks?name=%ff", 400, "malformed-request", "UTF-8"),
        arguments("GET", "/tasks?page=2", 400, "invalid-parameter", "found 'page'"),
        arguments("GET", "/tasks?limit=0", 400, "invalid-parameter", "1 to 200"),
        arguments("GET", "/tasks?limit=201", 400, "invalid-parameter", "1 to 200"),
        arguments("GET", "/tasks?cursor=abc", 400, "invalid-parameter", "'cursor'"),
        arguments("GET", "/tasks?state=LOST", 400, "invalid-parameter", "QUEUED, RUNNING"),
        arguments("GET", "/tasks?submitted_after=monday", 400, "invalid-parameter", "a time"),
        arguments("GET", "/tasks/abc", 400, "invalid-parameter", "found 'abc'"),
        arguments(
            "GET", "/tasks/0-0-0-0-000000000000000000000000000000", 400, "invalid-parameter", ""),
        arguments("GET", UNKNOWN, 404, "task-not-found", ""),
        arguments("GET", UNKNOWN + "?x=1", 400, "invalid-parameter", "found 'x'"),
        arguments("DELETE", UNKNOWN, 404, "task-not-found", ""),
        arguments("DELETE", "/tasks/abc", 400, "invalid-parameter", ""),
        arguments("DELETE", UNKNOWN + "?purge=", 400, "invalid-parameter", "true or false"),
        arguments("GET", UNKNOWN + "/result?wait=5", 400, "invalid-parameter", "30s"),
        arguments("GET", UNKNOWN + "/result?wait=-5s", 400, "invalid-parameter", "30s"),
        arguments("GET", UNKNOWN + "/result?wait=61s", 400, "invalid-parameter", "at most 60s"),
        arguments("GET", UNKNOWN + "/result?wait=999999999h", 400, "invalid-parameter", "60s"),
        arguments("GET", UNKNOWN + "/events?from=0", 400, "invalid-parameter", "from 1"),
        arguments("GET", UNKNOWN + "/events?from=x", 400, "invalid-parameter", "from 1"),
        arguments("GET", UNKNOWN + "/events?form=1", 400, "invalid-parameter", "found 'form'"),
        arguments("GET", UNKNOWN + "/stream", 426, "upgrade-required", "Upgrade: websocket"),
        arguments("GET", "/nothing", 404, "not-found", "found /nothing"),
        arguments("GET", "/tasks/", 404, "not-found", ""),
        arguments("PUT", "/tasks", 405, "method-not-allowed", "found PUT"),
        arguments("PATCH", UNKNOWN, 405, "method-not-allowed", "DELETE or GET"),
        arguments("MAKE", "/tasks", 405, "method-not-allowed", "found MAKE"));
  }

  @ParameterizedTest
  @MethodSource("parameters")
  void badAddressIsToldByParameter(
      String method, String path, int status, String problem, String detail) throws Exception {
    expect(http.send(method, path, method.equals("POST") ? GOOD : ""), status, problem, detail);
  }

  @ParameterizedTest
  @MethodSource
  void foreignHeadersAreRefused(String name, String value, String path, int status, String problem)
      throws Exception {
    boolean isPost = path.equals("/tasks");
    Answer answer = http.send(isPost ? "POST" : "GET", path, isPost ? GOOD : "", name, value);
    expect(answer, status, problem, "");
    assertThat(answer.body()).contains(value.substring(0, Math.min(20, value.length())));
  }

  static Stream<Arguments> foreignHeadersAreRefused() {
    return Stream.of(
        arguments("Content-Type", "image/png", "/tasks", 415, "unsupported-media-type"),
        arguments("Content-Type", "nonsense", "/tasks", 415, "unsupported-media-type"),
        arguments(
            "Content-Type", "text/plain; charset=latin1", "/tasks", 415, "unsupported-media-type"),
        arguments(
            "Content-Type",
            "multipart/form-data; boundary=x",
            "/tasks",
            415,
            "unsupported-media-type"),
        arguments("Content-Encoding", "gzip", "/tasks", 415, "unsupported-media-type"),
        arguments("Accept", "text/html", "/tasks", 406, "not-acceptable"),
        arguments("Accept", "nonsense", "/tasks", 406, "not-acceptable"),
        arguments("Accept", "application/json;q=0", "/tasks", 406, "not-acceptable"),
        arguments("Accept", "image/png", UNKNOWN + "/result", 406, "not-acceptable"),
        arguments("Accept", "application/json", UNKNOWN + "/events", 406, "not-acceptable"),
        arguments("Last-Event-ID", "abc", UNKNOWN + "/events", 400, "invalid-parameter"),
        arguments("Last-Event-ID", "-1", UNKNOWN + "/events", 400, "invalid-parameter"),
        arguments("Idempotency-Key", "a b", "/tasks", 400, "invalid-parameter"),
        arguments("Idempotency-Key", "k".repeat(256), "/tasks", 400, "invalid-parameter"));
  }

  @Test
  void tooLargeABodyIsRefusedWhetherItsLengthIsToldOrNot() throws Exception {
    String large = GOOD + "//" + "x".repeat(70_000) + "\n";
    expect(http.post("/tasks", large), 413, "body-too-large", "at most 65536 bytes");
    String chunk = Integer.toHexString(large.length()) + "\r\n" + large + "\r\n0\r\n\r\n";
    Answer chunked =
        http.raw("POST /tasks HTTP/1.1\nHost: localhost\nTransfer-Encoding: chunked", chunk);
    expect(chunked, 413, "body-too-large", "at most 65536 bytes");
  }

  @Test
  void bytesThatAreNoUtf8AreToldByLineAndColumn() throws Exception {
    String body = "OPENQASM 2.0;\n// caf\u00e9\n";
    Answer answer =
        http.raw("POST /tasks HTTP/1.1\nHost: localhost\nContent-Length: " + body.length(), body);
    expect(answer, 400, "malformed-request", "0xe9 at line 2, column 7");
  }

  @Test
  void whatTomcatRefusesIsAProblemToo() throws Exception {
    expect(http.raw("GET /tasks/%zz HTTP/1.1\nHost: localhost", ""), 400, "malformed-request", "");
    expect(http.raw("GET /tasks/{x} HTTP/1.1\nHost: localhost", ""), 400, "malformed-request", "");
    expect(http.raw("GET /tasks HTTP/1.1", ""), 400, "malformed-request", "");
    expect(
        http.raw("TRACE /tasks HTTP/1.1\nHost: localhost", ""),
        405,
        "method-not-allowed",
        "found TRACE");
    expect(http.raw("GET /tasks//x HTTP/1.1\nHost: localhost", ""), 400, "malformed-request", "");
    expect(
        http.raw("GET /tasks HTTP/1.1\nHost: localhost\nX: " + "x".repeat(20_000), ""),
        400,
        "malformed-request",
        "");
  }

  private void expect(Answer answer, int status, String problem, String detail) {
    assertThat(answer.status()).as("%s", answer).isEqualTo(status);
    assertThat(answer.problem()).as("%s", answer).isEqualTo(problem);
    assertThat(answer.text("detail")).contains(detail);
    assertThat(answer.json().path("status").asInt()).isEqualTo(status);
    contract.judgeValue(
        "a problem", contract.document().at("/components/schemas/Problem"), answer.json());
  }

  private static String json(String more) {
    return "{\"circuit\": \"OPENQASM 2.0;\\n"
        + "include \\\"qelib1.inc\\\";\\n"
        + "qreg q[2];\\n"
        + "cx q[0],q[1];\""
        + more
        + "}";
  }

  private static String coupling(String coupling) {
    return json(", \"machine\": {\"coupling\": " + coupling + "}");
  }

  /// Gates defined by gates that double: 2^20 operations in a few lines.
  private static String bomb() {
    StringBuilder text = new StringBuilder(HEAD).append("gate g0 a { h a; h a; }\n");
    for (int i = 1; i < 20; i++) {
      text.append("gate g%d a { g%d a; g%d a; }\n".formatted(i, i - 1, i - 1));
    }
    return text.append("qreg q[1];\ng19 q[0];\n").toString();
  }
}
