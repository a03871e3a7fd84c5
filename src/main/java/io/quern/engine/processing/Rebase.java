package io.quern.engine.processing;

import io.quern.engine.circuit.Operation;
import io.quern.engine.circuit.Operation.GateOperation;
import io.quern.engine.circuit.StandardGate;
import io.quern.engine.linalg.Rotation;
import io.quern.engine.machine.GateSet;
import io.quern.engine.partition.BlockCircuit;
import io.quern.engine.partition.BlockCollector;
import io.quern.engine.partition.BlockCollector.Merging;
import io.quern.engine.partition.BlockElement;
import io.quern.engine.partition.BlockElement.Fence;
import io.quern.engine.partition.BlockWriter;
import io.quern.engine.pass.Pass;
import io.quern.engine.pass.PassData;
import io.quern.engine.pass.RuntimeHandle;
import io.quern.engine.synthesis.NativeGates;
import io.quern.engine.synthesis.TwoQubitGates;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;

/// Takes every block apart into single gates of one kind, exactly; BQSKit's Rebase2QuditGatePass.
///
/// A block that needs three CX becomes three blocks of one CX each, which other blocks may commute
/// with or merge with one by one. The last pass of a workflow writes blocks in the machine's gates,
/// whichever gate they were rebased to.
///
/// @param gate entangles two qubits
public record Rebase(StandardGate gate) implements Pass {
  public static final String NAME = "Rebase2QubitGate";

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public void run(PassData data, RuntimeHandle runtime) {
    NativeGates gates = NativeGates.of(new GateSet(EnumSet.of(gate, StandardGate.U3)));
    BlockCircuit blocks = data.blocks();
    BlockCollector collector =
        new BlockCollector(
            blocks.qubits(),
            blocks.classicalRegisters(),
            gates.entangler(),
            Merging.GAIN,
            blocks.errorD2());
    TwoQubitGates known = new TwoQubitGates();
    double[] oneQubit = new double[8];
    // What stands between two fences is written at a time, so that fences stay as they are.
    List<BlockElement> open = new ArrayList<>();
    for (BlockElement element : blocks.elements()) {
      if (element instanceof Fence(Operation fence)) {
        write(open, blocks, gates, collector, known, oneQubit);
        open.clear();
        collector.fence(fence);
      } else {
        open.add(element);
      }
      runtime.checkCancelled();
    }
    write(open, blocks, gates, collector, known, oneQubit);
    data.setBlocks(collector.finish());
  }

  private static void write(
      List<BlockElement> elements,
      BlockCircuit circuit,
      NativeGates gates,
      BlockCollector collector,
      TwoQubitGates known,
      double[] oneQubit) {
    BlockCircuit part = new BlockCircuit(circuit.qubits(), List.of(), elements, 0);
    for (Operation operation : BlockWriter.write(part, gates).operations()) {
      GateOperation written = (GateOperation) operation;
      if (written.gate().qubits() == 1) {
        written.gate().unitary(written.parameters().toArray(), oneQubit);
        collector.add(written.location().get(0), Rotation.ofMatrix(oneQubit));
      } else {
        collector.add(
            written.location().get(0), written.location().get(1), known.decompose(written));
      }
    }
  }
}
