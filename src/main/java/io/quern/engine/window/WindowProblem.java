package io.quern.engine.window;

import io.quern.engine.instantiation.Instantiation;
import io.quern.engine.machine.CouplingGraph.Edge;
import java.util.List;

/// A unitary that is wanted with fewer two-qubit gates than it has. Immutable.
public final class WindowProblem {
  private final int qubits;
  private final double[] unitary;
  private final List<Edge> couplings;
  private final Instantiation known;
  private final long seed;

  /// @param unitary row-major, interleaved re/im; taken over, not copied
  /// @param couplings pairs that may be used
  /// @param known the circuit there is
  WindowProblem(
      int qubits, double[] unitary, List<Edge> couplings, Instantiation known, long seed) {
    this.qubits = qubits;
    this.unitary = unitary;
    this.couplings = List.copyOf(couplings);
    this.known = known;
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

  Instantiation known() {
    return known;
  }

  long seed() {
    return seed;
  }
}
