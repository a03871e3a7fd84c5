package io.quern.engine.partition;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/// Sets of qubits that blocks near to one join.
final class QubitSets {
  /// How many nodes after a block are looked at.
  static final int REACH = 60;

  private QubitSets() {}

  /// Sets of `width` qubits (fewer if there are none) around a block, joined by the blocks next.
  ///
  /// @param last only blocks before this node count
  static List<Set<Integer>> around(BlockOrder order, int first, int last, Block block, int width) {
    List<Set<Integer>> sets = new ArrayList<>();
    Set<Integer> own = new TreeSet<>(Set.of(block.a(), block.b()));
    grow(order, first, last, own, width, sets, new HashSet<>());
    return sets;
  }

  /// Where the search for more qubits around a node ends.
  static int reach(BlockOrder order, int first) {
    return Math.min(order.nodes().size(), first + REACH);
  }

  private static void grow(
      BlockOrder order,
      int first,
      int last,
      Set<Integer> qubits,
      int width,
      List<Set<Integer>> sets,
      Set<Set<Integer>> seen) {
    if (!seen.add(qubits)) {
      return;
    }
    Set<Integer> next = qubits.size() < width ? neighbours(order, first, last, qubits) : Set.of();
    for (int qubit : next) {
      Set<Integer> wider = new TreeSet<>(qubits);
      wider.add(qubit);
      grow(order, first, last, wider, width, sets, seen);
    }
    if (next.isEmpty()) {
      sets.add(qubits);
    }
  }

  /// Those of some blocks that shared qubits join to one of them, in the same order.
  static List<Integer> joinedWith(int first, List<Integer> nodes, BlockOrder order) {
    Set<Integer> qubits = new TreeSet<>();
    List<Integer> joined = List.of();
    int before = -1;
    while (joined.size() > before) {
      before = joined.size();
      List<Integer> more = new ArrayList<>();
      for (int node : nodes) {
        if (order.nodes().get(node) instanceof BlockOrder.Pair(Block block)
            && (node == first || qubits.contains(block.a()) || qubits.contains(block.b()))) {
          more.add(node);
          qubits.add(block.a());
          qubits.add(block.b());
        }
      }
      joined = more;
    }
    return joined;
  }

  /// Qubits that blocks couple to a set.
  private static Set<Integer> neighbours(
      BlockOrder order, int first, int last, Set<Integer> qubits) {
    Set<Integer> found = new TreeSet<>();
    for (int node = first; node < last; node++) {
      if (order.nodes().get(node) instanceof BlockOrder.Pair(Block block)
          && qubits.contains(block.a()) != qubits.contains(block.b())) {
        found.add(qubits.contains(block.a()) ? block.b() : block.a());
      }
    }
    return found;
  }
}
