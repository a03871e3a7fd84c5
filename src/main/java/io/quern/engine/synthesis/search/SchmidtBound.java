package io.quern.engine.synthesis.search;

import java.util.Arrays;

/// A lower bound on the CX gates of a unitary by its operator-Schmidt rank.
///
/// Across a cut of the qubits into two sets a unitary is a sum of r products of operators; the rank
/// r is the least such number. A CX across the cut at most doubles it, so at least `log2 r` of them
/// cross. For every cut of one qubit from the rest this bounds the gates that touch it by 0, 1 or
/// 2; where two are not enough ([TwofoldCrossing]) it is 3. Each gate touches two qubits that are
/// coupled.
///
/// Source: M. A. Nielsen et al., Quantum dynamics as a physical resource, 2003, doi
/// 10.1103/PhysRevA.67.052301.
final class SchmidtBound {
  /// What rounding leaves where nothing should be.
  private static final double ROUNDING = 1e-12;

  /// How much larger than the least possible remainder that of elimination with pivoting may be,
  /// for 4x4 matrices.
  private static final double ELIMINATION = 256;

  private SchmidtBound() {}

  /// CX gates that at least touch each qubit: 0 to 3.
  ///
  /// @param threshold distance (D1) from the unitary that a circuit may have; Schmidt coefficients
  ///   that it could lose count as 0
  static int[] touching(double[] unitary, int qubits, double threshold) {
    double tolerance = ROUNDING + 2 * ELIMINATION * threshold;
    int[] least = new int[qubits];
    double[] gram = new double[32];
    for (int qubit = 0; qubit < qubits; qubit++) {
      gram(unitary, qubits, qubit, gram);
      int rank = rank(gram, tolerance);
      least[qubit] =
          rank <= 1
              ? 0
              : rank == 2
                  ? 1
                  : TwofoldCrossing.isPossible(unitary, qubits, qubit, threshold) ? 2 : 3;
    }
    return least;
  }

  /// The 4x4 Gram matrix of the blocks `<i| U |j>` of one qubit, whose rank is the Schmidt rank.
  private static void gram(double[] unitary, int qubits, int qubit, double[] gram) {
    int d = 1 << qubits;
    int bit = 1 << (qubits - 1 - qubit);
    Arrays.fill(gram, 0);
    for (int r = 0; r < d; r++) {
      for (int c = 0; c < d; c++) {
        if ((r & bit) == 0 && (c & bit) == 0) {
          for (int p = 0; p < 4; p++) {
            int at = 2 * ((r | (p >> 1) * bit) * d + (c | (p & 1) * bit));
            for (int q = 0; q < 4; q++) {
              int to = 2 * ((r | (q >> 1) * bit) * d + (c | (q & 1) * bit));
              gram[8 * p + 2 * q] += unitary[at] * unitary[to] + unitary[at + 1] * unitary[to + 1];
              gram[8 * p + 2 * q + 1] +=
                  unitary[at] * unitary[to + 1] - unitary[at + 1] * unitary[to];
            }
          }
        }
      }
    }
  }

  /// Of a Hermitian positive matrix, by elimination with the largest pivot.
  private static int rank(double[] m, double tolerance) {
    boolean[] isDone = new boolean[4];
    double all = m[0] + m[10] + m[20] + m[30];
    for (int rank = 0; rank < 4; rank++) {
      int pivot = -1;
      double rest = 0;
      for (int i = 0; i < 4; i++) {
        if (!isDone[i]) {
          rest += m[10 * i];
          pivot = pivot < 0 || m[10 * i] > m[10 * pivot] ? i : pivot;
        }
      }
      if (rest <= tolerance * all) {
        return rank;
      }
      isDone[pivot] = true;
      double size = m[10 * pivot];
      for (int i = 0; i < 4; i++) {
        if (!isDone[i]) {
          eliminate(m, pivot, i, size);
        }
      }
    }
    return 4;
  }

  private static void eliminate(double[] m, int pivot, int i, double size) {
    double re = m[8 * i + 2 * pivot] / size;
    double im = m[8 * i + 2 * pivot + 1] / size;
    for (int c = 0; c < 8; c += 2) {
      double pr = m[8 * pivot + c];
      double pi = m[8 * pivot + c + 1];
      m[8 * i + c] -= re * pr - im * pi;
      m[8 * i + c + 1] -= re * pi + im * pr;
    }
  }
}
