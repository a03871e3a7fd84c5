package io.quern.benchmark;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Measures the runtime and the service with server, managers and client as processes of their own
/// on this machine; one line of CSV a figure: what, median, runs, what must be reached, unit.
///
///     java ... io.quern.benchmark.RuntimeBenchmark DIRECTORY own|crossing|links|trips|posts|batches|queue|streams...
///
/// `src/benchmark/runtime` runs all of them and the peers, and makes tables of what they say.
public final class RuntimeBenchmark {
  static final int RUNS = Integer.getInteger("quern.benchmark.runs", 5);
  private static final int WARM_UPS = Integer.getInteger("quern.benchmark.warm-ups", 2);
  private static final int FLAT = Integer.getInteger("quern.benchmark.flat", 1_000_000);
  private static final Pattern FIELD = Pattern.compile("(\\w+)=([0-9.]+)");

  private RuntimeBenchmark() {}

  public static void main(String[] args) throws Exception {
    Path directory = Path.of(args[0]).toAbsolutePath();
    for (String each : Arrays.asList(args).subList(1, args.length)) {
      switch (each) {
        case "own" -> own(directory.resolve(each));
        case "crossing" -> crossing(directory.resolve(each), "", List.of(FLAT), List.of(1), RUNS);
        case "links" ->
            crossing(
                directory.resolve(each), "links: ", List.of(100_000), List.of(1, 2, 8, 32, 128), 3);
        case "table" ->
            crossing(
                directory.resolve(each),
                "table: ",
                // The many come first, so that the few do not pay for the compiler.
                List.of(1_000_000, 100_000, 10_000, 1_000),
                List.of(1),
                3);
        case "trips" -> ServiceFigures.trips(directory.resolve(each), "process");
        case "posts" -> ServiceFigures.posts(directory.resolve(each), "process");
        case "batches" -> ServiceFigures.batches(directory.resolve(each), "process");
        case "trips-fsync" -> ServiceFigures.trips(directory.resolve(each), "fsync");
        case "posts-fsync" -> ServiceFigures.posts(directory.resolve(each), "fsync");
        case "batches-fsync" -> ServiceFigures.batches(directory.resolve(each), "fsync");
        case "queue" -> ServiceFigures.queue(directory.resolve(each));
        case "streams" -> StreamFigures.measure(directory.resolve(each));
        default -> throw new IllegalArgumentException(each);
      }
    }
  }

  /// One manager with two workers keeps what its workers submit.
  private static void own(Path directory) throws Exception {
    try (Processes processes = new Processes(directory)) {
      Process server = processes.startServer("1g", "--quern.runtime.local-manager=false");
      Process manager = processes.startManagers("manager", 1, 2, 2);
      List<String> flat = new ArrayList<>();
      List<String> nested = new ArrayList<>();
      for (int round = -WARM_UPS; round < RUNS; round++) {
        long cpu = BenchmarkRoot.cpuMicros(manager.pid());
        List<String> said = run(processes, "benchmark own " + FLAT + " 100000");
        progress(
            said
                + " manager_us="
                + (BenchmarkRoot.cpuMicros(manager.pid()) - cpu) / (FLAT + 300_000.0)
                + " server="
                + server.pid());
        if (round >= 0) {
          flat.add(said.get(0));
          nested.add(said.get(1));
        }
      }
      print("runtime tasks kept by one manager, " + FLAT + " flat", flat, "per_second", "/s");
      print("nested, 100000 parents with 2 children each", nested, "per_second", "/s");
    }
  }

