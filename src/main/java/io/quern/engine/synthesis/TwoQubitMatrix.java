package io.quern.engine.synthesis;

import io.quern.engine.linalg.Matrices;
import io.quern.engine.linalg.Rotation;

/// Writes two-qubit matrices from the parts of a Weyl decomposition.
public final class TwoQubitMatrix {
  private TwoQubitMatrix() {}

  /// `out = (afterA (x) afterB) exp(i (x XX + y YY + z ZZ)) (beforeA (x) beforeB)`.
  ///
  /// @param out row-major, interleaved re/im, length 32; overwritten
  public static void write(
      Rotation beforeA,
      Rotation beforeB,
      double x,
      double y,
      double z,
      Rotation afterA,
      Rotation afterB,
      double[] out) {
    double[] left = new double[32];
    double[] right = new double[32];
    Matrices.kron(beforeA, beforeB, right);
    canonical(right, x, y, z);
    Matrices.kron(afterA, afterB, left);
    Matrices.kernel().multiply4(left, right, out);
  }

  /// Multiplies N(x,y,z) onto a matrix from the left, in place. N is block diagonal: on span{00,11}
  /// it is `e^(iz) exp(i(x-y) X)`, on span{01,10} `e^(-iz) exp(i(x+y) X)`.
  private static void canonical(double[] m, double x, double y, double z) {
    mix(m, 0, 24, x - y, z);
    mix(m, 8, 16, x + y, -z);
  }

  private static void mix(double[] m, int r, int s, double angle, double phase) {
    double cr = Math.cos(angle) * Math.cos(phase);
    double ci = Math.cos(angle) * Math.sin(phase);
    double sr = -Math.sin(angle) * Math.sin(phase);
    double si = Math.sin(angle) * Math.cos(phase);
    for (int c = 0; c < 8; c += 2) {
      double ar = m[r + c];
      double ai = m[r + c + 1];
      double br = m[s + c];
      double bi = m[s + c + 1];
      m[r + c] = cr * ar - ci * ai + (sr * br - si * bi);
      m[r + c + 1] = cr * ai + ci * ar + (sr * bi + si * br);
      m[s + c] = cr * br - ci * bi + (sr * ar - si * ai);
      m[s + c + 1] = cr * bi + ci * br + (sr * ai + si * ar);
    }
  }
}
