package io.quern.engine.partition;

import io.quern.engine.linalg.Rotation;
import io.quern.engine.synthesis.TwoQubitMatrix;

/// A two-qubit gate without local part: `(turnA (x) turnB)^dagger exp(i (x XX + y YY + z ZZ))
/// (turnA (x) turnB)` on qubits a < b, with coordinates in the Weyl chamber.
///
/// With `y = z = 0` it is `exp(i x n.sigma (x) m.sigma)` for two axes n and m of the Bloch sphere:
/// it commutes with whatever acts along n on a or along m on b, whichever gates surround it.
public record Block(int a, int b, double x, double y, double z, Rotation turnA, Rotation turnB)
    implements BlockElement {
  /// Angles between axes up to this count as none. Exchanging two blocks whose axes are off by an
  /// angle costs at most twice that angle in D2.
  static final double AXIS_TOLERANCE = 1e-12;

  /// Whether the block has an axis on each qubit.
  boolean isAxial() {
    return y == 0 && z == 0;
  }

  Rotation turn(int qubit) {
    return qubit == a ? turnA : turnB;
  }

  /// The same block with its first qubit renamed to `first` and its second to `second`.
  public Block on(int first, int second) {
    return first < second
        ? new Block(first, second, x, y, z, turnA, turnB)
        : new Block(second, first, x, y, z, turnB, turnA);
  }

  /// The same block seen behind local gates: `(a (x) b)^dagger this (a (x) b)`.
  Block behind(Rotation localA, Rotation localB) {
    return new Block(a, b, x, y, z, turnA.after(localA), turnB.after(localB));
  }

  Block behind(int qubit, Rotation local) {
    return qubit == a
        ? new Block(a, b, x, y, z, turnA.after(local), turnB)
        : new Block(a, b, x, y, z, turnA, turnB.after(local));
  }

  /// 1 or -1 if both blocks are axial with parallel or antiparallel axes on a qubit, else 0.
  public int parallel(Block other, int qubit) {
    if (!isAxial() || !other.isAxial()) {
      return 0;
    }
    double cosine = axisCosine(turn(qubit), other.turn(qubit));
    return cosine == 0 ? 0 : cosine > 0 ? 1 : -1;
  }

  /// The cosine of the angle between two axes if they are parallel up to [#AXIS_TOLERANCE], else 0.
  private static double axisCosine(Rotation s, Rotation t) {
    // The axis is s^dagger X s, the first row of the rotation matrix of s.
    double sx = 1 - 2 * (s.y() * s.y() + s.z() * s.z());
    double sy = 2 * (s.x() * s.y() - s.w() * s.z());
    double sz = 2 * (s.x() * s.z() + s.w() * s.y());
    double tx = 1 - 2 * (t.y() * t.y() + t.z() * t.z());
    double ty = 2 * (t.x() * t.y() - t.w() * t.z());
    double tz = 2 * (t.x() * t.z() + t.w() * t.y());
    double cx = sy * tz - sz * ty;
    double cy = sz * tx - sx * tz;
    double cz = sx * ty - sy * tx;
    if (Math.abs(cx) + Math.abs(cy) + Math.abs(cz) > AXIS_TOLERANCE) {
      return 0;
    }
    return sx * tx + sy * ty + sz * tz;
  }

  /// @param out 4x4 matrix, qubit a first; overwritten
  public void unitary(double[] out) {
    TwoQubitMatrix.write(turnA, turnB, x, y, z, turnA.inverse(), turnB.inverse(), out);
  }
}
