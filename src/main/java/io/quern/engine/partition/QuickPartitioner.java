package io.quern.engine.partition;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashSet;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Set;

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
  ///
  /// A part that is last on no qubit is closed: nothing joins it any more. So which part comes
  /// before which need only be known of open ones, of which there are hardly more than qubits.
  private static final class Parts {
    private final List<List<Integer>> nodes = new ArrayList<>();
    private final List<BitSet> qubits = new ArrayList<>();

    /// For each part those it follows directly.
    private final List<Set<Integer>> links = new ArrayList<>();

    /// For each part the number of its place among the open ones, or -1.
    private final List<Integer> places = new ArrayList<>();

    /// For each place the places of all open parts that come before the one there.
    private final List<BitSet> before = new ArrayList<>();

    /// Places that are taken.
    private final BitSet taken = new BitSet();

    /// For each part the number of qubits it is last on, and one for the last fence.
    private final List<Integer> holds = new ArrayList<>();

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
      return qubits.get(part).cardinality() < width
          && (there < 0 || !before.get(places.get(there)).get(places.get(part)));
    }

    private boolean isFence(int part) {
      return qubits.get(part).isEmpty();
    }

    private int open() {
      int place = taken.nextClearBit(0);
      taken.set(place);
      if (place == before.size()) {
        before.add(new BitSet());
      }
      nodes.add(new ArrayList<>());
      qubits.add(new BitSet());
      links.add(new HashSet<>());
      places.add(place);
      holds.add(0);
      return nodes.size() - 1;
    }

    /// Makes a part the last on a qubit.
    private void take(int part, int qubit) {
      qubits.get(part).set(qubit);
      follow(part, qubit);
    }

    private void follow(int part, int qubit) {
      int earlier = last[qubit];
      if (earlier == part) {
        return;
      }
      last[qubit] = part;
      hold(part);
      if (earlier >= 0) {
        waitFor(part, earlier);
        release(earlier);
      }
    }

    private void hold(int part) {
      holds.set(part, holds.get(part) + 1);
    }

    /// What came before a part that closes has come before all that follow it already.
    private void release(int part) {
      holds.set(part, holds.get(part) - 1);
      if (holds.get(part) == 0) {
        int place = places.set(part, -1);
        taken.clear(place);
        before.get(place).clear();
        before.forEach(others -> others.clear(place));
      }
    }

    /// A part that has to wait makes all wait that wait for it.
    private void waitFor(int part, int earlier) {
      links.get(part).add(earlier);
      int place = places.get(part);
      BitSet more = (BitSet) before.get(places.get(earlier)).clone();
      more.set(places.get(earlier));
      before.get(place).or(more);
      for (BitSet others : before) {
        if (others.get(place)) {
          others.or(more);
        }
      }
    }

    /// Fences keep their order among themselves too.
    void fence(int node, int[] location) {
      int part = open();
      nodes.get(part).add(node);
      hold(part);
      for (int qubit : location) {
        follow(part, qubit);
      }
      if (lastFence >= 0) {
        waitFor(part, lastFence);
        release(lastFence);
      }
      lastFence = part;
    }

    /// The parts' nodes, a part after all it has to wait for, otherwise in the order of opening.
    List<List<Integer>> inOrder() {
      int count = nodes.size();
      int[] waiting = new int[count];
      List<List<Integer>> followers = new ArrayList<>(count);
      PriorityQueue<Integer> ready = new PriorityQueue<>();
      for (int part = 0; part < count; part++) {
        followers.add(new ArrayList<>());
      }
      for (int part = 0; part < count; part++) {
        waiting[part] = links.get(part).size();
        for (int earlier : links.get(part)) {
          followers.get(earlier).add(part);
        }
        if (waiting[part] == 0) {
          ready.add(part);
        }
      }
      List<List<Integer>> found = new ArrayList<>(count);
      while (!ready.isEmpty()) {
        int part = ready.remove();
        found.add(nodes.get(part));
        for (int later : followers.get(part)) {
          if (--waiting[later] == 0) {
            ready.add(later);
          }
        }
      }
      return found;
    }
  }
}
