package io.quern.engine.pass;

import io.quern.engine.partition.Block;
import io.quern.engine.partition.BlockCircuit;
import io.quern.engine.partition.BlockElement;
import io.quern.engine.partition.BlockElement.Fence;
import io.quern.engine.partition.BlockElement.LocalGate;
import io.quern.engine.partition.BlockWriter;
import io.quern.engine.synthesis.NativeGates;

/// By what circuits are compared; the lower the better.
public enum CircuitMeasure {
  /// Two-qubit gates in the machine's gate set.
  TWO_QUBIT_GATES {
    @Override
    public long of(BlockCircuit circuit, NativeGates gates) {
      return circuit.cost(gates.entangler());
    }
  },
  /// All gates in the machine's gate set.
  GATES {
    @Override
    public long of(BlockCircuit circuit, NativeGates gates) {
      return BlockWriter.write(circuit, gates).operations().size();
    }
  },
  /// Two-qubit gates on the longest chain.
  DEPTH {
    @Override
    public long of(BlockCircuit circuit, NativeGates gates) {
      long[] depth = new long[circuit.qubits()];
      long deepest = 0;
      for (BlockElement element : circuit.elements()) {
        int[] qubits =
            switch (element) {
              case Block block -> new int[] {block.a(), block.b()};
              case LocalGate local -> new int[] {local.qubit()};
              case Fence fence -> fence.operation().location().toArray();
            };
        long top =
            element instanceof Block block
                ? gates.entangler().cost(block.x(), block.y(), block.z())
                : 0;
        long before = 0;
        for (int qubit : qubits) {
          before = Math.max(before, depth[qubit]);
        }
        for (int qubit : qubits) {
          depth[qubit] = before + top;
        }
        deepest = Math.max(deepest, before + top);
      }
      return deepest;
    }
  };

  /// The measure of a circuit on a machine with these gates.
  public abstract long of(BlockCircuit circuit, NativeGates gates);
}
