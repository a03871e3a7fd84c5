package io.quern.engine.mapping;

import io.quern.engine.machine.CouplingGraph;
import io.quern.engine.machine.CouplingGraph.Edge;
import io.quern.engine.mapping.BlockGraph.Group;
import io.quern.engine.mapping.BlockGraph.Kind;
import io.quern.engine.mapping.BlockGraph.Step;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/// What a router is asked: nodes with their order and prices, and the coupling graph. Immutable;
/// shared by all trials.
///
/// Nodes are the steps of a [BlockGraph] without the one-qubit gates, numbered in a valid order.
/// Arrays are read by the routers of this package and never written after construction.
final class RoutingProblem {
  /// The price of a SWAP that merges with nothing.
  static final int SWAP_COST = 3;

  final int physicalQubits;
  final int wires;
  final int nodes;

  /// For node i: its step in the block graph.
  final int[] step;

  /// For node i: its pair of wires, or -1 and -1 if it needs no neighbours.
  final int[] wireA;

  final int[] wireB;

  /// For node i: the commuting group it belongs to on each wire of its pair, numbered over all
  /// wires; blocks of one group on a wire may change places there. Nodes that merge with nothing
  /// have a group of their own.
  final int[] groupA;

  final int[] groupB;

  /// For node i without a pair: the qubit wires it ends all merging on.
  final int[][] fence;

  /// CX gates of node i alone, and with a SWAP of its pair merged into it.
  final int[] cost;

  final int[] costWithSwap;

  /// Whether a SWAP may merge into node i.
  final boolean[] merges;

  final int[][] successors;
  final int[][] predecessors;

  /// The physical qubits each edge joins, the smaller first.
  final int[] edgeA;

  final int[] edgeB;

  /// For each physical qubit, the edges at it.
  final int[][] edgesAt;

  /// Hops between physical qubits, row-major.
  final int[] distance;

  private final int[] edgeNumber;

  /// Time reversed.
  private RoutingProblem(RoutingProblem forward) {
    physicalQubits = forward.physicalQubits;
    wires = forward.wires;
    nodes = forward.nodes;
    step = backwards(forward.step);
    wireA = backwards(forward.wireA);
    wireB = backwards(forward.wireB);
    groupA = backwards(forward.groupA);
    groupB = backwards(forward.groupB);
    cost = backwards(forward.cost);
    costWithSwap = backwards(forward.costWithSwap);
    fence = new int[nodes][];
    merges = new boolean[nodes];
    successors = new int[nodes][];
    predecessors = new int[nodes][];
    for (int node = 0; node < nodes; node++) {
      int mirrored = nodes - 1 - node;
      fence[node] = forward.fence[mirrored];
      merges[node] = forward.merges[mirrored];
      successors[node] = mirrored(forward.predecessors[mirrored]);
      predecessors[node] = mirrored(forward.successors[mirrored]);
    }
    edgeA = forward.edgeA;
    edgeB = forward.edgeB;
    edgesAt = forward.edgesAt;
    distance = forward.distance;
    edgeNumber = forward.edgeNumber;
  }

  private static int[] backwards(int[] values) {
    int[] out = new int[values.length];
    for (int i = 0; i < values.length; i++) {
      out[i] = values[values.length - 1 - i];
    }
    return out;
  }

  private int[] mirrored(int[] nodeNumbers) {
    int[] out = backwards(nodeNumbers);
    for (int i = 0; i < out.length; i++) {
      out[i] = nodes - 1 - out[i];
    }
    return out;
  }

