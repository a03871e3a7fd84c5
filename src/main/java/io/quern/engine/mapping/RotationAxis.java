package io.quern.engine.mapping;

import org.jspecify.annotations.Nullable;

/// The axis of the Bloch sphere a gate keeps on one of its qubits, up to sign.
///
/// A gate keeps axis n on a qubit if it has the form I⊗A + (n·σ)⊗B there: Z for the control of a CX
/// and for diagonal gates, X for its target. Two gates that share one qubit commute exactly if both
/// keep the same axis on it: [a⊗A, b⊗B] = 0 for all terms of both needs parallel n.
///
/// @param x first component of a unit vector
record RotationAxis(double x, double y, double z) {
  /// On sines of angles; what two gates may fail to commute by.
  private static final double TOLERANCE = 1e-9;

  boolean isParallelTo(RotationAxis that) {
    double cx = y * that.z - z * that.y;
    double cy = z * that.x - x * that.z;
    double cz = x * that.y - y * that.x;
    return cx * cx + cy * cy + cz * cz < TOLERANCE * TOLERANCE;
  }

  /// The axis a gate keeps on one of its qubits, or null if it keeps none. Of a gate that does
  /// nothing there every axis is kept; Z is named.
  ///
  /// @param u unitary of one or two qubits, row-major, interleaved re/im; not modified
  static @Nullable RotationAxis of(double[] u, int qubits, int qubit) {
    // Entries of X, Y and Z parts: (u01 + u10)/2, i(u01 - u10)/2, (u00 - u11)/2, each a matrix on
    // the other qubit, all of them multiples of one real vector.
    int others = qubits == 1 ? 1 : 2;
    double bestNorm = TOLERANCE * TOLERANCE;
    double[] v = new double[6];
    double[] parts = new double[6 * others * others];
    int best = -1;
    for (int r = 0; r < others; r++) {
      for (int c = 0; c < others; c++) {
        int at = 6 * (others * r + c);
        int i00 = index(qubits, qubit, 0, r, 0, c);
        int i01 = index(qubits, qubit, 0, r, 1, c);
        int i10 = index(qubits, qubit, 1, r, 0, c);
        int i11 = index(qubits, qubit, 1, r, 1, c);
        parts[at] = (u[i01] + u[i10]) / 2;
        parts[at + 1] = (u[i01 + 1] + u[i10 + 1]) / 2;
        parts[at + 2] = -(u[i01 + 1] - u[i10 + 1]) / 2;
        parts[at + 3] = (u[i01] - u[i10]) / 2;
        parts[at + 4] = (u[i00] - u[i11]) / 2;
        parts[at + 5] = (u[i00 + 1] - u[i11 + 1]) / 2;
        double norm = 0;
        for (int i = 0; i < 6; i++) {
          norm += parts[at + i] * parts[at + i];
        }
        if (norm > bestNorm) {
          bestNorm = norm;
          best = at;
        }
      }
    }
    if (best < 0) {
      return new RotationAxis(0, 0, 1);
    }
    System.arraycopy(parts, best, v, 0, 6);
    RotationAxis axis = realDirection(v);
    if (axis == null) {
      return null;
    }
    for (int at = 0; at < parts.length; at += 6) {
      for (int component = 0; component < 2; component++) {
        double x = parts[at + component];
        double y = parts[at + 2 + component];
        double z = parts[at + 4 + component];
        double cx = axis.y * z - axis.z * y;
        double cy = axis.z * x - axis.x * z;
        double cz = axis.x * y - axis.y * x;
        if (cx * cx + cy * cy + cz * cz > TOLERANCE * TOLERANCE) {
          return null;
        }
      }
    }
    return axis;
  }

  /// The real unit vector a complex vector is a multiple of, or null.
  private static @Nullable RotationAxis realDirection(double[] v) {
    int largest = 0;
    for (int i = 2; i < 6; i += 2) {
      if (Math.hypot(v[i], v[i + 1]) > Math.hypot(v[largest], v[largest + 1])) {
        largest = i;
      }
    }
    double length = Math.hypot(v[largest], v[largest + 1]);
    double re = v[largest] / length;
    double im = -v[largest + 1] / length;
    double x = v[0] * re - v[1] * im;
    double y = v[2] * re - v[3] * im;
    double z = v[4] * re - v[5] * im;
    double norm = Math.sqrt(x * x + y * y + z * z);
    double imaginary =
        Math.abs(v[0] * im + v[1] * re)
            + Math.abs(v[2] * im + v[3] * re)
            + Math.abs(v[4] * im + v[5] * re);
    return imaginary > TOLERANCE ? null : new RotationAxis(x / norm, y / norm, z / norm);
  }

  private static int index(int qubits, int qubit, int row, int otherRow, int column, int other) {
    if (qubits == 1) {
      return 2 * (2 * row + column);
    }
    int r = qubit == 0 ? 2 * row + otherRow : 2 * otherRow + row;
    int c = qubit == 0 ? 2 * column + other : 2 * other + column;
    return 2 * (4 * r + c);
  }
}
