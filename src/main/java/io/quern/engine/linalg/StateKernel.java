package io.quern.engine.linalg;

/// The inner loops of simulation: operations on runs of neighbouring numbers of a state.
///
/// States are interleaved re/im. Every kernel computes each number by the same operations in the
/// same order, so that all give the same bits. No kernel allocates. Arguments are not checked.
public interface StateKernel {

  String name();

  /// Multiplies a run of complex numbers by one.
  ///
  /// @param state modified
  /// @param from index of the first number's real part
  /// @param count how many complex numbers
  void scale(double[] state, int from, int count, double re, double im);

  /// Replaces the numbers of two runs, pair by pair, by two combinations of them.
  ///
  /// @param state modified
  /// @param first index of the real part of the first run's first number
  /// @param second that of the second run; the runs do not overlap
  /// @param count how many complex numbers in each
  /// @param matrix 2x2, row-major, interleaved re/im
  void mix(double[] state, int first, int second, int count, double[] matrix);
}
