package io.quern.benchmark;

import io.quern.engine.compile.CompilationResult;
import io.quern.engine.pass.LogLevel;
import io.quern.engine.pass.RuntimeFunction;
import io.quern.engine.pass.RuntimeFuture;
import io.quern.engine.pass.RuntimeHandle;
import io.quern.processes.ProcessRoot;
import io.quern.task.Submission;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;

/// Compiles as the service does, except submissions whose name is a command of the benchmark: these
/// map functions that do nothing, or write log lines, and say in log lines how long it took.
public final class BenchmarkRoot extends ProcessRoot
    implements RuntimeFunction<Submission, CompilationResult> {

  @Override
  protected List<RuntimeFunction<?, ?>> further() {
    return List.of(new Nothing(), new Parent());
  }

  @Override
  public CompilationResult run(Submission submission, RuntimeHandle runtime)
      throws InterruptedException {
    String name = submission.name();
    if (name != null && name.startsWith("benchmark ")) {
      String[] words = name.split(" ");
      switch (words[1]) {
        case "own" -> own(runtime, Integer.parseInt(words[2]), Integer.parseInt(words[3]));
        case "crossing" -> crossing(runtime, Long.parseLong(words[2]), Integer.parseInt(words[3]));
        case "lines" -> lines(runtime, Integer.parseInt(words[2]), Integer.parseInt(words[3]));
        default -> throw new IllegalArgumentException(name);
      }
    }
    return super.run(submission, runtime);
  }

  /// Children of any manager: flat, and parents with two children each.
  private static void own(RuntimeHandle runtime, int flat, int parents)
      throws InterruptedException {
    if (flat > 0) {
      long start = System.nanoTime();
      check(runtime.map(new Nothing(), numbers(flat)), flat);
      say(runtime, "flat", flat, System.nanoTime() - start, "");
    }
    if (parents > 0) {
      long start = System.nanoTime();
      check(runtime.map(new Parent(), numbers(parents)), parents);
      say(runtime, "nested", 3 * parents, System.nanoTime() - start, "");
    }
  }

  /// Children that must run elsewhere: the root keeps its slot, the only one here, until all have
  /// run. A phase is begun by the benchmark when the others have joined: `tasks` in its number's
  /// upper bits, a count of rounds below; the last phase has no tasks.
  private static void crossing(RuntimeHandle runtime, long serverPid, int phases)
      throws InterruptedException {
    SharedCounters counters = SharedCounters.MINE;
    for (int phase = 1; phase <= phases; phase++) {
      counters.await(SharedCounters.BEGUN, phase);
      int tasks = Math.toIntExact(counters.get(5));
      int rounds = Math.toIntExact(counters.get(6));
      for (int round = 0; round < rounds; round++) {
        long pid = counters.get(SharedCounters.CHILDREN_PID);
        long before = counters.get(SharedCounters.CALLS);
        long server = cpuMicros(serverPid);
        long children = cpuMicros(pid);
        long own = cpuMicros(ProcessHandle.current().pid());
        long start = System.nanoTime();
        RuntimeFuture<Integer> future = runtime.submitAll(new Nothing(), numbers(tasks));
        counters.await(SharedCounters.CALLS, before + tasks);
        check(future.await(), tasks);
        long nanos = System.nanoTime() - start;
        say(
            runtime,
            "crossing",
            tasks,
            nanos,
            String.format(
                Locale.ROOT,
                " links=%d server_us=%.2f root_us=%.2f children_us=%.2f",
                counters.get(SharedCounters.LINKS),
                (double) (cpuMicros(serverPid) - server) / tasks,
                (double) (cpuMicros(ProcessHandle.current().pid()) - own) / tasks,
                (double) (cpuMicros(pid) - children) / tasks));
      }
      counters.set(SharedCounters.DONE, phase);
    }
  }

  /// Log lines in a rhythm, each with the moment it was written.
  private static void lines(RuntimeHandle runtime, int seconds, int perSecond)
      throws InterruptedException {
    long period = 1_000_000_000L / perSecond;
    long next = System.nanoTime() + (long) (Math.random() * period);
    for (int i = 0; i < seconds * perSecond; i++) {
      long left = next - System.nanoTime();
      if (left > 0) {
        LockSupport.parkNanos(left);
      }
      runtime.log(LogLevel.INFO, "benchmark", "at=" + System.nanoTime() + ";");
      next += period;
    }
  }

  private static List<Integer> numbers(int count) {
    return IntStream.range(0, count).boxed().toList();
  }

  private static void check(List<Integer> results, int count) {
    if (results.size() != count || results.getLast() != count - 1) {
      throw new IllegalStateException(count + " results expected, found " + results.size());
    }
  }

  private static void say(
      RuntimeHandle runtime, String what, int tasks, long nanos, String further) {
    runtime.log(
        LogLevel.INFO,
        "benchmark",
        String.format(
            Locale.ROOT,
            "%s tasks=%d seconds=%.4f per_second=%.0f%s;",
            what,
            tasks,
            nanos / 1e9,
            tasks / (nanos / 1e9),
            further));
  }

  /// User and system time of a process.
  static long cpuMicros(long pid) {
    try {
      String stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
      String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
      // Clock ticks of 10 ms, as on every Linux.
      return (Long.parseLong(fields[11]) + Long.parseLong(fields[12])) * 10_000;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
