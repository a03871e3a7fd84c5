package io.quern.engine.machine;

import java.util.Arrays;
import java.util.BitSet;

/// An undirected graph of which physical qubits may take part in a two-qubit gate.
public final class CouplingGraph {
  private final BitSet[] neighbours;

  private CouplingGraph(BitSet[] neighbours) {
    this.neighbours = neighbours;
  }

  /// Every pair coupled.
  public static CouplingGraph all(int qubits) {
    BitSet[] neighbours = new BitSet[qubits];
    for (int q = 0; q < qubits; q++) {
      neighbours[q] = new BitSet(qubits);
      neighbours[q].set(0, qubits);
      neighbours[q].clear(q);
    }
    return new CouplingGraph(neighbours);
  }

  public int qubits() {
    return neighbours.length;
  }

  public boolean isEdge(int a, int b) {
    return neighbours[a].get(b);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof CouplingGraph that && Arrays.equals(neighbours, that.neighbours);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(neighbours);
  }
}
