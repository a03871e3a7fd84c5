package io.quern.engine.synthesis;

import io.quern.engine.circuit.Gate;
import io.quern.engine.circuit.StandardGate;
import io.quern.engine.machine.GateSet;

/// How a gate set makes one- and two-qubit gates.
public record NativeGates(GateSet gateSet, Entangler entangler, OneQubitBasis basis) {

  /// @throws IllegalArgumentException if the gate set is not universal
  public static NativeGates of(GateSet gateSet) {
    return new NativeGates(gateSet, Entangler.of(gateSet), OneQubitBasis.of(gateSet));
  }

  /// Whether the machine has a gate.
  public boolean contains(Gate gate) {
    return gate instanceof StandardGate standard && gateSet.contains(standard);
  }
}
