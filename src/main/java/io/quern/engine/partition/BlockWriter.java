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
  private BlockWriter() {}

  /// The circuit in a machine's gates.
  public static Circuit write(BlockCircuit blocks, NativeGates gates) {
    Circuit.Builder builder = Circuit.builder(blocks.qubits(), blocks.classicalRegisters());
    operations(blocks, gates).forEach(builder::add);
    return builder.build();
  }

  /// Which of two qubits is the control often does not matter for a gate but for those that follow,
  /// most of all in chains of CX; so both ways are tried.
  static List<Operation> operations(BlockCircuit blocks, NativeGates gates) {
    List<Operation> first = operations(blocks, gates, false);
    if (!gates.contains(StandardGate.CX)) {
      return first;
    }
    List<Operation> second = operations(blocks, gates, true);
    return second.size() < first.size() ? second : first;
  }

  private static List<Operation> operations(
      BlockCircuit blocks, NativeGates gates, boolean prefersSecond) {
    NativeWriter writer = new NativeWriter(blocks.qubits(), gates.basis(), prefersSecond);
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
