package io.quern;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.quern.blocks.BlockRoot;
import io.quern.blocks.Gates;
import io.quern.blocks.Ledger;
import io.quern.processes.ProcessClasses;
import io.quern.processes.ProcessManagers;
import io.quern.processes.ProcessRoot;
import io.quern.processes.ServiceManager;
import io.quern.server.ProcessServer;
import io.quern.testing.FreePorts;
import java.io.IOException;
import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import org.awaitility.core.ConditionFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A server that runs nothing itself and managers, each a process of its own, whose jobs wait at
/// gates: so a test decides what runs at the moment it kills somebody, and the ledger tells what
/// was computed where and when.
final class BlockCluster implements AutoCloseable {
  private static final JsonMapper JSON = JsonMapper.shared();
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final String SMALL = "OPENQASM 2.0; qreg q[1];";

  private final Path directory;
  private final String classPath;
  private final List<Process> managers = new ArrayList<>();
  private final List<String> tasks = new ArrayList<>();
  private final Gates gates;
  private final Ledger ledger;
  private final int linkPort = FreePorts.one();
  private ServerProcess server;

  BlockCluster(Path directory) throws IOException, InterruptedException {
    this.directory = directory;
    classPath = ProcessClasses.with(directory.resolve("classes"), "blocks");
    gates = new Gates(directory.resolve("gates"));
    ledger = new Ledger(directory.resolve("ledger"));
    server = startServer();
  }

  private ServerProcess startServer() throws IOException, InterruptedException {
    Path log = log("server");
    return ServerProcess.start(
        arguments -> launch(ProcessServer.class, 0, log, arguments),
        directory.resolve("data"),
        log,
        List.of(
            "--quern.runtime.local-manager=false",
            "--quern.link.port=" + linkPort,
            "--quern.runtime.drain=1s",
            "--quern.runtime.deadline-grace=2m",
            // The same blocks meet many ends here.
            "--quern.poison.deaths=0"));
  }

  private Process launch(Class<?> main, int gate, Path log, List<String> arguments)
      throws IOException {
    List<String> command = ServerProcess.java();
    command.addAll(
        List.of(
            "-Xmx512m",
            "-D" + ProcessRoot.PROPERTY + "=" + BlockRoot.class.getName(),
            "-Dquern.blocks.ledger=" + directory.resolve("ledger"),
            "-Dquern.blocks.gates=" + directory.resolve("gates"),
            "-Dquern.blocks.gate=" + gate,
            "-cp",
            classPath,
            main.getName()));
    command.addAll(arguments);
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
        .start();
  }

  ServerProcess server() {
    return server;
  }

  Ledger ledger() {
    return ledger;
  }

  Gates gates() {
    return gates;
  }

  int linkPort() {
    return linkPort;
  }

  // Processes

  /// A manager that dials the server.
  ///
  /// @param gate at which its blocks wait
  Process manager(String name, int gate, int workers) throws IOException {
    return manager(name, gate, workers, linkPort, -1);
  }

  /// @param boss port of its boss
  /// @param listen port for those below; -1 for none
  Process manager(String name, int gate, int workers, int boss, int listen) throws IOException {
    return started(
        launch(
            ProcessManagers.class,
            gate,
            log(name),
            List.of(name, "localhost:" + boss, "" + workers, "" + listen, "1")));
  }

  /// A manager of the server as the service starts it.
  Process serviceManager(String name, int gate, int workers, String... settings)
      throws IOException {
    List<String> all =
        new ArrayList<>(
            List.of(
                "--quern.manager.server=localhost:" + linkPort,
                "--quern.manager.workers=" + workers,
                "--quern.link.name=" + name));
    all.addAll(List.of(settings));
    return started(launch(ServiceManager.class, gate, log(name), all));
  }

  /// What a process has printed.
  String printed(String process) throws IOException {
    return Files.readString(log(process));
  }

  private Path log(String process) {
    return directory.resolve(process + ".log");
  }

  private Process started(Process process) {
    managers.add(process);
    return process;
  }

  static void signal(Process process, String signal) throws IOException, InterruptedException {
    assertThat(
            new ProcessBuilder("kill", "-" + signal, String.valueOf(process.pid()))
                .start()
                .waitFor())
        .isZero();
  }

  /// Kills the server (-9), if it lives, and starts it again on its data.
  ///
  /// @return how long it took from the start of the process until it was ready
  Duration restartServer() throws IOException, InterruptedException {
    server.close();
    long begun = System.nanoTime();
    server = startServer();
    return Duration.ofNanos(System.nanoTime() - begun);
  }

