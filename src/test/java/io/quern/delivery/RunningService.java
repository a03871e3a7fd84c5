package io.quern.delivery;

import io.quern.testing.FreePorts;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.awaitility.Awaitility;

/// The service in a process of its own, started by a command as a user would, on free ports and
/// with its data in a directory of the test's.
final class RunningService implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofMinutes(5);

  private final Process process;
  private final int port;
  private final int managementPort;
  private final Path log;
  private final HttpClient client = HttpClient.newHttpClient();

  private RunningService(Process process, int port, int managementPort, Path log) {
    this.process = process;
    this.port = port;
    this.managementPort = managementPort;
    this.log = log;
  }

  /// Starts `bin/quern serve` and waits until it is ready.
  static RunningService start(Path directory) {
    return start(Shell.atTheTop(), directory, "bin/quern", "serve");
  }

  /// Starts the service by a command and waits until it is ready.
  static RunningService start(Shell shell, Path directory, String... command) {
    int[] ports = FreePorts.find(2);
    Path log = directory.resolve("service.log");
    Process process =
        shell
            .with("SERVER_PORT", Integer.toString(ports[0]))
            .with("MANAGEMENT_SERVER_PORT", Integer.toString(ports[1]))
            .with("QUERN_STORE_PATH", directory.resolve("data").toString())
            .start(log, command);
    RunningService service = new RunningService(process, ports[0], ports[1], log);
    try {
      service.awaitReady();
      return service;
    } catch (RuntimeException | Error e) {
      service.close();
      throw e;
    }
  }

  int port() {
    return port;
  }

  int managementPort() {
    return managementPort;
  }

  /// The body of a call to the tasks API that must succeed.
  String call(String method, String path, String body) {
    return answer(
        HttpRequest.newBuilder(URI.create("http://localhost:" + port + path))
            .method(method, HttpRequest.BodyPublishers.ofString(body))
            .build());
  }

  /// A task's result, as soon as there is one; a busy machine may need longer than one call waits.
  String awaitResult(String task) {
    String path = "/tasks/" + task + "/result?wait=30s";
    long begun = System.nanoTime();
    String answer = call("GET", path, "");
    while (answer.contains("\"state\":\"QUEUED\"") || answer.contains("\"state\":\"RUNNING\"")) {
      if (System.nanoTime() - begun > PATIENCE.toNanos()) {
        throw new AssertionError(
            "a result of task " + task + " was awaited for " + PATIENCE + ": " + answer);
      }
      answer = call("GET", path, "");
    }
    return answer;
  }

  /// An event of a task's stream.
  record ServerSentEvent(long number, String type, String data) {}

  /// Reads a task's events from a number on, as a stream, until there are so many or it ends.
  List<ServerSentEvent> events(String task, long from, int limit) {
    HttpRequest request =
        HttpRequest.newBuilder(
                URI.create("http://localhost:" + port + "/tasks/" + task + "/events?from=" + from))
            .build();
    try (Stream<String> lines = client.send(request, BodyHandlers.ofLines()).body()) {
      List<ServerSentEvent> events = new ArrayList<>();
      Map<String, String> fields = new HashMap<>();
      for (Iterator<String> each = lines.iterator(); events.size() < limit && each.hasNext(); ) {
        String line = each.next();
        int colon = line.indexOf(':');
        if (colon > 0) {
          fields.put(line.substring(0, colon), line.substring(colon + 1).strip());
        } else if (line.isEmpty() && fields.containsKey("data")) {
          events.add(
              new ServerSentEvent(
                  Long.parseLong(fields.getOrDefault("id", "0")),
                  fields.getOrDefault("event", ""),
                  fields.getOrDefault("data", "")));
          fields.clear();
        }
      }
      return events;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted in " + request.uri(), e);
    }
  }

  /// Kills the service (-9); returns when it is gone.
  void kill() {
    List<ProcessHandle> all = new ArrayList<>(process.descendants().toList());
    all.add(process.toHandle());
    all.forEach(ProcessHandle::destroyForcibly);
    all.forEach(each -> each.onExit().join());
  }

  /// The body of a page of the management port.
  String management(String path) {
    return answer(
        HttpRequest.newBuilder(URI.create("http://localhost:" + managementPort + path)).build());
  }

  private String answer(HttpRequest request) {
    try {
      var response = client.send(request, BodyHandlers.ofString());
      if (response.statusCode() >= 300) {
        throw new AssertionError(
            request.method()
                + " "
                + request.uri()
                + " answered "
                + response.statusCode()
                + ": "
                + response.body());
      }
      return response.body();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted in " + request.uri(), e);
    }
  }

  private void awaitReady() {
    Awaitility.await()
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(200))
        .failFast(
            () -> {
              if (!process.isAlive()) {
                throw new AssertionError("the service ended:\n" + log());
              }
            })
        .ignoreExceptionsMatching(e -> e instanceof UncheckedIOException)
        .until(
            () -> {
              try {
                return management("/actuator/health/readiness").contains("UP");
              } catch (AssertionError e) {
                return false;
              }
            });
  }

  private String log() {
    try {
      return Files.readString(log);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    List<ProcessHandle> all = new ArrayList<>(process.descendants().toList());
    all.add(process.toHandle());
    all.forEach(ProcessHandle::destroy);
    try {
      if (!process.waitFor(60, TimeUnit.SECONDS)) {
        all.forEach(ProcessHandle::destroyForcibly);
      }
    } catch (InterruptedException e) {
      all.forEach(ProcessHandle::destroyForcibly);
      Thread.currentThread().interrupt();
    }
  }
}
