package io.quern.engine.mapping;

import io.quern.engine.circuit.Operation;
import io.quern.engine.partition.Block;
import io.quern.engine.partition.BlockElement.LocalGate;
import java.util.List;

/// What a router carries out, on the wires of the circuit.
sealed interface RoutingNode {

  /// A two-qubit block.
  record Pair(Block block) implements RoutingNode {}

  /// A measurement, reset, barrier or conditional with the one-qubit gates that stand before it.
  record Fenced(List<LocalGate> before, Operation operation) implements RoutingNode {
    public Fenced {
      before = List.copyOf(before);
    }
  }
}