  /// The root on a manager with one worker, its children on others.
  ///
  /// @param prefix tells figures of different names apart
  private static void crossing(
      Path directory, String prefix, List<Integer> tasks, List<Integer> links, int runs)
      throws Exception {
    try (Processes processes = new Processes(directory)) {
      Process server = processes.startServer("1g", "--quern.runtime.local-manager=false");
      processes.startManagers("root", 1, 1, 1);
      SharedCounters counters = processes.counters();
      int phases = tasks.size() * links.size();
      try (KeptConnection connection = new KeptConnection(processes.port())) {
        String task =
            submit(connection, "benchmark crossing " + server.pid() + " " + phases, "&seed=1");
        int phase = 0;
        int seen = 0;
        for (int each : links) {
          int workers = each == 1 ? 2 : 1;
          Process children =
              processes.startManagers("children-" + each, each, workers, 1 + each * workers);
          counters.set(SharedCounters.CHILDREN_PID, children.pid());
          counters.set(SharedCounters.LINKS, each);
          for (int size : tasks) {
            // Managers of another number of links are new processes.
            int warmUps = links.size() > 1 ? 4 * WARM_UPS : phase == 0 ? WARM_UPS + 1 : WARM_UPS;
            counters.set(5, size);
            counters.set(6, warmUps + runs);
            phase++;
            counters.set(SharedCounters.BEGUN, phase);
            while (counters.get(SharedCounters.DONE) < phase) {
              try (KeptConnection status = new KeptConnection(processes.port())) {
                if (status.get("/tasks/" + task).body().contains("FAILED")) {
                  throw new IllegalStateException(events(processes, task).toString());
                }
              }
              LockSupport.parkNanos(500_000_000);
            }
            List<String> all =
                phase == phases
                    ? events(processes, task)
                    : eventsSoFar(processes, task, seen + warmUps + runs);
            List<String> counted = all.subList(seen + warmUps, seen + warmUps + runs);
            all.subList(seen, seen + warmUps + runs).forEach(RuntimeBenchmark::progress);
            seen += warmUps + runs;
            String what =
                prefix
                    + "runtime tasks that cross the server, "
                    + size
                    + " flat, "
                    + each
                    + " links";
            print(what, counted, "per_second", "/s");
            print(what + ": server CPU a task", counted, "server_us", "us");
          }
          processes.stop(children);
          processes.awaitWorkers(1);
        }
      }
    }
  }

  /// Runs one command of [BenchmarkRoot] and returns what it said.
  private static List<String> run(Processes processes, String command) throws IOException {
    try (KeptConnection connection = new KeptConnection(processes.port())) {
      String task = submit(connection, command, "");
      KeptConnection.Answer answer;
      do {
        answer = connection.get("/tasks/" + task + "/result?wait=60s");
      } while (answer.status() == 202);
      if (answer.status() != 200) {
        throw new IOException(answer.status() + " " + answer.body());
      }
      return events(processes, task);
    }
  }

  static String submit(KeptConnection connection, String name, String further) throws IOException {
    KeptConnection.Answer answer =
        connection.post(
            "/tasks?name=" + name.replace(" ", "%20") + further,
            "text/plain",
            "OPENQASM 2.0; qreg q[1];".getBytes(StandardCharsets.US_ASCII));
    if (answer.status() != 202) {
      throw new IOException(answer.status() + " " + answer.body());
    }
    return id(answer.location());
  }

  static String id(String location) {
    return location.substring(location.lastIndexOf('/') + 1);
  }

  /// What a task that has ended said.
  private static List<String> events(Processes processes, String task) throws IOException {
    try (KeptConnection connection = new KeptConnection(processes.port())) {
      return said(connection.get("/tasks/" + task + "/events").body());
    }
  }

  private static List<String> eventsSoFar(Processes processes, String task, int lines)
      throws IOException {
    return LineStream.read(processes.port(), task, lines);
  }

  static List<String> said(String events) {
    return events
        .lines()
        .filter(line -> line.startsWith("data:") && line.contains(" tasks="))
        .map(line -> line.substring(line.indexOf("\"message\":\"") + 11, line.lastIndexOf(';')))
        .toList();
  }

  static void print(String what, List<String> lines, String field, String unit) {
    double[] values = lines.stream().mapToDouble(line -> field(line, field)).toArray();
    print(what, values, unit);
  }

  /// The median, then the runs.
  static void print(String what, double[] values, String unit) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    StringBuilder runs = new StringBuilder();
    for (double value : values) {
      runs.append(runs.isEmpty() ? "" : " ").append(text(value));
    }
    say(what.replace(",", "") + "," + text(sorted[sorted.length / 2]) + "," + unit + "," + runs);
  }

  private static String text(double value) {
    return value >= 1_000
        ? String.format(Locale.ROOT, "%.0f", value)
        : String.format(Locale.ROOT, "%.2f", value);
  }

  static double field(String line, String name) {
    Matcher matcher = FIELD.matcher(line);
    while (matcher.find()) {
      if (matcher.group(1).equals(name)) {
        return Double.parseDouble(matcher.group(2));
      }
    }
    throw new IllegalStateException(name + " is missing in " + line);
  }

  static void say(String line) {
    System.out.println(line);
  }

  static void progress(String line) {
    System.err.println(line);
  }
}
