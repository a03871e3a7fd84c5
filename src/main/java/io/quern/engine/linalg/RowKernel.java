package io.quern.engine.linalg;

/// The inner loops of instantiation: operations on whole rows of wide matrices.
///
/// Rows are `stride` doubles apart; a stride is a multiple of [#ALIGNMENT], and whatever lies
/// between the columns in use and the next multiple may be read and overwritten. Complex matrices
/// are two planes, all real parts before all imaginary parts, so that no loop shuffles. No kernel
/// allocates. Arguments are not checked.
///
/// Every kernel computes each number by the same operations in the same order, with one rounding
/// for each product and sum (`Math.fma`), so that all kernels give the same bits.
public interface RowKernel {

  /// What a stride is a multiple of.
  int ALIGNMENT = 8;

  /// The smallest stride for a number of columns.
  static int stride(int columns) {
    return (columns + ALIGNMENT - 1) & -ALIGNMENT;
  }

  String name();

  /// Replaces triples of rows by three combinations of them: row i of a triple becomes `sum over j
  /// of q_ij row j`.
  ///
  /// @param x modified
  /// @param columns how many columns, from the first
  /// @param triples offsets of the rows' first entries, three for each triple
  /// @param variants which of the matrices each triple takes
  /// @param q 3x3 matrices, row-major, one after the other
  void rotateTriples(double[] x, int columns, int[] triples, byte[] variants, double[] q);

  /// Multiplies `(w + i (x X + y Y + z Z))` onto pairs of rows of a complex matrix.
  ///
  /// @param m modified
  /// @param plane offset of the imaginary parts
  /// @param columns how many columns, from the first
  /// @param pairs offsets of the rows' real parts, two for each pair
  /// @param signs 1, or -1 for pairs whose x and y count negative
  /// @param g index of w, x, y, z in `gates`
  void turnPairs(
      double[] m, int plane, int columns, int[] pairs, double[] signs, double[] gates, int g);

  /// The upper triangle of `x^T x`; of each row of the result the entries from the last multiple of
  /// [#ALIGNMENT] at or before the diagonal are written.
  ///
  /// @param x rows x stride; not modified
  /// @param columns how many rows of the result are wanted
  /// @param out columns x stride
  void gram(double[] x, int rows, int stride, int columns, double[] out);

  /// Factors `a = L D L^T` and eliminates forward whatever stands beside it.
  ///
  /// @param a n x stride, upper triangle; overwritten by `D L^T`, and columns from n on by `L^-1`
  ///   times what they were
  /// @param factors n x stride; the strict lower triangle becomes L
  /// @return whether every pivot was positive; if not, both matrices are spoilt
  boolean factor(double[] a, int n, int stride, double[] factors);

  /// Solves `L^T x = b`.
  ///
  /// @param b becomes x; `stride` long
  void eliminateBackward(double[] factors, int n, int stride, double[] b);
}
