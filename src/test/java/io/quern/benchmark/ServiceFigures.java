package io.quern.benchmark;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What a client of the service sees: round trips, submissions, and lists while much is queued.
final class ServiceFigures {
  private static final String EMPTY = "OPENQASM 2.0; qreg q[1];";
  private static final byte[] BODY = EMPTY.getBytes(StandardCharsets.US_ASCII);
  private static final int ROUND_TRIPS = Integer.getInteger("quern.benchmark.round-trips", 1_000);
  private static final int SUBMISSIONS = Integer.getInteger("quern.benchmark.submissions", 10_000);

  /// The way of a submission is long, and compiled only after some ten thousand of them.
  private static final int WARM_UPS = Integer.getInteger("quern.benchmark.warm-ups", 12);

  private static final int CONNECTIONS = 16;
  private static final int BATCH = 500;
  private static final int BATCH_CONNECTIONS = 4;
  private static final int QUEUED = Integer.getInteger("quern.benchmark.queued", 100_000);
  private static final int PAGES = 1_000;

  private ServiceFigures() {}

  /// Round trips of compilations that do nothing.
  static void trips(Path directory, String sync) throws Exception {
    try (Processes processes = new Processes(directory)) {
      Process server = start(processes, sync);
      int port = processes.port();
      double[] p50 = new double[RuntimeBenchmark.RUNS];
      double[] p99 = new double[RuntimeBenchmark.RUNS];
      for (int run = -2; run < RuntimeBenchmark.RUNS; run++) {
        long cpu = BenchmarkRoot.cpuMicros(server.pid());
        double[] millis = roundTrips(port, run < 0 ? 2 * ROUND_TRIPS : ROUND_TRIPS);
        RuntimeBenchmark.progress(
            "round trips p50 "
                + millis[millis.length / 2]
                + " p99 "
                + millis[millis.length * 99 / 100]
                + " server CPU us each "
                + (BenchmarkRoot.cpuMicros(server.pid()) - cpu) / millis.length);
        if (run >= 0) {
          p50[run] = millis[millis.length / 2];
          p99[run] = millis[millis.length * 99 / 100];
        }
      }
      String what = prefix(sync) + "no-op compilation by REST, POST to result, ";
      RuntimeBenchmark.print(what + "p50", p50, "ms");
      RuntimeBenchmark.print(what + "p99", p99, "ms");
    }
  }

  /// Submissions by single POSTs while they are compiled.
  static void posts(Path directory, String sync) throws Exception {
    try (Processes processes = new Processes(directory)) {
      Process server = start(processes, sync);
      String what =
          prefix(sync) + "durable submissions, single POSTs on " + CONNECTIONS + " connections";
      rates(processes.port(), server, what, false);
    }
  }

  /// Submissions by batches while they are compiled.
  static void batches(Path directory, String sync) throws Exception {
    try (Processes processes = new Processes(directory)) {
      Process server = start(processes, sync);
      rates(
          processes.port(),
          server,
          prefix(sync)
              + "durable submissions, batches of "
              + BATCH
              + " on "
              + BATCH_CONNECTIONS
              + " connections",
          true);
    }
  }

  private static Process start(Processes processes, String sync) throws Exception {
    return processes.startServer("2g", "--quern.runtime.workers=2", "--quern.store.sync=" + sync);
  }

  private static String prefix(String sync) {
    return sync.equals("process") ? "" : sync + ": ";
  }

  private static double[] roundTrips(int port, int count) throws IOException {
    double[] millis = new double[count];
    try (KeptConnection connection = new KeptConnection(port)) {
      for (int i = 0; i < count; i++) {
        long start = System.nanoTime();
        compile(connection);
        millis[i] = (System.nanoTime() - start) / 1e6;
      }
    }
    Arrays.sort(millis);
    return millis;
  }

  private static void compile(KeptConnection connection) throws IOException {
    KeptConnection.Answer submitted = connection.post("/tasks", "text/plain", BODY);
    expect(202, submitted);
    expect(200, connection.get(submitted.location() + "/result?wait=60s"));
  }

  private static void expect(int status, KeptConnection.Answer answer) throws IOException {
    if (answer.status() != status) {
      throw new IOException(answer.status() + " " + answer.body());
    }
  }

  private static void rates(int port, Process server, String what, boolean isBatch)
      throws Exception {
    double[] rates = new double[RuntimeBenchmark.RUNS];
    for (int run = -WARM_UPS; run < RuntimeBenchmark.RUNS; run++) {
      long cpu = BenchmarkRoot.cpuMicros(server.pid());
      long start = System.nanoTime();
      if (isBatch) {
        batches(port, SUBMISSIONS, EMPTY);
      } else {
        singles(port);
      }
      double seconds = (System.nanoTime() - start) / 1e9;
      long until = BenchmarkRoot.cpuMicros(server.pid());
      // A task submitted now is done after all before it.
      try (KeptConnection connection = new KeptConnection(port)) {
        compile(connection);
      }
      double all = (System.nanoTime() - start) / 1e9;
      RuntimeBenchmark.progress(
          what
              + ": "
              + SUBMISSIONS / seconds
              + "/s, server CPU us each until accepted "
              + (until - cpu) / SUBMISSIONS
              + ", until compiled "
              + (BenchmarkRoot.cpuMicros(server.pid()) - cpu) / SUBMISSIONS
              + " at "
              + SUBMISSIONS / all
              + "/s");
      if (run >= 0) {
        rates[run] = SUBMISSIONS / seconds;
      }
    }
    RuntimeBenchmark.print(what, rates, "/s");
  }

