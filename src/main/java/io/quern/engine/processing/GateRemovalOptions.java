package io.quern.engine.processing;

/// How gates are removed.
///
/// @param startFromLeft whether the first gates are tried first, or the last
/// @param treeDepth gates looked at together: of all ways to leave some of them out, the one that
///   leaves out most is taken; 1 for one gate after the other
/// @param isRepeated whether the circuit is gone through again until nothing more can be removed
/// @param starts random starts of each fit, beside the one from the gates as they are
/// @param threshold distance (D1) from the unitary that a circuit may have
/// @param evaluations of the cost in all
public record GateRemovalOptions(
    boolean startFromLeft,
    int treeDepth,
    boolean isRepeated,
    int starts,
    double threshold,
    int evaluations) {
  public GateRemovalOptions {
    if (treeDepth < 1 || starts < 0 || evaluations < 1) {
      throw new IllegalArgumentException(
          "a depth and evaluations of 1 or more and no negative starts expected, found "
              + treeDepth
              + ", "
              + evaluations
              + ", "
              + starts);
    }
  }
}
