package io.quern.engine.synthesis.search;

/// Decides whether two CZ can be all that couples one qubit to the rest of a unitary.
///
/// Between the two the qubit has one gate, so in the bases before the first and after the second
/// each of the four blocks `<alpha| U |beta>` is a product of gates on the other qubits, times a
/// number: proportional to a unitary. Let a, b be the Bloch vectors of alpha and beta, and `T_kl`
/// the part without trace of `Tr_A(U^dagger sigma_k U sigma_l)`, sigma on the qubit A. A block is
/// proportional to a unitary if `sum_kl a_k b_l T_kl` (b_0 = 1) is 0, and as that holds for b and
/// -b at once, if both `sum_k a_k T_k0` and `sum_kl a_k b_l T_kl`, l = 1..3, are 0. For a given b
/// this is a linear system for a; the square of what is left of it for the best a is the least
/// eigenvalue of a 3x3 matrix that is quadratic in b. It changes by at most the distance on the
/// sphere, so patches around a b where enough is left hold no solution; others are divided. No
/// patch left proves that there is no solution.
final class TwofoldCrossing {
  /// What rounding leaves where nothing should be.
  private static final double ROUNDING = 1e-7;

  /// Half the width of the patches at first, on the faces of a cube around the sphere.
  private static final double FIRST_PATCH = 0.25;

  /// Patches so small are not divided any more.
  private static final double LEAST_PATCH = 0.004;

  /// After so many patches the answer is that it may be possible.
  private static final int MOST_PATCHES = 400;

  /// `gram[k][l][k'][l']`, the inner products of T_kl and T_k'l'.
  private final double[] gram = new double[144];

  private final double tolerance;
  private final double[] matrix = new double[9];
  private int patches;

  private TwofoldCrossing(double[] unitary, int qubits, int qubit, double threshold) {
    // A circuit within D1 changes what is left by at most 4 sqrt(D1).
    tolerance = ROUNDING + 4 * Math.sqrt(threshold);
    int half = 1 << (qubits - 1);
    double[] parts = parts(unitary, qubits, qubit);
    int length = 2 * half * half;
    for (int p = 0; p < 12; p++) {
      for (int q = 0; q <= p; q++) {
        double sum = 0;
        for (int i = 0; i < length; i++) {
          sum += parts[p * length + i] * parts[q * length + i];
        }
        gram[12 * p + q] = sum / (4 * half);
        gram[12 * q + p] = sum / (4 * half);
      }
    }
  }

  /// False only if every circuit within the threshold has three gates at the qubit or more.
  ///
  /// @param unitary row-major, interleaved re/im; not modified
  /// @param threshold distance (D1) that a circuit may have
  static boolean isPossible(double[] unitary, int qubits, int qubit, double threshold) {
    return new TwofoldCrossing(unitary, qubits, qubit, threshold).isPossible();
  }

  private boolean isPossible() {
    // The first half of the system alone decides most cases.
    for (int k = 0; k < 3; k++) {
      for (int m = 0; m < 3; m++) {
        matrix[3 * k + m] = gram[48 * k + 4 * m];
      }
    }
    if (isAbove(tolerance)) {
      return false;
    }
    for (int face = 0; face < 3; face++) {
      for (double u = -1 + FIRST_PATCH; u < 1; u += 2 * FIRST_PATCH) {
        for (double v = -1 + FIRST_PATCH; v < 1; v += 2 * FIRST_PATCH) {
          if (isPossible(face, u, v, FIRST_PATCH)) {
            return true;
          }
        }
      }
    }
    return false;
  }

  /// @param u place on the face of a cube, -1 to 1, as v; opposite faces are equal
  private boolean isPossible(int face, double u, double v, double width) {
    patches++;
    double scale = 1 / Math.sqrt(1 + u * u + v * v);
    setMatrix(
        face == 0 ? scale : u * scale,
        face == 0 ? u * scale : face == 1 ? scale : v * scale,
        face == 2 ? scale : v * scale);
    // From the cube to the sphere no distance grows.
    double radius = width * Math.sqrt(2);
    if (isAbove(radius + tolerance)) {
      return false;
    }
    if (width < LEAST_PATCH || patches >= MOST_PATCHES) {
      return true;
    }
    double half = width / 2;
    return isPossible(face, u - half, v - half, half)
        || isPossible(face, u - half, v + half, half)
        || isPossible(face, u + half, v - half, half)
        || isPossible(face, u + half, v + half, half);
  }

