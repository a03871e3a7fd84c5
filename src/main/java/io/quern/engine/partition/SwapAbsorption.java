package io.quern.engine.partition;

import io.quern.engine.circuit.Operation;
import io.quern.engine.linalg.Rotation;
import io.quern.engine.partition.BlockCollector.Merging;
import io.quern.engine.partition.BlockElement.Fence;
import io.quern.engine.partition.BlockElement.LocalGate;
import io.quern.engine.synthesis.Entangler;
import io.quern.engine.synthesis.WeylDecomposition;
import java.util.stream.IntStream;

/// Puts a SWAP behind each block that gets cheaper by it and renames the qubits of all that
/// follows.
public final class SwapAbsorption {
  private static final double QUARTER = Math.PI / 4;

  private final BlockCircuit blocks;
  private final int[] place;

  private SwapAbsorption(BlockCircuit blocks, int[] place) {
    this.blocks = blocks;
    this.place = place;
  }

  public static SwapAbsorption of(BlockCircuit circuit, Entangler entangler) {
    int[] place = IntStream.range(0, circuit.qubits()).toArray();
    BlockCollector collector =
        new BlockCollector(
            circuit.qubits(),
            circuit.classicalRegisters(),
            entangler,
            Merging.GAIN,
            circuit.errorD2());
    for (BlockElement element : circuit.elements()) {
      switch (element) {
        case Block block -> {
          int a = place[block.a()];
          int b = place[block.b()];
          int plain = entangler.cost(block.x(), block.y(), block.z());
          if (entangler.costWithSwap(block.x(), block.y(), block.z()) < plain) {
            // SWAP k^dagger N k = (k^dagger with qubits exchanged) SWAP N k, SWAP = N(pi/4, ..).
            collector.add(
                a,
                b,
                WeylDecomposition.canonical(
                    block.turnA(),
                    block.turnB(),
                    block.x() + QUARTER,
                    block.y() + QUARTER,
                    block.z() + QUARTER,
                    block.turnB().inverse(),
                    block.turnA().inverse()));
            place[block.a()] = b;
            place[block.b()] = a;
          } else {
            collector.add(block.on(a, b));
          }
        }
        case LocalGate(int qubit, Rotation rotation) -> collector.add(place[qubit], rotation);
        case Fence(Operation operation) -> collector.fence(operation.mapQubits(place));
      }
    }
    return new SwapAbsorption(collector.finish(), place);
  }

  public BlockCircuit blocks() {
    return blocks;
  }

  /// Where the state that would have ended on a qubit is now.
  public int placeAtEnd(int qubit) {
    return place[qubit];
  }
}
