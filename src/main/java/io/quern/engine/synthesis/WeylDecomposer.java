package io.quern.engine.synthesis;

import io.quern.engine.linalg.Matrices;
import io.quern.engine.linalg.Rotation;

/// Finds the Weyl (KAK) decomposition of two-qubit gates; holds scratch space, not thread-safe.
///
/// In the magic basis one-qubit gates are real orthogonal matrices O, and N(x,y,z) is a diagonal D,
/// so that `U^T U = O2^T D^2 O2`: the decomposition is the simultaneous diagonalisation of two
/// commuting real symmetric matrices, the real and imaginary part of `U^T U`. Jacobi rotations that
/// reduce both at once do it (A. Bunse-Gerstner, R. Byers, V. Mehrmann, Numerical methods for
/// simultaneous diagonalization, 1993, doi 10.1137/0614062; angles as in J.-F. Cardoso, A.
/// Souloumiac, Jacobi angles for simultaneous diagonalization, 1996, doi
/// 10.1137/S0895479893259546). Unlike the usual random mixture of the two parts this cannot fail at
/// equal or nearly equal eigenvalues (local gates, SWAP, powers of CX, tiny angles), and it is
/// deterministic.
public final class WeylDecomposer {

  /// Coordinates within this distance of 0 or pi/4 are made exact; the D2 distance this costs is at
  /// most the sum of the shifts and is reported in [WeylDecomposition#error].
  public static final double SNAP = 1e-11;

  /// The D1 distance up to which a decomposition is used.
  public static final double MAX_DISTANCE = 1e-14;

  private static final int MAX_SWEEPS = 32;

  private final double[] magic = new double[32];
  private final double[] work = new double[32];
  private final double[] gram = new double[32];
  private final double[][] re = new double[4][4];
  private final double[][] im = new double[4][4];
  private final double[][] p = new double[4][4];
  private final double[][] k = new double[4][4];
  private final double[] theta = new double[4];
  private final double[] block = new double[8];
  private final double[] spare = new double[32];

  /// @param unitary 4x4, row-major, interleaved re/im, length 32; not modified
  public WeylDecomposition decompose(double[] unitary) {
    toMagicBasis(unitary, magic);
    Matrices.kernel().gram4(magic, gram);
    for (int r = 0; r < 4; r++) {
      for (int c = 0; c < 4; c++) {
        re[r][c] = gram[8 * r + 2 * c];
        im[r][c] = gram[8 * r + 2 * c + 1];
      }
    }
    diagonalise();
    for (int j = 0; j < 4; j++) {
      theta[j] = Math.atan2(im[j][j], re[j][j]) / 2;
    }
    if (determinant(p) < 0) {
      for (int r = 0; r < 4; r++) {
        p[r][0] = -p[r][0];
      }
    }
    outerFactor();
    if (determinant(k) < 0) {
      theta[0] += Math.PI;
      for (int r = 0; r < 4; r++) {
        k[r][0] = -k[r][0];
      }
    }
    // Signs of XX, YY and ZZ on the four magic states.
    double x = (theta[0] + theta[1] - theta[2] - theta[3]) / 4;
    double y = (-theta[0] + theta[1] - theta[2] + theta[3]) / 4;
    double z = (theta[0] - theta[1] - theta[2] + theta[3]) / 4;

    fromMagicBasis(k, false);
    Rotation afterA = firstFactor();
    Rotation afterB = secondFactor();
    fromMagicBasis(p, true);
    Rotation beforeA = firstFactor();
    Rotation beforeB = secondFactor();
    WeylDecomposition found = WeylChamber.canonical(beforeA, beforeB, x, y, z, afterA, afterB);
    return CliffordLocals.exact(unitary, found);
  }

