package io.quern.engine.partition;

import io.quern.engine.circuit.Operation;
import io.quern.engine.linalg.Matrices;
import io.quern.engine.partition.BlockCollector.Merging;
import io.quern.engine.partition.BlockElement.Fence;
import io.quern.engine.partition.BlockElement.LocalGate;
import io.quern.engine.synthesis.Entangler;
import io.quern.engine.synthesis.WeylDecomposer;
import io.quern.engine.synthesis.WeylDecomposition;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A circuit cut into runs of blocks that follow each other on one pair of qubits.
public final class PairPartition {

  /// One or more blocks on a pair, or another element.
  private static final class Part {
    final BlockElement first;

    /// The product of the blocks once there is more than one.
    double @Nullable [] unitary;

    Part(BlockElement first) {
      this.first = first;
    }
  }

  private final BlockCircuit circuit;
  private final List<Part> parts = new ArrayList<>();

  private PairPartition(BlockCircuit circuit) {
    this.circuit = circuit;
  }

  public static PairPartition of(BlockCircuit circuit) {
    PairPartition partition = new PairPartition(circuit);
    partition.cut();
    return partition;
  }

  private void cut() {
    Part[] last = new Part[circuit.qubits()];
    double[] factor = new double[32];
    for (BlockElement element : circuit.elements()) {
      Part part = new Part(element);
      switch (element) {
        case Block block -> {
          Part open = last[block.a()];
          if (open != null && open == last[block.b()] && open.first instanceof Block head) {
            double[] before = open.unitary;
            if (before == null) {
              before = new double[32];
              head.unitary(before);
            }
            double[] product = new double[32];
            block.unitary(factor);
            Matrices.kernel().multiply4(factor, before, product);
            open.unitary = product;
            continue;
          }
          last[block.a()] = part;
          last[block.b()] = part;
        }
        case LocalGate local -> last[local.qubit()] = part;
        case Fence(Operation operation) -> {
          for (int q : operation.location().toArray()) {
            last[q] = part;
          }
        }
      }
      parts.add(part);
    }
  }

  /// The unitaries of the runs of more than one block, in order; not to be modified.
  public List<double[]> unitaries() {
    List<double[]> unitaries = new ArrayList<>();
    for (Part part : parts) {
      if (part.unitary != null) {
        unitaries.add(part.unitary);
      }
    }
    return unitaries;
  }

  /// Two-qubit gates needed once each run is one block.
  public int cost(Entangler entangler) {
    WeylDecomposer decomposer = new WeylDecomposer();
    int cost = 0;
    for (Part part : parts) {
      if (part.unitary != null) {
        WeylDecomposition run = decomposer.decompose(part.unitary);
        cost += entangler.cost(run.x(), run.y(), run.z());
      } else if (part.first instanceof Block block) {
        cost += entangler.cost(block.x(), block.y(), block.z());
      }
    }
    return cost;
  }

  /// The circuit with each run as one block.
  ///
  /// @param decompositions of [#unitaries], in order
  public BlockCircuit rebuild(List<WeylDecomposition> decompositions, Entangler entangler) {
    BlockCollector collector =
        new BlockCollector(
            circuit.qubits(),
            circuit.classicalRegisters(),
            entangler,
            Merging.GAIN,
            circuit.errorD2());
    int next = 0;
    for (Part part : parts) {
      switch (part.first) {
        case Block block -> {
          if (part.unitary == null) {
            collector.add(block);
          } else {
            collector.add(block.a(), block.b(), decompositions.get(next++));
          }
        }
        case LocalGate local -> collector.add(local.qubit(), local.rotation());
        case Fence fence -> collector.fence(fence.operation());
      }
    }
    return collector.finish();
  }
}
