package io.quern.engine.linalg;

/// Plain Java.
final class ScalarStateKernel implements StateKernel {
  @Override
  public String name() {
    return "scalar";
  }

  @Override
  public void scale(double[] state, int from, int count, double re, double im) {
    for (int at = from; at < from + 2 * count; at += 2) {
      double x = state[at];
      double y = state[at + 1];
      state[at] = re * x - im * y;
      state[at + 1] = re * y + im * x;
    }
  }

  @Override
  public void mix(double[] state, int first, int second, int count, double[] matrix) {
    double aRe = matrix[0];
    double aIm = matrix[1];
    double bRe = matrix[2];
    double bIm = matrix[3];
    double cRe = matrix[4];
    double cIm = matrix[5];
    double dRe = matrix[6];
    double dIm = matrix[7];
    for (int i = first, j = second; i < first + 2 * count; i += 2, j += 2) {
      double xRe = state[i];
      double xIm = state[i + 1];
      double yRe = state[j];
      double yIm = state[j + 1];
      state[i] = (aRe * xRe - aIm * xIm) + (bRe * yRe - bIm * yIm);
      state[i + 1] = (aRe * xIm + aIm * xRe) + (bRe * yIm + bIm * yRe);
      state[j] = (cRe * xRe - cIm * xIm) + (dRe * yRe - dIm * yIm);
      state[j + 1] = (cRe * xIm + cIm * xRe) + (dRe * yIm + dIm * yRe);
    }
  }
}
