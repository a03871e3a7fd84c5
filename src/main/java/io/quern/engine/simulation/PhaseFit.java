package io.quern.engine.simulation;

/// The sum over pairs of vectors of ||a - e^(i phi)·b||² for the best common phi, without the
/// cancellation that 1 - |<a|b>| suffers near 0.
///
/// The first pair that overlaps fixes a reference phase; squares are summed against it, and the
/// remaining turn of the phase is taken out at the end: with t = <e^(i phi0)·b|a> summed, the
/// minimum is the sum less 2(|t| - Re t).
final class PhaseFit {
  private double phaseRe = 1;
  private double phaseIm;
  private boolean isPhaseSet;
  private double sum;
  private double overlapRe;
  private double overlapIm;

  /// Adds a pair of which b is known in a larger space.
  ///
  /// @param a interleaved re/im; not modified
  /// @param b interleaved re/im; what is compared is set to 0
  /// @param indices where the entries of a belong in b; whatever b has elsewhere counts in full
  void add(double[] a, double[] b, int[] indices) {
    add(a, b, indices, 0);
  }

  /// Adds 2^columnBits pairs side by side: entry k of pair c is number (k << columnBits) + c.
  void add(double[] a, double[] b, int[] indices, int columnBits) {
    int columns = 2 << columnBits;
    double re = 0;
    double im = 0;
    for (int k = 0; k < indices.length; k++) {
      int i = k * columns;
      int j = indices[k] * columns;
      for (int end = i + columns; i < end; i += 2, j += 2) {
        re += b[j] * a[i] + b[j + 1] * a[i + 1];
        im += b[j] * a[i + 1] - b[j + 1] * a[i];
      }
    }
    if (!isPhaseSet && Math.hypot(re, im) > 1e-3) {
      double length = Math.hypot(re, im);
      phaseRe = re / length;
      phaseIm = im / length;
      isPhaseSet = true;
    }
    overlapRe += phaseRe * re + phaseIm * im;
    overlapIm += phaseRe * im - phaseIm * re;
    for (int k = 0; k < indices.length; k++) {
      int i = k * columns;
      int j = indices[k] * columns;
      for (int end = i + columns; i < end; i += 2, j += 2) {
        double dRe = a[i] - (phaseRe * b[j] - phaseIm * b[j + 1]);
        double dIm = a[i + 1] - (phaseRe * b[j + 1] + phaseIm * b[j]);
        sum += dRe * dRe + dIm * dIm;
        b[j] = 0;
        b[j + 1] = 0;
      }
    }
    for (double rest : b) {
      sum += rest * rest;
    }
  }

  /// The minimum over the phase, not negative.
  double minimum() {
    double length = Math.hypot(overlapRe, overlapIm);
    double turn = overlapRe > 0 ? overlapIm * overlapIm / (length + overlapRe) : length - overlapRe;
    return Math.max(0, sum - 2 * turn);
  }
}
