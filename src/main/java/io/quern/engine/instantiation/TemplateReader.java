package io.quern.engine.instantiation;

import io.quern.engine.circuit.Circuit;
import io.quern.engine.circuit.Operation;
import io.quern.engine.circuit.Operation.Barrier;
import io.quern.engine.circuit.Operation.Conditional;
import io.quern.engine.circuit.Operation.GateOperation;
import io.quern.engine.circuit.Operation.Measurement;
import io.quern.engine.circuit.Operation.Reset;
import io.quern.engine.circuit.StandardGate;
import io.quern.engine.linalg.Rotation;
import io.quern.engine.machine.CouplingGraph.Edge;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Reads a circuit of one-qubit gates, cz and cx as a template with its gates.
final class TemplateReader {
  private final List<Edge> pairs = new ArrayList<>();
  private final List<Rotation> gates = new ArrayList<>();

  /// For each qubit the free gate last on it.
  private final int[] last;

  private final int qubits;

  TemplateReader(Circuit circuit) {
    qubits = circuit.qubits();
    last = new int[qubits];
    Arrays.setAll(last, qubit -> qubit);
    for (int qubit = 0; qubit < qubits; qubit++) {
      gates.add(Rotation.IDENTITY);
    }
    for (Operation operation : circuit.operations()) {
      switch (operation) {
        case GateOperation gate -> read(gate);
        case Barrier _ -> {}
        case Measurement _, Reset _, Conditional _ ->
            throw new IllegalArgumentException(operation + " is no gate");
      }
    }
  }

  Instantiation result() {
    return new Instantiation(Template.of(qubits, pairs), gates, 0);
  }

  private void read(GateOperation operation) {
    int a = operation.location().get(0);
    if (operation.gate().qubits() == 1) {
      double[] matrix = new double[8];
      operation.gate().unitary(operation.parameters().toArray(), matrix);
      turn(a, Rotation.ofMatrix(matrix));
    } else if (operation.gate() == StandardGate.CZ) {
      entangle(a, operation.location().get(1));
    } else if (operation.gate() == StandardGate.CX) {
      int b = operation.location().get(1);
      turn(b, Rotation.H);
      entangle(a, b);
      turn(b, Rotation.H);
    } else {
      throw new IllegalArgumentException(
          "one-qubit gates, cz and cx expected, found " + operation.gate().qasmName());
    }
  }

  private void turn(int qubit, Rotation rotation) {
    gates.set(last[qubit], rotation.after(gates.get(last[qubit])));
  }

  private void entangle(int a, int b) {
    pairs.add(new Edge(Math.min(a, b), Math.max(a, b)));
    last[Math.min(a, b)] = gates.size();
    last[Math.max(a, b)] = gates.size() + 1;
    gates.add(Rotation.IDENTITY);
    gates.add(Rotation.IDENTITY);
  }
}
