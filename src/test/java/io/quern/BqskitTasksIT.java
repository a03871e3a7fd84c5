package io.quern;

import static org.assertj.core.api.Assertions.assertThat;

import io.quern.engine.circuit.Circuit;
import io.quern.engine.qasm.QasmReader;
import io.quern.testing.Equivalence;
import io.quern.testing.FreePorts;
import io.quern.testing.PeerPython;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Tasks of BQSKit's wire as the tasks API shows them, tasks of that API that real managers carry
/// out, and managers that `bin/bqskit-keep` starts again.
class BqskitTasksIT {
  private static final int PATIENCE_MINUTES = 5;
  private static final int PATIENCE_MILLIS = PATIENCE_MINUTES * 60_000;
  private static final JsonMapper JSON = new JsonMapper();
  private static final String CIRCUIT =
      """
      OPENQASM 2.0;
      include "qelib1.inc";
      qreg q[3];
      h q[0];
      cx q[0],q[2];
      t q[2];
      cx q[1],q[2];
      """;

  @TempDir private Path directory;
  private final List<Process> processes = new ArrayList<>();

  @AfterEach
  void end() throws InterruptedException {
    for (Process process : processes) {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly().waitFor();
    }
  }

  @Test
  void tasksOfBothDoorsAreCarriedOutAndShown() throws Exception {
    PeerPython python = PeerPython.provide();
    int[] ports = FreePorts.find(3);
    keep(python, ports);
    try (ServerSocket madManager = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        ServerProcess server = server("first", ports, ",localhost:" + madManager.getLocalPort())) {
      madManager.setSoTimeout(PATIENCE_MILLIS);
      try (Socket accepted = madManager.accept()) {
        accepted.setSoTimeout(PATIENCE_MILLIS);
        accepted.getOutputStream().write(new byte[] {0, 0, 0, 4, (byte) 0x80, 4, 'R', '.'});
        assertThat(accepted.getInputStream().readAllBytes()).as("what it was told").isNotEmpty();
      }
      sayNonsense(ports[2]);
      compileByTasksApi(server);
      String[] ids =
          python
              .run(
                  "/bqskit/submit_one.py",
                  List.of(Path.of(Integer.toString(ports[2])), directory),
                  directory)
              .strip()
              .split(" ");
      showReadable(server, "/tasks/" + ids[0]);
      showUnreadable(server, "/tasks/" + ids[1]);
      server.kill();
    }
    // The manager has lost its server; the script has put another in its place.
    try (ServerProcess server = server("second", ports, "")) {
      compileByTasksApi(server);
    }
  }

  private static void compileByTasksApi(ServerProcess server) throws Exception {
    HttpResponse<String> accepted =
        server.post(
            "/tasks",
            JSON.writeValueAsString(
                java.util.Map.of(
                    "circuit",
                    CIRCUIT,
                    "engine",
                    "bqskit",
                    "machine",
                    java.util.Map.of(
                        "qubits", 3, "coupling", "line", "gates", List.of("cz", "rz", "sx")))));
    assertThat(accepted.statusCode()).as(accepted.body()).isEqualTo(202);
    String path = "/tasks/" + JSON.readTree(accepted.body()).get("id").asString();
    // Python starts its workers and loads BQSKit first, which takes a busy machine minutes.
    HttpResponse<String> result = server.get(path + "/result?wait=1m");
    for (int i = 0; i < PATIENCE_MINUTES && result.statusCode() == 202; i++) {
      result = server.get(path + "/result?wait=1m");
    }
    assertThat(result.statusCode()).as(result.body()).isEqualTo(200);
    JsonNode json = JSON.readTree(result.body());
    assertThat(json.toString()).contains("bqskit 1.2.1");
    Circuit compiled = QasmReader.read(json.get("circuit").asString());
    assertThat(
            Equivalence.distance(
                QasmReader.read(CIRCUIT),
                compiled,
                qubits(json.get("initial_mapping")),
                qubits(json.get("final_mapping"))))
        .isLessThan(1e-6);
    assertThat(QasmReader.read(text(server.getAs("text/x-qasm", path + "/input"))))
        .isEqualTo(QasmReader.read(CIRCUIT));
  }

