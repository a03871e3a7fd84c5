package io.quern.engine.window;

import io.quern.engine.machine.CouplingGraph.Edge;
import java.util.List;

/// A unitary that is wanted with fewer two-qubit gates than it has. Immutable.
public final class WindowProblem {
  private final int qubits;
  private final double[] unitary;
  private final List<Edge> couplings;
  private final List<Edge> pairs;
  private final long seed;

  /// @param unitary row-major, interleaved re/im; taken over, not copied
  /// @param couplings pairs that may be used
  /// @param pairs those its circuit uses now, one for each two-qubit gate, in order
  WindowProblem(int qubits, double[] unitary, List<Edge> couplings, List<Edge> pairs, long seed) {
    this.qubits = qubits;
    this.unitary = unitary;
    this.couplings = List.copyOf(couplings);
    this.pairs = List.copyOf(pairs);
    this.seed = seed;
  }

  int qubits() {
    return qubits;
  }

  /// Not to be modified.
  double[] unitary() {
    return unitary;
  }

  List<Edge> couplings() {
    return couplings;
  }

  List<Edge> pairs() {
    return pairs;
  }

  long seed() {
    return seed;
  }
}