  /// Kills all managers and waits until the server takes them for gone.
  void killManagers() throws InterruptedException {
    for (Process each : managers) {
      each.destroyForcibly().waitFor();
    }
    managers.clear();
    awaitWorkers(0);
  }

  @Override
  public void close() throws InterruptedException {
    for (Process each : managers) {
      each.destroyForcibly().waitFor();
    }
    server.close();
  }

  /// A circuit of random gates.
  static String circuit(long seed, int qubits, int gates) {
    Random random = new Random(seed);
    StringBuilder qasm = new StringBuilder("OPENQASM 2.0;\ninclude \"qelib1.inc\";\n");
    qasm.append("qreg q[").append(qubits).append("];\n");
    for (int i = 0; i < gates; i++) {
      int a = random.nextInt(qubits);
      int b = (a + 1 + random.nextInt(qubits - 1)) % qubits;
      qasm.append("rz(0.").append(1 + i).append(") q[").append(a).append("];\n");
      qasm.append("sx q[").append(a).append("];\n");
      qasm.append("cx q[").append(a).append("],q[").append(b).append("];\n");
    }
    return qasm.toString();
  }

  // What the service says

  /// How late answers of the server are; to be closed.
  Lateness lateness() {
    ServerProcess asked = server;
    return Lateness.of(() -> asked.getManagement("/actuator/health/liveness"));
  }

  /// @param awaited what it fails with if it does not come
  static ConditionFactory patiently(String awaited) {
    return await(awaited).atMost(PATIENCE).pollInterval(Duration.ofMillis(50));
  }

  void awaitWorkers(int workers) {
    patiently(workers + " workers")
        .until(() -> metric("quern_workers "), found -> found == workers);
  }

  /// The sum of all numbers that begin so.
  double metric(String name) {
    return server
        .getManagement("/actuator/prometheus")
        .body()
        .lines()
        .filter(line -> line.startsWith(name))
        .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
        .sum();
  }

  /// Submits a job for [io.quern.blocks.BlockRoot].
  String submit(String job) {
    return submit(job, SMALL, "level=1");
  }

  /// @param options query parameters besides name and coupling
  String submit(String job, String circuit, String options) {
    HttpResponse<String> answer =
        server.post(
            "/tasks?coupling=line&name="
                + URLEncoder.encode(job, StandardCharsets.UTF_8)
                + "&"
                + options,
            circuit);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(202);
    String id = JSON.readTree(answer.body()).path("id").asString();
    tasks.add(id);
    return id;
  }

  /// Ends what was submitted, so that a test that fails leaves nothing to the next.
  void cancelAll() {
    tasks.forEach(task -> server.delete("/tasks/" + task));
    tasks.clear();
  }

  /// Waits for the result.
  JsonNode awaitResult(String task) {
    try {
      return JSON.readTree(server.awaitResult(task));
    } catch (AssertionError e) {
      throw new AssertionError(e.getMessage() + "\nentries by job: " + ledger.counts(), e);
    }
  }

  /// The events of a task that has ended.
  List<JsonNode> events(String task) throws Exception {
    return server.read(
        "/tasks/" + task + "/events",
        "the end of the events of task " + task,
        lines ->
            lines
                .filter(line -> line.startsWith("data:"))
                .map(line -> JSON.readTree(line.substring("data:".length())))
                .toList());
  }

  /// Waits until an event of a task that runs has this in it.
  void awaitEvent(String task, String text) throws Exception {
    boolean isSeen =
        server.read(
            "/tasks/" + task + "/events",
            "an event with '" + text + "'",
            lines -> lines.anyMatch(line -> line.contains(text)));
    assertThat(isSeen).as("an event with '%s' before the end of the task", text).isTrue();
  }

  /// Waits until there are so many entries of a kind.
  void awaitEntries(int job, String what, int count) {
    patiently("%d entries '%s' of job %d".formatted(count, what, job))
        .until(
            () -> ledger.of(job),
            all -> all.stream().filter(entry -> entry.what().equals(what)).count() >= count);
  }

  /// How often each block of a job was begun.
  Map<Integer, Long> starts(int job) {
    return ledger.of(job, "start").stream()
        .collect(Collectors.groupingBy(Ledger.Entry::number, Collectors.counting()));
  }
}
