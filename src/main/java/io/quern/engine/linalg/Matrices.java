package io.quern.engine.linalg;

/// Small complex matrices on flat arrays: row-major, interleaved re/im.
///
/// The first qubit is the most significant bit of the row and column index.
public final class Matrices {
  private static final MatrixKernel KERNEL = MatrixKernelProvider.choose();
  private static final RowKernel ROWS = MatrixKernelProvider.chooseRows();
  private static final StateKernel STATES = MatrixKernelProvider.chooseStates();

  private Matrices() {}

  /// The kernel chosen for this process.
  public static MatrixKernel kernel() {
    return KERNEL;
  }

  /// The kernel for operations on rows chosen for this process.
  public static RowKernel rows() {
    return ROWS;
  }

  /// The kernel for simulation chosen for this process.
  public static StateKernel states() {
    return STATES;
  }

  /// `out = a (x) b` of two rotations as a 4x4 matrix of length 32.
  public static void kron(Rotation a, Rotation b, double[] out) {
    double[] p = {a.w(), -a.z(), -a.y(), -a.x(), a.y(), -a.x(), a.w(), a.z()};
    double[] q = {b.w(), -b.z(), -b.y(), -b.x(), b.y(), -b.x(), b.w(), b.z()};
    for (int i = 0; i < 2; i++) {
      for (int k = 0; k < 2; k++) {
        for (int j = 0; j < 2; j++) {
          for (int l = 0; l < 2; l++) {
            double pr = p[4 * i + 2 * j];
            double pi = p[4 * i + 2 * j + 1];
            double qr = q[4 * k + 2 * l];
            double qi = q[4 * k + 2 * l + 1];
            int at = 8 * (2 * i + k) + 2 * (2 * j + l);
            out[at] = pr * qr - pi * qi;
            out[at + 1] = pr * qi + pi * qr;
          }
        }
      }
    }
  }

  /// Half the squared distance `min over phi of ||a - e^(i phi) b||_F^2 / d`, which is D1 = 1 -
  /// |Tr(a^dagger b)|/d without the loss of digits of that form.
  ///
  /// @param a d x d unitary; not modified
  /// @param b d x d unitary; not modified
  public static double distance(double[] a, double[] b, int dimension) {
    double re = 0;
    double im = 0;
    for (int k = 0; k < a.length; k += 2) {
      re += a[k] * b[k] + a[k + 1] * b[k + 1];
      im += a[k] * b[k + 1] - a[k + 1] * b[k];
    }
    double size = Math.hypot(re, im);
    if (size == 0) {
      return 1;
    }
    double c = re / size;
    double s = -im / size;
    double sum = 0;
    for (int k = 0; k < a.length; k += 2) {
      double dr = a[k] - (c * b[k] - s * b[k + 1]);
      double di = a[k + 1] - (c * b[k + 1] + s * b[k]);
      sum += dr * dr + di * di;
    }
    return sum / (2 * dimension);
  }
}
