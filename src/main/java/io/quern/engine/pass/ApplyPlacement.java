package io.quern.engine.pass;

import io.quern.engine.partition.BlockCircuit;
import io.quern.engine.partition.BlockElement;
import io.quern.engine.partition.CircuitPartition;
import java.util.ArrayList;
import java.util.List;

/// Puts the circuit onto the machine's qubits as it was placed, logical qubit i on physical qubit i
/// if it was not. A circuit that is there already stays; routing puts it there, too.
///
/// That is enough where every pair is coupled, and where a placement needs no SWAP.
public final class ApplyPlacement implements Pass {
  @Override
  public String name() {
    return "ApplyPlacement";
  }

  /// @throws IllegalArgumentException if a gate is on qubits that are not coupled
  @Override
  public void run(PassData data, RuntimeHandle runtime) {
    if (data.isMapped()) {
      return;
    }
    BlockCircuit blocks = data.blocks();
    List<Integer> placement = data.placement().orElse(data.initialMapping());
    List<BlockElement> placed = new ArrayList<>(blocks.elements().size());
    for (BlockElement element : blocks.elements()) {
      placed.add(CircuitPartition.renamed(element, placement));
    }
    data.setMapped(
        new BlockCircuit(
            data.machine().qubits(), blocks.classicalRegisters(), placed, blocks.errorD2()),
        placement,
        placement);
    MappingVerification.verify(data, name());
  }
}
