package io.quern.engine.mapping;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Looks for a layout under which every node already has neighbours: the circuit's interaction
/// graph as a subgraph of the coupling graph.
///
/// Backtracking in the manner of VF2 (Cordella, Foggia, Sansone, Vento, 2004, doi
/// 10.1109/TPAMI.2004.75): wires in an order in which each, where possible, is joined to one before
/// it, candidates only among the neighbours of that one, cut where degrees do not suffice.
final class PerfectLayoutSearch {
  private final RoutingProblem problem;
  private final boolean[] joined;
  private final int[] degree;
  private final int[] order;

  /// For each position in the order: a wire placed before it that it is joined to, or -1.
  private final int[] anchor;

  private final int[] placed;
  private final boolean[] taken;
  private final Runnable checkpoint;
  private int evaluationsLeft;

  private PerfectLayoutSearch(RoutingProblem problem, int budget, Runnable checkpoint) {
    this.checkpoint = checkpoint;
    this.problem = problem;
    int n = problem.wires;
    joined = new boolean[n * n];
    degree = new int[n];
    for (int node = 0; node < problem.nodes; node++) {
      if (problem.needsNeighbours(node)) {
        join(problem.wireA[node], problem.wireB[node]);
      }
    }
    order = new int[n];
    anchor = new int[n];
    putInOrder();
    placed = new int[n];
    Arrays.fill(placed, -1);
    taken = new boolean[problem.physicalQubits];
    evaluationsLeft = budget;
  }

  /// A layout that needs no SWAP, or null if there is none or the budget was used up.
  ///
  /// @param budget how many (wire, physical qubit) pairs may be tried
  /// @param checkpoint asked again and again; throws to cancel
  static @Nullable Layout find(RoutingProblem problem, int budget, Runnable checkpoint) {
    PerfectLayoutSearch search = new PerfectLayoutSearch(problem, budget, checkpoint);
    return search.place(0) ? Layout.of(search.placed, problem.physicalQubits) : null;
  }

  private void join(int wireA, int wireB) {
    if (!joined[wireA * problem.wires + wireB]) {
      joined[wireA * problem.wires + wireB] = true;
      joined[wireB * problem.wires + wireA] = true;
      degree[wireA]++;
      degree[wireB]++;
    }
  }

  /// The most joined to what stands before, then the highest degree, then the smallest number.
  private void putInOrder() {
    int n = problem.wires;
    int[] joinedBefore = new int[n];
    boolean[] isOrdered = new boolean[n];
    for (int i = 0; i < n; i++) {
      int best = -1;
      for (int wire = 0; wire < n; wire++) {
        if (!isOrdered[wire]
            && (best < 0
                || joinedBefore[wire] > joinedBefore[best]
                || joinedBefore[wire] == joinedBefore[best] && degree[wire] > degree[best])) {
          best = wire;
        }
      }
      order[i] = best;
      isOrdered[best] = true;
      anchor[i] = -1;
      for (int wire = 0; wire < n; wire++) {
        if (joined[best * n + wire]) {
          joinedBefore[wire]++;
          anchor[i] = isOrdered[wire] ? wire : anchor[i];
        }
      }
    }
  }

  private boolean place(int position) {
    checkpoint.run();
    if (position == order.length) {
      return true;
    }
    int wire = order[position];
    if (anchor[position] < 0) {
      for (int physical = 0; physical < problem.physicalQubits; physical++) {
        if (tryAt(position, wire, physical)) {
          return true;
        }
      }
      return false;
    }
    int at = placed[anchor[position]];
    for (int edge : problem.edgesAt[at]) {
      int physical = problem.edgeA[edge] == at ? problem.edgeB[edge] : problem.edgeA[edge];
      if (tryAt(position, wire, physical)) {
        return true;
      }
    }
    return false;
  }

  private boolean tryAt(int position, int wire, int physical) {
    if (taken[physical]
        || problem.edgesAt[physical].length < degree[wire]
        || evaluationsLeft-- <= 0
        || !fits(wire, physical)) {
      return false;
    }
    placed[wire] = physical;
    taken[physical] = true;
    if (place(position + 1)) {
      return true;
    }
    placed[wire] = -1;
    taken[physical] = false;
    return false;
  }

  private boolean fits(int wire, int physical) {
    for (int other = 0; other < problem.wires; other++) {
      if (joined[wire * problem.wires + other]
          && placed[other] >= 0
          && problem.edge(physical, placed[other]) < 0) {
        return false;
      }
    }
    return true;
  }
}
