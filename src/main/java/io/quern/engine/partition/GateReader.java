package io.quern.engine.partition;

import io.quern.engine.circuit.Circuit;
import io.quern.engine.circuit.Gate;
import io.quern.engine.circuit.Location;
import io.quern.engine.circuit.Operation;
import io.quern.engine.circuit.Operation.Barrier;
import io.quern.engine.circuit.Operation.Conditional;
import io.quern.engine.circuit.Operation.GateOperation;
import io.quern.engine.circuit.Operation.Measurement;
import io.quern.engine.circuit.Operation.Reset;
import io.quern.engine.linalg.Rotation;
import io.quern.engine.partition.BlockCollector.Merging;
import io.quern.engine.synthesis.GateDecomposition;
import io.quern.engine.synthesis.NativeGates;
import io.quern.engine.synthesis.TwoQubitGates;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Reads a circuit into blocks: wide gates that meet their inverse cancel, others are decomposed,
/// conditional gates are written in the machine's gates at once (nothing merges with them later),
/// all other gates are gathered.
public final class GateReader {
  private final NativeGates gates;
  private final TwoQubitGates twoQubitGates = new TwoQubitGates();
  private final double[] oneQubit = new double[8];

  public GateReader(NativeGates gates) {
    this.gates = gates;
  }

  public BlockCircuit read(Circuit circuit, Merging merging) {
    BlockCollector collector =
        new BlockCollector(
            circuit.qubits(), circuit.classicalRegisters(), gates.entangler(), merging, 0);
    for (Operation operation : WideGateCancellation.of(circuit.operations(), circuit.qubits())) {
      switch (operation) {
        case GateOperation gate -> read(gate, collector);
        case Measurement _, Reset _, Barrier _ -> collector.fence(operation);
        case Conditional conditional -> read(conditional, collector);
      }
    }
    return collector.finish();
  }

  private void read(GateOperation operation, BlockCollector collector) {
    Gate gate = operation.gate();
    Location location = operation.location();
    switch (gate.qubits()) {
      case 1 -> {
        gate.unitary(operation.parameters().toArray(), oneQubit);
        collector.add(location.get(0), Rotation.ofMatrix(oneQubit));
      }
      case 2 -> collector.add(location.get(0), location.get(1), twoQubitGates.decompose(operation));
      default -> {
        for (GateOperation part : GateDecomposition.expand(operation)) {
          read(part, collector);
        }
      }
    }
  }

  private void read(Conditional conditional, BlockCollector collector) {
    if (!(conditional.body() instanceof GateOperation gate)) {
      collector.fence(conditional);
      return;
    }
    for (Operation part : nativeGates(gate)) {
      collector.fence(new Conditional(conditional.register(), conditional.value(), part));
    }
  }

  /// One gate in the machine's gates; a gate the machine has stays as it is if it is narrow.
  List<Operation> nativeGates(GateOperation operation) {
    if (operation.gate().qubits() <= 2 && gates.contains(operation.gate())) {
      return List.of(operation);
    }
    // On its own qubits only, in ascending order: a circuit of a thousand qubits has room for all
    // of them, which a single gate does not need.
    int[] qubits = operation.location().toArray();
    Arrays.sort(qubits);
    int[] own = new int[qubits.length];
    for (int i = 0; i < own.length; i++) {
      own[i] = Arrays.binarySearch(qubits, operation.location().get(i));
    }
    BlockCollector collector =
        new BlockCollector(qubits.length, List.of(), gates.entangler(), Merging.ADJACENT, 0);
    read(new GateOperation(operation.gate(), Location.of(own), operation.parameters()), collector);
    List<Operation> written = new ArrayList<>();
    for (Operation part : BlockWriter.operations(collector.finish(), gates)) {
      written.add(part.mapQubits(qubits));
    }
    return written;
  }

  /// The circuit gate by gate: what the machine has stays as it is, the rest is written in its
  /// gates one by one. Nothing is optimised but neighbouring one-qubit gates.
  ///
  /// @param qubits qubits of the new circuit, at least the old one's
  public Circuit retargeted(Circuit circuit, int qubits) {
    Circuit.Builder builder = Circuit.builder(qubits, circuit.classicalRegisters());
    for (Operation operation : circuit.operations()) {
      switch (operation) {
        case GateOperation gate when gates.contains(gate.gate()) -> builder.add(gate);
        case GateOperation gate -> nativeGates(gate).forEach(builder::add);
        case Conditional(int register, BigInteger value, GateOperation body) -> {
          for (Operation part : nativeGates(body)) {
            builder.add(new Conditional(register, value, part));
          }
        }
        case Measurement _, Reset _, Barrier _, Conditional _ -> builder.add(operation);
      }
    }
    return builder.build();
  }
}
