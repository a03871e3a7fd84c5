package io.quern.engine.mapping;

import io.quern.engine.circuit.Operation;
import io.quern.engine.circuit.Operation.Barrier;
import io.quern.engine.machine.CouplingGraph;
import io.quern.engine.machine.CouplingGraph.Edge;
import io.quern.engine.partition.Block;
import io.quern.engine.partition.BlockCircuit;
import io.quern.engine.partition.BlockElement.LocalGate;
import io.quern.engine.partition.BlockOrder;
import io.quern.engine.partition.BlockOrder.Fenced;
import io.quern.engine.partition.BlockOrder.Pair;
import io.quern.engine.synthesis.Entangler;
import java.util.Arrays;
import java.util.List;

/// What a router is asked: nodes with their order and prices, and the coupling graph. Immutable;
/// shared by all trials.
///
/// Nodes are the two-qubit blocks and fences of a [BlockCircuit], numbered in a valid order; its
/// one-qubit gates stand before a fence or at the end and move with their wires. Arrays are read by
/// the routers of this package and never written after construction.
final class RoutingProblem {
  /// The price of a SWAP that merges with nothing.
  final int swapCost;

  final int physicalQubits;
  final int wires;
  final int nodes;

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

  private final List<BlockOrder.Node> nodeList;
  private final List<LocalGate> localsAtEnd;
  private final int[] edgeNumber;

  /// Time reversed.
  private RoutingProblem(RoutingProblem forward) {
    physicalQubits = forward.physicalQubits;
    wires = forward.wires;
    nodes = forward.nodes;
    swapCost = forward.swapCost;
    nodeList = forward.nodeList.reversed();
    localsAtEnd = forward.localsAtEnd;
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

  /// @param circuit its one-qubit gates stand before fences and at the end only
  /// @param entangler what blocks cost
  /// @throws IllegalArgumentException if the machine is not connected or has fewer qubits than the
  ///   circuit
  RoutingProblem(BlockCircuit circuit, Entangler entangler, CouplingGraph coupling) {
    if (circuit.qubits() > coupling.qubits() || !coupling.isConnected()) {
      throw new IllegalArgumentException(
          "a circuit of "
              + circuit.qubits()
              + " qubits needs a connected machine of at least as many, found "
              + coupling);
    }
    physicalQubits = coupling.qubits();
    wires = circuit.qubits();
    swapCost = entangler.costWithSwap(0, 0, 0);
    BlockOrder order = BlockOrder.of(circuit);
    nodeList = order.nodes();
    localsAtEnd = order.localsAtEnd();
    nodes = nodeList.size();
    wireA = new int[nodes];
    wireB = new int[nodes];
    groupA = new int[nodes];
    groupB = new int[nodes];
    fence = new int[nodes][];
    cost = new int[nodes];
    costWithSwap = new int[nodes];
    merges = new boolean[nodes];
    predecessors = new int[nodes][];
    int[] count = new int[nodes];
    for (int node = 0; node < nodes; node++) {
      switch (nodeList.get(node)) {
        case Pair(Block block) -> setPair(node, block, entangler);
        case Fenced(var _, Operation operation) -> setFence(node, operation);
      }
      groupA[node] = order.groupA(node);
      groupB[node] = order.groupB(node);
      predecessors[node] = order.predecessors(node);
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

  private void setPair(int node, Block block, Entangler entangler) {
    wireA[node] = block.a();
    wireB[node] = block.b();
    fence[node] = new int[0];
    cost[node] = entangler.cost(block.x(), block.y(), block.z());
    costWithSwap[node] = entangler.costWithSwap(block.x(), block.y(), block.z());
    merges[node] = true;
  }

  /// What a guarded gate costs is the same wherever it stands, so it is not counted.
  private void setFence(int node, Operation operation) {
    boolean needsNeighbours = operation.location().size() == 2 && !(operation instanceof Barrier);
    wireA[node] = needsNeighbours ? operation.location().get(0) : -1;
    wireB[node] = needsNeighbours ? operation.location().get(1) : -1;
    fence[node] = needsNeighbours ? new int[0] : operation.location().toArray();
  }

  /// The same problem with time reversed: node i is this problem's node nodes - 1 - i.
  RoutingProblem reversed() {
    return new RoutingProblem(this);
  }

  BlockOrder.Node node(int node) {
    return nodeList.get(node);
  }

  /// One-qubit gates after everything else.
  List<LocalGate> localsAtEnd() {
    return localsAtEnd;
  }

  /// The number of the edge between two physical qubits, or -1.
  int edge(int physicalA, int physicalB) {
    return edgeNumber[physicalA * physicalQubits + physicalB];
  }

  boolean needsNeighbours(int node) {
    return wireA[node] >= 0;
  }
}
