package io.quern.benchmark;

import java.io.File;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/// The processes of one measurement, all on this machine, each with its log in one directory.
final class Processes implements AutoCloseable {
  private static final String SERVER = "io.quern.server.BenchmarkServer";

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
    classPath = classPath(directory.resolve("classes"));
    counters = new SharedCounters(counterFile());
    try (ServerSocket first = new ServerSocket(0);
        ServerSocket second = new ServerSocket(0);
        ServerSocket third = new ServerSocket(0)) {
      port = first.getLocalPort();
      managementPort = second.getLocalPort();
      linkPort = third.getLocalPort();
    }
  }

  /// The service's own classes, what they need, and of the tests only what belongs to the
  /// benchmark: the service would find the configurations of others.
  private static String classPath(Path own) throws IOException {
    try {
      Path tests =
          Path.of(Processes.class.getProtectionDomain().getCodeSource().getLocation().toURI());
      List<Path> files;
      try (Stream<Path> all = Files.walk(tests.resolve("io/quern"))) {
        files =
            all.filter(
                    each ->
                        each.toString().endsWith(".class")
                            && (each.getParent().endsWith("quern/benchmark")
                                || each.getFileName().toString().startsWith("BenchmarkServer")))
                .toList();
      }
      for (Path file : files) {
        Path to = own.resolve(tests.relativize(file).toString());
        Files.createDirectories(to.getParent());
        Files.copy(file, to, StandardCopyOption.REPLACE_EXISTING);
      }
      List<String> entries = new ArrayList<>(List.of(own.toString()));
      Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
          .filter(entry -> !Path.of(entry).toAbsolutePath().equals(tests))
          .forEach(entries::add);
      return String.join(File.pathSeparator, entries);
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
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
            BenchmarkManager.class.getName(),
            List.of("127.0.0.1:" + linkPort, String.valueOf(managers), String.valueOf(workers)));
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
