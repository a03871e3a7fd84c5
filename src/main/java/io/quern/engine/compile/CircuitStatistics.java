package io.quern.engine.compile;

import io.quern.engine.circuit.Circuit;
import io.quern.engine.circuit.Location;
import io.quern.engine.circuit.Operation;
import io.quern.engine.circuit.Operation.Barrier;
import io.quern.engine.circuit.Operation.Conditional;
import io.quern.engine.circuit.Operation.GateOperation;
import io.quern.engine.circuit.Operation.Measurement;
import java.util.Arrays;
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
    Counter counter = new Counter(circuit);
    for (Operation operation : circuit.operations()) {
      if (!(operation instanceof Barrier)) {
        counter.add(operation);
      }
    }
    return new CircuitStatistics(
        circuit.qubits(),
        counter.operations,
        counter.twoQubitGates,
        counter.depth.deepest,
        counter.twoQubitDepth.deepest,
        counter.gates);
  }

  private static final class Counter {
    final Depth depth;
    final Depth twoQubitDepth;
    final Map<String, Integer> gates = new TreeMap<>();
    int operations;
    int twoQubitGates;

    Counter(Circuit circuit) {
      this.depth = new Depth(circuit);
      this.twoQubitDepth = new Depth(circuit);
    }

    void add(Operation operation) {
      int wide = 0;
      Operation body = operation instanceof Conditional guarded ? guarded.body() : operation;
      if (body instanceof GateOperation gate) {
        gates.merge(gate.gate().qasmName(), 1, Integer::sum);
        wide = gate.location().size() > 1 ? 1 : 0;
      }
      depth.add(operation, body, 1);
      twoQubitDepth.add(operation, body, wide);
      operations++;
      twoQubitGates += wide;
    }
  }

  /// The longest chain so far on every wire. What reads a register raises all of its bits at once,
  /// by a number kept for the register: a register may have thousands of bits and as many readers.
  private static final class Depth {
    private final int[] qubits;
    private final int[][] bits;

    /// For each register what all of its bits are at least at.
    private final int[] floors;

    /// For each register what the deepest of its bits is at.
    private final int[] tops;

    private int deepest;

    Depth(Circuit circuit) {
      qubits = new int[circuit.qubits()];
      bits = new int[circuit.classicalRegisters().size()][];
      Arrays.setAll(bits, r -> new int[circuit.classicalRegisters().get(r).size()]);
      floors = new int[bits.length];
      tops = new int[bits.length];
    }

    void add(Operation operation, Operation body, int by) {
      int top = 0;
      Location location = operation.location();
      for (int i = 0; i < location.size(); i++) {
        top = Math.max(top, qubits[location.get(i)]);
      }
      if (operation instanceof Conditional guarded) {
        top = Math.max(top, tops[guarded.register()]);
      }
      if (body instanceof Measurement(int _, int register, int bit)) {
        top = Math.max(top, Math.max(floors[register], bits[register][bit]));
      }
      top += by;
      for (int i = 0; i < location.size(); i++) {
        qubits[location.get(i)] = top;
      }
      if (operation instanceof Conditional guarded) {
        floors[guarded.register()] = top;
        tops[guarded.register()] = top;
      }
      if (body instanceof Measurement(int _, int register, int bit)) {
        bits[register][bit] = top;
        tops[register] = Math.max(tops[register], top);
      }
      deepest = Math.max(deepest, top);
    }
  }
}
