package io.quern.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quern.web.Http.Answer;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InterfaceAddress;
import java.net.NetworkInterface;
import java.net.Socket;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalManagementPort;
import org.springframework.boot.test.web.server.LocalServerPort;

/// Without tokens: this machine only, and no page of another site through a browser on it.
@SpringBootTest(
    classes = WebTestApplication.class,
    webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
    properties = {"management.server.port=0", "quern.limits.page=100"})
class LoopbackIT {
  private static final String QASM = "OPENQASM 2.0; qreg q[1];";

  @LocalServerPort private int port;
  @LocalManagementPort private int managementPort;
  private Http http;

  @BeforeEach
  void connect() {
    http = new Http(port);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"http://example.org", "http://localhost:1", "https://localhost", "null", "x y"})
  void pageOfAnotherOriginIsRefused(String origin) throws Exception {
    String before = http.get("/tasks").body();
    for (Answer answer :
        List.of(
            http.post("/tasks", QASM, "Origin", origin),
            http.get("/", "Origin", origin),
            http.get("/problems", "Origin", origin),
            http.get("/problems/not-found", "Origin", origin),
            http.send("OPTIONS", "/tasks", "", "Origin", origin),
            http.upgrade("/tasks/01990000-0000-7000-8000-000000000000/stream", "Origin", origin))) {
      assertThat(answer.status()).isEqualTo(403);
      assertThat(answer.problem()).isEqualTo("foreign-origin");
    }
    assertThat(http.get("/tasks").body()).isEqualTo(before);
  }

  @Test
  void ownPageMayCall() throws Exception {
    assertThat(http.post("/tasks", QASM, "Origin", "http://localhost:" + port).status())
        .isEqualTo(202);
  }

  @ParameterizedTest
  @ValueSource(strings = {"example.org", "localhost.example.org", "169.254.1.1", "[::2]:8080", ""})
  void foreignHostIsRefused(String host) throws Exception {
    Answer answer = http.raw("GET /tasks HTTP/1.1\nHost: " + host, "");
    assertThat(answer.status()).isEqualTo(403);
    assertThat(answer.problem()).isEqualTo("foreign-host");
    assertThat(
            new Http(managementPort).raw("GET /actuator/info HTTP/1.1\nHost: " + host, "").status())
        .isEqualTo(403);
  }

  @ParameterizedTest
  @ValueSource(strings = {"localhost", "LOCALHOST:80", "127.0.0.1:8080", "[::1]:8080", "[::1]"})
  void namesOfThisMachineAreItsOwn(String host) throws Exception {
    assertThat(http.raw("GET /tasks HTTP/1.1\nHost: " + host, "").status()).isEqualTo(200);
  }

  @Test
  void refusalsAreAsDescribed() throws Exception {
    Contract contract = new Contract(http.get("/v3/api-docs").body());
    String[] foreign = {"Origin", "http://example.org"};
    contract.judge("GET /", http.get("/", foreign));
    contract.judge("GET /passes", http.get("/passes", foreign));
    contract.judge("GET /problems", http.get("/problems", foreign));
    contract.judge("GET /problems/{slug}", http.get("/problems/not-found", foreign));
    assertThat(contract.seen())
        .contains("GET / 403", "GET /passes 403", "GET /problems 403", "GET /problems/{slug} 403");
  }

  @Test
  void bothPortsListenOnLoopbackOnly() throws Exception {
    List<InetAddress> outside =
        NetworkInterface.networkInterfaces()
            .flatMap(one -> one.getInterfaceAddresses().stream())
            .map(InterfaceAddress::getAddress)
            .filter(address -> !address.isLoopbackAddress() && !address.isLinkLocalAddress())
            .toList();
    Assumptions.assumeFalse(outside.isEmpty(), "this machine has loopback only");
    for (int one : new int[] {port, managementPort}) {
      for (InetAddress address : outside) {
        assertThatThrownBy(() -> connect(address, one)).isInstanceOf(ConnectException.class);
      }
    }
  }

  @Test
  void managementIsOpenOnLoopback() throws Exception {
    assertThat(new Http(managementPort).get("/actuator/info").status()).isEqualTo(200);
  }

  private static void connect(InetAddress address, int port) throws IOException {
    try (Socket socket = new Socket(address, port)) {
      throw new AssertionError("connected to " + socket);
    }
  }
}
