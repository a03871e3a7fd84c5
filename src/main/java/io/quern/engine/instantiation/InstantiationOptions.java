package io.quern.engine.instantiation;

/// How much an instantiation may try.
///
/// @param goal distance (D1) that counts as success, at least 1e-28
/// @param starts random starts, in order, until one reaches the goal
/// @param evaluations of the cost in all
public record InstantiationOptions(double goal, int starts, int evaluations) {
  /// Where double precision ends: a template of some twenty gates reaches about 1e-30.
  public static final double PRECISE = 1e-24;

  public static final InstantiationOptions DEFAULT = new InstantiationOptions(PRECISE, 8, 20_000);

  public InstantiationOptions {
    if (!(goal >= 1e-28 && goal < 1)) {
      throw new IllegalArgumentException("a goal from 1e-28 to below 1 expected, found " + goal);
    }
    if (starts < 1 || evaluations < 1) {
      throw new IllegalArgumentException(
          "at least one start and one evaluation expected, found " + starts + ", " + evaluations);
    }
  }
}
