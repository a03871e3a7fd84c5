package io.quern.engine.linalg;

/// A one-qubit gate up to global phase, as the unit quaternion of `w I - i (x X + y Y + z Z)`.
///
/// Products are renormalised, and a product within [#SNAP] of one of the 24 Clifford gates becomes
/// exactly that gate: long chains of Clifford gates do not drift, and chains of other gates stay
/// unitary to the last digit.
public record Rotation(double w, double x, double y, double z) {
  private static final double HALF_ROOT = Math.sqrt(0.5);

  /// How far from a Clifford gate's components each component may lie to be taken for it.
  public static final double SNAP = 1e-14;

  public static final Rotation IDENTITY = new Rotation(1, 0, 0, 0);
  public static final Rotation X = new Rotation(0, 1, 0, 0);
  public static final Rotation Y = new Rotation(0, 0, 1, 0);
  public static final Rotation Z = new Rotation(0, 0, 0, 1);
  public static final Rotation H = new Rotation(0, HALF_ROOT, 0, HALF_ROOT);

  /// `exp(-i angle/2 X)`, OpenQASM's rx.
  public static Rotation aboutX(double angle) {
    return new Rotation(Math.cos(angle / 2), Math.sin(angle / 2), 0, 0).normalised();
  }

  /// `exp(-i angle/2 Y)`, OpenQASM's ry.
  public static Rotation aboutY(double angle) {
    return new Rotation(Math.cos(angle / 2), 0, Math.sin(angle / 2), 0).normalised();
  }

  /// `exp(-i angle/2 Z)`, OpenQASM's rz.
  public static Rotation aboutZ(double angle) {
    return new Rotation(Math.cos(angle / 2), 0, 0, Math.sin(angle / 2)).normalised();
  }

  /// The rotation that a 2x2 unitary, or a multiple of one, is up to phase.
  ///
  /// @param matrix row-major, interleaved re/im; not modified
  /// @param offset index of the first entry's real part
  /// @param rowStride doubles from one row to the next
  public static Rotation ofMatrix(double[] matrix, int offset, int rowStride) {
    double ar = matrix[offset];
    double ai = matrix[offset + 1];
    double br = matrix[offset + 2];
    double bi = matrix[offset + 3];
    double cr = matrix[offset + rowStride];
    double ci = matrix[offset + rowStride + 1];
    double dr = matrix[offset + rowStride + 2];
    double di = matrix[offset + rowStride + 3];
    double detRe = ar * dr - ai * di - (br * cr - bi * ci);
    double detIm = ar * di + ai * dr - (br * ci + bi * cr);
    double half = Math.atan2(detIm, detRe) / 2;
    double c = Math.cos(half);
    double s = Math.sin(half);
    // Each entry times e^(-i half), so that the determinant is real and positive.
    double w = ((ar + dr) * c + (ai + di) * s) / 2;
    double z = ((di - ai) * c - (dr - ar) * s) / 2;
    double x = -((bi + ci) * c - (br + cr) * s) / 2;
    double y = ((cr - br) * c + (ci - bi) * s) / 2;
    // The matrix may be a multiple of a unitary; only a unit quaternion can be compared with
    // others.
    double scale = 1 / Math.sqrt(w * w + x * x + y * y + z * z);
    return new Rotation(w * scale, x * scale, y * scale, z * scale).normalised();
  }

  /// The rotation that a row-major 2x2 unitary of length 8 is, up to phase.
  public static Rotation ofMatrix(double[] matrix) {
    return ofMatrix(matrix, 0, 4);
  }

  /// This gate after `first`: the matrix product `this * first`.
  public Rotation after(Rotation first) {
    return new Rotation(
            w * first.w - x * first.x - y * first.y - z * first.z,
            w * first.x + x * first.w + y * first.z - z * first.y,
            w * first.y - x * first.z + y * first.w + z * first.x,
            w * first.z + x * first.y - y * first.x + z * first.w)
        .normalised();
  }

  public Rotation inverse() {
    return new Rotation(w, -x, -y, -z);
  }

  /// Writes the SU(2) matrix: row-major, interleaved re/im, length 8.
  public void matrix(double[] out) {
    out[0] = w;
    out[1] = -z;
    out[2] = -y;
    out[3] = -x;
    out[4] = y;
    out[5] = -x;
    out[6] = w;
    out[7] = z;
  }

  /// Whether the gate is the identity up to phase, within `tolerance` in each component.
  public boolean isIdentity(double tolerance) {
    return Math.abs(x) <= tolerance && Math.abs(y) <= tolerance && Math.abs(z) <= tolerance;
  }

  /// Whether the components are exactly those of one of the 24 Clifford gates.
  public boolean isClifford() {
    // One component of size 1, two of sqrt(1/2) or four of 1/2; other mixtures of these sizes have
    // length 1 too.
    return sizesOf(1) == 1 && sizesOf(0) == 3
        || sizesOf(HALF_ROOT) == 2 && sizesOf(0) == 2
        || sizesOf(0.5) == 4;
  }

  private int sizesOf(double size) {
    return (Math.abs(w) == size ? 1 : 0)
        + (Math.abs(x) == size ? 1 : 0)
        + (Math.abs(y) == size ? 1 : 0)
        + (Math.abs(z) == size ? 1 : 0);
  }

  private Rotation normalised() {
    double sw = snap(w);
    if (!Double.isNaN(sw)) {
      double sx = snap(x);
      double sy = snap(y);
      double sz = snap(z);
      if (!Double.isNaN(sx) && !Double.isNaN(sy) && !Double.isNaN(sz)) {
        return new Rotation(sw, sx, sy, sz);
      }
    }
    double scale = 1 / Math.sqrt(w * w + x * x + y * y + z * z);
    return new Rotation(w * scale, x * scale, y * scale, z * scale);
  }

  /// The Clifford component next to a value, or NaN if none is near.
  private static double snap(double value) {
    double size = Math.abs(value);
    if (size < SNAP) {
      return 0;
    }
    if (Math.abs(size - HALF_ROOT) < SNAP) {
      return Math.copySign(HALF_ROOT, value);
    }
    if (Math.abs(size - 1) < SNAP) {
      return Math.copySign(1, value);
    }
    if (Math.abs(size - 0.5) < SNAP) {
      return Math.copySign(0.5, value);
    }
    return Double.NaN;
  }
}
