package io.quern.benchmark;

import io.quern.processes.ProcessClasses;
import io.quern.processes.ProcessManagers;
import io.quern.processes.ProcessRoot;
import io.quern.server.ProcessServer;
import io.quern.testing.FreePorts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/// The processes of one measurement, all on this machine, each with its log in one directory.
final class Processes implements AutoCloseable {
  private static final String SERVER = ProcessServer.class.getName();

  private final Path directory;
  private final String classPath;
  private final List<Process> running = new ArrayList<>();
  private final SharedCounters counters;
  private final int port;
  private final int managementPort;
  private final int linkPort;

  /// @param directory for logs, the store and the counters
  Processes(Path directory) throws IOException {
    this.directory = Files.createDirectories(directory);
    classPath = ProcessClasses.with(directory.resolve("classes"), "benchmark");
    counters = new SharedCounters(counterFile());
    int[] ports = FreePorts.find(3);
    port = ports[0];
    managementPort = ports[1];
    linkPort = ports[2];
  }

  private Path counterFile() {
    return directory.resolve("counters");
  }

  SharedCounters counters() {
    return counters;
  }

  int port() {
    return port;
  }

  /// Starts the service and waits until it is ready.
  ///
  /// @param heap such as `512m`
  Process startServer(String heap, String... settings) throws IOException, InterruptedException {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "--server.port=" + port,
                "--management.server.port=" + managementPort,
                "--quern.link.port=" + linkPort,
                "--quern.store.path=" + directory.resolve("data")));
    arguments.addAll(List.of(settings));
    Process server = start("server", heap, SERVER, arguments);
    while (!isReady()) {
      if (!server.isAlive()) {
        throw new IOException(
            "the service ended:\n" + Files.readString(directory.resolve("server.log")));
      }
      LockSupport.parkNanos(200_000_000);
    }
    return server;
  }

  private boolean isReady() {
    try (KeptConnection management = new KeptConnection(managementPort)) {
      return management.get("/actuator/health/liveness").status() == 200;
    } catch (IOException e) {
      return false;
    }
  }

  /// Starts a process of managers that join the service, and waits until it knows so many workers.
  Process startManagers(String name, int managers, int workers, int expected)
      throws IOException, InterruptedException {
    Process process =
        start(
            name,
            "3g",
            ProcessManagers.class.getName(),
            List.of("manager", "127.0.0.1:" + linkPort, "" + workers, "-1", "" + managers));
    awaitWorkers(expected);
    return process;
  }

  void awaitWorkers(int expected) throws IOException, InterruptedException {
    while (metric("quern_workers ") != expected) {
      LockSupport.parkNanos(200_000_000);
    }
  }

  /// A number the service shows to Prometheus.
  double metric(String name) throws IOException {
    try (KeptConnection management = new KeptConnection(managementPort)) {
      return management
          .get("/actuator/prometheus")
          .body()
          .lines()
          .filter(line -> line.startsWith(name))
          .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
          .sum();
    }
  }

  private Process start(String name, String heap, String main, List<String> arguments)
      throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--add-modules=jdk.incubator.vector",
                "--enable-native-access=ALL-UNNAMED",
                "-Xmx" + heap,
                "-D" + ProcessRoot.PROPERTY + "=" + BenchmarkRoot.class.getName(),
                "-Dquern.benchmark.counters=" + counterFile()));
    String more = System.getProperty("quern.benchmark.jvm." + name, "");
    if (!more.isBlank()) {
      command.addAll(List.of(more.split(" ")));
    }
    command.addAll(List.of("-cp", classPath, main));
    command.addAll(arguments);
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(directory.resolve(name + ".log").toFile())
            .start();
    running.add(process);
    return process;
  }

  void stop(Process process) throws InterruptedException {
    process.destroy();
    if (!process.waitFor(10, TimeUnit.SECONDS)) {
      process.destroyForcibly().waitFor();
    }
    running.remove(process);
  }

  @Override
  public void close() throws InterruptedException {
    for (Process each : List.copyOf(running)) {
      stop(each);
    }
  }
}
