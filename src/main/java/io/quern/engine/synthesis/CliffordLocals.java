package io.quern.engine.synthesis;

import io.quern.engine.linalg.Matrices;
import io.quern.engine.linalg.Rotation;

/// Keeps Clifford gates Clifford: at equal eigenvalues the one-qubit gates of a Weyl decomposition
/// are not unique, and the one found need not consist of Clifford gates though one exists.
///
/// A two-qubit Clifford gate is `L N C` with L a local Clifford gate, N one of the four Clifford
/// points of the Weyl chamber and C one of nine pairs of turns about the axis (1,1,1): the turns
/// stand for the classes of local Clifford gates that N does not carry to its other side (the
/// counting of A. D. Corcoles et al., 2013, doi 10.1103/PhysRevA.87.030301). So nine trials find an
/// exact one.
final class CliffordLocals {
  private static final double QUARTER = Math.PI / 4;

  /// D2 distance beyond that of the coordinates: rounding, and no more, so that gates that only
  /// come near to a Clifford gate are left alone.
  private static final double TOLERANCE = 1e-13;

  private static final Rotation THIRD = new Rotation(0.5, 0.5, 0.5, 0.5);
  private static final Rotation[] TURNS = {Rotation.IDENTITY, THIRD, THIRD.inverse()};

  private CliffordLocals() {}

  /// The given decomposition, or an equal one with Clifford one-qubit gates if there is one.
  static WeylDecomposition exact(double[] unitary, WeylDecomposition found) {
    if (!isCliffordPoint(found) || hasCliffordLocals(found)) {
      return found;
    }
    double[] local = new double[32];
    double[] point = new double[32];
    double[] rest = new double[32];
    double[] scratch = new double[8];
    for (Rotation a : TURNS) {
      for (Rotation b : TURNS) {
        // rest = U (a (x) b)^dagger N^dagger is local if the trial is right.
        TwoQubitMatrix.write(
            Rotation.IDENTITY,
            Rotation.IDENTITY,
            -found.x(),
            -found.y(),
            -found.z(),
            a.inverse(),
            b.inverse(),
            point);
        Matrices.kernel().multiply4(unitary, point, rest);
        Rotation afterA = LocalFactors.first(rest, scratch);
        Rotation afterB = LocalFactors.second(rest, scratch);
        Matrices.kron(afterA, afterB, local);
        if (afterA.isClifford()
            && afterB.isClifford()
            && Math.sqrt(2 * Matrices.distance(rest, local, 4)) <= found.error() + TOLERANCE) {
          return new WeylDecomposition(
              a, b, found.x(), found.y(), found.z(), afterA, afterB, found.error());
        }
      }
    }
    return found;
  }

  private static boolean isCliffordPoint(WeylDecomposition found) {
    return (found.x() == 0 || found.x() == QUARTER)
        && (found.y() == 0 || found.y() == QUARTER)
        && (found.z() == 0 || found.z() == QUARTER);
  }

  private static boolean hasCliffordLocals(WeylDecomposition found) {
    return found.beforeA().isClifford()
        && found.beforeB().isClifford()
        && found.afterA().isClifford()
        && found.afterB().isClifford();
  }
}
