package io.quern.engine.linalg;

/// The row operations in plain Java.
final class ScalarRowKernel implements RowKernel {

  @Override
  public String name() {
    return "scalar";
  }

  @Override
  public void rotateTriples(double[] x, int columns, int[] triples, byte[] variants, double[] q) {
    for (int t = 0; t < variants.length; t++) {
      int v = 9 * variants[t];
      int r0 = triples[3 * t];
      int r1 = triples[3 * t + 1];
      int r2 = triples[3 * t + 2];
      for (int c = 0; c < columns; c++) {
        double a0 = x[r0 + c];
        double a1 = x[r1 + c];
        double a2 = x[r2 + c];
        x[r0 + c] = Math.fma(q[v + 2], a2, Math.fma(q[v + 1], a1, q[v] * a0));
        x[r1 + c] = Math.fma(q[v + 5], a2, Math.fma(q[v + 4], a1, q[v + 3] * a0));
        x[r2 + c] = Math.fma(q[v + 8], a2, Math.fma(q[v + 7], a1, q[v + 6] * a0));
      }
    }
  }

  @Override
  public void turnPairs(
      double[] m, int plane, int columns, int[] pairs, double[] signs, double[] gates, int g) {
    double w = gates[g];
    double z = gates[g + 3];
    for (int p = 0; p < signs.length; p++) {
      double x = gates[g + 1] * signs[p];
      double y = gates[g + 2] * signs[p];
      int r0 = pairs[2 * p];
      int r1 = pairs[2 * p + 1];
      for (int c = 0; c < columns; c++) {
        double a = m[r0 + c];
        double b = m[plane + r0 + c];
        double d = m[r1 + c];
        double e = m[plane + r1 + c];
        m[r0 + c] = Math.fma(-x, e, Math.fma(y, d, Math.fma(-z, b, w * a)));
        m[plane + r0 + c] = Math.fma(x, d, Math.fma(y, e, Math.fma(z, a, w * b)));
        m[r1 + c] = Math.fma(z, e, Math.fma(w, d, Math.fma(-x, b, -y * a)));
        m[plane + r1 + c] = Math.fma(-z, d, Math.fma(w, e, Math.fma(x, a, -y * b)));
      }
    }
  }

  @Override
  public void gram(double[] x, int rows, int stride, int columns, double[] out) {
    for (int i = 0; i < columns; i++) {
      for (int j = i & -ALIGNMENT; j < stride; j++) {
        double sum = 0;
        for (int r = 0; r < rows * stride; r += stride) {
          sum = Math.fma(x[r + i], x[r + j], sum);
        }
        out[i * stride + j] = sum;
      }
    }
  }

  @Override
  public boolean factor(double[] a, int n, int stride, double[] factors) {
    for (int k = 0; k < n; k++) {
      int pivotRow = k * stride;
      double pivot = a[pivotRow + k];
      if (!(pivot > 0)) {
        return false;
      }
      double inverse = 1 / pivot;
      for (int i = k + 1; i < n; i++) {
        double f = a[pivotRow + i] * inverse;
        int row = i * stride;
        factors[row + k] = f;
        for (int c = i & -ALIGNMENT; c < stride; c++) {
          a[row + c] = Math.fma(-f, a[pivotRow + c], a[row + c]);
        }
      }
    }
    return true;
  }

  @Override
  public void eliminateBackward(double[] factors, int n, int stride, double[] b) {
    for (int i = n - 1; i > 0; i--) {
      double known = b[i];
      for (int c = 0; c < i; c++) {
        b[c] = Math.fma(-known, factors[i * stride + c], b[c]);
      }
    }
  }
}
