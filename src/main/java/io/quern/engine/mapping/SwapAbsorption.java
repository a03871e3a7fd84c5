package io.quern.engine.mapping;

import io.quern.engine.partition.Block;
import io.quern.engine.partition.BlockCircuit;
import io.quern.engine.partition.BlockCollector;
import io.quern.engine.partition.BlockCollector.Merging;
import io.quern.engine.partition.BlockElement;
import io.quern.engine.partition.BlockElement.Fence;
import io.quern.engine.partition.BlockElement.LocalGate;
import io.quern.engine.synthesis.Entangler;
import io.quern.engine.synthesis.WeylDecomposer;
import java.util.ArrayList;
import java.util.List;

/// Takes SWAPs out of a circuit where that makes blocks cheaper: the qubits exchange their names
/// instead.
///
/// A SWAP costs nothing this way, and an iSWAP what a CX costs. Only for circuits whose qubits need
/// not end where they started.
///
/// @param blocks the circuit on wires; wire q starts as qubit q
/// @param finalWire for each qubit the wire that holds it at the end
record SwapAbsorption(BlockCircuit blocks, List<Integer> finalWire) {
  SwapAbsorption {
    finalWire = List.copyOf(finalWire);
  }

  static SwapAbsorption of(BlockCircuit circuit, Entangler entangler) {
    BlockCollector collector =
        new BlockCollector(
            circuit.qubits(),
            circuit.classicalRegisters(),
            entangler,
            Merging.ADJACENT,
            circuit.errorD2());
    int[] wireOf = new int[circuit.qubits()];
    for (int q = 0; q < wireOf.length; q++) {
      wireOf[q] = q;
    }
    WeylDecomposer decomposer = new WeylDecomposer();
    double[] unitary = new double[32];
    for (BlockElement element : circuit.elements()) {
      switch (element) {
        case Block block -> {
          int a = wireOf[block.a()];
          int b = wireOf[block.b()];
          int cost = entangler.cost(block.x(), block.y(), block.z());
          if (entangler.costWithSwap(block.x(), block.y(), block.z()) < cost) {
            block.unitary(unitary);
            exchangeMiddleRows(unitary);
            collector.add(a, b, decomposer.measured(unitary));
            wireOf[block.a()] = b;
            wireOf[block.b()] = a;
          } else {
            collector.add(block.on(a, b));
          }
        }
        case LocalGate(int qubit, var rotation) -> collector.add(wireOf[qubit], rotation);
        case Fence(var operation) -> collector.fence(operation.mapQubits(wireOf));
      }
    }
    List<Integer> finalWire = new ArrayList<>();
    for (int wire : wireOf) {
      finalWire.add(wire);
    }
    return new SwapAbsorption(collector.finish(), finalWire);
  }

  /// A SWAP after the gate.
  private static void exchangeMiddleRows(double[] unitary) {
    for (int i = 8; i < 16; i++) {
      double entry = unitary[i];
      unitary[i] = unitary[i + 8];
      unitary[i + 8] = entry;
    }
  }
}
