package io.quern.engine.simulation;

import io.quern.engine.circuit.Gate;
import io.quern.engine.circuit.Location;
import io.quern.engine.circuit.Operation.GateOperation;
import io.quern.engine.linalg.Matrices;
import io.quern.engine.linalg.StateKernel;
import java.util.Arrays;

/// Applies gates to state vectors in place; owns its scratch, so one thread uses it.
///
/// A gate is taken apart into the basis states it moves: a diagonal gate multiplies the entries
/// that are not 1, a controlled gate touches only where its controls are 1, a swap only the two
/// states it exchanges. Everything else is left alone in memory.
public final class GateKernel {
  /// Qubits of the widest gate there is.
  private static final int MAX_GATE_QUBITS = 5;

  private static final int MAX_SIZE = 1 << MAX_GATE_QUBITS;

  private static final StateKernel KERNEL = Matrices.states();

  /// By the gate's qubits; empty until there is such a gate, since few circuits have wide ones.
  private final double[][] matrices = new double[MAX_GATE_QUBITS + 1][0];

  /// Bit positions of the gate's qubits within a state's index, ascending.
  private final int[] positions = new int[MAX_GATE_QUBITS];

  /// The moved basis states: row of the matrix, and what it adds to a state's index.
  private final int[] rows = new int[MAX_SIZE];

  private final int[] offsets = new int[MAX_SIZE];

  private final double[] gathered = new double[2 * MAX_SIZE];

  /// What moves the moved states; grows with the widest gate so far.
  private double[] block = new double[32];

  /// @param state interleaved re/im, length 2·2^qubits; modified
  /// @param qubits of the state; qubit 0 is the most significant bit of the index
  void apply(GateOperation operation, double[] state, int qubits) {
    Gate gate = operation.gate();
    double[] matrix = matrix(gate.qubits());
    gate.unitary(operation.parameters().toArray(), matrix);
    apply(matrix, operation.location(), state, qubits);
  }

  private double[] matrix(int qubits) {
    if (matrices[qubits].length == 0) {
      matrices[qubits] = new double[2 << (2 * qubits)];
    }
    return matrices[qubits];
  }

  /// @param matrix of a gate on as many qubits as the location has, at most 5; not modified
  /// @param state as in the other method; modified
  public void apply(double[] matrix, Location location, double[] state, int qubits) {
    int k = location.size();
    int size = 1 << k;
    int moved = 0;
    boolean isDiagonal = true;
    for (int row = 0; row < size; row++) {
      boolean isAlone = true;
      for (int column = 0; column < size; column++) {
        isAlone &=
            row == column
                || (isZero(matrix, row * size + column) && isZero(matrix, column * size + row));
      }
      int diagonal = 2 * (row * size + row);
      if (!isAlone || matrix[diagonal] != 1 || matrix[diagonal + 1] != 0) {
        rows[moved] = row;
        offsets[moved] = offset(row, location, qubits);
        moved++;
      }
      isDiagonal &= isAlone;
    }
    for (int i = 0; i < k; i++) {
      positions[i] = qubits - 1 - location.get(i);
    }
    Arrays.sort(positions, 0, k);
    if (isDiagonal) {
      for (int i = 0; i < moved; i++) {
        int diagonal = 2 * (rows[i] * size + rows[i]);
        scale(matrix[diagonal], matrix[diagonal + 1], offsets[i], k, state, qubits);
      }
      return;
    }
    if (block.length < 2 * moved * moved) {
      block = new double[2 * moved * moved];
    }
    for (int i = 0; i < moved; i++) {
      for (int j = 0; j < moved; j++) {
        int from = 2 * (rows[i] * size + rows[j]);
        int to = 2 * (i * moved + j);
        block[to] = matrix[from];
        block[to + 1] = matrix[from + 1];
      }
    }
    if (moved == 2) {
      mixPairs(offsets[0], offsets[1], k, state, qubits);
    } else {
      mix(moved, k, state, qubits);
    }
  }

  /// Multiplies every state of one setting of the gate's qubits.
  private void scale(double re, double im, int offset, int k, double[] state, int qubits) {
    int run = 1 << positions[0];
    int runs = 1 << (qubits - k - positions[0]);
    for (int r = 0; r < runs; r++) {
      int first = 2 * (base(r << positions[0], k) + offset);
      KERNEL.scale(state, first, run, re, im);
    }
  }

  /// Applies the 2x2 block to every pair of states of two settings of the gate's qubits.
  private void mixPairs(int offset0, int offset1, int k, double[] state, int qubits) {
    int run = 1 << positions[0];
    int runs = 1 << (qubits - k - positions[0]);
    for (int r = 0; r < runs; r++) {
      int base = base(r << positions[0], k);
      KERNEL.mix(state, 2 * (base + offset0), 2 * (base + offset1), run, block);
    }
  }

  private void mix(int moved, int k, double[] state, int qubits) {
    int bases = 1 << (qubits - k);
    for (int b = 0; b < bases; b++) {
      int base = base(b, k);
      for (int i = 0; i < moved; i++) {
        int at = 2 * (base + offsets[i]);
        gathered[2 * i] = state[at];
        gathered[2 * i + 1] = state[at + 1];
      }
      for (int i = 0; i < moved; i++) {
        double re = 0;
        double im = 0;
        int row = 2 * i * moved;
        for (int j = 0; j < 2 * moved; j += 2) {
          re += block[row + j] * gathered[j] - block[row + j + 1] * gathered[j + 1];
          im += block[row + j] * gathered[j + 1] + block[row + j + 1] * gathered[j];
        }
        int at = 2 * (base + offsets[i]);
        state[at] = re;
        state[at + 1] = im;
      }
    }
  }

  /// A number with a zero bit put in at each of the gate's positions.
  private int base(int number, int k) {
    int base = number;
    for (int i = 0; i < k; i++) {
      int low = (1 << positions[i]) - 1;
      base = ((base & ~low) << 1) | (base & low);
    }
    return base;
  }

  private static int offset(int row, Location location, int qubits) {
    int offset = 0;
    int k = location.size();
    for (int i = 0; i < k; i++) {
      if ((row >> (k - 1 - i) & 1) == 1) {
        offset |= 1 << (qubits - 1 - location.get(i));
      }
    }
    return offset;
  }

  private static boolean isZero(double[] matrix, int entry) {
    return matrix[2 * entry] == 0 && matrix[2 * entry + 1] == 0;
  }
}
