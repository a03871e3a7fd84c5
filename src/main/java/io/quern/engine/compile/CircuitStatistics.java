package io.quern.engine.compile;

import io.quern.engine.circuit.Circuit;
import io.quern.engine.circuit.Operation;
import io.quern.engine.circuit.Operation.Barrier;
import io.quern.engine.circuit.Operation.Conditional;
import io.quern.engine.circuit.Operation.GateOperation;
import io.quern.engine.circuit.Operation.Measurement;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

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

  /// Counts a circuit. A conditional counts as the gate it guards. Classical bits are wires too:
  /// whoever reads a register comes after all who wrote to it.
  public static CircuitStatistics of(Circuit circuit) {
    int wires = circuit.qubits();
    int[] firstBit = new int[circuit.classicalRegisters().size() + 1];
    for (int r = 0; r < circuit.classicalRegisters().size(); r++) {
      firstBit[r] = wires;
      wires += circuit.classicalRegisters().get(r).size();
    }
    firstBit[circuit.classicalRegisters().size()] = wires;
    Counter counter = new Counter(wires, firstBit);
    for (Operation operation : circuit.operations()) {
      if (!(operation instanceof Barrier)) {
        counter.add(operation);
      }
    }
    return new CircuitStatistics(
        circuit.qubits(),
        counter.operations,
        counter.twoQubitGates,
        counter.depth,
        counter.twoQubitDepth,
        counter.gates);
  }

  private static final class Counter {
    final int[] firstBit;
    final int[] level;
    final int[] twoQubitLevel;
    final Map<String, Integer> gates = new TreeMap<>();
    int operations;
    int twoQubitGates;
    int depth;
    int twoQubitDepth;

    Counter(int wires, int[] firstBit) {
      this.firstBit = firstBit;
      this.level = new int[wires];
      this.twoQubitLevel = new int[wires];
    }

    void add(Operation operation) {
      int wide = 0;
      Operation body = operation instanceof Conditional guarded ? guarded.body() : operation;
      if (body instanceof GateOperation gate) {
        gates.merge(gate.gate().qasmName(), 1, Integer::sum);
        wide = gate.location().size() > 1 ? 1 : 0;
      }
      int[] qubits = operation.location().toArray();
      int from = 0;
      int to = 0;
      if (operation instanceof Conditional guarded) {
        from = firstBit[guarded.register()];
        to = firstBit[guarded.register() + 1];
      }
      int bit = -1;
      if (body instanceof Measurement measurement) {
        bit = firstBit[measurement.register()] + measurement.bit();
      }
      int top = raise(level, qubits, from, to, bit, 1);
      int twoQubitTop = raise(twoQubitLevel, qubits, from, to, bit, wide);
      depth = Math.max(depth, top);
      twoQubitDepth = Math.max(twoQubitDepth, twoQubitTop);
      operations++;
      twoQubitGates += wide;
    }

    private static int raise(int[] level, int[] qubits, int from, int to, int bit, int by) {
      int top = bit < 0 ? 0 : level[bit];
      for (int q : qubits) {
        top = Math.max(top, level[q]);
      }
      for (int wire = from; wire < to; wire++) {
        top = Math.max(top, level[wire]);
      }
      top += by;
      for (int q : qubits) {
        level[q] = top;
      }
      for (int wire = from; wire < to; wire++) {
        level[wire] = top;
      }
      if (bit >= 0) {
        level[bit] = top;
      }
      return top;
    }
  }
}
