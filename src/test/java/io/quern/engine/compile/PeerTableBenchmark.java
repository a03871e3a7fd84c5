package io.quern.engine.compile;

import static io.quern.engine.compile.Compilations.at;
import static io.quern.engine.compile.Compilations.compile;

import io.quern.testing.InlineRuntime;
import io.quern.testing.PeerTable;
import io.quern.testing.PeerTable.Peer;
import io.quern.testing.PeerTable.Row;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;

/// Prints, for each level, CX on the example circuits all-to-all and on a line beside the recorded
/// counts of the peers; depth and operations beside those of the peer with the fewest CX; and the
/// milliseconds of processor time one compilation takes on one thread once the JVM is warm (the
/// median; parsing, queueing and storing not included) beside the recorded time of BQSKit's same
/// level. Processor time is that of a machine which does nothing else, whatever this one does.
///
/// Run with `./mvnw -Ppeer-table process-test-classes`; another seed with `-Dquern.test.seed=8`,
/// one level with `-Dquern.test.level=2`.
final class PeerTableBenchmark {
  private static final int[] WARM_UP_RUNS = {20, 5, 1};
  private static final int[] RUNS = {5, 5, 1};

  private PeerTableBenchmark() {}

  public static void main(String[] arguments) {
    long seed = Long.getLong("quern.test.seed", PeerTableTest.SEED);
    int only = Integer.getInteger("quern.test.level", 0);
    for (int level = 1; level <= CompilationOptions.MAX_LEVEL; level++) {
      if (only == 0 || only == level) {
        table(level, seed);
      }
    }
  }

  private static void table(int level, long seed) {
    print(
        "| circuit | topology | CX in | Quern L%d | fewest | BQSKit L%d | operations | peer's |"
            + " depth | peer's | ms | BQSKit ms / ms |",
        level, level);
    print("|---|---|---|---|---|---|---|---|---|---|---|---|");
    int[] sums = new int[6];
    int atMostBqskit = 0;
    int bqskitRows = 0;
    int atMostAll = 0;
    double logarithms = 0;
    double least = Double.POSITIVE_INFINITY;
    for (Row row : PeerTable.rows()) {
      CompilationInput input = at(level, PeerTableTest.input(row, seed));
      for (int run = 0; run < WARM_UP_RUNS[level - 1]; run++) {
        compile(input, InlineRuntime.of(1, 0));
      }
      CompilationResult result = compile(input);
      int cx = result.after().twoQubitGates();
      Peer best =
          row.peers().stream()
              .min(Comparator.comparingInt(Peer::cx).thenComparingInt(Peer::operations))
              .orElseThrow();
      Optional<Peer> bqskit = row.peer("bqskit-L" + level);
      double milliseconds = milliseconds(input, RUNS[level - 1]);
      String ratio = "";
      if (bqskit.isPresent()) {
        bqskitRows++;
        atMostBqskit += cx <= bqskit.get().cx() ? 1 : 0;
        double times = bqskit.get().seconds() * 1e3 / milliseconds;
        logarithms += Math.log(times);
        least = Math.min(least, times);
        ratio = String.format(Locale.ROOT, "%.0f", times);
      }
      atMostAll += cx <= best.cx() ? 1 : 0;
      int[] numbers = {
        cx,
        best.cx(),
        result.after().operations(),
        best.operations(),
        result.after().depth(),
        best.depth()
      };
      for (int k = 0; k < sums.length; k++) {
        sums[k] += numbers[k];
      }
      print(
          "| %s | %s | %d | %d | %d | %s | %d | %d | %d | %d | %.1f | %s |",
          row.circuit(),
          row.topology(),
          row.cxBefore(),
          cx,
          best.cx(),
          bqskit.isPresent() ? bqskit.get().cx() : "",
          numbers[2],
          numbers[3],
          numbers[4],
          numbers[5],
          milliseconds,
          ratio);
    }
    print(
        "| **sum** | | | **%d** | %d | | %d | %d | %d | %d | | |",
        sums[0], sums[1], sums[2], sums[3], sums[4], sums[5]);
    print(
        "level %d: CX at most BQSKit's at this level on %d of %d rows, at most every peer's at any"
            + " level on %d of 30; %.0f times as fast as recorded of BQSKit (geometric mean), at"
            + " least %.0f",
        level, atMostBqskit, bqskitRows, atMostAll, Math.exp(logarithms / bqskitRows), least);
  }

  private static double milliseconds(CompilationInput input, int runs) {
    ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    long[] nanos = new long[runs];
    for (int run = 0; run < runs; run++) {
      long start = threads.getCurrentThreadCpuTime();
      compile(input, InlineRuntime.of(1, 0));
      nanos[run] = threads.getCurrentThreadCpuTime() - start;
    }
    Arrays.sort(nanos);
    return nanos[runs / 2] / 1e6;
  }

  private static void print(String format, Object... arguments) {
    System.out.printf(Locale.ROOT, format + "%n", arguments);
  }
}
