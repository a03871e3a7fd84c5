package io.quern.engine.partition;

import io.quern.engine.circuit.Operation;
import io.quern.engine.linalg.Rotation;

/// One step of a [BlockCircuit].
public sealed interface BlockElement permits Block, BlockElement.LocalGate, BlockElement.Fence {

  /// A one-qubit gate that stands where it is because something follows that it cannot pass.
  record LocalGate(int qubit, Rotation rotation) implements BlockElement {}

  /// An operation that stays as it is and that nothing on its qubits passes: a measurement, reset,
  /// barrier or conditional.
  record Fence(Operation operation) implements BlockElement {}
}
