package io.quern.engine.compile;

import io.quern.engine.pass.Predicate;

/// What is known of the circuit at a step of a workflow before it runs.
///
/// @param isPartitioned whether the circuit is in parts
/// @param partWidth qubits of the widest part
/// @param isMapped whether the circuit is on the machine's qubits
/// @param width the circuit's qubits at most
/// @param hasFences whether there may be measurements, resets, barriers or conditionals
/// @param depth how many workflows are around the step
record StepState(
    boolean isPartitioned,
    int partWidth,
    boolean isMapped,
    int width,
    boolean hasFences,
    int depth) {

  /// Within the body of ForEachBlock.
  StepState insidePart() {
    return new StepState(false, 0, isMapped, Math.min(width, partWidth), false, depth + 1);
  }

  /// Within a body that is run again, on what it has left.
  StepState insideLoop() {
    return new StepState(false, 0, isMapped, width, hasFences, depth + 1);
  }

  /// Within a workflow that is run once.
  StepState insideBranch() {
    return new StepState(isPartitioned, partWidth, isMapped, width, hasFences, depth + 1);
  }

  /// Where a predicate is known to hold.
  StepState where(Predicate predicate) {
    return switch (predicate) {
      case Predicate.WidthPredicate(int bound) ->
          new StepState(
              isPartitioned, partWidth, isMapped, Math.min(width, bound - 1), hasFences, depth);
      case Predicate.UnitaryPredicate _ ->
          new StepState(isPartitioned, partWidth, isMapped, width, false, depth);
      case Predicate.AndPredicate and -> {
        StepState state = this;
        for (Predicate each : and.predicates()) {
          state = state.where(each);
        }
        yield state;
      }
      case Predicate.ChangePredicate _,
          Predicate.GateCountPredicate _,
          Predicate.MeasureChangePredicate _,
          Predicate.MultiPhysicalPredicate _,
          Predicate.SinglePhysicalPredicate _,
          Predicate.PhysicalPredicate _,
          Predicate.ManyQuditGatesPredicate _,
          Predicate.DiagonalPredicate _,
          Predicate.NotPredicate _,
          Predicate.OrPredicate _ ->
          this;
    };
  }

  /// After a pass.
  ///
  /// @param parts qubits of the parts the pass makes, if it makes some
  /// @param machineQubits what a mapped circuit is wide
  StepState after(PassEntry.Effect effect, int parts, int machineQubits) {
    return switch (effect) {
      case CHANGES -> new StepState(false, 0, isMapped, width, hasFences, depth);
      case CUTS -> new StepState(true, parts, isMapped, width, hasFences, depth);
      case WIDENS ->
          new StepState(
              isPartitioned, Math.max(partWidth, parts), isMapped, width, hasFences, depth);
      case KEEPS -> this;
      case MAPS -> new StepState(false, 0, true, machineQubits, hasFences, depth);
    };
  }
}
