package io.quern.engine.partition;

import io.quern.engine.linalg.Rotation;

/// The unitary of a few qubits, multiplied up gate by gate; not thread-safe.
final class BlockUnitary {
  private final int qubits;
  private final int size;

  /// Row-major, interleaved re/im.
  private final double[] unitary;

  private final double[] column = new double[8];

  BlockUnitary(int qubits) {
    this.qubits = qubits;
    this.size = 1 << qubits;
    this.unitary = new double[2 * size * size];
    for (int k = 0; k < size; k++) {
      unitary[2 * (k * size + k)] = 1;
    }
  }

  /// Multiplies a two-qubit gate on from the left.
  ///
  /// @param matrix 4x4, `first` its more significant qubit; not modified
  void apply(int first, int second, double[] matrix) {
    int high = 1 << (qubits - 1 - first);
    int low = 1 << (qubits - 1 - second);
    int stride = 2 * size;
    for (int row = 0; row < size; row++) {
      if ((row & (high | low)) != 0) {
        continue;
      }
      for (int c = 0; c < stride; c += 2) {
        for (int k = 0; k < 4; k++) {
          int at = at(row, k, high, low) * stride + c;
          column[2 * k] = unitary[at];
          column[2 * k + 1] = unitary[at + 1];
        }
        for (int k = 0; k < 4; k++) {
          double re = 0;
          double im = 0;
          for (int l = 0; l < 4; l++) {
            double mr = matrix[8 * k + 2 * l];
            double mi = matrix[8 * k + 2 * l + 1];
            re += mr * column[2 * l] - mi * column[2 * l + 1];
            im += mr * column[2 * l + 1] + mi * column[2 * l];
          }
          int at = at(row, k, high, low) * stride + c;
          unitary[at] = re;
          unitary[at + 1] = im;
        }
      }
    }
  }

  private static int at(int row, int k, int high, int low) {
    return row + (k >> 1) * high + (k & 1) * low;
  }

  /// Multiplies a one-qubit gate on from the left.
  void apply(int qubit, Rotation rotation) {
    double[] gate = new double[8];
    rotation.matrix(gate);
    int bit = 1 << (qubits - 1 - qubit);
    int stride = 2 * size;
    for (int row = 0; row < size; row++) {
      if ((row & bit) != 0) {
        continue;
      }
      int p = row * stride;
      int q = (row + bit) * stride;
      for (int c = 0; c < stride; c += 2) {
        double ar = unitary[p + c];
        double ai = unitary[p + c + 1];
        double br = unitary[q + c];
        double bi = unitary[q + c + 1];
        unitary[p + c] = gate[0] * ar - gate[1] * ai + gate[2] * br - gate[3] * bi;
        unitary[p + c + 1] = gate[0] * ai + gate[1] * ar + gate[2] * bi + gate[3] * br;
        unitary[q + c] = gate[4] * ar - gate[5] * ai + gate[6] * br - gate[7] * bi;
        unitary[q + c + 1] = gate[4] * ai + gate[5] * ar + gate[6] * bi + gate[7] * br;
      }
    }
  }

  /// The matrix itself; not copied.
  double[] matrix() {
    return unitary;
  }
}
