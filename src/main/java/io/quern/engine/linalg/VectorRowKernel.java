package io.quern.engine.linalg;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorSpecies;

/// The row operations on the widest vectors of the processor.
///
/// The species is a constant used in the kernel itself: passed around, it is no constant to the
/// compiler, and every operation allocates.
final class VectorRowKernel implements RowKernel {
  private static final VectorSpecies<Double> LANES = DoubleVector.SPECIES_PREFERRED;
  private static final int STEP = LANES.length();

  /// Rows and vectors of a tile of the Gram matrix: what 16 registers hold.
  private static final int TILE_ROWS = 4;

  @Override
  public String name() {
    return "vector" + LANES.vectorBitSize();
  }

  @Override
  public void rotateTriples(double[] x, int columns, int[] triples, byte[] variants, double[] q) {
    for (int t = 0; t < variants.length; t++) {
      int v = 9 * variants[t];
      int r0 = triples[3 * t];
      int r1 = triples[3 * t + 1];
      int r2 = triples[3 * t + 2];
      for (int c = 0; c < columns; c += STEP) {
        DoubleVector a0 = DoubleVector.fromArray(LANES, x, r0 + c);
        DoubleVector a1 = DoubleVector.fromArray(LANES, x, r1 + c);
        DoubleVector a2 = DoubleVector.fromArray(LANES, x, r2 + c);
        combine(q, v, a0, a1, a2).intoArray(x, r0 + c);
        combine(q, v + 3, a0, a1, a2).intoArray(x, r1 + c);
        combine(q, v + 6, a0, a1, a2).intoArray(x, r2 + c);
      }
    }
  }

  private static DoubleVector combine(
      double[] q, int v, DoubleVector a0, DoubleVector a1, DoubleVector a2) {
    DoubleVector q0 = DoubleVector.broadcast(LANES, q[v]);
    DoubleVector q1 = DoubleVector.broadcast(LANES, q[v + 1]);
    DoubleVector q2 = DoubleVector.broadcast(LANES, q[v + 2]);
    return q2.fma(a2, q1.fma(a1, q0.mul(a0)));
  }

  @Override
  public void turnPairs(
      double[] m, int plane, int columns, int[] pairs, double[] signs, double[] gates, int g) {
    DoubleVector w = DoubleVector.broadcast(LANES, gates[g]);
    DoubleVector z = DoubleVector.broadcast(LANES, gates[g + 3]);
    DoubleVector zMinus = DoubleVector.broadcast(LANES, -gates[g + 3]);
    for (int p = 0; p < signs.length; p++) {
      double xs = gates[g + 1] * signs[p];
      double ys = gates[g + 2] * signs[p];
      DoubleVector x = DoubleVector.broadcast(LANES, xs);
      DoubleVector xMinus = DoubleVector.broadcast(LANES, -xs);
      DoubleVector y = DoubleVector.broadcast(LANES, ys);
      DoubleVector yMinus = DoubleVector.broadcast(LANES, -ys);
      int r0 = pairs[2 * p];
      int r1 = pairs[2 * p + 1];
      for (int c = 0; c < columns; c += STEP) {
        DoubleVector a = DoubleVector.fromArray(LANES, m, r0 + c);
        DoubleVector b = DoubleVector.fromArray(LANES, m, plane + r0 + c);
        DoubleVector d = DoubleVector.fromArray(LANES, m, r1 + c);
        DoubleVector e = DoubleVector.fromArray(LANES, m, plane + r1 + c);
        xMinus.fma(e, y.fma(d, zMinus.fma(b, w.mul(a)))).intoArray(m, r0 + c);
        x.fma(d, y.fma(e, z.fma(a, w.mul(b)))).intoArray(m, plane + r0 + c);
        z.fma(e, w.fma(d, xMinus.fma(b, yMinus.mul(a)))).intoArray(m, r1 + c);
        zMinus.fma(d, w.fma(e, x.fma(a, yMinus.mul(b)))).intoArray(m, plane + r1 + c);
      }
    }
  }

