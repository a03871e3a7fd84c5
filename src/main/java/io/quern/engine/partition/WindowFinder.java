package io.quern.engine.partition;

import io.quern.engine.partition.BlockCollector.Merging;
import io.quern.engine.partition.BlockElement.LocalGate;
import io.quern.engine.synthesis.Entangler;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

/// Finds the windows of a circuit and puts others in their place.
public final class WindowFinder {
  private final BlockCircuit circuit;
  private final BlockOrder order;

  /// How many nodes after its first one a window may reach.
  private final int reach;

  private WindowFinder(BlockCircuit circuit, int reach) {
    this.circuit = circuit;
    this.order = BlockOrder.of(circuit);
    this.reach = reach;
  }

  public static WindowFinder of(BlockCircuit circuit, int reach) {
    return new WindowFinder(circuit, reach);
  }

  /// All windows of up to `width` qubits that cannot be extended to the right, each once.
  public List<Window> windows(int width) {
    List<Window> found = new ArrayList<>();
    Set<List<Integer>> seen = new HashSet<>();
    for (int first = 0; first < order.nodes().size(); first++) {
      if (order.nodes().get(first) instanceof BlockOrder.Pair(Block block)) {
        int last = (int) Math.min(order.nodes().size(), (long) first + reach);
        for (Set<Integer> qubits : QubitSets.around(order, first, last, block, width)) {
          Window window = window(first, qubits);
          if (seen.add(window.nodes())) {
            found.add(window);
          }
        }
      }
    }
    return found;
  }

  /// The circuit as one window.
  ///
  /// @throws IllegalStateException if it has fences
  public Window whole() {
    List<Integer> nodes = new ArrayList<>();
    List<Block> blocks = new ArrayList<>();
    for (int node = 0; node < order.nodes().size(); node++) {
      if (!(order.nodes().get(node) instanceof BlockOrder.Pair(Block block))) {
        throw new IllegalStateException("a fence is no part of a window");
      }
      nodes.add(node);
      blocks.add(block);
    }
    return new Window(IntStream.range(0, circuit.qubits()).boxed().toList(), nodes, blocks);
  }

  private Window window(int first, Set<Integer> qubits) {
    int last = (int) Math.min(order.nodes().size(), (long) first + reach);
    List<Integer> nodes =
        QubitSets.gathered(order, IntStream.range(first, last).iterator(), qubits);
    List<Integer> names = List.copyOf(qubits);
    List<Block> blocks = new ArrayList<>(nodes.size());
    for (int node : nodes) {
      if (order.nodes().get(node) instanceof BlockOrder.Pair(Block block)) {
        blocks.add(block.on(names.indexOf(block.a()), names.indexOf(block.b())));
      }
    }
    return new Window(names, nodes, blocks);
  }

  /// The circuit with something else in a window's place.
  ///
  /// @param inside blocks and one-qubit gates on positions in the window's qubits, equal to the
  ///   window between its frame
  /// @param errorD2 what that differs by at most
  public BlockCircuit replaced(
      Window window,
      List<BlockElement> inside,
      double errorD2,
      Entangler entangler,
      Merging merging) {
    BitSet nodes = new BitSet();
    window.nodes().forEach(nodes::set);
    BitSet after = new BitSet();
    int first = window.nodes().getFirst();
    for (int node = first; node < order.nodes().size(); node++) {
      if (!nodes.get(node)) {
        for (int earlier : order.predecessors(node)) {
          if (nodes.get(earlier) || after.get(earlier)) {
            after.set(node);
            break;
          }
        }
      }
    }
    // Where commuting blocks change places their axes may be off by the tolerance.
    double exchanges = 2 * Block.AXIS_TOLERANCE * order.nodes().size();
    BlockCollector collector =
        new BlockCollector(
            circuit.qubits(),
            circuit.classicalRegisters(),
            entangler,
            merging,
            circuit.errorD2() + errorD2 + exchanges);
    for (int node = 0; node < order.nodes().size(); node++) {
      if (!after.get(node) && !nodes.get(node)) {
        add(node, collector);
      }
    }
    collector.add(window.framed(inside));
    for (int node = after.nextSetBit(0); node >= 0; node = after.nextSetBit(node + 1)) {
      add(node, collector);
    }
    for (LocalGate gate : order.localsAtEnd()) {
      collector.add(gate.qubit(), gate.rotation());
    }
    return collector.finish();
  }

  private void add(int node, BlockCollector collector) {
    switch (order.nodes().get(node)) {
      case BlockOrder.Pair(Block block) -> collector.add(block);
      case BlockOrder.Fenced(var before, var operation) -> {
        for (LocalGate gate : before) {
          collector.add(gate.qubit(), gate.rotation());
        }
        collector.fence(operation);
      }
    }
  }
}
