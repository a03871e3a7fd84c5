package io.quern.engine.linalg;

import static org.assertj.core.api.Assertions.assertThat;

import io.quern.engine.circuit.StandardGate;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RotationTest {
  @Test
  void matrixOfRotationIsTheGatesUpToPhase() {
    double[] gate = new double[8];
    double[] found = new double[8];
    for (double angle : new double[] {0, 1e-9, 0.3, Math.PI / 2, Math.PI, 4, -7}) {
      StandardGate.RX.unitary(new double[] {angle}, gate);
      Rotation.aboutX(angle).matrix(found);
      assertThat(Matrices.distance(gate, found, 2)).isLessThan(1e-28);
      StandardGate.RY.unitary(new double[] {angle}, gate);
      Rotation.aboutY(angle).matrix(found);
      assertThat(Matrices.distance(gate, found, 2)).isLessThan(1e-28);
      StandardGate.RZ.unitary(new double[] {angle}, gate);
      Rotation.aboutZ(angle).matrix(found);
      assertThat(Matrices.distance(gate, found, 2)).isLessThan(1e-28);
    }
  }

  /// A third of a turn about an axis that is none of the octahedron's has components of the same
  /// sizes as Clifford gates have.
  @Test
  void mixtureOfCliffordComponentsIsNoCliffordGate() {
    double root = Rotation.H.x();
    assertThat(new Rotation(0.5, 0.5, root, 0).isClifford()).isFalse();
    assertThat(new Rotation(0.5, 0.5, 0.5, -0.5).isClifford()).isTrue();
    assertThat(new Rotation(root, 0, 0, -root).isClifford()).isTrue();
    assertThat(new Rotation(0, 0, -1, 0).isClifford()).isTrue();
  }

  @Test
  void rotationOfMatrixIgnoresPhaseAndScale() {
    Random random = new Random(3);
    double[] gate = new double[8];
    double[] back = new double[8];
    for (int trial = 0; trial < 200; trial++) {
      double[] angles = random.doubles(3, -7, 7).toArray();
      StandardGate.U3.unitary(angles, gate);
      double scale = 0.1 + random.nextDouble();
      double phase = random.nextDouble() * 7;
      double[] scaled = new double[8];
      for (int k = 0; k < 8; k += 2) {
        scaled[k] = scale * (gate[k] * Math.cos(phase) - gate[k + 1] * Math.sin(phase));
        scaled[k + 1] = scale * (gate[k] * Math.sin(phase) + gate[k + 1] * Math.cos(phase));
      }
      Rotation.ofMatrix(scaled).matrix(back);
      assertThat(Matrices.distance(gate, back, 2)).isLessThan(1e-28);
    }
  }

  @Test
  void longProductsOfCliffordGatesStayExact() {
    Random random = new Random(4);
    Rotation[] generators = {
      Rotation.H, Rotation.aboutZ(Math.PI / 2), Rotation.aboutX(-Math.PI / 2), Rotation.Y
    };
    Rotation product = Rotation.IDENTITY;
    Set<Rotation> seen = new HashSet<>();
    for (int k = 0; k < 100_000; k++) {
      product = generators[random.nextInt(generators.length)].after(product);
      assertThat(product.isClifford()).isTrue();
      // Without the sign of the quaternion and of zeros there are 24.
      double sign = Math.signum(firstNonZero(product));
      seen.add(
          new Rotation(
              0.0 + sign * product.w(),
              0.0 + sign * product.x(),
              0.0 + sign * product.y(),
              0.0 + sign * product.z()));
    }
    assertThat(seen).hasSize(24);
  }

  private static double firstNonZero(Rotation r) {
    for (double value : new double[] {r.w(), r.x(), r.y(), r.z()}) {
      if (value != 0) {
        return value;
      }
    }
    return 0;
  }
}
