package io.quern.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.quern.task.TaskId;
import io.quern.web.ApiIT.Frames;
import io.quern.web.Http.Answer;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalManagementPort;
import org.springframework.boot.test.web.server.LocalServerPort;

/// Tokens and tenants on both ports.
@SpringBootTest(
    classes = WebTestApplication.class,
    webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
    properties = {
      "management.server.port=0",
      "server.address=127.0.0.1",
      "management.server.address=127.0.0.1",
      "management.prometheus.metrics.export.enabled=true",
      "quern.tokens[0].tenant=alice",
      "quern.tokens[0].sha256=" + OpenApiIT.ALICE,
      "quern.tokens[1].tenant=bob",
      "quern.tokens[1].sha256=" + SecurityIT.BOB,
      "quern.tokens[2].tenant=prometheus",
      "quern.tokens[2].sha256=" + OpenApiIT.SCRAPE,
      "quern.tokens[2].access=management"
    })
class SecurityIT {
  /// SHA-256 of `bob-token`.
  static final String BOB = "97dd3707015dcf069cf73022ed7173b1165db6eff24b441cb57fd069a8c4e525";

  private static final String QASM = "OPENQASM 2.0; qreg q[1];";
  private static final String[] AS_ALICE = {"Authorization", "Bearer alice-token"};
  private static final String[] AS_BOB = {"Authorization", "Bearer bob-token"};

  @LocalServerPort private int port;
  @LocalManagementPort private int managementPort;
  @Autowired private InMemoryTasks tasks;
  private Http http;
  private Http management;

