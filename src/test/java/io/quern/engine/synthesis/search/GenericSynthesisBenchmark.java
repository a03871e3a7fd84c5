package io.quern.engine.synthesis.search;

import io.quern.engine.instantiation.Instantiation;
import io.quern.engine.machine.CouplingGraph;
import io.quern.engine.machine.CouplingGraph.Edge;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/// Time and CX of circuits for random unitaries of three and four qubits on a line, on one thread;
/// the first of each width, with a cold compiler, beside the median and the slowest of the others.
///
/// `src/benchmark/instantiation` runs it.
public final class GenericSynthesisBenchmark {
  private static final int[] UNITARIES = {0, 0, 0, 20, 5};

  private GenericSynthesisBenchmark() {}

  public static void main(String[] arguments) {
    GenericSynthesis synthesis = new GenericSynthesis();
    for (int qubits = 3; qubits <= 4; qubits++) {
      List<Edge> couplings = CouplingGraph.line(qubits).edges();
      int count = UNITARIES[qubits];
      double[] millis = new double[count];
      int most = 0;
      double farthest = 0;
      for (int k = 0; k < count; k++) {
        double[] unitary = GenericSynthesisTest.random(1 << qubits, k);
        long start = System.nanoTime();
        Instantiation found =
            synthesis.synthesize(unitary, qubits, couplings, k, () -> {}).orElseThrow();
        millis[k] = (System.nanoTime() - start) / 1e6;
        most = Math.max(most, found.size());
        farthest = Math.max(farthest, GenericSynthesisTest.distance(found, unitary));
      }
      double first = millis[0];
      Arrays.sort(millis, 1, count);
      System.out.printf(
          Locale.ROOT,
          "%d random unitaries of %d qubits: at most %d CX and D1 %.0e; first %.0f ms, then median"
              + " %.1f ms, slowest %.1f ms%n",
          count,
          qubits,
          most,
          farthest,
          first,
          millis[(1 + count) / 2],
          millis[count - 1]);
    }
  }
}
