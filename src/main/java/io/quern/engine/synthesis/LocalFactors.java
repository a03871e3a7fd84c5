package io.quern.engine.synthesis;

import io.quern.engine.linalg.Rotation;

/// Splits a 4x4 matrix that is a tensor product of two one-qubit gates.
final class LocalFactors {
  private LocalFactors() {}

  /// The factor on the first qubit (the more significant bit).
  ///
  /// @param m 4x4, row-major, interleaved; not modified
  /// @param scratch length 8; overwritten
  static Rotation first(double[] m, double[] scratch) {
    // Weights of the second factor's entries: take the entry (k, l) that is largest over all
    // blocks.
    int best = 0;
    double bestSize = -1;
    for (int k = 0; k < 2; k++) {
      for (int l = 0; l < 2; l++) {
        double size = 0;
        for (int i = 0; i < 2; i++) {
          for (int j = 0; j < 2; j++) {
            int at = 8 * (2 * i + k) + 2 * (2 * j + l);
            size += m[at] * m[at] + m[at + 1] * m[at + 1];
          }
        }
        if (size > bestSize) {
          bestSize = size;
          best = 8 * k + 2 * l;
        }
      }
    }
    for (int i = 0; i < 2; i++) {
      for (int j = 0; j < 2; j++) {
        int at = 16 * i + 4 * j + best;
        scratch[4 * i + 2 * j] = m[at];
        scratch[4 * i + 2 * j + 1] = m[at + 1];
      }
    }
    return Rotation.ofMatrix(scratch);
  }

  /// The factor on the second qubit.
  static Rotation second(double[] m, double[] scratch) {
    int best = 0;
    double bestSize = -1;
    for (int i = 0; i < 2; i++) {
      for (int j = 0; j < 2; j++) {
        double size = 0;
        for (int k = 0; k < 2; k++) {
          for (int l = 0; l < 2; l++) {
            int at = 8 * (2 * i + k) + 2 * (2 * j + l);
            size += m[at] * m[at] + m[at + 1] * m[at + 1];
          }
        }
        if (size > bestSize) {
          bestSize = size;
          best = 16 * i + 4 * j;
        }
      }
    }
    for (int k = 0; k < 2; k++) {
      for (int l = 0; l < 2; l++) {
        int at = best + 8 * k + 2 * l;
        scratch[4 * k + 2 * l] = m[at];
        scratch[4 * k + 2 * l + 1] = m[at + 1];
      }
    }
    return Rotation.ofMatrix(scratch);
  }
}
