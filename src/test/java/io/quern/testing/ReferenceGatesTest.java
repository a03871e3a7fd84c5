package io.quern.testing;

import static org.assertj.core.api.Assertions.assertThat;

import io.quern.engine.circuit.StandardGate;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Two independently written tables of gate matrices agree.
class ReferenceGatesTest {

  @ParameterizedTest
  @EnumSource
  void matrixOfTheEngineEqualsTheTextbook(StandardGate gate) {
    Random random = new Random(gate.name().hashCode());
    int trials = gate.parameterCount() == 0 ? 1 : 40;
    for (int trial = 0; trial < trials; trial++) {
      double[] parameters =
          random.doubles(gate.parameterCount()).map(_ -> Generators.angle(random)).toArray();
      int dimension = 1 << gate.qubits();
      double[] entries = new double[2 * dimension * dimension];
      gate.unitary(parameters, entries);
      ComplexMatrix found = ComplexMatrix.ofInterleaved(dimension, entries);
      ComplexMatrix expected = ReferenceGates.unitary(gate.qasmName(), parameters);
      assertThat(found.maxDifference(expected))
          .as("%s%s:%nexpected%n%sfound%n%s", gate, Arrays.toString(parameters), expected, found)
          .isLessThan(2e-14);
    }
  }

  @ParameterizedTest
  @EnumSource
  void referenceMatrixIsUnitary(StandardGate gate) {
    double[] parameters = new Random(1).doubles(gate.parameterCount(), -7, 7).toArray();
    ComplexMatrix unitary = ReferenceGates.unitary(gate.qasmName(), parameters);
    assertThat(
            unitary.times(unitary.adjoint()).maxDifference(ComplexMatrix.identity(unitary.rows())))
        .isLessThan(1e-15);
  }
}
