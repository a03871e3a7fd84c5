package io.quern.bqskit.codec;

import io.quern.engine.circuit.StandardGate;
import java.util.List;
import java.util.Map;

/// A gate of BQSKit as far as OpenQASM 2 can say it.
sealed interface PickledGate {

  /// A gate of our own.
  ///
  /// @param fixed its parameters where BQSKit's gate has none; otherwise empty
  record Standard(StandardGate gate, List<Double> fixed) implements PickledGate {}

  /// A gate of one parameter, turned the other way.
  record Negated(StandardGate gate) implements PickledGate {}

  /// The identity on any number of qubits.
  record Identity() implements PickledGate {}

  /// A circuit as a gate.
  record Nested(List<PickledOperation> operations) implements PickledGate {}

  /// A gate some of whose parameters are set, by index.
  record Frozen(PickledGate inner, Map<Integer, Double> set) implements PickledGate {}

  record Barrier() implements PickledGate {}

  record Reset() implements PickledGate {}

  /// Measurements of qubits of the whole circuit.
  record Measurements(List<Register> registers, Map<Integer, Bit> bits) implements PickledGate {}

  record Register(String name, int size) {}

  record Bit(String register, int index) {}

  /// A gate on qubits with parameters.
  record PickledOperation(PickledGate gate, List<Integer> location, List<Double> parameters) {}
}
