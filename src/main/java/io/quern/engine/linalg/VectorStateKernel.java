package io.quern.engine.linalg;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/// The loops on vectors of the processor's width; what is left of a run in plain Java.
///
/// A product with a complex number is that with its real part, plus that of exchanged parts with
/// its imaginary part, negated for real parts: the scalar kernel's operations, so its bits.
final class VectorStateKernel implements StateKernel {
  private static final VectorSpecies<Double> LANES = DoubleVector.SPECIES_PREFERRED;
  private static final int STEP = LANES.length();
  private static final VectorShuffle<Double> EXCHANGE =
      VectorShuffle.fromOp(LANES, lane -> lane ^ 1);
  private static final DoubleVector SIGNS = signs();

  private final StateKernel scalar = new ScalarStateKernel();

  private static DoubleVector signs() {
    double[] signs = new double[STEP];
    for (int lane = 0; lane < STEP; lane++) {
      signs[lane] = lane % 2 == 0 ? -1 : 1;
    }
    return DoubleVector.fromArray(LANES, signs, 0);
  }

  @Override
  public String name() {
    return "vector" + LANES.vectorBitSize();
  }

  @Override
  public void scale(double[] state, int from, int count, double re, double im) {
    DoubleVector signedIm = SIGNS.mul(im);
    int end = from + 2 * count / STEP * STEP;
    for (int at = from; at < end; at += STEP) {
      DoubleVector x = DoubleVector.fromArray(LANES, state, at);
      x.mul(re).add(x.rearrange(EXCHANGE).mul(signedIm)).intoArray(state, at);
    }
    scalar.scale(state, end, count - (end - from) / 2, re, im);
  }

  @Override
  public void mix(double[] state, int first, int second, int count, double[] matrix) {
    DoubleVector aIm = SIGNS.mul(matrix[1]);
    DoubleVector bIm = SIGNS.mul(matrix[3]);
    DoubleVector cIm = SIGNS.mul(matrix[5]);
    DoubleVector dIm = SIGNS.mul(matrix[7]);
    int end = first + 2 * count / STEP * STEP;
    int distance = second - first;
    for (int i = first; i < end; i += STEP) {
      DoubleVector x = DoubleVector.fromArray(LANES, state, i);
      DoubleVector y = DoubleVector.fromArray(LANES, state, i + distance);
      DoubleVector otherX = x.rearrange(EXCHANGE);
      DoubleVector otherY = y.rearrange(EXCHANGE);
      x.mul(matrix[0])
          .add(otherX.mul(aIm))
          .add(y.mul(matrix[2]).add(otherY.mul(bIm)))
          .intoArray(state, i);
      x.mul(matrix[4])
          .add(otherX.mul(cIm))
          .add(y.mul(matrix[6]).add(otherY.mul(dIm)))
          .intoArray(state, i + distance);
    }
    int done = (end - first) / 2;
    scalar.mix(state, end, end + distance, count - done, matrix);
  }
}
