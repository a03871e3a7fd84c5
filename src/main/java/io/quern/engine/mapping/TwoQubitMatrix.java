package io.quern.engine.mapping;

/// Arithmetic on 4×4 complex matrices that act on two qubits, the first the most significant.
///
/// All matrices are row-major with interleaved re/im: 32 numbers for two qubits, 8 for one.
final class TwoQubitMatrix {
  private TwoQubitMatrix() {}

  static double[] identity() {
    double[] u = new double[32];
    for (int i = 0; i < 4; i++) {
      u[10 * i] = 1;
    }
    return u;
  }

  /// `left`·`right`; neither is modified.
  static double[] multiply(double[] left, double[] right) {
    double[] out = new double[32];
    for (int i = 0; i < 4; i++) {
      for (int k = 0; k < 4; k++) {
        double re = left[8 * i + 2 * k];
        double im = left[8 * i + 2 * k + 1];
        if (re == 0 && im == 0) {
          continue;
        }
        for (int j = 0; j < 4; j++) {
          double r = right[8 * k + 2 * j];
          double s = right[8 * k + 2 * j + 1];
          out[8 * i + 2 * j] += re * r - im * s;
          out[8 * i + 2 * j + 1] += re * s + im * r;
        }
      }
    }
    return out;
  }

  /// The one-qubit `gate` on qubit 0 or 1, after `u`; neither is modified.
  static double[] applyLocal(double[] gate, int qubit, double[] u) {
    double[] wide = new double[32];
    int mask = qubit == 0 ? 2 : 1;
    for (int row = 0; row < 4; row++) {
      for (int column = 0; column < 4; column++) {
        if ((row & ~mask) == (column & ~mask)) {
          int g = 2 * (2 * ((row & mask) == 0 ? 0 : 1) + ((column & mask) == 0 ? 0 : 1));
          wide[8 * row + 2 * column] = gate[g];
          wide[8 * row + 2 * column + 1] = gate[g + 1];
        }
      }
    }
    return multiply(wide, u);
  }

  /// The same operation with its two qubits named in the other order; `u` is not modified.
  static double[] exchangeQubits(double[] u) {
    double[] out = new double[32];
    for (int row = 0; row < 4; row++) {
      for (int column = 0; column < 4; column++) {
        int from = 8 * exchangeBits(row) + 2 * exchangeBits(column);
        out[8 * row + 2 * column] = u[from];
        out[8 * row + 2 * column + 1] = u[from + 1];
      }
    }
    return out;
  }

  /// SWAP after `u`, which is not modified.
  static double[] thenSwap(double[] u) {
    double[] out = new double[32];
    for (int row = 0; row < 4; row++) {
      System.arraycopy(u, 8 * exchangeBits(row), out, 8 * row, 8);
    }
    return out;
  }

  private static int exchangeBits(int index) {
    return (index >> 1) | ((index & 1) << 1);
  }
}
