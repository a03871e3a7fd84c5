package io.quern;

import static org.assertj.core.api.Assertions.assertThat;

import io.quern.processes.ProcessClasses;
import io.quern.testing.EndOfProcess;
import io.quern.testing.FreePorts;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.stream.Stream;
import org.awaitility.Awaitility;

/// The application from its compiled classes in a process of its own, to be killed.
final class ServerProcess implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofMinutes(5);

  private final Process process;
  private final String base;
  private final String management;
  private final HttpClient client = HttpClient.newHttpClient();

  private ServerProcess(Process process, int port, int managementPort) {
    this.process = process;
    this.base = "http://localhost:" + port;
    this.management = "http://localhost:" + managementPort;
  }

  /// Starts on free ports and waits until it is ready.
  ///
  /// @param data directory of the store
  /// @param log where its output goes
  /// @param options beside those for ports and directories
  static ServerProcess start(Path data, Path log, String... options)
      throws IOException, InterruptedException {
    List<String> all = new ArrayList<>(List.of("serve"));
    all.addAll(List.of(options));
    return start(command -> launch(command(command), log), data, log, all);
  }

  /// Starts a process with its arguments.
  interface Launcher {
    Process launch(List<String> arguments) throws IOException;
  }

  /// As the other one, for a program that takes the service's settings.
  static ServerProcess start(Launcher launcher, Path data, Path log, List<String> options)
      throws IOException, InterruptedException {
    int[] ports = FreePorts.find(2);
    List<String> arguments = new ArrayList<>(options);
    arguments.addAll(
        List.of(
            "--server.port=" + ports[0],
            "--management.server.port=" + ports[1],
            "--quern.store.path=" + data));
    Process process = launcher.launch(arguments);
    ServerProcess server = new ServerProcess(process, ports[0], ports[1]);
    try {
      server.awaitReady(log);
      return server;
    } catch (RuntimeException | Error e) {
      server.kill();
      throw e;
    }
  }

  /// Starts the application in any role.
  static Process launch(Path log, String... arguments) throws IOException {
    return launch(command(List.of(arguments)), log);
  }

  private static Process launch(List<String> command, Path log) throws IOException {
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
        .start();
  }

  private static List<String> command(List<String> arguments) {
    List<String> command = java();
    command.addAll(List.of("-cp", ProcessClasses.ofTheService(), QuernApplication.class.getName()));
    command.addAll(arguments);
    return command;
  }

  /// This Java, with what the application needs and little heed to speed.
  static List<String> java() {
    return new ArrayList<>(
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "--add-modules=jdk.incubator.vector",
            "--enable-native-access=ALL-UNNAMED",
            "-XX:TieredStopAtLevel=1",
            "-XX:+UseSerialGC"));
  }

  private void awaitReady(Path log) {
    HttpRequest readiness =
        HttpRequest.newBuilder(URI.create(management + "/actuator/health/readiness")).build();
    Awaitility.await()
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(100))
        .failFast(
            () -> {
              if (!process.isAlive()) {
                throw new AssertionError("the server ended:\n" + Files.readString(log));
              }
            })
        .ignoreExceptionsInstanceOf(IOException.class)
        .until(() -> client.send(readiness, BodyHandlers.discarding()).statusCode() == 200);
  }

  HttpResponse<String> getManagement(String path) {
    return send(HttpRequest.newBuilder(URI.create(management + path)));
  }

  HttpResponse<String> get(String path) {
    return send(HttpRequest.newBuilder(URI.create(base + path)));
  }

  /// @param accept the format that is asked for
  HttpResponse<byte[]> getAs(String accept, String path) throws IOException, InterruptedException {
    return client.send(
        HttpRequest.newBuilder(URI.create(base + path)).header("Accept", accept).build(),
        BodyHandlers.ofByteArray());
  }

  HttpResponse<String> delete(String path) {
    return send(HttpRequest.newBuilder(URI.create(base + path)).DELETE());
  }

  HttpResponse<String> post(String path, String body) {
    return send(
        HttpRequest.newBuilder(URI.create(base + path))
            .POST(HttpRequest.BodyPublishers.ofString(body)));
  }

  private HttpResponse<String> send(HttpRequest.Builder request) {
    try {
      return client.send(request.timeout(PATIENCE).build(), BodyHandlers.ofString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  /// Waits for a task's result.
  ///
  /// @return its JSON
  /// @throws AssertionError if there is none in time, with what the service says of the task
  String awaitResult(String task) {
    String path = "/tasks/" + task;
    long begun = System.nanoTime();
    HttpResponse<String> answer = get(path + "/result?wait=30s");
    while (answer.statusCode() == 202) {
      if (System.nanoTime() - begun > PATIENCE.toNanos()) {
        throw new AssertionError(
            "a result of task %s was awaited for %s:%n%s%n%s"
                .formatted(task, PATIENCE, answer.body(), get(path + "/explain").body()));
      }
      answer = get(path + "/result?wait=30s");
    }
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return answer.body();
  }

  /// Reads the lines of a stream as they come.
  ///
  /// @param awaited what is read
  /// @param reading ends with the stream or before
  /// @throws AssertionError if it does not end in time, with the last line that came
  <T> T read(String path, String awaited, Function<Stream<String>, T> reading) throws Exception {
    HttpRequest request = HttpRequest.newBuilder(URI.create(base + path)).build();
    AtomicReference<String> last = new AtomicReference<>("none");
    try (ExecutorService reader = Executors.newVirtualThreadPerTaskExecutor();
        Stream<String> lines = client.send(request, BodyHandlers.ofLines()).body()) {
      Future<T> read = reader.submit(() -> reading.apply(lines.peek(last::set)));
      try {
        return read.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
      } catch (TimeoutException e) {
        throw new AssertionError(
            "%s was awaited for %s; the last line was: %s".formatted(awaited, PATIENCE, last), e);
      }
    }
  }

  Process process() {
    return process;
  }

  /// Asks it to end, as an operator does, and waits until it has.
  void terminate() throws InterruptedException {
    process.destroy();
    EndOfProcess.await("a server that was asked to end", process);
  }

  /// Ends it with signal 9.
  void kill() throws InterruptedException {
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly().waitFor();
  }

  @Override
  public void close() throws InterruptedException {
    kill();
    client.shutdownNow();
  }
}
