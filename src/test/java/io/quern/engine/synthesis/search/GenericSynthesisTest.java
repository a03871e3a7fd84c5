package io.quern.engine.synthesis.search;

import static org.assertj.core.api.Assertions.assertThat;

import io.quern.engine.instantiation.Instantiation;
import io.quern.engine.machine.CouplingGraph;
import io.quern.engine.machine.CouplingGraph.Edge;
import io.quern.testing.ComplexMatrix;
import io.quern.testing.ReferenceSimulator;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GenericSynthesisTest {
  private final GenericSynthesis synthesis = new GenericSynthesis();

  @ParameterizedTest
  @CsvSource({"1,0", "2,3", "3,14", "4,61"})
  void fewestGatesAreThoseOfCountingParameters(int qubits, int gates) {
    assertThat(GenericSynthesis.leastGates(qubits)).isEqualTo(gates);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3})
  void randomUnitariesTakeTheFewestOnALine(int qubits) {
    for (long seed = 0; seed < 10; seed++) {
      Instantiation found = find(qubits, CouplingGraph.line(qubits).edges(), seed);
      assertThat(found.size()).isEqualTo(GenericSynthesis.leastGates(qubits));
    }
  }

  @Test
  void couplingsWithoutAPathWillDo() {
    CouplingGraph star =
        CouplingGraph.of(4, List.of(new Edge(0, 1), new Edge(0, 2), new Edge(0, 3)));
    Instantiation found = find(4, star.edges(), 1);
    assertThat(found.size()).isBetween(61, 65);
    assertThat(star.edges()).containsAll(found.template().pairs());
  }

  private Instantiation find(int qubits, List<Edge> couplings, long seed) {
    double[] target = random(1 << qubits, seed);
    Instantiation found =
        synthesis.synthesize(target, qubits, couplings, seed, () -> {}).orElseThrow();
    assertThat(distance(found, target)).isLessThan(1e-12);
    return found;
  }

  /// D1 between the circuit, by the reference simulator, and the target.
  static double distance(Instantiation found, double[] target) {
    int d = 1 << found.template().qubits();
    ComplexMatrix unitary = ComplexMatrix.ofInterleaved(d, target);
    ComplexMatrix product = ReferenceSimulator.unitary(found.circuit()).adjoint().times(unitary);
    double re = 0;
    double im = 0;
    for (int k = 0; k < d; k++) {
      re += product.re(k, k);
      im += product.im(k, k);
    }
    return 1 - Math.hypot(re, im) / d;
  }

  /// Orthonormalised rows of random numbers, row-major, interleaved re/im.
  static double[] random(int d, long seed) {
    double[] u = new SplittableRandom(seed).doubles().map(x -> x - 0.5).limit(2L * d * d).toArray();
    for (int i = 0; i < d; i++) {
      for (int j = 0; j < i; j++) {
        subtractProjection(u, 2 * d * i, 2 * d * j, 2 * d);
      }
      double squared = 0;
      for (int k = 2 * d * i; k < 2 * d * (i + 1); k++) {
        squared += u[k] * u[k];
      }
      for (int k = 2 * d * i; k < 2 * d * (i + 1); k++) {
        u[k] /= Math.sqrt(squared);
      }
    }
    return u;
  }

  private static void subtractProjection(double[] u, int row, int onto, int length) {
    double re = 0;
    double im = 0;
    for (int k = 0; k < length; k += 2) {
      re += u[onto + k] * u[row + k] + u[onto + k + 1] * u[row + k + 1];
      im += u[onto + k] * u[row + k + 1] - u[onto + k + 1] * u[row + k];
    }
    for (int k = 0; k < length; k += 2) {
      u[row + k] -= re * u[onto + k] - im * u[onto + k + 1];
      u[row + k + 1] -= re * u[onto + k + 1] + im * u[onto + k];
    }
  }
}
