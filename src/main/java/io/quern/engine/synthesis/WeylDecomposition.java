package io.quern.engine.synthesis;

import io.quern.engine.linalg.Rotation;

/// A two-qubit gate up to global phase as `(afterA (x) afterB) N(x,y,z) (beforeA (x) beforeB)` with
/// `N(x,y,z) = exp(i (x XX + y YY + z ZZ))`.
///
/// The coordinates lie in the Weyl chamber: `pi/4 >= x >= y >= |z|`, and `z >= 0` where `x = pi/4`.
/// Two gates have the same coordinates exactly if they differ by one-qubit gates only. Coordinates
/// that matter for counting (0 and pi/4) are exact, see [WeylDecomposer#SNAP].
///
/// Source: B. Kraus, J. I. Cirac, Optimal creation of entanglement using a two-qubit gate, 2001,
/// doi 10.1103/PhysRevA.63.062309; J. Zhang, J. Vala, S. Sastry, K. B. Whaley, Geometric theory of
/// nonlocal two-qubit operations, 2003, doi 10.1103/PhysRevA.67.042313.
///
/// @param error bound on the D2 distance lost by making coordinates exact
public record WeylDecomposition(
    Rotation beforeA,
    Rotation beforeB,
    double x,
    double y,
    double z,
    Rotation afterA,
    Rotation afterB,
    double error) {

  /// Any decomposition of this form with its coordinates moved into the Weyl chamber.
  public static WeylDecomposition canonical(
      Rotation beforeA,
      Rotation beforeB,
      double x,
      double y,
      double z,
      Rotation afterA,
      Rotation afterB) {
    return WeylChamber.canonical(beforeA, beforeB, x, y, z, afterA, afterB);
  }

  public WeylDecomposition withError(double measured) {
    return new WeylDecomposition(beforeA, beforeB, x, y, z, afterA, afterB, measured);
  }

  /// @param out 4x4, row-major, interleaved re/im, length 32; overwritten
  public void unitary(double[] out) {
    TwoQubitMatrix.write(beforeA, beforeB, x, y, z, afterA, afterB, out);
  }
}
