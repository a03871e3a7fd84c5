package io.quern.engine.partition;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// Cuts a circuit into parts from left to right: of all sets of qubits around the next blocks the
/// one that gathers the most blocks becomes a part, and so on with the rest.
///
/// BQSKit's `ScanPartitioner` does the same on gates. Blocks that commute may change places.
public final class ScanPartitioner implements Partitioner {
  /// Ready blocks looked at for one part; more of them rarely offer more.
  private static final int MOST_STARTS = 24;

  /// How many nodes after the first that is left they are looked for, so that time is linear.
  private static final int FARTHEST_START = 4_000;

  @Override
  public String name() {
    return "ScanPartitioner";
  }

  @Override
  public CircuitPartition partition(BlockCircuit circuit, int width, Runnable checkpoint) {
    BlockOrder order = BlockOrder.of(circuit);
    Scan scan = new Scan(order, width);
    return CircuitPartition.of(circuit, order, scan.run(checkpoint));
  }

  private static final class Scan {
    private final BlockOrder order;
    private final int width;
    private final int nodes;
    private final int[][] predecessors;
    private final BitSet done = new BitSet();

    Scan(BlockOrder order, int width) {
      this.order = order;
      this.width = width;
      this.nodes = order.nodes().size();
      this.predecessors = new int[nodes][];
      for (int node = 0; node < nodes; node++) {
        predecessors[node] = order.predecessors(node);
      }
    }

    List<List<Integer>> run(Runnable checkpoint) {
      List<List<Integer>> parts = new ArrayList<>();
      int left = nodes;
      while (left > 0) {
        checkpoint.run();
        List<Integer> part = next();
        part.forEach(done::set);
        left -= part.size();
        parts.add(part);
      }
      return parts;
    }

    private List<Integer> next() {
      List<Integer> best = List.of();
      Set<Set<Integer>> seen = new HashSet<>();
      int starts = 0;
      int first = done.nextClearBit(0);
      int last = (int) Math.min(nodes, (long) first + FARTHEST_START);
      for (int node = first;
          node < last && starts < MOST_STARTS;
          node = done.nextClearBit(node + 1)) {
        if (!isReady(node, new BitSet())) {
          continue;
        }
        switch (order.nodes().get(node)) {
          case BlockOrder.Fenced _ -> {
            return List.of(node);
          }
          case BlockOrder.Pair(Block block) -> {
            starts++;
            for (Set<Integer> qubits :
                QubitSets.around(order, node, QubitSets.reach(order, node), block, width)) {
              if (seen.add(qubits)) {
                List<Integer> gathered = gathered(qubits, node);
                best = gathered.size() > best.size() ? gathered : best;
              }
            }
          }
        }
      }
      return best;
    }

    private boolean isReady(int node, BitSet inside) {
      for (int earlier : predecessors[node]) {
        if (!done.get(earlier) && !inside.get(earlier)) {
          return false;
        }
      }
      return true;
    }

    private List<Integer> gathered(Set<Integer> qubits, int first) {
      BitSet inside = new BitSet();
      List<Integer> found = new ArrayList<>();
      int last = Math.min(nodes, first + QubitSets.REACH * width);
      for (int node = done.nextClearBit(0); node < last; node = done.nextClearBit(node + 1)) {
        if (order.nodes().get(node) instanceof BlockOrder.Pair(Block block)
            && qubits.contains(block.a())
            && qubits.contains(block.b())
            && isReady(node, inside)) {
          inside.set(node);
          found.add(node);
        }
      }
      return QubitSets.joinedWith(first, found, order);
    }
  }
}
