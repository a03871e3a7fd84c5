package io.quern.engine.synthesis.search;

/// Which template is extended next.
public enum SearchHeuristic {
  /// By gates so far and gates that the distance lets expect.
  A_STAR(1, 10),
  /// By gates so far: every template of a size before the next size.
  DIJKSTRA(1, 0),
  /// By distance alone.
  GREEDY(0, 1);

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