  /// @throws IllegalArgumentException if the machine is not connected or has fewer qubits than the
  ///   circuit
  RoutingProblem(BlockGraph graph, CouplingGraph coupling) {
    if (graph.qubits() > coupling.qubits() || !coupling.isConnected()) {
      throw new IllegalArgumentException(
          "a circuit of "
              + graph.qubits()
              + " qubits needs a connected machine of at least as many, found "
              + coupling);
    }
    physicalQubits = coupling.qubits();
    wires = graph.qubits();
    int[] nodeOfStep = new int[graph.steps().size()];
    List<Step> kept = new ArrayList<>();
    for (Step s : graph.steps()) {
      nodeOfStep[s.number()] = s.kind() == Kind.LOCAL ? -1 : kept.size();
      if (s.kind() != Kind.LOCAL) {
        kept.add(s);
      }
    }
    nodes = kept.size();
    step = new int[nodes];
    wireA = new int[nodes];
    wireB = new int[nodes];
    groupA = new int[nodes];
    groupB = new int[nodes];
    fence = new int[nodes][];
    cost = new int[nodes];
    costWithSwap = new int[nodes];
    merges = new boolean[nodes];
    for (int node = 0; node < nodes; node++) {
      Step s = kept.get(node);
      step[node] = s.number();
      wireA[node] = s.needsNeighbours() ? s.wires().get(0) : -1;
      wireB[node] = s.needsNeighbours() ? s.wires().get(1) : -1;
      cost[node] = s.cost();
      costWithSwap[node] = s.costWithSwap();
      merges[node] = s.kind() == Kind.BLOCK;
      fence[node] =
          s.needsNeighbours()
              ? new int[0]
              : s.wires().subList(0, s.qubits()).stream().mapToInt(Integer::intValue).toArray();
    }
    List<Set<Integer>> before = new ArrayList<>();
    for (int node = 0; node < nodes; node++) {
      before.add(new TreeSet<>());
    }
    readGroups(graph, nodeOfStep, before);
    predecessors = new int[nodes][];
    int[] count = new int[nodes];
    for (int node = 0; node < nodes; node++) {
      predecessors[node] = before.get(node).stream().mapToInt(Integer::intValue).toArray();
      for (int earlier : predecessors[node]) {
        count[earlier]++;
      }
    }
    successors = new int[nodes][];
    for (int node = 0; node < nodes; node++) {
      successors[node] = new int[count[node]];
    }
    for (int node = nodes - 1; node >= 0; node--) {
      for (int earlier : predecessors[node]) {
        successors[earlier][--count[earlier]] = node;
      }
    }

    List<Edge> edges = coupling.edges();
    edgeA = new int[edges.size()];
    edgeB = new int[edges.size()];
    edgeNumber = new int[physicalQubits * physicalQubits];
    Arrays.fill(edgeNumber, -1);
    for (int e = 0; e < edges.size(); e++) {
      edgeA[e] = edges.get(e).a();
      edgeB[e] = edges.get(e).b();
      edgeNumber[edgeA[e] * physicalQubits + edgeB[e]] = e;
      edgeNumber[edgeB[e] * physicalQubits + edgeA[e]] = e;
    }
    edgesAt = new int[physicalQubits][];
    distance = new int[physicalQubits * physicalQubits];
    for (int p = 0; p < physicalQubits; p++) {
      int[] neighbours = coupling.neighbours(p);
      edgesAt[p] = new int[neighbours.length];
      for (int i = 0; i < neighbours.length; i++) {
        edgesAt[p][i] = edgeNumber[p * physicalQubits + neighbours[i]];
      }
      for (int q = 0; q < physicalQubits; q++) {
        distance[p * physicalQubits + q] = coupling.distance(p, q);
      }
    }
  }

  private void readGroups(BlockGraph graph, int[] nodeOfStep, List<Set<Integer>> before) {
    int groupNumber = 0;
    for (int wire = 0; wire < graph.wires().size(); wire++) {
      List<Integer> earlier = List.of();
      for (Group group : graph.wires().get(wire)) {
        List<Integer> members =
            group.steps().stream().map(s -> nodeOfStep[s]).filter(node -> node >= 0).toList();
        if (members.isEmpty()) {
          continue;
        }
        for (int node : members) {
          before.get(node).addAll(earlier);
          if (wireA[node] == wire) {
            groupA[node] = groupNumber;
          } else if (wireB[node] == wire) {
            groupB[node] = groupNumber;
          }
        }
        groupNumber++;
        earlier = members;
      }
    }
  }

  /// The same problem with time reversed: node i is this problem's node nodes - 1 - i.
  RoutingProblem reversed() {
    return new RoutingProblem(this);
  }

  /// The number of the edge between two physical qubits, or -1.
  int edge(int physicalA, int physicalB) {
    return edgeNumber[physicalA * physicalQubits + physicalB];
  }

  boolean needsNeighbours(int node) {
    return wireA[node] >= 0;
  }
}
