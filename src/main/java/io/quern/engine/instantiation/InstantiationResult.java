package io.quern.engine.instantiation;

/// What came of an instantiation.
public sealed interface InstantiationResult {

  /// The best circuit found.
  Instantiation best();

  /// How often the cost was computed; the unit of every budget.
  int evaluations();

  /// The goal was reached.
  record Converged(Instantiation best, int evaluations) implements InstantiationResult {}

  /// The goal was not reached from any start, or the evaluations were used up.
  record BestEffort(Instantiation best, int evaluations) implements InstantiationResult {}
}
