package io.quern.engine.linalg;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/// The kernels on 512-bit vectors, one vector a row of a 4x4 matrix.
///
/// Species and shuffle are constants used in the kernel itself: passed around, they are no
/// constants to the compiler, and every operation allocates. Real and imaginary factors are summed
/// apart and meet in one shuffle at the end. No fused multiply-add: it would round differently from
/// the scalar kernel.
final class Vector512MatrixKernel implements MatrixKernel {
  private static final VectorSpecies<Double> ROW = DoubleVector.SPECIES_512;
  private static final VectorShuffle<Double> EXCHANGE =
      VectorShuffle.fromValues(ROW, 1, 0, 3, 2, 5, 4, 7, 6);
  private static final DoubleVector SIGNS =
      DoubleVector.fromArray(ROW, new double[] {-1, 1, -1, 1, -1, 1, -1, 1}, 0);

  private final MatrixKernel scalar = new ScalarMatrixKernel();

  @Override
  public String name() {
    return "vector512";
  }

  @Override
  public void multiply4(double[] a, double[] b, double[] out) {
    DoubleVector b0 = DoubleVector.fromArray(ROW, b, 0);
    DoubleVector b1 = DoubleVector.fromArray(ROW, b, 8);
    DoubleVector b2 = DoubleVector.fromArray(ROW, b, 16);
    DoubleVector b3 = DoubleVector.fromArray(ROW, b, 24);
    for (int r = 0; r < 32; r += 8) {
      DoubleVector byRe =
          b0.mul(a[r]).add(b1.mul(a[r + 2])).add(b2.mul(a[r + 4])).add(b3.mul(a[r + 6]));
      DoubleVector byIm =
          b0.mul(a[r + 1]).add(b1.mul(a[r + 3])).add(b2.mul(a[r + 5])).add(b3.mul(a[r + 7]));
      byRe.add(byIm.rearrange(EXCHANGE).mul(SIGNS)).intoArray(out, r);
    }
  }

  @Override
  public void gram4(double[] a, double[] out) {
    scalar.gram4(a, out);
  }
}
