package io.quern.engine.machine;

/// What a circuit must fit: a coupling graph over the physical qubits and a gate set.
public record MachineModel(CouplingGraph coupling, GateSet gates) {

  /// The number of physical qubits.
  public int qubits() {
    return coupling.qubits();
  }
}
