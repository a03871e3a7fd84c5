package io.quern.engine.partition;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashSet;
import java.util.List;
import java.util.PrimitiveIterator;
import java.util.Set;
import java.util.TreeSet;

/// Sets of qubits that blocks near to one join, and the blocks on such sets.
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

  /// The blocks on a set of qubits that can be carried out one after the other: nothing else among
  /// the nodes comes after one of them and before another.
  ///
  /// @param nodes to choose from, ascending
  static List<Integer> gathered(
      BlockOrder order, PrimitiveIterator.OfInt nodes, Set<Integer> qubits) {
    BitSet inside = new BitSet();
    BitSet after = new BitSet();
    List<Integer> found = new ArrayList<>();
    while (nodes.hasNext()) {
      int node = nodes.nextInt();
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
    return found;
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