  @Override
  public void gram(double[] x, int rows, int stride, int columns, double[] out) {
    int end = rows * stride;
    for (int i = 0; i < columns; i += TILE_ROWS) {
      int j = i & -ALIGNMENT;
      for (; j + 3 * STEP <= stride; j += 3 * STEP) {
        tile3(x, end, stride, i, j, out);
      }
      if (j + 2 * STEP <= stride) {
        tile2(x, end, stride, i, j, out);
        j += 2 * STEP;
      }
      if (j < stride) {
        tile1(x, end, stride, i, j, out);
      }
    }
  }

  private static void tile3(double[] x, int end, int stride, int i, int j, double[] out) {
    DoubleVector s00 = DoubleVector.zero(LANES);
    DoubleVector s01 = s00;
    DoubleVector s02 = s00;
    DoubleVector s10 = s00;
    DoubleVector s11 = s00;
    DoubleVector s12 = s00;
    DoubleVector s20 = s00;
    DoubleVector s21 = s00;
    DoubleVector s22 = s00;
    DoubleVector s30 = s00;
    DoubleVector s31 = s00;
    DoubleVector s32 = s00;
    for (int r = 0; r < end; r += stride) {
      DoubleVector c0 = DoubleVector.fromArray(LANES, x, r + j);
      DoubleVector c1 = DoubleVector.fromArray(LANES, x, r + j + STEP);
      DoubleVector c2 = DoubleVector.fromArray(LANES, x, r + j + 2 * STEP);
      DoubleVector b = DoubleVector.broadcast(LANES, x[r + i]);
      s00 = b.fma(c0, s00);
      s01 = b.fma(c1, s01);
      s02 = b.fma(c2, s02);
      b = DoubleVector.broadcast(LANES, x[r + i + 1]);
      s10 = b.fma(c0, s10);
      s11 = b.fma(c1, s11);
      s12 = b.fma(c2, s12);
      b = DoubleVector.broadcast(LANES, x[r + i + 2]);
      s20 = b.fma(c0, s20);
      s21 = b.fma(c1, s21);
      s22 = b.fma(c2, s22);
      b = DoubleVector.broadcast(LANES, x[r + i + 3]);
      s30 = b.fma(c0, s30);
      s31 = b.fma(c1, s31);
      s32 = b.fma(c2, s32);
    }
    int at = i * stride + j;
    s00.intoArray(out, at);
    s01.intoArray(out, at + STEP);
    s02.intoArray(out, at + 2 * STEP);
    at += stride;
    s10.intoArray(out, at);
    s11.intoArray(out, at + STEP);
    s12.intoArray(out, at + 2 * STEP);
    at += stride;
    s20.intoArray(out, at);
    s21.intoArray(out, at + STEP);
    s22.intoArray(out, at + 2 * STEP);
    at += stride;
    s30.intoArray(out, at);
    s31.intoArray(out, at + STEP);
    s32.intoArray(out, at + 2 * STEP);
  }

  private static void tile2(double[] x, int end, int stride, int i, int j, double[] out) {
    DoubleVector s00 = DoubleVector.zero(LANES);
    DoubleVector s01 = s00;
    DoubleVector s10 = s00;
    DoubleVector s11 = s00;
    DoubleVector s20 = s00;
    DoubleVector s21 = s00;
    DoubleVector s30 = s00;
    DoubleVector s31 = s00;
    for (int r = 0; r < end; r += stride) {
      DoubleVector c0 = DoubleVector.fromArray(LANES, x, r + j);
      DoubleVector c1 = DoubleVector.fromArray(LANES, x, r + j + STEP);
      DoubleVector b = DoubleVector.broadcast(LANES, x[r + i]);
      s00 = b.fma(c0, s00);
      s01 = b.fma(c1, s01);
      b = DoubleVector.broadcast(LANES, x[r + i + 1]);
      s10 = b.fma(c0, s10);
      s11 = b.fma(c1, s11);
      b = DoubleVector.broadcast(LANES, x[r + i + 2]);
      s20 = b.fma(c0, s20);
      s21 = b.fma(c1, s21);
      b = DoubleVector.broadcast(LANES, x[r + i + 3]);
      s30 = b.fma(c0, s30);
      s31 = b.fma(c1, s31);
    }
    int at = i * stride + j;
    s00.intoArray(out, at);
    s01.intoArray(out, at + STEP);
    at += stride;
    s10.intoArray(out, at);
    s11.intoArray(out, at + STEP);
    at += stride;
    s20.intoArray(out, at);
    s21.intoArray(out, at + STEP);
    at += stride;
    s30.intoArray(out, at);
    s31.intoArray(out, at + STEP);
  }

