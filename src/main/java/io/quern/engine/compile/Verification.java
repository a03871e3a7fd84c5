package io.quern.engine.compile;

/// How a result is compared with its input before it is handed out.
public enum Verification {
  /// [#UNITARY] to 6 qubits, [#STATES] to 20, [#NONE] above.
  AUTO,
  /// The full unitary.
  UNITARY,
  /// Four seeded random states.
  STATES,
  NONE
}
