package io.quern.engine.partition;

import io.quern.engine.circuit.Circuit;
import io.quern.engine.circuit.Operation;
import io.quern.engine.circuit.StandardGate;
import io.quern.engine.partition.BlockElement.Fence;
import io.quern.engine.partition.BlockElement.LocalGate;
import io.quern.engine.synthesis.Entangler;
import io.quern.engine.synthesis.NativeGates;
import io.quern.engine.synthesis.NativeWriter;
import java.util.List;

/// Writes blocks as gates.
public final class BlockWriter {
  /// Ways to write a circuit in CX beside the usual one.
  private static final int WAYS = 3;

  private BlockWriter() {}

  /// The circuit in a machine's gates.
  public static Circuit write(BlockCircuit blocks, NativeGates gates) {
    Circuit.Builder builder = Circuit.builder(blocks.qubits(), blocks.classicalRegisters());
    operations(blocks, gates).forEach(builder::add);
    return builder.build();
  }

  /// Which of two qubits is the control, and how much is written before a CX, often does not matter
  /// for that gate but for those that follow, most of all in chains of CX; so all ways are tried.
  static List<Operation> operations(BlockCircuit blocks, NativeGates gates) {
    List<Operation> best = operations(blocks, gates, false, true);
    if (gates.contains(StandardGate.CX)) {
      for (int way = 0; way < WAYS; way++) {
        List<Operation> other = operations(blocks, gates, way > 0, way == WAYS - 1);
        best = other.size() < best.size() ? other : best;
      }
    }
    return best;
  }

  private static List<Operation> operations(
      BlockCircuit blocks, NativeGates gates, boolean prefersSecond, boolean keepsFrames) {
    NativeWriter writer =
        new NativeWriter(blocks.qubits(), gates.basis(), prefersSecond, keepsFrames);
    write(blocks, gates.entangler(), writer);
    return writer.finish();
  }

  private static void write(BlockCircuit blocks, Entangler entangler, NativeWriter writer) {
    for (BlockElement element : blocks.elements()) {
      switch (element) {
        case Block block -> {
          writer.local(block.a(), block.turnA());
          writer.local(block.b(), block.turnB());
          entangler.emit(block.a(), block.b(), block.x(), block.y(), block.z(), writer);
          writer.local(block.a(), block.turnA().inverse());
          writer.local(block.b(), block.turnB().inverse());
        }
        case LocalGate local -> writer.local(local.qubit(), local.rotation());
        case Fence fence -> writer.operation(fence.operation());
      }
    }
  }
}
