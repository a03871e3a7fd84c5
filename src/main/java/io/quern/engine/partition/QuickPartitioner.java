package io.quern.engine.partition;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.PriorityQueue;

/// Cuts a circuit into parts in one pass from left to right: each block joins the part that was
/// last on one of its qubits if that part stays narrow and none comes to wait for itself.
///
/// BQSKit's `QuickPartitioner` does the same on gates; here the order of blocks that commute does
/// not matter within a part, but between parts the order of the circuit is kept.
public final class QuickPartitioner implements Partitioner {
  @Override
  public String name() {
    return "QuickPartitioner";
  }

  @Override
  public CircuitPartition partition(BlockCircuit circuit, int width, Runnable checkpoint) {
    BlockOrder order = BlockOrder.of(circuit);
    Parts parts = new Parts(circuit.qubits());
    for (int node = 0; node < order.nodes().size(); node++) {
      checkpoint.run();
      switch (order.nodes().get(node)) {
        case BlockOrder.Pair(Block block) -> parts.add(node, block, width);
        case BlockOrder.Fenced(_, var operation) ->
            parts.fence(node, operation.location().toArray());
      }
    }
    return CircuitPartition.of(circuit, order, parts.inOrder());
  }

  /// The parts so far and which has to wait for which.
  private static final class Parts {
    private final List<List<Integer>> nodes = new ArrayList<>();
    private final List<BitSet> qubits = new ArrayList<>();

    /// For each part all that come before it.
    private final List<BitSet> before = new ArrayList<>();

    /// The last part on each qubit, or -1.
    private final int[] last;

    private int lastFence = -1;

    Parts(int qubitCount) {
      last = new int[qubitCount];
      Arrays.fill(last, -1);
    }

    void add(int node, Block block, int width) {
      int part = partFor(block, width);
      if (part < 0) {
        part = open();
      }
      nodes.get(part).add(node);
      take(part, block.a());
      take(part, block.b());
    }

    private int partFor(Block block, int width) {
      int onA = last[block.a()];
      int onB = last[block.b()];
      if (onA >= 0 && onA == onB && !isFence(onA)) {
        return onA;
      }
      boolean joinsA = canJoin(onA, block.b(), width);
      boolean joinsB = canJoin(onB, block.a(), width);
      if (joinsA && joinsB) {
        return nodes.get(onA).size() >= nodes.get(onB).size() ? onA : onB;
      }
      return joinsA ? onA : joinsB ? onB : -1;
    }

    /// Whether a part may be extended to one more qubit.
    private boolean canJoin(int part, int qubit, int width) {
      if (part < 0 || isFence(part) || qubits.get(part).get(qubit)) {
        return false;
      }
      int there = last[qubit];
      return qubits.get(part).cardinality() < width && (there < 0 || !before.get(there).get(part));
    }

    private boolean isFence(int part) {
      return qubits.get(part).isEmpty();
    }

    private int open() {
      nodes.add(new ArrayList<>());
      qubits.add(new BitSet());
      before.add(new BitSet());
      return nodes.size() - 1;
    }

    /// Makes a part the last on a qubit.
    private void take(int part, int qubit) {
      qubits.get(part).set(qubit);
      follow(part, qubit);
    }

    private void follow(int part, int qubit) {
      int earlier = last[qubit];
      last[qubit] = part;
      if (earlier >= 0 && earlier != part) {
        waitFor(part, earlier);
      }
    }

    /// A part that has to wait makes all wait that wait for it.
    private void waitFor(int part, int earlier) {
      BitSet more = (BitSet) before.get(earlier).clone();
      more.set(earlier);
      before.get(part).or(more);
      for (BitSet others : before) {
        if (others.get(part)) {
          others.or(more);
        }
      }
    }

    /// Fences keep their order among themselves too.
    void fence(int node, int[] location) {
      int part = open();
      nodes.get(part).add(node);
      for (int qubit : location) {
        follow(part, qubit);
      }
      if (lastFence >= 0) {
        waitFor(part, lastFence);
      }
      lastFence = part;
    }

    /// The parts' nodes, a part after all it has to wait for, otherwise in the order of opening.
    List<List<Integer>> inOrder() {
      int count = nodes.size();
      int[] waiting = new int[count];
      PriorityQueue<Integer> ready = new PriorityQueue<>();
      for (int part = 0; part < count; part++) {
        waiting[part] = before.get(part).cardinality();
        if (waiting[part] == 0) {
          ready.add(part);
        }
      }
      List<List<Integer>> found = new ArrayList<>(count);
      while (!ready.isEmpty()) {
        int part = ready.remove();
        found.add(nodes.get(part));
        for (int later = 0; later < count; later++) {
          if (before.get(later).get(part) && --waiting[later] == 0) {
            ready.add(later);
          }
        }
      }
      return found;
    }
  }
}
