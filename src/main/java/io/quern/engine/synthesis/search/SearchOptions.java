package io.quern.engine.synthesis.search;

import io.quern.engine.instantiation.InstantiationOptions;

/// How a search goes about.
///
/// @param heuristic the order in which templates are extended
/// @param evaluations of the cost in all, the search's budget; on one core of a current server an
///   evaluation takes about 4 microseconds with three qubits and 30 with four
/// @param starts random starts for each template, beside the one from its parent's gates
/// @param threshold distance (D1) from the unitary that counts as success;
///   [InstantiationOptions#PRECISE] for exact synthesis, more for approximate synthesis
public record SearchOptions(
    SearchHeuristic heuristic, int evaluations, int starts, double threshold) {
  public static final SearchOptions DEFAULT =
      new SearchOptions(SearchHeuristic.A_STAR, 5_000, 1, InstantiationOptions.PRECISE);

  public SearchOptions {
    if (evaluations < 1 || starts < 1) {
      throw new IllegalArgumentException(
          "at least one evaluation and one start expected, found " + evaluations + ", " + starts);
    }
  }

  public SearchOptions withEvaluations(int evaluations) {
    return new SearchOptions(heuristic, evaluations, starts, threshold);
  }

  public SearchOptions withThreshold(double threshold) {
    return new SearchOptions(heuristic, evaluations, starts, threshold);
  }

  public SearchOptions withHeuristic(SearchHeuristic heuristic) {
    return new SearchOptions(heuristic, evaluations, starts, threshold);
  }
}