  private static void tile1(double[] x, int end, int stride, int i, int j, double[] out) {
    DoubleVector s0 = DoubleVector.zero(LANES);
    DoubleVector s1 = s0;
    DoubleVector s2 = s0;
    DoubleVector s3 = s0;
    for (int r = 0; r < end; r += stride) {
      DoubleVector c = DoubleVector.fromArray(LANES, x, r + j);
      s0 = DoubleVector.broadcast(LANES, x[r + i]).fma(c, s0);
      s1 = DoubleVector.broadcast(LANES, x[r + i + 1]).fma(c, s1);
      s2 = DoubleVector.broadcast(LANES, x[r + i + 2]).fma(c, s2);
      s3 = DoubleVector.broadcast(LANES, x[r + i + 3]).fma(c, s3);
    }
    int at = i * stride + j;
    s0.intoArray(out, at);
    s1.intoArray(out, at + stride);
    s2.intoArray(out, at + 2 * stride);
    s3.intoArray(out, at + 3 * stride);
  }

  /// Two pivots at a time, so that each row below is loaded and stored half as often.
  @Override
  public boolean factor(double[] a, int n, int stride, double[] factors) {
    for (int k = 0; k < n; k += 2) {
      int row0 = k * stride;
      double pivot0 = a[row0 + k];
      if (!(pivot0 > 0)) {
        return false;
      }
      if (k + 1 == n) {
        return true;
      }
      double inverse0 = 1 / pivot0;
      double f = a[row0 + k + 1] * inverse0;
      int row1 = row0 + stride;
      factors[row1 + k] = f;
      DoubleVector minus = DoubleVector.broadcast(LANES, -f);
      for (int c = (k + 1) & -ALIGNMENT; c < stride; c += STEP) {
        DoubleVector p = DoubleVector.fromArray(LANES, a, row0 + c);
        minus.fma(p, DoubleVector.fromArray(LANES, a, row1 + c)).intoArray(a, row1 + c);
      }
      double pivot1 = a[row1 + k + 1];
      if (!(pivot1 > 0)) {
        return false;
      }
      eliminate(a, n, stride, factors, k, inverse0, 1 / pivot1);
    }
    return true;
  }

  private static void eliminate(
      double[] a, int n, int stride, double[] factors, int k, double inverse0, double inverse1) {
    int row0 = k * stride;
    int row1 = row0 + stride;
    for (int i = k + 2; i < n; i++) {
      double f0 = a[row0 + i] * inverse0;
      double f1 = a[row1 + i] * inverse1;
      int row = i * stride;
      factors[row + k] = f0;
      factors[row + k + 1] = f1;
      DoubleVector minus0 = DoubleVector.broadcast(LANES, -f0);
      DoubleVector minus1 = DoubleVector.broadcast(LANES, -f1);
      for (int c = i & -ALIGNMENT; c < stride; c += STEP) {
        DoubleVector p0 = DoubleVector.fromArray(LANES, a, row0 + c);
        DoubleVector p1 = DoubleVector.fromArray(LANES, a, row1 + c);
        DoubleVector old = DoubleVector.fromArray(LANES, a, row + c);
        minus1.fma(p1, minus0.fma(p0, old)).intoArray(a, row + c);
      }
    }
  }

  @Override
  public void eliminateBackward(double[] factors, int n, int stride, double[] b) {
    for (int i = n - 1; i > 0; i--) {
      double known = b[i];
      int row = i * stride;
      int c = 0;
      DoubleVector minus = DoubleVector.broadcast(LANES, -known);
      for (; c + STEP <= i; c += STEP) {
        DoubleVector f = DoubleVector.fromArray(LANES, factors, row + c);
        minus.fma(f, DoubleVector.fromArray(LANES, b, c)).intoArray(b, c);
      }
      for (; c < i; c++) {
        b[c] = Math.fma(-known, factors[row + c], b[c]);
      }
    }
  }
}
