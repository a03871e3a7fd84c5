package io.quern.engine.partition;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Deque;
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
    // What is left to do, the next first.
    Deque<Stretch> left = new ArrayDeque<>();
    left.push(new Stretch(all, false));
    while (!left.isEmpty()) {
      Stretch next = left.pop();
      if (next.isPart()) {
        parts.add(next.nodes());
      } else if (!next.nodes().isEmpty()) {
        cut(order, next.nodes(), width, checkpoint, left);
      }
    }
    return CircuitPartition.of(circuit, order, parts);
  }

  /// Nodes, ascending; nothing outside stands between two of them.
  ///
  /// @param isPart whether they are a part already
  private record Stretch(List<Integer> nodes, boolean isPart) {}

  private static void cut(
      BlockOrder order, List<Integer> nodes, int width, Runnable checkpoint, Deque<Stretch> left) {
    List<Integer> best = List.of(nodes.getFirst());
    for (int at = 0; at < nodes.size(); at++) {
      checkpoint.run();
      int node = nodes.get(at);
      if (order.nodes().get(node) instanceof BlockOrder.Pair(Block block)) {
        // A window may reach as far as qubits for it are looked for around each of its own.
        int end = Math.min(nodes.size(), at + QubitSets.REACH * width);
        for (Set<Integer> qubits :
            QubitSets.around(order, node, QubitSets.reach(order, node), block, width)) {
          List<Integer> window =
              QubitSets.joinedWith(
                  node,
                  QubitSets.gathered(
                      order, nodes.subList(at, end).stream().mapToInt(n -> n).iterator(), qubits),
                  order);
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
    left.push(new Stretch(later, false));
    left.push(new Stretch(best, true));
    left.push(new Stretch(earlier, false));
  }
}
