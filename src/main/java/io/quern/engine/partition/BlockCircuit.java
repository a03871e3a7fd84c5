package io.quern.engine.partition;

import io.quern.engine.circuit.ClassicalRegister;
import io.quern.engine.circuit.Operation;
import io.quern.engine.circuit.Operation.Barrier;
import io.quern.engine.machine.CouplingGraph;
import io.quern.engine.partition.BlockElement.Fence;
import io.quern.engine.partition.BlockElement.LocalGate;
import io.quern.engine.synthesis.Entangler;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A circuit as a list of two-qubit blocks, fences, and the few one-qubit gates that stand before a
/// fence or at the end. Immutable.
///
/// One-qubit gates are pushed to the right through the blocks, which only turns the blocks' axes
/// (the interaction picture). What is left between two fences is a product of pure two-qubit
/// interactions, so that gates commute or cancel by their axes alone, whatever one-qubit gates
/// stood between them.
///
/// @param errorD2 bound on the D2 distance to the circuit it was made from
public record BlockCircuit(
    int qubits,
    List<ClassicalRegister> classicalRegisters,
    List<BlockElement> elements,
    double errorD2) {
  public BlockCircuit {
    classicalRegisters = List.copyOf(classicalRegisters);
    elements = List.copyOf(elements);
  }

  /// Two-qubit gates the blocks need; fences are not counted.
  public int cost(Entangler entangler) {
    int cost = 0;
    for (BlockElement element : elements) {
      if (element instanceof Block block) {
        cost += entangler.cost(block.x(), block.y(), block.z());
      }
    }
    return cost;
  }

  public int blockCount() {
    int count = 0;
    for (BlockElement element : elements) {
      if (element instanceof Block) {
        count++;
      }
    }
    return count;
  }

  /// The first block or fence on two qubits that are not coupled, or null.
  public @Nullable BlockElement uncoupled(CouplingGraph coupling) {
    for (BlockElement element : elements) {
      boolean fits =
          switch (element) {
            case Block block -> coupling.isEdge(block.a(), block.b());
            case Fence(Operation operation) ->
                operation instanceof Barrier
                    || operation.location().size() < 2
                    || coupling.isEdge(operation.location().get(0), operation.location().get(1));
            case LocalGate _ -> true;
          };
      if (!fits) {
        return element;
      }
    }
    return null;
  }
}
