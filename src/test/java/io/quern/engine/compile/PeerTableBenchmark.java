package io.quern.engine.compile;

import static io.quern.engine.compile.Compilations.compile;

import io.quern.testing.InlineRuntime;
import io.quern.testing.PeerTable;
import io.quern.testing.PeerTable.Row;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/// Prints CX after level 1 beside the recorded counts of the peers, for each example circuit
/// all-to-all and on a line, with the milliseconds one compilation takes on one thread once the JVM
/// is warm (median of 5; parsing, queueing and storing not included).
///
/// Run with `./mvnw -Ppeer-table process-test-classes`; another seed with `-Dquern.test.seed=8`.
final class PeerTableBenchmark {
  private static final int WARM_UP_RUNS = 20;
  private static final int RUNS = 5;

  private PeerTableBenchmark() {}

  public static void main(String[] arguments) {
    long seed = Long.getLong("quern.test.seed", PeerTableTest.SEED);
    List<String> peers = List.of("bqskit-L1", "bqskit-L2", "bqskit-L3", "qiskit-O3", "tket");
    print(
        "| circuit | topology | CX in | Quern L1 | ms | BQSKit L1 | BQSKit L2 | BQSKit L3 | Qiskit"
            + " O3 | tket |");
    print("|---|---|---|---|---|---|---|---|---|---|");
    int atMostQiskit = 0;
    int atMostBqskit = 0;
    int atMostAll = 0;
    for (Row row : PeerTable.rows()) {
      CompilationInput input = PeerTableTest.input(row, seed);
      int cx = compile(input).after().twoQubitGates();
      atMostQiskit += cx <= row.cx("qiskit-O3").orElseThrow() ? 1 : 0;
      atMostBqskit += cx <= row.cx("bqskit-L1").orElseThrow() ? 1 : 0;
      atMostAll += cx <= row.fewest() ? 1 : 0;
      StringBuilder line = new StringBuilder();
      line.append(
          String.format(
              Locale.ROOT,
              "| %s | %s | %d | %d | %.2f |",
              row.circuit(),
              row.topology(),
              row.cxBefore(),
              cx,
              milliseconds(input)));
      for (String peer : peers) {
        var found = row.cx(peer);
        line.append(' ').append(found.isPresent() ? found.getAsInt() : "").append(" |");
      }
      print(line.toString());
    }
    print(
        "CX at most Qiskit O3's on %d of 30 rows, at most BQSKit L1's on %d, at most every peer's on %d"
            .formatted(atMostQiskit, atMostBqskit, atMostAll));
  }

  private static double milliseconds(CompilationInput input) {
    long[] nanos = new long[RUNS];
    for (int run = -WARM_UP_RUNS; run < RUNS; run++) {
      long start = System.nanoTime();
      compile(input, InlineRuntime.of(1, 0));
      if (run >= 0) {
        nanos[run] = System.nanoTime() - start;
      }
    }
    Arrays.sort(nanos);
    return nanos[RUNS / 2] / 1e6;
  }

  private static void print(String line) {
    System.out.println(line);
  }
}
