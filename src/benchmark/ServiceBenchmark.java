import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Measures a running service from outside, over HTTP on this machine; one line of CSV a figure.
///
///     java ServiceBenchmark.java URL roundtrip
///     java ServiceBenchmark.java URL submissions
///     java ServiceBenchmark.java URL circuits FILE.qasm...
///
/// `src/benchmark/run` starts the services, calls this and keeps the output.
public final class ServiceBenchmark {
  private static final String EMPTY = "OPENQASM 2.0; qreg q[1];";
  private static final int ROUND_TRIPS = 2_000;
  private static final int SUBMISSIONS = 5_000;
  private static final int BATCH = 100;
  private static final int CONNECTIONS = 16;
  private static final int WARM_UPS = 3;
  private static final int RUNS = 5;

  private final String url;
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  private ServiceBenchmark(String url) {
    this.url = url;
  }

  public static void main(String[] args) throws Exception {
    ServiceBenchmark benchmark = new ServiceBenchmark(args[0]);
    switch (args[1]) {
      case "roundtrip" -> benchmark.roundTrip();
      case "submissions" -> benchmark.submissions();
      case "circuits" -> benchmark.circuits(Arrays.asList(args).subList(2, args.length));
      default -> throw new IllegalArgumentException(args[1]);
    }
  }

  /// An empty circuit: POST, then GET of its result, one after the other on one connection.
  private void roundTrip() throws IOException, InterruptedException {
    for (int i = 0; i < ROUND_TRIPS; i++) {
      compile(EMPTY, "");
    }
    double[] millis = new double[ROUND_TRIPS];
    for (int i = 0; i < ROUND_TRIPS; i++) {
      long start = System.nanoTime();
      compile(EMPTY, "");
      millis[i] = (System.nanoTime() - start) / 1e6;
    }
    Arrays.sort(millis);
    print("round trip p50 ms", millis[ROUND_TRIPS / 2]);
    print("round trip p99 ms", millis[ROUND_TRIPS * 99 / 100]);
  }

  /// Submissions of a tiny circuit that were answered as durable, a second; they are compiled
  /// meanwhile.
  private void submissions() throws Exception {
    single(1, SUBMISSIONS / 5);
    drain();
    for (int connections : new int[] {1, CONNECTIONS}) {
      long start = System.nanoTime();
      single(connections, SUBMISSIONS);
      print("submissions a second, " + connections + " at a time", rate(SUBMISSIONS, start));
      drain();
    }
    String task = "{\"circuit\": \"" + EMPTY + "\"}";
    String batch =
        "{\"tasks\": [" + String.join(", ", java.util.Collections.nCopies(BATCH, task)) + "]}";
    for (int round = 0; round < 2; round++) {
      long start = System.nanoTime();
      for (int i = 0; i < SUBMISSIONS / BATCH; i++) {
        HttpResponse<String> answer = post("/tasks/batch", batch, "application/json");
        if (answer.statusCode() != 200
            || answer.body().split("\"status\":202").length != BATCH + 1) {
          throw new IllegalStateException(answer.statusCode() + " " + answer.body());
        }
      }
      if (round == 1) {
        print("submissions a second, batches of " + BATCH, rate(SUBMISSIONS, start));
      }
      drain();
    }
  }

  private void single(int connections, int count) throws InterruptedException, ExecutionException {
    AtomicInteger left = new AtomicInteger(count);
    try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> all = new ArrayList<>();
      for (int c = 0; c < connections; c++) {
        all.add(
            executor.submit(
                () -> {
                  while (left.getAndDecrement() > 0) {
                    HttpResponse<String> answer = post("/tasks", EMPTY, "text/plain");
                    if (answer.statusCode() != 202) {
                      throw new IllegalStateException(answer.statusCode() + " " + answer.body());
                    }
                  }
                  return null;
                }));
      }
      for (Future<?> each : all) {
        each.get();
      }
    }
  }

  /// Waits until nothing is queued: a task submitted now is done after all before it.
  private void drain() throws IOException, InterruptedException {
    compile(EMPTY, "");
  }

  /// Client-observed time from POST to result, the median after warm-up runs, and the counts.
  private void circuits(List<String> files) throws IOException, InterruptedException {
    System.out.println("circuit,topology,cx_in,cx_out,depth,two_qubit_depth,milliseconds");
    for (String file : files) {
      String circuit = Files.readString(Path.of(file));
      String name = Path.of(file).getFileName().toString().replace(".qasm", "");
      for (String topology : List.of("all", "line")) {
        double[] millis = new double[RUNS];
        String result = "";
        for (int run = -WARM_UPS; run < RUNS; run++) {
          long start = System.nanoTime();
          result = compile(circuit, "?level=1&seed=7&gates=cx,u3&coupling=" + topology);
          if (run >= 0) {
            millis[run] = (System.nanoTime() - start) / 1e6;
          }
        }
        Arrays.sort(millis);
        String before = result.substring(result.indexOf("\"before\""));
        String after = result.substring(result.indexOf("\"after\""));
        System.out.printf(
            Locale.ROOT,
            "%s,%s,%s,%s,%s,%s,%.2f%n",
            name,
            topology,
            number(before, "two_qubit_gates"),
            number(after, "two_qubit_gates"),
            number(after, "depth"),
            number(after, "two_qubit_depth"),
            millis[RUNS / 2]);
      }
    }
  }

  private String compile(String circuit, String query) throws IOException, InterruptedException {
    HttpResponse<String> submitted = post("/tasks" + query, circuit, "text/plain");
    if (submitted.statusCode() != 202) {
      throw new IllegalStateException(submitted.statusCode() + " " + submitted.body());
    }
    String location = submitted.headers().firstValue("Location").orElseThrow();
    URI result = URI.create(url).resolve(location + "/result?wait=60s");
    HttpResponse<String> answer =
        client.send(HttpRequest.newBuilder(result).build(), BodyHandlers.ofString());
    if (answer.statusCode() != 200) {
      throw new IllegalStateException(answer.statusCode() + " " + answer.body());
    }
    return answer.body();
  }

  private HttpResponse<String> post(String path, String body, String type)
      throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(url + path))
            .header("Content-Type", type)
            .POST(BodyPublishers.ofString(body))
            .build();
    return client.send(request, BodyHandlers.ofString());
  }

  private static String number(String json, String field) {
    Matcher matcher = Pattern.compile("\"" + field + "\"\\s*:\\s*(\\d+)").matcher(json);
    if (!matcher.find()) {
      throw new IllegalStateException(field + " is missing in " + json);
    }
    return matcher.group(1);
  }

  private static double rate(int count, long start) {
    return count / ((System.nanoTime() - start) / 1e9);
  }

  private static void print(String figure, double value) {
    System.out.printf(Locale.ROOT, "%s,%.2f%n", figure, value);
  }
}
