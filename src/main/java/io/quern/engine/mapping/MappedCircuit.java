package io.quern.engine.mapping;

import io.quern.engine.partition.BlockCircuit;
import java.util.List;

/// A circuit on the physical qubits of a machine, every block on an edge, SWAPs merged into the
/// blocks beside them.
///
/// @param blocks as wide as the machine
/// @param initialMapping logical qubit -> physical qubit at the start
/// @param finalMapping logical qubit -> physical qubit at the end
/// @param cost two-qubit gates the blocks need
public record MappedCircuit(
    BlockCircuit blocks, List<Integer> initialMapping, List<Integer> finalMapping, int cost) {
  public MappedCircuit {
    initialMapping = List.copyOf(initialMapping);
    finalMapping = List.copyOf(finalMapping);
  }
}
