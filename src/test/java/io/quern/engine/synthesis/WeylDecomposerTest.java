package io.quern.engine.synthesis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.quern.engine.circuit.StandardGate;
import io.quern.engine.linalg.Matrices;
import io.quern.engine.linalg.Rotation;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WeylDecomposerTest {
  private static final double QUARTER = Math.PI / 4;
  private final WeylDecomposer decomposer = new WeylDecomposer();

  @Test
  void everyCoordinateAndLocalGateIsFoundAgain() {
    // Where eigenvalues meet, are nearly equal, or coordinates lie on the chamber's edges.
    double[] values = {
      0,
      1e-300,
      1e-17,
      1e-15,
      1e-13,
      1e-12,
      1e-10,
      1e-8,
      1e-5,
      0.1,
      QUARTER / 2,
      QUARTER / 2 + 1e-9,
      QUARTER - 1e-13,
      QUARTER,
      QUARTER + 1e-8,
      Math.PI / 2,
      1.3,
      -0.4,
      -QUARTER,
      3
    };
    Random random = new Random(1);
    for (double x : values) {
      for (double y : values) {
        for (double z : values) {
          double[] gate = new double[32];
          TwoQubitMatrix.write(
              local(random), local(random), x, y, z, local(random), local(random), gate);
          isDecomposed(gate);
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(doubles = {1e-14, 1e-11, 1e-9, 1e-7, 1e-4, 1e-2, 1, 3})
  void powersOfGatesAreDecomposed(double angle) {
    double[] gate = new double[32];
    for (StandardGate kind : StandardGate.values()) {
      if (kind.qubits() == 2) {
        double[] parameters = new double[kind.parameterCount()];
        java.util.Arrays.fill(parameters, angle);
        kind.unitary(parameters, gate);
        isDecomposed(gate);
      }
    }
  }

  @Test
  void coordinatesOfKnownGates() {
    hasCoordinates(StandardGate.CX, QUARTER, 0, 0);
    hasCoordinates(StandardGate.CZ, QUARTER, 0, 0);
    hasCoordinates(StandardGate.CH, QUARTER, 0, 0);
    hasCoordinates(StandardGate.CSX, QUARTER / 2, 0, 0);
    hasCoordinates(StandardGate.SWAP, QUARTER, QUARTER, QUARTER);
    hasCoordinates(StandardGate.RZZ, 0.35, 0, 0, 0.7);
    hasCoordinates(StandardGate.CP, 0.175, 0, 0, 0.7);
  }

  @Test
  void cliffordGatesHaveCliffordLocals() {
    Rotation[] generators = {Rotation.H, Rotation.aboutZ(Math.PI / 2)};
    Random random = new Random(5);
    double[] gate = new double[32];
    double[] factor = new double[32];
    double[] product = new double[32];
    Matrices.kron(Rotation.IDENTITY, Rotation.IDENTITY, gate);
    for (int k = 0; k < 3000; k++) {
      if (random.nextInt(4) == 0) {
        StandardGate.CX.unitary(new double[0], factor);
      } else {
        Matrices.kron(
            generators[random.nextInt(2)],
            random.nextBoolean() ? Rotation.IDENTITY : generators[random.nextInt(2)],
            factor);
      }
      Matrices.kernel().multiply4(factor, gate, product);
      WeylDecomposition found = decomposer.measured(product);
      assertThat(found.beforeA().isClifford()).isTrue();
      assertThat(found.beforeB().isClifford()).isTrue();
      assertThat(found.afterA().isClifford()).isTrue();
      assertThat(found.afterB().isClifford()).isTrue();
      // Go on from the exact gate, so that rounding does not grow over the walk.
      found.unitary(gate);
    }
  }

  private void isDecomposed(double[] gate) {
    WeylDecomposition found = decomposer.decompose(gate);
    assertThat(found.x()).isLessThanOrEqualTo(QUARTER).isGreaterThanOrEqualTo(found.y());
    assertThat(found.y()).isGreaterThanOrEqualTo(Math.abs(found.z()));
    if (found.x() == QUARTER) {
      assertThat(found.z()).isGreaterThanOrEqualTo(0);
    }
    double[] back = new double[32];
    found.unitary(back);
    double distance = Matrices.distance(gate, back, 4);
    // D1 is half the square of D2, and rounding alone leaves some 1e-15 of D2.
    double allowed = found.error() + 2e-14;
    assertThat(distance).isLessThanOrEqualTo(allowed * allowed);
  }

  private void hasCoordinates(
      StandardGate kind, double x, double y, double z, double... parameters) {
    double[] gate = new double[32];
    kind.unitary(parameters, gate);
    WeylDecomposition found = decomposer.decompose(gate);
    assertThat(found.x()).as(kind.qasmName()).isCloseTo(x, within(1e-15));
    assertThat(found.y()).as(kind.qasmName()).isEqualTo(y);
    assertThat(found.z()).as(kind.qasmName()).isEqualTo(z);
  }

  private static Rotation local(Random random) {
    return Rotation.aboutZ(7 * random.nextDouble())
        .after(Rotation.aboutY(7 * random.nextDouble()))
        .after(Rotation.aboutZ(7 * random.nextDouble()));
  }
}
