package io.quern.engine.partition;

import io.quern.engine.circuit.Operation;
import io.quern.engine.partition.BlockElement.Fence;
import io.quern.engine.partition.BlockElement.LocalGate;
import io.quern.engine.partition.CircuitPartition.Fenced;
import io.quern.engine.partition.CircuitPartition.Part;
import io.quern.engine.partition.CircuitPartition.Piece;
import java.util.ArrayList;
import java.util.List;

/// Makes a part of each run of one-qubit gates on one qubit, and one of each two-qubit block.
///
/// Blocks carry no one-qubit gates with them, so there is at most one run on a qubit between two
/// fences, at its end.
public final class SingleQubitGrouping implements Partitioner {
  @Override
  public String name() {
    return "GroupSingleQuditGate";
  }

  /// @param width of no matter: parts have one or two qubits
  @Override
  public CircuitPartition partition(BlockCircuit circuit, int width, Runnable checkpoint) {
    List<Part> parts = new ArrayList<>();
    for (BlockElement element : circuit.elements()) {
      parts.add(
          switch (element) {
            case LocalGate(int qubit, var rotation) ->
                piece(List.of(qubit), new LocalGate(0, rotation));
            case Block block -> piece(List.of(block.a(), block.b()), block.on(0, 1));
            case Fence(Operation operation) ->
                new Fenced(new BlockOrder.Fenced(List.of(), operation));
          });
    }
    return CircuitPartition.of(circuit, parts);
  }

  private static Piece piece(List<Integer> qubits, BlockElement element) {
    return new Piece(qubits, new BlockCircuit(qubits.size(), List.of(), List.of(element), 0));
  }
}