  @BeforeEach
  void connect() {
    http = new Http(port);
    management = new Http(managementPort);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Bearer wrong",
        "Bearer ",
        "Bearer",
        "Basic YWxpY2U6eA==",
        "alice-token",
        "Bearer " + OpenApiIT.ALICE,
        "Bearer alice-token2"
      })
  void wrongTokenIsRefusedWithAChallenge(String authorization) throws Exception {
    Answer answer = http.get("/tasks", "Authorization", authorization);
    assertThat(answer.problem()).isEqualTo("unauthorized");
    assertThat(answer.status()).isEqualTo(401);
    assertThat(answer.header("www-authenticate"))
        .isEqualTo("Bearer realm=\"quern\", error=\"invalid_token\"");
  }

  @Test
  void missingTokenIsRefusedBeforeAnythingElseIsSaid() throws Exception {
    Answer answer = http.get("/tasks/no-id");
    assertThat(answer.problem()).isEqualTo("unauthorized");
    assertThat(answer.header("www-authenticate")).isEqualTo("Bearer realm=\"quern\"");
    assertThat(http.post("/tasks", "{").status()).isEqualTo(401);
    assertThat(http.get("/nothing").status()).isEqualTo(401);
  }

  @Test
  void schemeIsReadInAnyCase() throws Exception {
    assertThat(http.get("/tasks", "Authorization", "bearer alice-token").status()).isEqualTo(200);
  }

  @Test
  void tenantSeesAndTouchesItsOwnTasksOnly() throws Exception {
    String path = http.post("/tasks?name=hers", QASM, AS_ALICE).header("location");
    for (Answer answer :
        List.of(
            http.get(path, AS_BOB),
            http.get(path + "/result", AS_BOB),
            http.get(path + "/events", AS_BOB),
            http.get(path + "/input", AS_BOB),
            http.get(path + "/explain", AS_BOB),
            http.delete(path, AS_BOB),
            http.delete(path + "?purge=true", AS_BOB),
            http.upgrade(path + "/stream", AS_BOB))) {
      assertThat(answer.problem()).as("%s", answer).isEqualTo("task-not-found");
    }
    assertThat(http.get("/tasks?name=hers", AS_BOB).json().path("tasks").size()).isZero();
    assertThat(http.get("/tasks?name=hers", AS_ALICE).json().path("tasks").size()).isEqualTo(1);
    assertThat(http.get(path, AS_ALICE).text("state")).isEqualTo("QUEUED");
  }

  @Test
  void expiredTaskOfAnotherTenantLooksUnknown() throws Exception {
    TaskId id = TaskId.parse(http.post("/tasks", QASM, AS_ALICE).text("id"));
    tasks.expire(id);
    assertThat(http.get("/tasks/" + id, AS_BOB).status()).isEqualTo(404);
    assertThat(http.get("/tasks/" + id, AS_ALICE).status()).isEqualTo(410);
  }

  @Test
  void keysOfTenantsAreApart() throws Exception {
    String[] alice = {AS_ALICE[0], AS_ALICE[1], "Idempotency-Key", "same"};
    String[] bob = {AS_BOB[0], AS_BOB[1], "Idempotency-Key", "same"};
    Answer hers = http.post("/tasks", QASM, alice);
    Answer his = http.post("/tasks", QASM + " ", bob);
    assertThat(his.status()).isEqualTo(202);
    assertThat(his.text("id")).isNotEqualTo(hers.text("id"));
  }

  @Test
  void browserSendsItsTokenAsASubprotocol() throws Exception {
    String path = http.post("/tasks", QASM, AS_ALICE).header("location");
    http.delete(path, AS_ALICE);
    Frames frames = new Frames();
    var socket =
        http.socket(path + "/stream", frames, List.of("quern.v1", "bearer.alice-token")).get();
    assertThat(socket.getSubprotocol()).isEqualTo("quern.v1");
    assertThat(frames.closed.get()).isEqualTo(1000);
    assertThat(frames.texts).hasSize(2);
    assertThat(
            http.upgrade(path + "/stream", "Sec-WebSocket-Protocol", "quern.v1, bearer.wrong")
                .status())
        .isEqualTo(401);
    assertThat(http.upgrade(path + "/stream", "Sec-WebSocket-Protocol", "quern.v1").status())
        .isEqualTo(401);
    assertThat(http.get(path, "Sec-WebSocket-Protocol", "quern.v1, bearer.alice-token").status())
        .as("a subprotocol is no token outside a WebSocket")
        .isEqualTo(401);
  }

  @Test
  void tokenIsNeverTakenFromTheAddress() throws Exception {
    assertThat(http.get("/tasks?access_token=alice-token").status()).isEqualTo(401);
  }

  @Test
  void foreignOriginIsNoMatterWhereTokensDecide() throws Exception {
    assertThat(
            http.get("/tasks", AS_ALICE[0], AS_ALICE[1], "Origin", "https://example.org").status())
        .isEqualTo(200);
  }

  @Test
  void probesNeedNoToken() throws Exception {
    assertThat(management.get("/actuator/health").status()).isEqualTo(200);
    assertThat(management.get("/actuator/health").json().has("components")).isFalse();
    assertThat(management.get("/actuator/health", AS_ALICE).json().has("components"))
        .as("details of the machine are nothing for tenants")
        .isFalse();
    assertThat(
            management
                .get("/actuator/health", "Authorization", "Bearer scrape-token")
                .json()
                .has("components"))
        .isTrue();
    assertThat(management.get("/actuator/health/liveness").text("status")).isEqualTo("UP");
    assertThat(management.get("/actuator/health/readiness").text("status")).isEqualTo("UP");
  }

  @Test
  void otherManagementEndpointsNeedAManagementToken() throws Exception {
    for (String path : List.of("/actuator/prometheus", "/actuator/info", "/actuator/metrics")) {
      assertThat(management.get(path).status()).as(path).isEqualTo(401);
      assertThat(management.get(path, AS_ALICE).status()).as(path).isEqualTo(403);
      assertThat(management.get(path, "Authorization", "Bearer scrape-token").status())
          .as(path)
          .isEqualTo(200);
    }
    assertThat(http.get("/tasks", "Authorization", "Bearer scrape-token").problem())
        .isEqualTo("forbidden");
  }

  @Test
  void managementIsNotServedOnTheFrontPort() throws Exception {
    assertThat(http.get("/actuator/health", AS_ALICE).status()).isEqualTo(404);
  }

  @Test
  void descriptionAndProblemPagesNeedNoToken() throws Exception {
    for (String path :
        List.of("/", "/v3/api-docs", "/swagger-ui/index.html", "/problems/unauthorized")) {
      assertThat(http.get(path).status()).as(path).isEqualTo(200);
    }
  }
}
