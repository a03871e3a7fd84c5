package io.quern.engine.synthesis.search;

/// Which template is extended next.
public enum SearchHeuristic {
  /// By gates so far and gates that the distance lets expect.
  A_STAR(1, 10),
  /// By gates so far: every template of a size before the next size.
  DIJKSTRA(1, 0),
  /// By distance alone.
  GREEDY(0, 1),
  /// As A_STAR, but every few gates the nearest template so far becomes the beginning of all that
  /// follow: time grows with the length of the circuit and not with the number of templates, at the
  /// price of longer circuits, from which gates are then removed. For four qubits and more. Source:
  /// E. Smith et al., LEAP, Scaling numerical optimization based synthesis using an incremental
  /// approach, doi 10.1145/3548693. Its prefixes keep their angles; here only their places stay,
  /// for fitting them again costs little.
  LEAP(1, 10);

  /// Gates after which LEAP keeps a prefix.
  static final int PREFIX = 4;

  private final double perGate;
  private final double perDistance;

  SearchHeuristic(double perGate, double perDistance) {
    this.perGate = perGate;
    this.perDistance = perDistance;
  }

  /// The priority of a template with a number of two-qubit gates; the least comes first.
  double priority(int gates, double distance) {
    return perGate * gates + perDistance * distance;
  }
}
