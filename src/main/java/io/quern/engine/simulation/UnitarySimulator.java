package io.quern.engine.simulation;

import io.quern.engine.circuit.Circuit;

/// Computes the unitary of a circuit of gates.
public final class UnitarySimulator {
  /// What an array can hold; memory is 16 bytes times 4^qubits.
  public static final int MAX_QUBITS = 14;

  private UnitarySimulator() {}

  /// The circuit's unitary: row-major, interleaved re/im, length 2·4^qubits.
  ///
  /// The matrix is treated as a state of twice the qubits, the row's first: gates then act on rows.
  ///
  /// @throws IllegalArgumentException if the circuit measures, resets, has conditions or more than
  ///   [#MAX_QUBITS] qubits
  public static double[] unitary(Circuit circuit) {
    int n = circuit.qubits();
    if (n > MAX_QUBITS) {
      throw new IllegalArgumentException(
          "a unitary of at most " + MAX_QUBITS + " qubits fits an array, found " + n);
    }
    int size = 1 << n;
    double[] unitary = new double[2 * size * size];
    for (int k = 0; k < size; k++) {
      unitary[2 * (k * size + k)] = 1;
    }
    StateSimulator.run(circuit, unitary, 2 * n, () -> {});
    return unitary;
  }
}
