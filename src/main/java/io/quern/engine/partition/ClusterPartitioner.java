package io.quern.engine.partition;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/// Cuts a circuit into parts by merging: each block starts as a part of its own; of two parts that
/// follow each other those are merged first that leave the narrowest part, as long as it is narrow
/// enough and nothing outside would have to stand inside.
///
/// Stands for BQSKit's `ClusteringPartitioner`, which grows clusters from random points instead.
public final class ClusterPartitioner implements Partitioner {
  @Override
  public String name() {
    return "ClusteringPartitioner";
  }

  @Override
  public CircuitPartition partition(BlockCircuit circuit, int width, Runnable checkpoint) {
    BlockOrder order = BlockOrder.of(circuit);
    Clusters clusters = new Clusters(order);
    for (int limit = 2; limit <= width; limit++) {
      clusters.merge(limit, checkpoint);
    }
    return CircuitPartition.of(circuit, order, clusters.inOrder());
  }

  private static final class Clusters {
    private final int nodes;

    /// For each node the number of its part, that of one of its nodes.
    private final int[] partOf;

    private final BitSet[] qubits;
    private final List<List<Integer>> members = new ArrayList<>();
    private final boolean[] isFence;
    private final int[][] predecessors;
    private final int[][] successors;

    Clusters(BlockOrder order) {
      nodes = order.nodes().size();
      partOf = new int[nodes];
      qubits = new BitSet[nodes];
      isFence = new boolean[nodes];
      predecessors = new int[nodes][];
      List<List<Integer>> later = new ArrayList<>();
      for (int node = 0; node < nodes; node++) {
        partOf[node] = node;
        qubits[node] = new BitSet();
        members.add(new ArrayList<>(List.of(node)));
        later.add(new ArrayList<>());
        predecessors[node] = order.predecessors(node);
        for (int earlier : predecessors[node]) {
          later.get(earlier).add(node);
        }
        switch (order.nodes().get(node)) {
          case BlockOrder.Pair(Block block) -> {
            qubits[node].set(block.a());
            qubits[node].set(block.b());
          }
          case BlockOrder.Fenced _ -> isFence[node] = true;
        }
      }
      successors = new int[nodes][];
      for (int node = 0; node < nodes; node++) {
        successors[node] = later.get(node).stream().mapToInt(Integer::intValue).toArray();
      }
    }

    /// Merges parts that follow each other until none can be.
    void merge(int width, Runnable checkpoint) {
      boolean isChanged = true;
      while (isChanged) {
        isChanged = false;
        for (int node = 0; node < nodes; node++) {
          checkpoint.run();
          for (int next : successors[node]) {
            int first = partOf[node];
            int second = partOf[next];
            if (first != second && canMerge(first, second, width)) {
              join(first, second);
              isChanged = true;
            }
          }
        }
      }
    }

    private boolean canMerge(int first, int second, int width) {
      if (isFence[first] || isFence[second]) {
        return false;
      }
      BitSet union = (BitSet) qubits[first].clone();
      union.or(qubits[second]);
      return union.cardinality() <= width && !leadsAround(first, second);
    }

    /// Whether a way from the first part to the second passes a third.
    private boolean leadsAround(int first, int second) {
      BitSet seen = new BitSet();
      List<Integer> open = new ArrayList<>();
      for (int part : followers(first)) {
        if (part != second && !seen.get(part)) {
          seen.set(part);
          open.add(part);
        }
      }
      while (!open.isEmpty()) {
        for (int part : followers(open.removeLast())) {
          if (part == second) {
            return true;
          }
          if (!seen.get(part)) {
            seen.set(part);
            open.add(part);
          }
        }
      }
      return false;
    }

    private List<Integer> followers(int part) {
      List<Integer> found = new ArrayList<>();
      for (int node : members.get(part)) {
        for (int next : successors[node]) {
          if (partOf[next] != part) {
            found.add(partOf[next]);
          }
        }
      }
      return found;
    }

    private void join(int first, int second) {
      qubits[first].or(qubits[second]);
      members.get(first).addAll(members.get(second));
      for (int node : members.get(second)) {
        partOf[node] = first;
      }
      members.set(second, List.of());
    }

    /// The parts' nodes, a part once all that its nodes wait for is there.
    List<List<Integer>> inOrder() {
      List<List<Integer>> found = new ArrayList<>();
      BitSet done = new BitSet();
      while (done.cardinality() < nodes) {
        for (int node = done.nextClearBit(0); node < nodes; node = done.nextClearBit(node + 1)) {
          List<Integer> part = members.get(partOf[node]);
          if (isReady(part, done)) {
            found.add(part.stream().sorted().toList());
            part.forEach(done::set);
          }
        }
      }
      return found;
    }

    private boolean isReady(List<Integer> part, BitSet done) {
      for (int node : part) {
        for (int earlier : predecessors[node]) {
          if (!done.get(earlier) && partOf[earlier] != partOf[node]) {
            return false;
          }
        }
      }
      return true;
    }
  }
}
