package io.quern.engine.linalg;

/// The kernels in plain Java. Sums are formed in the order of the vector kernels, so that all
/// kernels give the same bits.
final class ScalarMatrixKernel implements MatrixKernel {

  @Override
  public String name() {
    return "scalar";
  }

  @Override
  public void multiply4(double[] a, double[] b, double[] out) {
    for (int r = 0; r < 32; r += 8) {
      double a0 = a[r];
      double i0 = a[r + 1];
      double a1 = a[r + 2];
      double i1 = a[r + 3];
      double a2 = a[r + 4];
      double i2 = a[r + 5];
      double a3 = a[r + 6];
      double i3 = a[r + 7];
      for (int c = 0; c < 8; c += 2) {
        // Products with real and with imaginary parts are summed apart, as the vector kernels do.
        double re = a0 * b[c] + a1 * b[c + 8] + a2 * b[c + 16] + a3 * b[c + 24];
        double im = a0 * b[c + 1] + a1 * b[c + 9] + a2 * b[c + 17] + a3 * b[c + 25];
        double imRe = i0 * b[c] + i1 * b[c + 8] + i2 * b[c + 16] + i3 * b[c + 24];
        double imIm = i0 * b[c + 1] + i1 * b[c + 9] + i2 * b[c + 17] + i3 * b[c + 25];
        out[r + c] = re - imIm;
        out[r + c + 1] = im + imRe;
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
