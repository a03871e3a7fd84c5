package io.quern.engine.mapping;

import io.quern.engine.circuit.Circuit;
import java.util.List;

/// A circuit on the physical qubits of a machine, every two-qubit gate on an edge.
///
/// Gates are those of the input, in an order equal to the input's, with
/// [io.quern.engine.circuit.StandardGate#SWAP] between them. The gates of each two-qubit block,
/// SWAPs among them, stand together, so that plain consolidation finds them.
///
/// @param circuit as wide as the machine
/// @param initialMapping logical qubit -> physical qubit at the start
/// @param finalMapping logical qubit -> physical qubit at the end
/// @param cost CX gates once every block is resynthesised with the fewest CX
public record MappedCircuit(
    Circuit circuit, List<Integer> initialMapping, List<Integer> finalMapping, int cost) {
  public MappedCircuit {
    initialMapping = List.copyOf(initialMapping);
    finalMapping = List.copyOf(finalMapping);
  }
}
