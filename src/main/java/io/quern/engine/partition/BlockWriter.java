package io.quern.engine.partition;

import io.quern.engine.circuit.Circuit;
import io.quern.engine.circuit.Operation;
import io.quern.engine.partition.BlockElement.Fence;
import io.quern.engine.partition.BlockElement.LocalGate;
import io.quern.engine.synthesis.Entangler;
import io.quern.engine.synthesis.NativeWriter;
import io.quern.engine.synthesis.OneQubitBasis;

/// Writes blocks as gates.
public final class BlockWriter {
  private BlockWriter() {}

  /// The circuit in the gates of an entangler and a one-qubit basis.
  public static Circuit write(BlockCircuit blocks, Entangler entangler, OneQubitBasis basis) {
    NativeWriter writer = new NativeWriter(blocks.qubits(), basis);
    write(blocks, entangler, writer);
    Circuit.Builder builder = Circuit.builder(blocks.qubits(), blocks.classicalRegisters());
    for (Operation operation : writer.finish()) {
      builder.add(operation);
    }
    return builder.build();
  }

  static void write(BlockCircuit blocks, Entangler entangler, NativeWriter writer) {
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
