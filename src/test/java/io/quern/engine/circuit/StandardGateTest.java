package io.quern.engine.circuit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class StandardGateTest {

  @ParameterizedTest
  @EnumSource(StandardGate.class)
  void isUnitaryForAnyParameters(StandardGate gate) {
    double[] u = unitary(gate, randomParameters(gate));
    assertThat(timesAdjoint(u, u, size(gate))).containsExactly(identity(size(gate)), within(1e-14));
  }

  @ParameterizedTest
  @EnumSource(StandardGate.class)
  void knowsWhetherItIsDiagonal(StandardGate gate) {
    double[] u = unitary(gate, randomParameters(gate));
    boolean isDiagonal = true;
    int d = size(gate);
    for (int k = 0; k < d * d; k++) {
      isDiagonal &= k / d == k % d || Math.hypot(u[2 * k], u[2 * k + 1]) < 1e-14;
    }
    assertThat(gate.isDiagonal()).isEqualTo(isDiagonal);
  }

  @ParameterizedTest
  @EnumSource(StandardGate.class)
  void knowsWhetherItIsSelfInverse(StandardGate gate) {
    double[] u = unitary(gate, randomParameters(gate));
    double[] adjoint = timesAdjoint(identity(size(gate)), u, size(gate));
    double largest = 0;
    for (int k = 0; k < u.length; k++) {
      largest = Math.max(largest, Math.abs(u[k] - adjoint[k]));
    }
    assertThat(gate.isSelfInverse()).isEqualTo(largest < 1e-14);
  }

  @ParameterizedTest
  @EnumSource(
      value = StandardGate.class,
      names = {
        "CX", "CY", "CZ", "CH", "CSX", "SWAP", "CRX", "CRY", "CRZ", "CP", "CU1", "CU3", "CU", "RXX",
        "RZZ", "RYY", "ECR", "ISWAP", "SQISW", "B"
      })
  void knowsWhetherItsTwoQubitsMayBeExchanged(StandardGate gate) {
    double[] u = unitary(gate, randomParameters(gate));
    int[] exchanged = {0, 2, 1, 3};
    double largest = 0;
    for (int row = 0; row < 4; row++) {
      for (int column = 0; column < 4; column++) {
        int there = 4 * exchanged[row] + exchanged[column];
        int here = 4 * row + column;
        largest = Math.max(largest, Math.abs(u[2 * here] - u[2 * there]));
        largest = Math.max(largest, Math.abs(u[2 * here + 1] - u[2 * there + 1]));
      }
    }
    assertThat(gate.isSymmetric()).isEqualTo(largest < 1e-14);
  }

  @Test
  void firstQubitIsTheMostSignificantBit() {
    double[] cx = unitary(StandardGate.CX);
    assertThat(cx[2 * (4 * 2 + 3)]).isEqualTo(1);
    assertThat(cx[2 * (4 * 1 + 1)]).isEqualTo(1);
  }

  @Test
  void rzAndU1DifferByAGlobalPhaseOnly() {
    double[] rz = unitary(StandardGate.RZ, 0.7);
    double[] u1 = unitary(StandardGate.U1, 0.7);
    assertThat(rz[0]).isCloseTo(Math.cos(0.35), within(1e-15));
    assertThat(u1[0]).isEqualTo(1);
    assertThat(u1[7]).isCloseTo(Math.sin(0.7), within(1e-15));
  }

  @Test
  void isFoundByItsOpenQasmName() {
    assertThat(StandardGate.ofQasmName("c3sqrtx")).isEqualTo(StandardGate.C3SQRTX);
    assertThat(StandardGate.ofQasmName("CX")).isNull();
    assertThat(StandardGate.qasmNames()).hasSize(StandardGate.values().length);
  }

  @Test
  void refusesParametersOrRoomOfTheWrongLength() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> StandardGate.RZ.unitary(new double[0], new double[8]))
        .withMessageContaining("rz takes 1 parameters, found 0");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> StandardGate.CX.unitary(new double[0], new double[8]))
        .withMessageContaining("32 numbers");
  }

  private static double[] randomParameters(StandardGate gate) {
    return new Random(gate.ordinal()).doubles(gate.parameterCount(), -3, 3).toArray();
  }

  private static int size(StandardGate gate) {
    return 1 << gate.qubits();
  }

  private static double[] unitary(StandardGate gate, double... parameters) {
    double[] out = new double[2 * size(gate) * size(gate)];
    java.util.Arrays.fill(out, Double.NaN);
    gate.unitary(parameters, out);
    return out;
  }

  private static double[] identity(int d) {
    double[] one = new double[2 * d * d];
    for (int k = 0; k < d; k++) {
      one[2 * (k * d + k)] = 1;
    }
    return one;
  }

  private static double[] timesAdjoint(double[] a, double[] b, int d) {
    double[] product = new double[2 * d * d];
    for (int i = 0; i < d; i++) {
      for (int j = 0; j < d; j++) {
        for (int k = 0; k < d; k++) {
          int x = 2 * (i * d + k);
          int y = 2 * (j * d + k);
          product[2 * (i * d + j)] += a[x] * b[y] + a[x + 1] * b[y + 1];
          product[2 * (i * d + j) + 1] += a[x + 1] * b[y] - a[x] * b[y + 1];
        }
      }
    }
    return product;
  }
}