  private void setMatrix(double bx, double by, double bz) {
    for (int k = 0; k < 3; k++) {
      for (int m = 0; m <= k; m++) {
        int x = 12 * (4 * k + 1) + 4 * m + 1;
        int y = x + 12;
        int z = y + 12;
        double sum =
            gram[48 * k + 4 * m]
                + bx * (bx * gram[x] + by * gram[x + 1] + bz * gram[x + 2])
                + by * (bx * gram[y] + by * gram[y + 1] + bz * gram[y + 2])
                + bz * (bx * gram[z] + by * gram[z + 1] + bz * gram[z + 2]);
        matrix[3 * k + m] = sum;
        matrix[3 * m + k] = sum;
      }
    }
  }

  /// Whether all eigenvalues of the matrix are above the square of a number: whether all pivots are
  /// positive once that is subtracted.
  private boolean isAbove(double root) {
    double least = root * root;
    double a = matrix[0] - least;
    if (a <= 0) {
      return false;
    }
    double b = matrix[1] / a;
    double c = matrix[2] / a;
    double d = matrix[4] - least - b * matrix[1];
    if (d <= 0) {
      return false;
    }
    double e = matrix[5] - b * matrix[2];
    return matrix[8] - least - c * matrix[2] - e * e / d > 0;
  }

  /// `T_kl`, k = 1..3, l = 0..3, one after the other, each as re, im of its entries.
  private static double[] parts(double[] unitary, int qubits, int qubit) {
    int d = 1 << qubits;
    int half = d / 2;
    int bit = 1 << (qubits - 1 - qubit);
    double[] parts = new double[12 * 2 * half * half];
    double[] turned = new double[2 * d * d];
    for (int k = 0; k < 3; k++) {
      conjugate(unitary, d, bit, k, turned);
      for (int l = 0; l < 4; l++) {
        trace(turned, d, bit, l, parts, (4 * k + l) * 2 * half * half);
      }
    }
    return parts;
  }

  /// `out = U^dagger sigma_k U`, k = 0, 1, 2 for x, y, z.
  private static void conjugate(double[] u, int d, int bit, int k, double[] out) {
    for (int r = 0; r < d; r++) {
      for (int c = 0; c < d; c++) {
        double re = 0;
        double im = 0;
        for (int s = 0; s < d; s++) {
          // <s| sigma |t> is 1, -i or i, 1 or -1.
          int t = k == 2 ? s : s ^ bit;
          boolean isOne = (s & bit) != 0;
          double ar = u[2 * (s * d + r)];
          double ai = -u[2 * (s * d + r) + 1];
          double br = u[2 * (t * d + c)];
          double bi = u[2 * (t * d + c) + 1];
          double pr = ar * br - ai * bi;
          double pi = ar * bi + ai * br;
          if (k == 0) {
            re += pr;
            im += pi;
          } else if (k == 1) {
            re += isOne ? -pi : pi;
            im += isOne ? pr : -pr;
          } else {
            re += isOne ? -pr : pr;
            im += isOne ? -pi : pi;
          }
        }
        out[2 * (r * d + c)] = re;
        out[2 * (r * d + c) + 1] = im;
      }
    }
  }

  /// The part without trace of `Tr_A(H sigma_l)`, l = 0..3 for 1, x, y, z.
  private static void trace(double[] h, int d, int bit, int l, double[] out, int at) {
    int half = d / 2;
    double mean = 0;
    int row = 0;
    for (int r = 0; r < d; r++) {
      if ((r & bit) != 0) {
        continue;
      }
      int column = 0;
      for (int c = 0; c < d; c++) {
        if ((c & bit) != 0) {
          continue;
        }
        // Of H on the qubit: 00, 01, 10, 11.
        int h00 = 2 * (r * d + c);
        int h01 = 2 * (r * d + (c | bit));
        int h10 = 2 * ((r | bit) * d + c);
        int h11 = 2 * ((r | bit) * d + (c | bit));
        int to = at + 2 * (row * half + column);
        switch (l) {
          case 0 -> set(out, to, h[h00] + h[h11], h[h00 + 1] + h[h11 + 1]);
          case 1 -> set(out, to, h[h01] + h[h10], h[h01 + 1] + h[h10 + 1]);
          // Tr(H sigma_y) = i (H01 - H10).
          case 2 -> set(out, to, h[h10 + 1] - h[h01 + 1], h[h01] - h[h10]);
          default -> set(out, to, h[h00] - h[h11], h[h00 + 1] - h[h11 + 1]);
        }
        if (row == column) {
          mean += out[to] / half;
        }
        column++;
      }
      row++;
    }
    for (int i = 0; i < half; i++) {
      out[at + 2 * (i * half + i)] -= mean;
    }
  }

  private static void set(double[] out, int at, double re, double im) {
    out[at] = re;
    out[at + 1] = im;
  }
}
