package io.quern.server;

import static io.quern.runtime.Fixtures.function;
import static io.quern.runtime.Fixtures.result;

import io.quern.engine.compile.CompilationResult;
import io.quern.engine.pass.LogLevel;
import io.quern.engine.pass.RuntimeFunction;
import java.util.Collections;
import java.util.List;
import java.util.Locale;

/// How many runtime tasks a second the in-process manager and its workers run, with functions that
/// do nothing: flat (one root, all children in one map), and nested (each child maps two more).
///
/// Run with the test classes on the class path: `java ... io.quern.server.RuntimeTaskThroughput
/// [rounds]`. The last numbers are in docs/benchmarks.md.
public final class RuntimeTaskThroughput {
  private static final RuntimeFunction<Integer, Integer> NOTHING =
      function("nothing", (argument, runtime) -> argument);

  private static final RuntimeFunction<Integer, Integer> TWO_CHILDREN =
      function(
          "two-children",
          (argument, runtime) -> runtime.map(NOTHING, List.of(argument, argument)).getFirst());

  private RuntimeTaskThroughput() {}

  public static void main(String[] arguments) throws InterruptedException {
    int rounds = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 5;
    for (int workers : List.of(1, 2)) {
      try (AttachedServer server = new AttachedServer(workers)) {
        for (int round = 1; round <= rounds; round++) {
          measure(server, workers, "flat", NOTHING, 1_000_000, 1_000_000);
          measure(server, workers, "nested", TWO_CHILDREN, 100_000, 300_000);
        }
      }
    }
  }

  private static void measure(
      AttachedServer server,
      int workers,
      String name,
      RuntimeFunction<Integer, Integer> child,
      int children,
      int tasks)
      throws InterruptedException {
    RuntimeFunction<List<Integer>, CompilationResult> root =
        function("root", (list, runtime) -> result(runtime.map(child, list).size()));
    long start = System.nanoTime();
    server.run(root, Collections.nCopies(children, 1), null, LogLevel.INFO, event -> {});
    double seconds = (System.nanoTime() - start) / 1e9;
    report(
        String.format(
            Locale.ROOT,
            "%d workers, %s: %d tasks in %.2f s = %.0f/s",
            workers,
            name,
            tasks,
            seconds,
            tasks / seconds));
  }

  private static void report(String line) {
    System.out.println(line);
  }
}
