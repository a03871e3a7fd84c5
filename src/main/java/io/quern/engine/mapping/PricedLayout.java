package io.quern.engine.mapping;

import java.util.Arrays;

/// A layout in the middle of routing, with what is needed to tell what the next SWAP costs.
///
/// A SWAP merges into the block on its pair if both wires have done nothing since but blocks that
/// commute with it, and a block merges into a SWAP just before it in the same way; either then
/// costs what resynthesis of block and SWAP together costs (Liu, Li, Zhou, Not All SWAPs Have the
/// Same Cost, 2022, arXiv 2205.10596; McKinney et al., MIRAGE, 2023, arXiv 2308.03874). Local gates
/// and the order of commuting blocks do not matter. Mutable scratch, reused; not thread-safe.
final class PricedLayout {
  private static final int NONE = -1;
  private static final int BARE_SWAP = -2;
  private static final int SEVERAL = -2;

  private final RoutingProblem problem;
  private final int[] physicalOfWire;
  private final int[] wireAtPhysical;

  /// For each edge: the node a SWAP on it could merge into, or [#BARE_SWAP] or [#NONE].
  private final int[] lastOnEdge;

  /// For each edge: when [#lastOnEdge] was carried out.
  private final int[] timeOnEdge;

  /// For each physical qubit: when it was last in a SWAP or at a fence.
  private final int[] fencedAt;

  /// For each wire: the group of the last node on it.
  private final int[] lastGroup;

  /// For each wire: the one group of all nodes since its last SWAP, or [#NONE] or [#SEVERAL].
  private final int[] groupSinceSwap;

  private int time;
  private int excess;

  PricedLayout(RoutingProblem problem) {
    this.problem = problem;
    int n = problem.physicalQubits;
    physicalOfWire = new int[n];
    wireAtPhysical = new int[n];
    lastOnEdge = new int[problem.edgeA.length];
    timeOnEdge = new int[problem.edgeA.length];
    fencedAt = new int[n];
    lastGroup = new int[n];
    groupSinceSwap = new int[n];
  }

  void start(Layout layout) {
    for (int wire = 0; wire < physicalOfWire.length; wire++) {
      physicalOfWire[wire] = layout.physicalOf(wire);
      wireAtPhysical[physicalOfWire[wire]] = wire;
    }
    Arrays.fill(lastOnEdge, NONE);
    Arrays.fill(timeOnEdge, 0);
    Arrays.fill(fencedAt, 0);
    Arrays.fill(lastGroup, NONE);
    Arrays.fill(groupSinceSwap, SEVERAL);
    time = 0;
    excess = 0;
  }

  void copyFrom(PricedLayout that) {
    copy(that.physicalOfWire, physicalOfWire);
    copy(that.wireAtPhysical, wireAtPhysical);
    copy(that.lastOnEdge, lastOnEdge);
    copy(that.timeOnEdge, timeOnEdge);
    copy(that.fencedAt, fencedAt);
    copy(that.lastGroup, lastGroup);
    copy(that.groupSinceSwap, groupSinceSwap);
    time = that.time;
    excess = that.excess;
  }

  private static void copy(int[] from, int[] to) {
    System.arraycopy(from, 0, to, 0, to.length);
  }

  Layout layout() {
    return Layout.of(physicalOfWire, physicalOfWire.length);
  }

  int physicalOf(int wire) {
    return physicalOfWire[wire];
  }

  int wireAt(int physical) {
    return wireAtPhysical[physical];
  }

  /// CX gates beyond those of the nodes alone.
  int excess() {
    return excess;
  }

  /// SWAPs a block may still merge into.
  int openSwaps() {
    int count = 0;
    for (int edge = 0; edge < lastOnEdge.length; edge++) {
      int physicalA = problem.edgeA[edge];
      int physicalB = problem.edgeB[edge];
      if (lastOnEdge[edge] == BARE_SWAP
          && fencedAt[physicalA] == timeOnEdge[edge]
          && fencedAt[physicalB] == timeOnEdge[edge]
          && groupSinceSwap[wireAtPhysical[physicalA]] != SEVERAL
          && groupSinceSwap[wireAtPhysical[physicalB]] != SEVERAL) {
        count++;
      }
    }
    return count;
  }

