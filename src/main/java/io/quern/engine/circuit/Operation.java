package io.quern.engine.circuit;

import java.math.BigInteger;

/// One step of a circuit.
public sealed interface Operation {

  /// The qubits the operation touches, in its own order.
  Location location();

  /// The same operation with its qubits renamed.
  ///
  /// @param mapping old qubit -> new qubit; not modified
  default Operation mapQubits(int... mapping) {
    return switch (this) {
      case GateOperation(Gate gate, Location location, Parameters parameters) ->
          new GateOperation(gate, location.map(mapping), parameters);
      case Measurement(int qubit, int register, int bit) ->
          new Measurement(mapping[qubit], register, bit);
      case Reset(int qubit) -> new Reset(mapping[qubit]);
      case Barrier(Location location) -> new Barrier(location.map(mapping));
      case Conditional(int register, BigInteger value, Operation body) ->
          new Conditional(register, value, body.mapQubits(mapping));
    };
  }

  /// A gate with its qubits and parameters.
  record GateOperation(Gate gate, Location location, Parameters parameters) implements Operation {
    public GateOperation {
      if (location.size() != gate.qubits()) {
        throw new IllegalArgumentException(
            gate.qasmName() + " acts on " + gate.qubits() + " qubits, not on " + location);
      }
      if (parameters.size() != gate.parameterCount()) {
        throw new IllegalArgumentException(
            gate.qasmName() + " takes " + gate.parameterCount() + " parameters, not " + parameters);
      }
    }
  }

  /// A measurement of one qubit in the computational basis into one classical bit.
  ///
  /// @param register index into [Circuit#classicalRegisters]
  /// @param bit index within that register
  record Measurement(int qubit, int register, int bit) implements Operation {
    @Override
    public Location location() {
      return Location.of(qubit);
    }
  }

  /// A reset of one qubit to |0>.
  record Reset(int qubit) implements Operation {
    @Override
    public Location location() {
      return Location.of(qubit);
    }
  }

  /// A fence no operation on these qubits crosses.
  record Barrier(Location location) implements Operation {}

  /// An operation carried out only if a classical register holds a value.
  ///
  /// @param register index into [Circuit#classicalRegisters]; the whole register is read
  /// @param value the unsigned value compared with, bit 0 of the register least significant
  /// @param body a gate, measurement or reset
  record Conditional(int register, BigInteger value, Operation body) implements Operation {
    public Conditional {
      if (body instanceof Conditional || body instanceof Barrier) {
        throw new IllegalArgumentException("a condition cannot guard " + body);
      }
    }

    @Override
    public Location location() {
      return body.location();
    }
  }
}
