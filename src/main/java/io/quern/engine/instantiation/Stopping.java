package io.quern.engine.instantiation;

/// When a run of an optimiser ends.
///
/// Near a local minimum that is no solution the linear model promises little of the cost; near a
/// solution it promises nearly all of it. So a run is given up after a few steps that promised less
/// than a part of the cost, long before it has converged to the wrong place.
///
/// @param goal cost that is good enough
/// @param evaluations at most
/// @param flatness part of the cost; a step that promises less is flat
/// @param patience flat steps in a row after which the run ends
record Stopping(double goal, int evaluations, double flatness, int patience) {
  /// Of the runs that succeed on random targets of three qubits, about one in twenty is lost by
  /// these, and a run that fails takes half as long.
  private static final double FLATNESS = 0.015;

  private static final int PATIENCE = 2;

  /// Below this cost a run goes on: what is so close may be a solution that is approached slowly.
  private static final double CLOSE = 1e-6;

  static Stopping of(InstantiationOptions options, int evaluations) {
    return new Stopping(options.goal(), evaluations, FLATNESS, PATIENCE);
  }

  boolean isFlat(double promised, double cost) {
    return promised < flatness * cost && cost > CLOSE;
  }
}