  private static void showReadable(ServerProcess server, String path) throws Exception {
    JsonNode result = JSON.readTree(server.get(path + "/result").body());
    assertThat(result.get("engine").asString()).isEqualTo("bqskit");
    Circuit shown = QasmReader.read(result.get("circuit").asString());
    Circuit input = QasmReader.read(text(server.getAs("text/x-qasm", path + "/input")));
    assertThat(Equivalence.distance(input, shown)).isLessThan(1e-9);
    assertThat(text(server.getAs("text/x-qasm", path + "/result")))
        .isEqualTo(result.get("circuit").asString());
    for (String part : List.of("/input", "/result")) {
      HttpResponse<byte[]> pickle = server.getAs("application/octet-stream", path + part);
      assertThat(pickle.statusCode()).isEqualTo(200);
      assertThat(pickle.body()).startsWith(0x80).endsWith('.');
    }
  }

  private static void showUnreadable(ServerProcess server, String path) throws Exception {
    assertThat(JSON.readTree(server.get(path + "/result").body()).get("circuit").isNull()).isTrue();
    for (String part : List.of("/input", "/result")) {
      assertThat(server.getAs("text/x-qasm", path + part).statusCode()).isEqualTo(406);
      assertThat(server.getAs("application/octet-stream", path + part).statusCode()).isEqualTo(200);
    }
  }

  private static String text(HttpResponse<byte[]> response) {
    String text = new String(response.body(), StandardCharsets.UTF_8);
    assertThat(response.statusCode()).as(text).isEqualTo(200);
    return text;
  }

  private static List<Integer> qubits(JsonNode node) {
    return StreamSupport.stream(node.spliterator(), false).map(JsonNode::asInt).toList();
  }

  /// Clients that send no messages lose their connections, and nothing else happens.
  private static void sayNonsense(int port) throws IOException {
    byte[] bomb = new byte[8 << 20];
    Arrays.fill(bomb, (byte) ']');
    bomb[0] = (byte) 0x80;
    bomb[1] = 4;
    List<byte[]> frames =
        List.of(
            "GET / HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.US_ASCII),
            new byte[] {0x7f, 0, 0, 0, 1},
            new byte[] {0, 0, 0, 3, (byte) 0x80, 4, 'N'},
            ByteBuffer.allocate(4 + bomb.length).putInt(bomb.length).put(bomb).array());
    for (byte[] frame : frames) {
      try (Socket client = new Socket(InetAddress.getLoopbackAddress(), port)) {
        client.setSoTimeout(PATIENCE_MILLIS);
        client.getOutputStream().write(frame);
        assertThat(client.getInputStream().read()).isEqualTo(-1);
      } catch (SocketException e) {
        // The server has closed the connection before all of it was sent.
        assertThat(e.getMessage()).containsAnyOf("reset", "Broken pipe");
      }
    }
  }

  private ServerProcess server(String name, int[] ports, String moreManagers) throws Exception {
    return ServerProcess.start(
        directory.resolve("data"),
        directory.resolve(name + ".log"),
        "--quern.bqskit.client-port=" + ports[2],
        "--quern.bqskit.managers=localhost:" + ports[0] + moreManagers,
        "--quern.link.port=-1");
  }

  private void keep(PeerPython python, int[] ports) throws IOException {
    processes.add(
        new ProcessBuilder(
                python.interpreter().toString(),
                Path.of("bin", "bqskit-keep").toAbsolutePath().toString(),
                "manager",
                "-n",
                "2",
                "-p",
                Integer.toString(ports[0]),
                "-w",
                Integer.toString(ports[1]))
            .redirectErrorStream(true)
            .redirectOutput(directory.resolve("manager.log").toFile())
            .start());
  }
}
