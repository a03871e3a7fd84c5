package io.quern.engine.linalg;

/// The kernels in plain Java.
final class ScalarMatrixKernel implements MatrixKernel {

  @Override
  public String name() {
    return "scalar";
  }

  @Override
  public void multiply4(double[] a, double[] b, double[] out) {
    for (int r = 0; r < 32; r += 8) {
      double a0 = a[r];
      double b0 = a[r + 1];
      double a1 = a[r + 2];
      double b1 = a[r + 3];
      double a2 = a[r + 4];
      double b2 = a[r + 5];
      double a3 = a[r + 6];
      double b3 = a[r + 7];
      for (int c = 0; c < 8; c += 2) {
        out[r + c] =
            (a0 * b[c] - b0 * b[c + 1] + (a1 * b[c + 8] - b1 * b[c + 9]))
                + (a2 * b[c + 16] - b2 * b[c + 17] + (a3 * b[c + 24] - b3 * b[c + 25]));
        out[r + c + 1] =
            (a0 * b[c + 1] + b0 * b[c] + (a1 * b[c + 9] + b1 * b[c + 8]))
                + (a2 * b[c + 17] + b2 * b[c + 16] + (a3 * b[c + 25] + b3 * b[c + 24]));
      }
    }
  }

  @Override
  public void gram4(double[] a, double[] out) {
    for (int r = 0; r < 4; r++) {
      for (int c = r; c < 4; c++) {
        double re = 0;
        double im = 0;
        for (int k = 0; k < 32; k += 8) {
          double pr = a[k + 2 * r];
          double pi = a[k + 2 * r + 1];
          double qr = a[k + 2 * c];
          double qi = a[k + 2 * c + 1];
          re += pr * qr - pi * qi;
          im += pr * qi + pi * qr;
        }
        out[8 * r + 2 * c] = re;
        out[8 * r + 2 * c + 1] = im;
        out[8 * c + 2 * r] = re;
        out[8 * c + 2 * r + 1] = im;
      }
    }
  }
}
