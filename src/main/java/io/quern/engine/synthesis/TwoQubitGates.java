package io.quern.engine.synthesis;

import io.quern.engine.circuit.Gate;
import io.quern.engine.circuit.Operation.GateOperation;
import io.quern.engine.circuit.Parameters;
import io.quern.engine.circuit.StandardGate;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;

/// The Weyl decompositions of the gates of one circuit, each computed once; not thread-safe.
public final class TwoQubitGates {
  private record Key(Gate gate, Parameters parameters) {}

  private static final Map<StandardGate, WeylDecomposition> CONSTANT = constants();

  private final Map<Key, WeylDecomposition> known = new HashMap<>();
  private final WeylDecomposer decomposer = new WeylDecomposer();

  /// @param operation a two-qubit gate
  public WeylDecomposition decompose(GateOperation operation) {
    if (operation.gate() instanceof StandardGate gate) {
      WeylDecomposition constant = CONSTANT.get(gate);
      if (constant != null) {
        return constant;
      }
    }
    return known.computeIfAbsent(
        new Key(operation.gate(), operation.parameters()),
        key -> decompose(decomposer, key.gate(), key.parameters()));
  }

  private static WeylDecomposition decompose(
      WeylDecomposer decomposer, Gate gate, Parameters parameters) {
    double[] unitary = new double[32];
    gate.unitary(parameters.toArray(), unitary);
    return decomposer.decompose(unitary);
  }

  private static Map<StandardGate, WeylDecomposition> constants() {
    WeylDecomposer decomposer = new WeylDecomposer();
    Map<StandardGate, WeylDecomposition> constants = new EnumMap<>(StandardGate.class);
    for (StandardGate gate : StandardGate.values()) {
      if (gate.qubits() == 2 && gate.parameterCount() == 0) {
        constants.put(gate, decompose(decomposer, gate, Parameters.NONE));
      }
    }
    return constants;
  }
}
