package io.quern.engine.circuit;

/// A unitary operation on a fixed number of qubits with a fixed number of real parameters.
public sealed interface Gate permits StandardGate {

  /// The gate's OpenQASM name, such as `cx`.
  String qasmName();

  /// How many qubits the gate acts on.
  int qubits();

  /// How many parameters, in radians, the gate takes.
  int parameterCount();

  /// Whether the unitary is diagonal whatever the parameters.
  boolean isDiagonal();

  /// Whether the unitary is its own inverse whatever the parameters.
  boolean isSelfInverse();

  /// Writes the gate's unitary.
  ///
  /// @param parameters [#parameterCount] angles in radians; not modified
  /// @param out row-major, interleaved re/im, length 2·4^[#qubits]; overwritten. The first qubit of
  ///   the location is the most significant bit of the row and column index.
  void unitary(double[] parameters, double[] out);
}
