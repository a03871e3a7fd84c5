package io.quern.engine.partition;

import io.quern.engine.circuit.Circuit;
import io.quern.engine.circuit.Operation;
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

  static List<Operation> operations(BlockCircuit blocks, NativeGates gates) {
    NativeWriter writer = new NativeWriter(blocks.qubits(), gates.basis());
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