  /// A hash of the layout alone.
  int layoutHash() {
    return Arrays.hashCode(physicalOfWire);
  }

  boolean hasSameLayout(PricedLayout that) {
    return Arrays.equals(physicalOfWire, that.physicalOfWire);
  }

  /// Hops between the qubits of a node that needs neighbours.
  int distance(int node) {
    return problem
        .distance[
        physicalOfWire[problem.wireA[node]] * physicalOfWire.length
            + physicalOfWire[problem.wireB[node]]];
  }

  /// Carries out a node, whose qubits are neighbours if it needs them to be.
  void carryOut(int node) {
    time++;
    int wireA = problem.wireA[node];
    if (wireA < 0) {
      for (int wire : problem.fence[node]) {
        fencedAt[physicalOfWire[wire]] = time;
        groupSinceSwap[wire] = SEVERAL;
      }
      return;
    }
    int wireB = problem.wireB[node];
    int physicalA = physicalOfWire[wireA];
    int physicalB = physicalOfWire[wireB];
    int edge = problem.edge(physicalA, physicalB);
    int groupA = problem.groupA[node];
    int groupB = problem.groupB[node];
    boolean joinsSwap =
        lastOnEdge[edge] == BARE_SWAP
            && problem.merges[node]
            && fencedAt[physicalA] == timeOnEdge[edge]
            && fencedAt[physicalB] == timeOnEdge[edge]
            && (groupSinceSwap[wireA] == NONE || groupSinceSwap[wireA] == groupA)
            && (groupSinceSwap[wireB] == NONE || groupSinceSwap[wireB] == groupB);
    if (joinsSwap) {
      excess += problem.costWithSwap[node] - problem.cost[node] - problem.swapCost;
    }
    lastOnEdge[edge] = joinsSwap || !problem.merges[node] ? NONE : node;
    timeOnEdge[edge] = time;
    noteGroup(wireA, groupA);
    noteGroup(wireB, groupB);
  }

  private void noteGroup(int wire, int group) {
    lastGroup[wire] = group;
    if (groupSinceSwap[wire] == NONE) {
      groupSinceSwap[wire] = group;
    } else if (groupSinceSwap[wire] != group) {
      groupSinceSwap[wire] = SEVERAL;
    }
  }

  /// CX gates a SWAP on an edge adds now; negative if it makes its block cheaper.
  int priceOfSwap(int edge) {
    int node = lastOnEdge[edge];
    if (node < 0) {
      return problem.swapCost;
    }
    int wireA = problem.wireA[node];
    int wireB = problem.wireB[node];
    boolean joinsBlock =
        timeOnEdge[edge] > fencedAt[problem.edgeA[edge]]
            && timeOnEdge[edge] > fencedAt[problem.edgeB[edge]]
            && lastGroup[wireA] == problem.groupA[node]
            && lastGroup[wireB] == problem.groupB[node];
    return joinsBlock ? problem.costWithSwap[node] - problem.cost[node] : problem.swapCost;
  }

  /// Carries out a SWAP on an edge.
  void swap(int edge) {
    int price = priceOfSwap(edge);
    time++;
    excess += price;
    lastOnEdge[edge] = price == problem.swapCost ? BARE_SWAP : NONE;
    timeOnEdge[edge] = time;
    int physicalA = problem.edgeA[edge];
    int physicalB = problem.edgeB[edge];
    fencedAt[physicalA] = time;
    fencedAt[physicalB] = time;
    int wireA = wireAtPhysical[physicalA];
    int wireB = wireAtPhysical[physicalB];
    groupSinceSwap[wireA] = NONE;
    groupSinceSwap[wireB] = NONE;
    exchange(edge);
  }

  /// Exchanges what the ends of an edge hold without pricing it; its own inverse.
  void exchange(int edge) {
    int physicalA = problem.edgeA[edge];
    int physicalB = problem.edgeB[edge];
    int wireA = wireAtPhysical[physicalA];
    int wireB = wireAtPhysical[physicalB];
    wireAtPhysical[physicalA] = wireB;
    wireAtPhysical[physicalB] = wireA;
    physicalOfWire[wireA] = physicalB;
    physicalOfWire[wireB] = physicalA;
  }
}
