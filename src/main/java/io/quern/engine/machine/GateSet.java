package io.quern.engine.machine;

import io.quern.engine.circuit.StandardGate;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;

/// The gates a machine can carry out, in the order of [StandardGate].
public record GateSet(Set<StandardGate> gates) {
  public GateSet {
    if (gates.isEmpty()) {
      throw new IllegalArgumentException("a gate set needs at least one gate");
    }
    gates = Collections.unmodifiableSet(EnumSet.copyOf(gates));
  }
}