  /// As [#decompose], with the distance to the gate measured.
  ///
  /// @throws ArithmeticException if it is more than [#MAX_DISTANCE], which no unitary can cause
  public WeylDecomposition measured(double[] unitary) {
    WeylDecomposition found = decompose(unitary);
    found.unitary(work);
    double distance = Matrices.distance(unitary, work, 4);
    if (!(distance <= MAX_DISTANCE)) {
      throw new ArithmeticException(
          "decomposition is off by " + distance + ", expected a unitary matrix");
    }
    return found.withError(Math.sqrt(distance * (2 - distance)));
  }

  /// `out = B^dagger u B`, B the magic basis.
  private void toMagicBasis(double[] u, double[] out) {
    double[] half = spare;
    double s = Math.sqrt(0.5);
    // Columns of the magic basis: (1,0,0,1), (0,i,i,0), (0,1,-1,0), (i,0,0,-i), each over sqrt 2.
    for (int r = 0; r < 32; r += 8) {
      half[r] = s * (u[r] + u[r + 6]);
      half[r + 1] = s * (u[r + 1] + u[r + 7]);
      half[r + 2] = -s * (u[r + 3] + u[r + 5]);
      half[r + 3] = s * (u[r + 2] + u[r + 4]);
      half[r + 4] = s * (u[r + 2] - u[r + 4]);
      half[r + 5] = s * (u[r + 3] - u[r + 5]);
      half[r + 6] = -s * (u[r + 1] - u[r + 7]);
      half[r + 7] = s * (u[r] - u[r + 6]);
    }
    for (int c = 0; c < 8; c += 2) {
      out[c] = s * (half[c] + half[c + 24]);
      out[c + 1] = s * (half[c + 1] + half[c + 25]);
      out[c + 8] = s * (half[c + 9] + half[c + 17]);
      out[c + 9] = -s * (half[c + 8] + half[c + 16]);
      out[c + 16] = s * (half[c + 8] - half[c + 16]);
      out[c + 17] = s * (half[c + 9] - half[c + 17]);
      out[c + 24] = s * (half[c + 1] - half[c + 25]);
      out[c + 25] = -s * (half[c] - half[c + 24]);
    }
  }

  /// Rotates `re` and `im` until both are diagonal; the columns of `p` become the eigenvectors.
  private void diagonalise() {
    for (int r = 0; r < 4; r++) {
      for (int c = 0; c < 4; c++) {
        p[r][c] = r == c ? 1 : 0;
      }
    }
    for (int sweep = 0; sweep < MAX_SWEEPS; sweep++) {
      boolean moved = false;
      for (int i = 0; i < 3; i++) {
        for (int j = i + 1; j < 4; j++) {
          moved |= rotate(i, j);
        }
      }
      if (!moved) {
        return;
      }
    }
  }

  private boolean rotate(int i, int j) {
    double reOff = re[i][j];
    double imOff = im[i][j];
    if (Math.abs(reOff) + Math.abs(imOff) < 4e-16) {
      return false;
    }
    double reGap = re[i][i] - re[j][j];
    double imGap = im[i][i] - im[j][j];
    double on = reGap * reGap + imGap * imGap - 4 * (reOff * reOff + imOff * imOff);
    double off = 4 * (reGap * reOff + imGap * imOff);
    double angle = Math.atan2(off, on) / 4;
    if (angle == 0) {
      return false;
    }
    double c = Math.cos(angle);
    double s = Math.sin(angle);
    similar(re, i, j, c, s);
    similar(im, i, j, c, s);
    for (int r = 0; r < 4; r++) {
      double a = p[r][i];
      double b = p[r][j];
      p[r][i] = c * a + s * b;
      p[r][j] = c * b - s * a;
    }
    return Math.abs(s) > 1e-16;
  }

  private static void similar(double[][] m, int i, int j, double c, double s) {
    for (int r = 0; r < 4; r++) {
      double a = m[r][i];
      double b = m[r][j];
      m[r][i] = c * a + s * b;
      m[r][j] = c * b - s * a;
    }
    for (int r = 0; r < 4; r++) {
      double a = m[i][r];
      double b = m[j][r];
      m[i][r] = c * a + s * b;
      m[j][r] = c * b - s * a;
    }
  }

