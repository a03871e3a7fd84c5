package io.quern.engine.instantiation;

import io.quern.engine.linalg.RowKernel;
import java.util.Arrays;

/// Where the rows of a template's matrices lie while its gates are passed from last to first.
///
/// Two matrices are carried along. In the *Pauli matrix* each column is a Hermitian operator by its
/// coefficients on the 4^n Pauli strings: passing a one-qubit gate turns triples of rows, and
/// passing a CZ exchanges rows and changes signs. In the *remainder* (a unitary) passing a gate
/// combines pairs of rows, and passing a CZ changes signs. A CZ therefore costs nothing: rows stay
/// where they are in memory, and this plan knows which string, with which sign, each row stands for
/// when a gate's turn comes. A gate's *stage* is its place in that order.
///
/// Digits of a string's number: 0, 1, 2, 3 for I, X, Y, Z, qubit 0 the most significant.
final class FramePlan {
  private static final int X = 1;
  private static final int Y = 2;
  private static final int Z = 3;

  final int qubits;
  final int dimension;

  /// Pauli strings.
  final int strings;

  final int freeGates;

  /// Step directions: three for each gate of the first layer; two for every other, since a turn
  /// about Z passes the CZ before it and is one of an earlier gate.
  final int directions;

  /// Of the Pauli matrix: the directions and one column more.
  final int stride;

  /// Of the remainder.
  final int rowStride;

  /// For each gate: offsets of rows of the Pauli matrix, three for each triple.
  final int[][] triples;

  /// For each gate and triple which of the four patterns of signs it has.
  final byte[][] variants;

  /// For each gate: offsets of rows of the remainder, two for each pair.
  final int[][] pairs;

  /// For each gate and pair the product of its rows' signs.
  final double[][] pairSigns;

  /// For each gate its first direction's column.
  final int[] firstColumn;

  /// For each direction where its column is set when it begins, and to what.
  final int[] seedOffset;

  final double[] seedSign;

  /// In the frame before the first CZ: for each string its row's offset and sign.
  final int[] finalRow;

  final double[] finalSign;

  /// In the same frame the signs of the remainder's rows.
  final double[] remainderSign;

  /// The string with X part x and Z part z (masks over the bits of row indices) at index `x *
  /// dimension + z`.
  final int[] stringOf;

  FramePlan(Template template) {
    qubits = template.qubits();
    dimension = 1 << qubits;
    strings = 1 << (2 * qubits);
    freeGates = template.freeGates();
    directions = 3 * qubits + 4 * template.size();
    stride = RowKernel.stride(directions + 1);
    rowStride = RowKernel.stride(dimension);
    triples = new int[freeGates][];
    variants = new byte[freeGates][];
    pairs = new int[freeGates][];
    pairSigns = new double[freeGates][];
    firstColumn = new int[freeGates];
    seedOffset = new int[directions];
    seedSign = new double[directions];
    finalRow = new int[strings];
    finalSign = new double[strings];
    remainderSign = new double[dimension];
    stringOf = new int[strings];
    for (int string = 0; string < strings; string++) {
      stringOf[mask(string, X, Y) * dimension + mask(string, Z, Y)] = string;
    }
    Arrays.setAll(finalRow, string -> string);
    Arrays.fill(finalSign, 1);
    Arrays.fill(remainderSign, 1);
    plan(template);
    for (int string = 0; string < strings; string++) {
      finalRow[string] *= stride;
    }
  }

  /// About how many entries its tables have.
  int size() {
    return freeGates * strings + 4 * strings;
  }

  /// During planning `finalRow` holds numbers of rows and, like the signs, the state of the stage.
  private void plan(Template template) {
    int column = 0;
    for (int k = template.size() - 1; k >= 0; k--) {
      int b = qubits + 2 * k + 1;
      int a = b - 1;
      column = planGate(b, template.second(k), column, 2);
      column = planGate(a, template.first(k), column, 2);
      passCz(template.first(k), template.second(k));
    }
    for (int gate = qubits - 1; gate >= 0; gate--) {
      column = planGate(gate, gate, column, 3);
    }
  }

  private int planGate(int gate, int qubit, int column, int count) {
    int unit = 1 << (2 * (qubits - 1 - qubit));
    int[] rows = new int[3 * strings / 4];
    byte[] patterns = new byte[strings / 4];
    int t = 0;
    for (int rest = 0; rest < strings; rest++) {
      if ((rest / unit & 3) == 0) {
        int x = rest + X * unit;
        int y = rest + Y * unit;
        int z = rest + Z * unit;
        rows[3 * t] = finalRow[x] * stride;
        rows[3 * t + 1] = finalRow[y] * stride;
        rows[3 * t + 2] = finalRow[z] * stride;
        boolean isXyNegative = finalSign[x] * finalSign[y] < 0;
        boolean isXzNegative = finalSign[x] * finalSign[z] < 0;
        patterns[t] = (byte) ((isXyNegative ? 1 : 0) + (isXzNegative ? 2 : 0));
        t++;
      }
    }
    triples[gate] = rows;
    variants[gate] = patterns;
    planRemainder(gate, qubit);
    firstColumn[gate] = column;
    for (int i = 0; i < count; i++) {
      int string = (i + 1) * unit;
      seedOffset[column + i] = finalRow[string] * stride + column + i;
      seedSign[column + i] = finalSign[string];
    }
    return column + count;
  }

  private void planRemainder(int gate, int qubit) {
    int bit = 1 << (qubits - 1 - qubit);
    pairs[gate] = new int[dimension];
    pairSigns[gate] = new double[dimension / 2];
    int p = 0;
    for (int row = 0; row < dimension; row++) {
      if ((row & bit) == 0) {
        pairs[gate][2 * p] = row * rowStride;
        pairs[gate][2 * p + 1] = (row | bit) * rowStride;
        pairSigns[gate][p] = remainderSign[row] * remainderSign[row | bit];
        p++;
      }
    }
  }

  /// XI becomes XZ, IX becomes ZX and so on; XY and YX take a sign.
  private void passCz(int a, int b) {
    int unitA = 1 << (2 * (qubits - 1 - a));
    int unitB = 1 << (2 * (qubits - 1 - b));
    int[] rows = finalRow.clone();
    double[] signs = finalSign.clone();
    for (int string = 0; string < strings; string++) {
      int pa = string / unitA & 3;
      int pb = string / unitB & 3;
      boolean movesA = pa == X || pa == Y;
      boolean movesB = pb == X || pb == Y;
      int qa = movesB ? timesZ(pa) : pa;
      int qb = movesA ? timesZ(pb) : pb;
      int to = string + (qa - pa) * unitA + (qb - pb) * unitB;
      finalRow[string] = rows[to];
      finalSign[string] = movesA && movesB && pa != pb ? -signs[to] : signs[to];
    }
    int bits = 1 << (qubits - 1 - a) | 1 << (qubits - 1 - b);
    for (int row = 0; row < dimension; row++) {
      if ((row & bits) == bits) {
        remainderSign[row] = -remainderSign[row];
      }
    }
  }

  /// The Pauli matrix times Z up to phase.
  private static int timesZ(int pauli) {
    return 3 - pauli;
  }

  /// Where a string has one of two Pauli matrices, as a mask over the bits of row indices.
  private int mask(int string, int one, int other) {
    int mask = 0;
    for (int bit = 0; bit < qubits; bit++) {
      int digit = string >> (2 * bit) & 3;
      if (digit == one || digit == other) {
        mask |= 1 << bit;
      }
    }
    return mask;
  }
}
