package io.quern.engine.mapping;

import io.quern.engine.circuit.ClassicalRegister;
import io.quern.engine.linalg.Rotation;
import io.quern.engine.partition.Block;
import io.quern.engine.partition.BlockCircuit;
import io.quern.engine.partition.BlockCollector;
import io.quern.engine.partition.BlockCollector.Merging;
import io.quern.engine.partition.BlockElement.LocalGate;
import io.quern.engine.partition.BlockOrder;
import io.quern.engine.synthesis.Entangler;
import java.util.List;

/// Writes a routing result down as blocks on physical qubits, SWAPs merged into those beside them.
final class RoutedBlocks {
  private static final double QUARTER = Math.PI / 4;

  private RoutedBlocks() {}

  /// @param problem what `result` is a result for
  /// @param errorD2 error bound of the circuit the problem was made from
  static BlockCircuit write(
      RoutingProblem problem,
      RoutingResult result,
      List<ClassicalRegister> classicalRegisters,
      Entangler entangler,
      double errorD2) {
    BlockCollector collector =
        new BlockCollector(
            problem.physicalQubits, classicalRegisters, entangler, Merging.ADJACENT, errorD2);
    Layout layout = result.initialLayout();
    int[] physicalOfWire = new int[problem.wires];
    for (int i = 0; i < result.length(); i++) {
      int action = result.action(i);
      if (action < 0) {
        int edge = -1 - action;
        collector.add(swap(problem.edgeA[edge], problem.edgeB[edge]));
        layout.swapPhysical(problem.edgeA[edge], problem.edgeB[edge]);
        continue;
      }
      switch (problem.node(action)) {
        case BlockOrder.Pair(Block block) ->
            collector.add(block.on(layout.physicalOf(block.a()), layout.physicalOf(block.b())));
        case BlockOrder.Fenced(var before, var operation) -> {
          for (LocalGate gate : before) {
            collector.add(layout.physicalOf(gate.qubit()), gate.rotation());
          }
          for (int wire = 0; wire < problem.wires; wire++) {
            physicalOfWire[wire] = layout.physicalOf(wire);
          }
          collector.fence(operation.mapQubits(physicalOfWire));
        }
      }
    }
    for (LocalGate gate : problem.localsAtEnd()) {
      collector.add(layout.physicalOf(gate.qubit()), gate.rotation());
    }
    return mergedOn(collector.finish(), entangler);
  }

  /// Merging may bring blocks together that then merge again.
  private static BlockCircuit mergedOn(BlockCircuit blocks, Entangler entangler) {
    int cost = blocks.cost(entangler);
    while (true) {
      BlockCircuit next = BlockCollector.collect(blocks, entangler, Merging.ADJACENT);
      int nextCost = next.cost(entangler);
      if (nextCost >= cost) {
        return blocks;
      }
      blocks = next;
      cost = nextCost;
    }
  }

  /// A SWAP as a block: N(π/4, π/4, π/4) up to phase.
  private static Block swap(int physicalA, int physicalB) {
    return new Block(
        physicalA, physicalB, QUARTER, QUARTER, QUARTER, Rotation.IDENTITY, Rotation.IDENTITY);
  }
}