  private static void singles(int port) throws Exception {
    onConnections(
        port, CONNECTIONS, SUBMISSIONS, it -> expect(202, it.post("/tasks", "text/plain", BODY)));
  }

  private static void batches(int port, int tasks, String circuit) throws Exception {
    String task = "{\"circuit\": \"" + circuit.replace("\n", "\\n").replace("\"", "\\\"") + "\"}";
    byte[] batch =
        ("{\"tasks\": [" + String.join(", ", Collections.nCopies(BATCH, task)) + "]}")
            .getBytes(StandardCharsets.US_ASCII);
    onConnections(
        port,
        BATCH_CONNECTIONS,
        tasks / BATCH,
        it -> {
          KeptConnection.Answer answer = it.post("/tasks/batch", "application/json", batch);
          expect(200, answer);
          if (answer.body().split("\"status\":202", -1).length != BATCH + 1) {
            throw new IOException("not every task of a batch was accepted: " + answer.body());
          }
        });
  }

  private interface Request {
    void send(KeptConnection connection) throws IOException;
  }

  /// Sends so many requests, each when the one before it on its connection is answered.
  private static void onConnections(int port, int connections, int requests, Request request)
      throws Exception {
    AtomicInteger left = new AtomicInteger(requests);
    try (ExecutorService executor = Executors.newFixedThreadPool(connections)) {
      List<Future<?>> all = new ArrayList<>();
      for (int c = 0; c < connections; c++) {
        all.add(
            executor.submit(
                () -> {
                  try (KeptConnection connection = new KeptConnection(port)) {
                    while (left.getAndDecrement() > 0) {
                      request.send(connection);
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

  /// Tasks that wait because there is no worker: what they take of the heap, and how long a page of
  /// their list takes.
  static void queue(Path directory) throws Exception {
    try (Processes processes = new Processes(directory)) {
      Process server = processes.startServer("512m", "--quern.runtime.local-manager=false");
      double before = heap(server);
      batches(processes.port(), QUEUED, EMPTY);
      double after = heap(server);
      double[] millis = new double[PAGES];
      String cursor = "";
      try (KeptConnection connection = new KeptConnection(processes.port())) {
        for (int i = 0; i < PAGES; i++) {
          long start = System.nanoTime();
          KeptConnection.Answer answer = connection.get("/tasks?state=QUEUED&limit=50" + cursor);
          millis[i] = (System.nanoTime() - start) / 1e6;
          expect(200, answer);
          Matcher next = Pattern.compile("cursor=([^\"&]+)").matcher(answer.body());
          cursor = next.find() ? "&cursor=" + next.group(1) : "";
        }
      }
      Arrays.sort(millis);
      String what = QUEUED + " queued tasks: ";
      RuntimeBenchmark.print(what + "heap in use (-Xmx512m)", new double[] {after}, "MB");
      RuntimeBenchmark.print(what + "heap more than empty", new double[] {after - before}, "MB");
      RuntimeBenchmark.print(what + "list page of 50, p50", new double[] {millis[PAGES / 2]}, "ms");
      RuntimeBenchmark.print(
          what + "list page of 50, p99", new double[] {millis[PAGES * 99 / 100]}, "ms");
    }
  }

  /// Megabytes in use after a full collection.
  private static double heap(Process process) throws Exception {
    jcmd(process, "GC.run");
    double kilobytes = 0;
    boolean isShown = false;
    for (String line : jcmd(process, "GC.heap_info")) {
      Matcher used = Pattern.compile("used (\\d+)K").matcher(line);
      if (!line.contains("Metaspace") && !line.contains("class space") && used.find()) {
        kilobytes += Double.parseDouble(used.group(1));
        isShown = true;
      }
    }
    if (!isShown) {
      throw new IllegalStateException("jcmd shows no heap");
    }
    return kilobytes / 1024;
  }

  private static List<String> jcmd(Process process, String command) throws Exception {
    Process jcmd =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(),
                String.valueOf(process.pid()),
                command)
            .redirectErrorStream(true)
            .start();
    try (BufferedReader in =
        new BufferedReader(new InputStreamReader(jcmd.getInputStream(), StandardCharsets.UTF_8))) {
      return in.lines().toList();
    } finally {
      jcmd.waitFor();
    }
  }
}