  /// `k = magic * p * diag(e^(-i theta))`, real up to rounding.
  private void outerFactor() {
    for (int c = 0; c < 4; c++) {
      double cos = Math.cos(theta[c]);
      double sin = Math.sin(theta[c]);
      for (int r = 0; r < 4; r++) {
        double sumRe = 0;
        double sumIm = 0;
        for (int t = 0; t < 4; t++) {
          sumRe += magic[8 * r + 2 * t] * p[t][c];
          sumIm += magic[8 * r + 2 * t + 1] * p[t][c];
        }
        k[r][c] = sumRe * cos + sumIm * sin;
      }
    }
  }

  /// `work = B m B^dagger` (or with m transposed) for a real m, B the magic basis.
  private void fromMagicBasis(double[][] m, boolean transposed) {
    double[] t = spare;
    double s = Math.sqrt(0.5);
    for (int c = 0; c < 4; c++) {
      double m0 = transposed ? m[c][0] : m[0][c];
      double m1 = transposed ? m[c][1] : m[1][c];
      double m2 = transposed ? m[c][2] : m[2][c];
      double m3 = transposed ? m[c][3] : m[3][c];
      // Rows of B: (1,0,0,i), (0,i,1,0), (0,i,-1,0), (1,0,0,-i), each over sqrt 2.
      t[2 * c] = s * m0;
      t[2 * c + 1] = s * m3;
      t[8 + 2 * c] = s * m2;
      t[8 + 2 * c + 1] = s * m1;
      t[16 + 2 * c] = -s * m2;
      t[16 + 2 * c + 1] = s * m1;
      t[24 + 2 * c] = s * m0;
      t[24 + 2 * c + 1] = -s * m3;
    }
    for (int r = 0; r < 32; r += 8) {
      // Times B^dagger: column 0 takes 1 and -i of columns 0 and 3, and so on.
      work[r] = s * (t[r] + t[r + 7]);
      work[r + 1] = s * (t[r + 1] - t[r + 6]);
      work[r + 2] = s * (t[r + 3] + t[r + 4]);
      work[r + 3] = s * (-t[r + 2] + t[r + 5]);
      work[r + 4] = s * (t[r + 3] - t[r + 4]);
      work[r + 5] = s * (-t[r + 2] - t[r + 5]);
      work[r + 6] = s * (t[r] - t[r + 7]);
      work[r + 7] = s * (t[r + 1] + t[r + 6]);
    }
  }

  /// The first qubit's factor of the local gate in `work`.
  private Rotation firstFactor() {
    return LocalFactors.first(work, block);
  }

  private Rotation secondFactor() {
    return LocalFactors.second(work, block);
  }

  private static double determinant(double[][] m) {
    double a = m[0][0] * m[1][1] - m[0][1] * m[1][0];
    double b = m[0][0] * m[1][2] - m[0][2] * m[1][0];
    double c = m[0][0] * m[1][3] - m[0][3] * m[1][0];
    double d = m[0][1] * m[1][2] - m[0][2] * m[1][1];
    double e = m[0][1] * m[1][3] - m[0][3] * m[1][1];
    double f = m[0][2] * m[1][3] - m[0][3] * m[1][2];
    double g = m[2][2] * m[3][3] - m[2][3] * m[3][2];
    double h = m[2][1] * m[3][3] - m[2][3] * m[3][1];
    double i = m[2][1] * m[3][2] - m[2][2] * m[3][1];
    double j = m[2][0] * m[3][3] - m[2][3] * m[3][0];
    double l = m[2][0] * m[3][2] - m[2][2] * m[3][0];
    double n = m[2][0] * m[3][1] - m[2][1] * m[3][0];
    return a * g - b * h + c * i + d * j - e * l + f * n;
  }
}
