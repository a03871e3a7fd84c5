package io.quern.engine.mapping;

/// The fewest CX gates that, with one-qubit gates, make a two-qubit unitary.
///
/// Source: Shende, Bullock, Markov, Recognizing small-circuit structure in two-qubit operators,
/// Phys. Rev. A 70, 012310 (2004), doi 10.1103/PhysRevA.70.012310: with γ(U) = U·(Y⊗Y)·Uᵀ·(Y⊗Y) and
/// U scaled to determinant 1, none is needed if γ = ±I, one if γ² = -I and its trace is 0, two if
/// the trace is real, and three always do.
final class CxCount {
  /// On entries of γ, and so on the angles by which a unitary may miss a class.
  private static final double TOLERANCE = 1e-8;

  private CxCount() {}

  /// @param u two-qubit unitary, row-major, interleaved re/im, any global phase; not modified
  static int of(double[] u) {
    double[] gamma = gamma(u);
    // γ of e^(iφ)·U is e^(2iφ)·γ(U): the phase is taken out by det γ = det(U)², whose fourth root
    // is known up to a factor i^k; det U = 1 itself leaves γ up to sign only.
    double[] det = determinant(u);
    double angle = -Math.atan2(det[1], det[0]) / 2;
    scale(gamma, Math.cos(angle), Math.sin(angle));
    double traceRe = gamma[0] + gamma[10] + gamma[20] + gamma[30];
    double traceIm = gamma[1] + gamma[11] + gamma[21] + gamma[31];
    if (distanceFromScaledIdentity(gamma, Math.signum(traceRe)) < TOLERANCE) {
      return 0;
    }
    if (Math.abs(traceRe) < TOLERANCE
        && Math.abs(traceIm) < TOLERANCE
        && distanceFromScaledIdentity(TwoQubitMatrix.multiply(gamma, gamma), -1) < TOLERANCE) {
      return 1;
    }
    return Math.abs(traceIm) < TOLERANCE ? 2 : 3;
  }

  /// U·(Y⊗Y)·Uᵀ·(Y⊗Y); Y⊗Y is the anti-diagonal -1, 1, 1, -1.
  private static double[] gamma(double[] u) {
    double[] flipped = new double[32];
    for (int row = 0; row < 4; row++) {
      for (int column = 0; column < 4; column++) {
        // (Y⊗Y)·Uᵀ·(Y⊗Y): entry (row, column) is sign(row)·sign(column)·U[3-column][3-row]
        double sign = sign(row) * sign(column);
        flipped[8 * row + 2 * column] = sign * u[8 * (3 - column) + 2 * (3 - row)];
        flipped[8 * row + 2 * column + 1] = sign * u[8 * (3 - column) + 2 * (3 - row) + 1];
      }
    }
    return TwoQubitMatrix.multiply(u, flipped);
  }

  private static int sign(int index) {
    return index == 0 || index == 3 ? -1 : 1;
  }

  private static double distanceFromScaledIdentity(double[] m, double scale) {
    double largest = 0;
    for (int row = 0; row < 4; row++) {
      for (int column = 0; column < 4; column++) {
        double re = m[8 * row + 2 * column] - (row == column ? scale : 0);
        largest = Math.max(largest, Math.abs(re));
        largest = Math.max(largest, Math.abs(m[8 * row + 2 * column + 1]));
      }
    }
    return largest;
  }

  private static void scale(double[] m, double re, double im) {
    for (int i = 0; i < m.length; i += 2) {
      double r = m[i] * re - m[i + 1] * im;
      m[i + 1] = m[i] * im + m[i + 1] * re;
      m[i] = r;
    }
  }

  /// By 2×2 minors of the upper and the lower two rows.
  private static double[] determinant(double[] u) {
    double re = 0;
    double im = 0;
    for (int i = 0; i < 4; i++) {
      for (int j = i + 1; j < 4; j++) {
        int k = i != 0 && j != 0 ? 0 : i != 1 && j != 1 ? 1 : 2;
        int l = 6 - i - j - k;
        double sign = (i + j) % 2 == 1 ? 1 : -1;
        double upperRe = minorRe(u, 0, i, j);
        double upperIm = minorIm(u, 0, i, j);
        double lowerRe = minorRe(u, 2, k, l);
        double lowerIm = minorIm(u, 2, k, l);
        re += sign * (upperRe * lowerRe - upperIm * lowerIm);
        im += sign * (upperRe * lowerIm + upperIm * lowerRe);
      }
    }
    return new double[] {re, im};
  }

  private static double minorRe(double[] u, int row, int i, int j) {
    int a = 8 * row + 2 * i;
    int b = 8 * row + 2 * j;
    int c = a + 8;
    int d = b + 8;
    return u[a] * u[d] - u[a + 1] * u[d + 1] - u[b] * u[c] + u[b + 1] * u[c + 1];
  }

  private static double minorIm(double[] u, int row, int i, int j) {
    int a = 8 * row + 2 * i;
    int b = 8 * row + 2 * j;
    int c = a + 8;
    int d = b + 8;
    return u[a] * u[d + 1] + u[a + 1] * u[d] - u[b] * u[c + 1] - u[b + 1] * u[c];
  }
}
