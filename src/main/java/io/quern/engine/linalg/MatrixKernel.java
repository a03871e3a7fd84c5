package io.quern.engine.linalg;

/// The inner loops of the engine on small complex matrices.
///
/// Matrices are flat, row-major, interleaved re/im: entry (r, c) of a d x d matrix has its real
/// part at `2 (r d + c)`. No kernel allocates; outputs may not overlap inputs. Arguments are not
/// checked.
public interface MatrixKernel {

  /// The name results report, such as `scalar`.
  String name();

  /// `out = a * b` for 4x4 matrices (length 32). `a` and `b` are not modified.
  void multiply4(double[] a, double[] b, double[] out);

  /// `out = a^T * a` for a 4x4 matrix, without conjugation. `a` is not modified.
  void gram4(double[] a, double[] out);
}
