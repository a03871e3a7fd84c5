package io.quern.engine.mapping;

import io.quern.engine.circuit.Circuit;
import io.quern.engine.machine.CouplingGraph;
import io.quern.engine.machine.GateSet;
import io.quern.engine.partition.BlockCircuit;
import io.quern.engine.partition.BlockCollector.Merging;
import io.quern.engine.partition.GateReader;
import io.quern.engine.synthesis.Entangler;
import io.quern.engine.synthesis.NativeGates;

/// Routing problems from circuits, with CX as the entangling gate.
final class Problems {
  static final Entangler CX = Entangler.of(GateSet.DEFAULT);

  private Problems() {}

  static BlockCircuit blocks(Circuit circuit) {
    return new GateReader(NativeGates.of(GateSet.DEFAULT)).read(circuit, Merging.GAIN);
  }

  static RoutingProblem problem(Circuit circuit, CouplingGraph coupling) {
    return new RoutingProblem(blocks(circuit), CX, coupling);
  }
}
