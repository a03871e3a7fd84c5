package io.quern.engine.partition;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Set;

/// Cuts a circuit into parts, the largest first: of all windows the one with the most blocks
/// becomes a part; what comes before it and what comes after it is cut likewise.
///
/// BQSKit's `GreedyPartitioner` does the same on gates.
public final class GreedyPartitioner implements Partitioner {
  @Override
  public String name() {
    return "GreedyPartitioner";
  }

  @Override
  public CircuitPartition partition(BlockCircuit circuit, int width, Runnable checkpoint) {
    BlockOrder order = BlockOrder.of(circuit);
    List<List<Integer>> parts = new ArrayList<>();
    List<Integer> all = new ArrayList<>();
    for (int node = 0; node < order.nodes().size(); node++) {
      all.add(node);
    }
    cut(order, all, width, checkpoint, parts);
    return CircuitPartition.of(circuit, order, parts);
  }

  /// @param nodes ascending; nothing outside stands between two of them
  private static void cut(
      BlockOrder order,
      List<Integer> nodes,
      int width,
      Runnable checkpoint,
      List<List<Integer>> parts) {
    if (nodes.isEmpty()) {
      return;
    }
    List<Integer> best = List.of(nodes.getFirst());
    for (int at = 0; at < nodes.size(); at++) {
      checkpoint.run();
      int node = nodes.get(at);
      if (order.nodes().get(node) instanceof BlockOrder.Pair(Block block)) {
        // A window may reach as far as qubits for it are looked for around each of its own.
        int end = Math.min(nodes.size(), at + QubitSets.REACH * width);
        for (Set<Integer> qubits :
            QubitSets.around(order, node, QubitSets.reach(order, node), block, width)) {
          List<Integer> window = window(order, nodes.subList(at, end), node, qubits);
          best = window.size() > best.size() ? window : best;
        }
      }
    }
    BitSet inside = new BitSet();
    best.forEach(inside::set);
    BitSet after = new BitSet();
    List<Integer> earlier = new ArrayList<>();
    List<Integer> later = new ArrayList<>();
    for (int node : nodes) {
      if (!inside.get(node)) {
        for (int previous : order.predecessors(node)) {
          if (inside.get(previous) || after.get(previous)) {
            after.set(node);
          }
        }
        (after.get(node) ? later : earlier).add(node);
      }
    }
    cut(order, earlier, width, checkpoint, parts);
    parts.add(best);
    cut(order, later, width, checkpoint, parts);
  }

  /// @param nodes from the first of the window on, ascending
  private static List<Integer> window(
      BlockOrder order, List<Integer> nodes, int first, Set<Integer> qubits) {
    BitSet inside = new BitSet();
    BitSet after = new BitSet();
    List<Integer> found = new ArrayList<>();
    for (int node : nodes) {
      boolean followsInside = false;
      boolean followsAfter = false;
      for (int earlier : order.predecessors(node)) {
        followsInside |= inside.get(earlier);
        followsAfter |= after.get(earlier);
      }
      if (!followsAfter
          && order.nodes().get(node) instanceof BlockOrder.Pair(Block block)
          && qubits.contains(block.a())
          && qubits.contains(block.b())) {
        inside.set(node);
        found.add(node);
      } else if (followsInside || followsAfter) {
        after.set(node);
      }
    }
    return QubitSets.joinedWith(first, found, order);
  }
}
