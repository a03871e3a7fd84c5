package io.quern.engine.compile;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/// The counts by which circuits are compared.
///
/// @param qubits qubits of the circuit
/// @param operations gates, measurements and resets; barriers do not count
/// @param twoQubitGates gates on two or more qubits
/// @param depth longest chain of operations, barriers not counted
/// @param twoQubitDepth longest chain counting only gates on two or more qubits
/// @param gates count by OpenQASM name, in alphabetical order
public record CircuitStatistics(
    int qubits,
    int operations,
    int twoQubitGates,
    int depth,
    int twoQubitDepth,
    Map<String, Integer> gates) {
  public CircuitStatistics {
    gates = Collections.unmodifiableMap(new LinkedHashMap<>(gates));
  }
}
