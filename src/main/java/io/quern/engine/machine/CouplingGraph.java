package io.quern.engine.machine;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// An undirected graph of which physical qubits may take part in a two-qubit gate. Immutable.
public final class CouplingGraph {
  /// The distance of qubits no path connects.
  public static final int UNREACHABLE = Integer.MAX_VALUE;

  private final BitSet[] neighbours;

  /// Computed when first asked for, as are the distances; the same whichever thread computes them.
  private volatile @Nullable List<Edge> edges;

  /// Row-major hop counts.
  private volatile int @Nullable [] distances;

  private CouplingGraph(BitSet[] neighbours) {
    this.neighbours = neighbours;
  }

  /// Every pair coupled.
  public static CouplingGraph all(int qubits) {
    BitSet[] neighbours = isolated(qubits);
    for (int q = 0; q < qubits; q++) {
      neighbours[q].set(0, qubits);
      neighbours[q].clear(q);
    }
    return new CouplingGraph(neighbours);
  }

  /// 0-1-2-...
  public static CouplingGraph line(int qubits) {
    BitSet[] neighbours = isolated(qubits);
    for (int q = 1; q < qubits; q++) {
      couple(neighbours, q - 1, q);
    }
    return new CouplingGraph(neighbours);
  }

  /// A line whose ends are coupled too.
  public static CouplingGraph ring(int qubits) {
    BitSet[] neighbours = isolated(qubits);
    for (int q = 1; q < qubits; q++) {
      couple(neighbours, q - 1, q);
    }
    if (qubits > 2) {
      couple(neighbours, qubits - 1, 0);
    }
    return new CouplingGraph(neighbours);
  }

  /// A rectangle: qubit r·columns + c is coupled to its neighbours in row r and column c.
  public static CouplingGraph grid(int rows, int columns) {
    BitSet[] neighbours = isolated(Math.multiplyExact(rows, columns));
    for (int r = 0; r < rows; r++) {
      for (int c = 0; c < columns; c++) {
        int q = r * columns + c;
        if (c + 1 < columns) {
          couple(neighbours, q, q + 1);
        }
        if (r + 1 < rows) {
          couple(neighbours, q, q + columns);
        }
      }
    }
    return new CouplingGraph(neighbours);
  }

  /// The given edges, each once or more, in either direction.
  ///
  /// @throws IndexOutOfBoundsException if an edge names a qubit outside 0..qubits-1
  public static CouplingGraph of(int qubits, Iterable<Edge> edges) {
    BitSet[] neighbours = isolated(qubits);
    for (Edge edge : edges) {
      couple(neighbours, edge.a(), edge.b());
    }
    return new CouplingGraph(neighbours);
  }

  public int qubits() {
    return neighbours.length;
  }

  public boolean isEdge(int a, int b) {
    return neighbours[a].get(b);
  }

  /// Every edge once, smaller qubit first, in ascending order.
  public List<Edge> edges() {
    List<Edge> known = edges;
    if (known == null) {
      known = computeEdges();
      edges = known;
    }
    return known;
  }

  private List<Edge> computeEdges() {
    List<Edge> found = new ArrayList<>();
    for (int a = 0; a < neighbours.length; a++) {
      for (int b = neighbours[a].nextSetBit(a + 1); b >= 0; b = neighbours[a].nextSetBit(b + 1)) {
        found.add(new Edge(a, b));
      }
    }
    return List.copyOf(found);
  }

  /// The couplings among some of the qubits, which are renamed to their positions in the list.
  public CouplingGraph inside(List<Integer> qubits) {
    List<Edge> found = new ArrayList<>();
    for (int a = 0; a < qubits.size(); a++) {
      for (int b = a + 1; b < qubits.size(); b++) {
        if (isEdge(qubits.get(a), qubits.get(b))) {
          found.add(new Edge(a, b));
        }
      }
    }
    return of(qubits.size(), found);
  }

  /// How many qubits one is coupled to.
  public int degree(int qubit) {
    return neighbours[qubit].cardinality();
  }

  /// A fresh array of the qubits one is coupled to, ascending.
  public int[] neighbours(int qubit) {
    return neighbours[qubit].stream().toArray();
  }

  /// Whether every pair is coupled.
  public boolean isComplete() {
    for (BitSet row : neighbours) {
      if (row.cardinality() != qubits() - 1) {
        return false;
      }
    }
    return true;
  }

  public boolean isConnected() {
    return connectedComponents().size() == 1;
  }

  /// The connected parts, each ascending, by their smallest qubit.
  public List<List<Integer>> connectedComponents() {
    List<List<Integer>> components = new ArrayList<>();
    BitSet left = new BitSet();
    left.set(0, qubits());
    for (int start = left.nextSetBit(0); start >= 0; start = left.nextSetBit(start)) {
      BitSet component = new BitSet();
      BitSet frontier = new BitSet();
      frontier.set(start);
      while (!frontier.isEmpty()) {
        int q = frontier.nextSetBit(0);
        frontier.clear(q);
        component.set(q);
        frontier.or(neighbours[q]);
        frontier.andNot(component);
      }
      components.add(component.stream().boxed().toList());
      left.andNot(component);
    }
    return List.copyOf(components);
  }

  /// The number of edges on a shortest path, [#UNREACHABLE] if there is none.
  public int distance(int a, int b) {
    return hopCounts()[a * qubits() + b];
  }

  /// A fresh copy of all distances, row-major, length qubits².
  public int[] distances() {
    return hopCounts().clone();
  }

  private int[] hopCounts() {
    int[] known = distances;
    if (known == null) {
      known = computeDistances();
      distances = known;
    }
    return known;
  }

  /// One breadth-first search from each qubit.
  private int[] computeDistances() {
    int n = qubits();
    int[] hops = new int[n * n];
    Arrays.fill(hops, UNREACHABLE);
    int[] queue = new int[n];
    for (int start = 0; start < n; start++) {
      int row = start * n;
      hops[row + start] = 0;
      queue[0] = start;
      int tail = 1;
      for (int head = 0; head < tail; head++) {
        int q = queue[head];
        BitSet next = neighbours[q];
        for (int p = next.nextSetBit(0); p >= 0; p = next.nextSetBit(p + 1)) {
          if (hops[row + p] == UNREACHABLE) {
            hops[row + p] = hops[row + q] + 1;
            queue[tail++] = p;
          }
        }
      }
    }
    return hops;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof CouplingGraph that && Arrays.equals(neighbours, that.neighbours);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(neighbours);
  }

  @Override
  public String toString() {
    return qubits() + " qubits, edges " + edges();
  }

  private static BitSet[] isolated(int qubits) {
    if (qubits < 1) {
      throw new IllegalArgumentException("a machine needs at least one qubit, found " + qubits);
    }
    BitSet[] neighbours = new BitSet[qubits];
    for (int q = 0; q < qubits; q++) {
      neighbours[q] = new BitSet(qubits);
    }
    return neighbours;
  }

  private static void couple(BitSet[] neighbours, int a, int b) {
    neighbours[a].set(b);
    neighbours[b].set(a);
  }

  /// Two different coupled qubits.
  public record Edge(int a, int b) {
    public Edge {
      if (a < 0 || b < 0 || a == b) {
        throw new IllegalArgumentException(
            "an edge joins two different qubits from 0 on, found " + a + "-" + b);
      }
    }

    @Override
    public String toString() {
      return a + "-" + b;
    }
  }
}
