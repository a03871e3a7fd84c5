package io.quern.testing;

import io.quern.engine.circuit.Circuit;
import io.quern.engine.circuit.ClassicalRegister;
import io.quern.engine.circuit.Operation;
import io.quern.engine.circuit.Operation.Barrier;
import io.quern.engine.circuit.Operation.Conditional;
import io.quern.engine.circuit.Operation.GateOperation;
import io.quern.engine.circuit.Operation.Measurement;
import io.quern.engine.circuit.Operation.Reset;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/// Runs circuits the slow and obvious way: one matrix product for each gate, one branch for each
/// outcome of a measurement or reset.
///
/// A state is a matrix with 2^n rows (qubit 0 the most significant bit) and any number of columns:
/// one column for one state vector, 2^n columns of the identity for the whole operator, which is
/// the same as qubits maximally entangled with a reference.
public final class ReferenceSimulator {
  /// Branches lighter than this carry rounding errors only.
  private static final double NEGLIGIBLE = 1e-20;

  private ReferenceSimulator() {}

  /// The unitary of a circuit of gates and barriers.
  public static ComplexMatrix unitary(Circuit circuit) {
    ComplexMatrix state = ComplexMatrix.identity(1 << circuit.qubits());
    for (Operation operation : circuit.operations()) {
      switch (operation) {
        case GateOperation gate -> apply(gate, state, circuit.qubits());
        case Barrier _ -> {}
        case Measurement _, Reset _, Conditional _ ->
            throw new IllegalArgumentException("not unitary: " + operation);
      }
    }
    return state;
  }

  /// Whether a circuit has nothing but gates and barriers.
  public static boolean isUnitary(Circuit circuit) {
    return circuit.operations().stream()
        .allMatch(operation -> operation instanceof GateOperation || operation instanceof Barrier);
  }

  /// The unnormalised states a circuit leaves, by outcome string. The outcome string lists every
  /// value ever measured into each classical bit, in order; one string has several states (a
  /// mixture) where resets forgot which way they went.
  ///
  /// @param input 2^n rows, any number of columns; not modified
  public static SortedMap<String, List<ComplexMatrix>> run(Circuit circuit, ComplexMatrix input) {
    double total = input.normSquared();
    List<Branch> branches = List.of(Branch.start(circuit, input.copy()));
    for (Operation operation : circuit.operations()) {
      List<Branch> next = new ArrayList<>();
      for (Branch branch : branches) {
        step(operation, branch, circuit, next);
      }
      next.removeIf(branch -> branch.state.normSquared() <= NEGLIGIBLE * total);
      branches = next;
    }
    SortedMap<String, List<ComplexMatrix>> outcomes = new TreeMap<>();
    for (Branch branch : branches) {
      outcomes.computeIfAbsent(branch.outcome(), _ -> new ArrayList<>()).add(branch.state);
    }
    return outcomes;
  }

  private static void step(Operation operation, Branch branch, Circuit circuit, List<Branch> out) {
    int qubits = circuit.qubits();
    switch (operation) {
      case GateOperation gate -> {
        apply(gate, branch.state, qubits);
        out.add(branch);
      }
      case Barrier _ -> out.add(branch);
      case Measurement measurement -> {
        for (int value = 0; value <= 1; value++) {
          ComplexMatrix state = project(branch.state, qubits, measurement.qubit(), value, value);
          out.add(branch.measured(state, circuit, measurement, value));
        }
      }
      case Reset reset -> {
        for (int value = 0; value <= 1; value++) {
          out.add(branch.with(project(branch.state, qubits, reset.qubit(), value, 0)));
        }
      }
      case Conditional conditional -> {
        if (branch.values.get(conditional.register()).equals(conditional.value())) {
          step(conditional.body(), branch, circuit, out);
        } else {
          out.add(branch);
        }
      }
    }
  }

  private static void apply(GateOperation operation, ComplexMatrix state, int qubits) {
    ComplexMatrix gate =
        ReferenceGates.unitary(operation.gate().qasmName(), operation.parameters().toArray());
    state.applyToRows(gate, qubits, operation.location().toArray());
  }

  /// Keeps the part of a state in which a qubit is |from>, and leaves it as |to>.
  static ComplexMatrix project(ComplexMatrix state, int qubits, int qubit, int from, int to) {
    int bit = 1 << (qubits - 1 - qubit);
    ComplexMatrix projected = new ComplexMatrix(state.rows(), state.columns());
    for (int row = 0; row < state.rows(); row++) {
      if (((row & bit) != 0) == (from == 1)) {
        int target = to == 1 ? row | bit : row & ~bit;
        for (int column = 0; column < state.columns(); column++) {
          projected.set(target, column, state.re(row, column), state.im(row, column));
        }
      }
    }
    return projected;
  }

  /// One history of measurement results with the state it left.
  private record Branch(
      ComplexMatrix state, List<BigInteger> values, SortedMap<String, String> history) {

    static Branch start(Circuit circuit, ComplexMatrix input) {
      if (input.rows() != 1 << circuit.qubits()) {
        throw new IllegalArgumentException(
            input.rows() + " amplitudes for " + circuit.qubits() + " qubits");
      }
      List<BigInteger> zeros =
          circuit.classicalRegisters().stream().map(_ -> BigInteger.ZERO).toList();
      return new Branch(input, zeros, new TreeMap<>());
    }

    Branch with(ComplexMatrix newState) {
      return new Branch(newState, values, history);
    }

    Branch measured(ComplexMatrix newState, Circuit circuit, Measurement measurement, int value) {
      List<BigInteger> newValues = new ArrayList<>(values);
      BigInteger old = values.get(measurement.register());
      newValues.set(
          measurement.register(),
          value == 1 ? old.setBit(measurement.bit()) : old.clearBit(measurement.bit()));
      ClassicalRegister register = circuit.classicalRegisters().get(measurement.register());
      SortedMap<String, String> newHistory = new TreeMap<>(history);
      newHistory.merge(
          register.name() + "[" + measurement.bit() + "]", Integer.toString(value), String::concat);
      return new Branch(newState, newValues, newHistory);
    }

    String outcome() {
      return history.toString();
    }
  }
}
