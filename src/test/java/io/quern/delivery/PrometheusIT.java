package io.quern.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import io.quern.testing.FreePorts;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A real Prometheus scrapes the running service and, asked for the numbers, says what the API
/// says.
class PrometheusIT {
  private static final Duration PATIENCE = Duration.ofMinutes(5);

  @TempDir private static Path directory;
  private static @Nullable RunningService service;
  private static @Nullable Process prometheus;
  private static int prometheusPort;

  @BeforeAll
  static void start() throws IOException {
    String program = Tools.require("prometheus");
    RunningService started = RunningService.start(directory);
    service = started;
    prometheusPort = FreePorts.one();
    Path configuration = directory.resolve("prometheus.yml");
    Files.writeString(
        configuration,
        """
        global:
          scrape_interval: 2s
          scrape_timeout: 2s
        scrape_configs:
          - job_name: quern
            metrics_path: /actuator/prometheus
            static_configs:
              - targets: ["localhost:%d"]
        """
            .formatted(started.managementPort()));
    prometheus =
        Shell.atTheTop()
            .start(
                directory.resolve("prometheus.log"),
                program,
                "--config.file=" + configuration,
                "--storage.tsdb.path=" + directory.resolve("tsdb"),
                "--web.listen-address=127.0.0.1:" + prometheusPort);
  }

  @AfterAll
  static void stop() throws InterruptedException {
    Process running = prometheus;
    if (running != null) {
      running.destroy();
      running.waitFor(30, TimeUnit.SECONDS);
    }
    RunningService started = service;
    if (started != null) {
      started.close();
    }
  }

  @Test
  void prometheusSaysWhatTheApiSays() throws IOException {
    String circuit = Files.readString(Path.of("examples/qft_5.qasm"));
    for (int i = 0; i < 3; i++) {
      String id = json(api("POST", "/tasks?coupling=line", circuit)).get("id").asString();
      awaitDone(id);
    }
    Map<String, Integer> states = new TreeMap<>();
    json(api("GET", "/tasks", ""))
        .get("tasks")
        .forEach(task -> states.merge(task.get("state").asString(), 1, Integer::sum));
    int done = states.getOrDefault("DONE", 0);
    assertThat(states).isEqualTo(Map.of("DONE", done));
    assertThat(done).isGreaterThanOrEqualTo(3);

    awaitQuery("up", 1);
    awaitQuery("quern_tasks_ended_total{state=\"done\"}", done);
    awaitQuery("sum(quern_tasks_ended_total)", done);
    awaitQuery("sum(quern_tasks)", 0);
    awaitQuery("quern_queue_length", 0);
    awaitQuery("quern_workers_busy", 0);
    awaitQuery("quern_workers", Runtime.getRuntime().availableProcessors());
    awaitQuery("quern_submissions_total{outcome=\"accepted\"}", done);
    awaitQuery("min(quern_pass_seconds_count) >= bool 3", 1);
    awaitQuery("quern_event_lag_seconds_count > bool 0", 1);
  }

  @Test
  void promtoolFindsNothingWrongWithOurMetrics() {
    String promtool = Tools.require("promtool");
    RunningService started = Objects.requireNonNull(service);
    String ours =
        started
            .management("/actuator/prometheus")
            .lines()
            .filter(line -> line.matches("(# (HELP|TYPE) )?quern_.*"))
            .collect(Collectors.joining("\n", "", "\n"));
    assertThat(ours).contains("quern_tasks", "quern_queue_length", "quern_workers_busy");
    Shell.Outcome check = Shell.atTheTop().runWithInput(ours, promtool, "check", "metrics");
    assertThat(check.status()).as(check.out() + check.err()).isZero();
  }

  /// Every metric of ours is explained in docs/operations.md, and nothing is explained that is not
  /// there.
  @Test
  void everyMetricIsDocumented() throws IOException {
    RunningService started = Objects.requireNonNull(service);
    String id =
        json(api("POST", "/tasks", Files.readString(Path.of("examples/qft_5.qasm"))))
            .get("id")
            .asString();
    awaitDone(id);
    Set<String> documented = documented();
    // Some appear with the first thing they count; one too many is wrong at once.
    Awaitility.await()
        .atMost(PATIENCE)
        .untilAsserted(() -> assertThat(exposed(started)).containsAll(documented));
    assertThat(exposed(started)).isEqualTo(documented);
  }

  private static void awaitDone(String id) {
    String result = Objects.requireNonNull(service).awaitResult(id);
    assertThat(json(result).get("state").asString()).isEqualTo("DONE");
  }

  private static Set<String> exposed(RunningService started) {
    return started
        .management("/actuator/prometheus")
        .lines()
        .filter(line -> line.startsWith("# TYPE quern_"))
        .map(line -> line.split(" ")[2])
        // A timer's maximum goes with the timer.
        .filter(name -> !name.endsWith("_max"))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static Set<String> documented() throws IOException {
    String page = Files.readString(Path.of("docs/operations.md"));
    return page.substring(page.indexOf("<!-- metrics -->"), page.indexOf("<!-- end of metrics -->"))
        .lines()
        .filter(line -> line.startsWith("| `quern_"))
        .map(line -> line.split("`")[1].replaceAll("\\{.*", ""))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static void awaitQuery(String query, double expected) {
    Awaitility.await(query)
        .atMost(PATIENCE)
        .untilAsserted(() -> assertThat(ask(query)).isEqualTo(expected));
  }

  /// The value of the one series that a query gives; NaN while there is none.
  private static double ask(String query) throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(
                URI.create(
                    "http://localhost:"
                        + prometheusPort
                        + "/api/v1/query?query="
                        + URLEncoder.encode(query, StandardCharsets.UTF_8)))
            .build();
    try (HttpClient client = HttpClient.newHttpClient()) {
      JsonNode answer = json(client.send(request, BodyHandlers.ofString()).body());
      JsonNode result = answer.at("/data/result");
      return result.size() == 1
          ? Double.parseDouble(result.at("/0/value/1").asString())
          : Double.NaN;
    } catch (ConnectException e) {
      return Double.NaN;
    }
  }

  private static String api(String method, String path, String body) {
    return Objects.requireNonNull(service).call(method, path, body);
  }

  private static JsonNode json(String text) {
    return JsonMapper.shared().readTree(text);
  }
}
