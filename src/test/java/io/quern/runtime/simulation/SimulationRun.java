package io.quern.runtime.simulation;

import java.time.Duration;
import java.time.Instant;
import java.util.SortedMap;

/// Plays seeds of the cluster simulation in a process of its own and prints what they had; ends
/// with 1 when one failed.
final class SimulationRun {
  private SimulationRun() {}

  /// @param arguments how many seeds, on how many threads (1), from which on (1), after how many
  ///   that fail the rest is left out (none is)
  public static void main(String[] arguments) {
    int count = Integer.parseInt(arguments[0]);
    int threads = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 1;
    long first = arguments.length > 2 ? Long.parseLong(arguments[2]) : 1;
    int maxFailures = arguments.length > 3 ? Integer.parseInt(arguments[3]) : Integer.MAX_VALUE;
    Instant begin = Instant.now();
    Seeds seeds = Seeds.play(first, count, threads, maxFailures);
    System.out.println(seeds.summary());
    System.out.println(Duration.between(begin, Instant.now()).toMillis() / 1_000.0 + " s");
    SortedMap<Long, String> failures = seeds.failures();
    if (!failures.isEmpty()) {
      System.out.println("failed: " + failures.size() + " of " + count + " seeds");
      System.out.println("first: " + failures.firstKey());
      System.out.println(failures.get(failures.firstKey()));
      System.exit(1);
    }
  }
}
