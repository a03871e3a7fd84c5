package io.quern.engine.circuit;

import io.quern.engine.circuit.Operation.Barrier;
import io.quern.engine.circuit.Operation.Conditional;
import io.quern.engine.circuit.Operation.GateOperation;
import io.quern.engine.circuit.Operation.Measurement;
import io.quern.engine.circuit.Operation.Reset;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/// A program: operations in order on qubits 0..n-1 and classical registers. Immutable.
///
/// Two circuits are equal if they have the same qubit count, registers and sequence of operations;
/// nothing is said of what they do.
public final class Circuit {
  private final int qubits;
  private final List<ClassicalRegister> classicalRegisters;
  private final List<Operation> operations;

  private Circuit(
      int qubits, List<ClassicalRegister> classicalRegisters, List<Operation> operations) {
    this.qubits = qubits;
    this.classicalRegisters = classicalRegisters;
    this.operations = operations;
  }

  public static Builder builder(int qubits) {
    return new Builder(qubits, List.of());
  }

  public static Builder builder(int qubits, List<ClassicalRegister> classicalRegisters) {
    return new Builder(qubits, classicalRegisters);
  }

  public int qubits() {
    return qubits;
  }

  public List<ClassicalRegister> classicalRegisters() {
    return classicalRegisters;
  }

  public List<Operation> operations() {
    return operations;
  }

  /// Whether it consists of gates and barriers only, so that it has a unitary.
  public boolean isUnitary() {
    for (Operation operation : operations) {
      switch (operation) {
        case GateOperation _, Barrier _ -> {}
        case Measurement _, Reset _, Conditional _ -> {
          return false;
        }
      }
    }
    return true;
  }

  /// The same program with its qubits renamed.
  ///
  /// @param qubits qubits of the new circuit
  /// @param mapping old qubit -> new qubit, one entry for each old qubit, pairwise different; not
  ///   modified
  public Circuit mapQubits(int qubits, int... mapping) {
    if (mapping.length != this.qubits) {
      throw new IllegalArgumentException(
          "a mapping of " + mapping.length + " qubits for a circuit of " + this.qubits);
    }
    Builder builder = builder(qubits, classicalRegisters);
    for (Operation operation : operations) {
      builder.add(operation.mapQubits(mapping));
    }
    return builder.build();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Circuit that
        && qubits == that.qubits
        && classicalRegisters.equals(that.classicalRegisters)
        && operations.equals(that.operations);
  }

  @Override
  public int hashCode() {
    return Objects.hash(qubits, classicalRegisters, operations);
  }

  /// Collects operations into a circuit; not thread-safe.
  public static final class Builder {
    private final int qubits;
    private final List<ClassicalRegister> classicalRegisters;
    private final ArrayList<Operation> operations = new ArrayList<>();

    private Builder(int qubits, List<ClassicalRegister> classicalRegisters) {
      if (qubits < 1) {
        throw new IllegalArgumentException("a circuit needs at least one qubit, found " + qubits);
      }
      this.qubits = qubits;
      this.classicalRegisters = List.copyOf(classicalRegisters);
    }

    public Builder gate(Gate gate, int... location) {
      return add(new GateOperation(gate, Location.of(location), Parameters.NONE));
    }

    public Builder gate(Gate gate, Parameters parameters, int... location) {
      return add(new GateOperation(gate, Location.of(location), parameters));
    }

    /// @throws IllegalArgumentException if the operation names a qubit, register or bit the circuit
    ///   does not have
    public Builder add(Operation operation) {
      check(operation);
      operations.add(operation);
      return this;
    }

    public Circuit build() {
      return new Circuit(qubits, classicalRegisters, List.copyOf(operations));
    }

    private void check(Operation operation) {
      switch (operation) {
        case GateOperation gate -> checkQubits(gate.location());
        case Barrier barrier -> checkQubits(barrier.location());
        case Reset reset -> checkQubits(reset.location());
        case Measurement measurement -> {
          checkQubits(measurement.location());
          checkRegister(measurement.register());
          Objects.checkIndex(
              measurement.bit(), classicalRegisters.get(measurement.register()).size());
        }
        case Conditional conditional -> {
          checkRegister(conditional.register());
          check(conditional.body());
        }
      }
    }

    private void checkQubits(Location location) {
      for (int i = 0; i < location.size(); i++) {
        if (location.get(i) >= qubits) {
          throw new IllegalArgumentException(
              "location " + location + " lies outside a circuit of " + qubits + " qubits");
        }
      }
    }

    private void checkRegister(int register) {
      if (register < 0 || register >= classicalRegisters.size()) {
        throw new IllegalArgumentException(
            "no classical register " + register + ", the circuit has " + classicalRegisters.size());
      }
    }
  }
}
