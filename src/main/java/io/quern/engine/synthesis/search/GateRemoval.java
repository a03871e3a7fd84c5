package io.quern.engine.synthesis.search;

import io.quern.engine.instantiation.Instantiater;
import io.quern.engine.instantiation.Instantiation;
import io.quern.engine.instantiation.InstantiationOptions;
import io.quern.engine.instantiation.InstantiationResult;
import org.jspecify.annotations.Nullable;

/// Removes two-qubit gates from a circuit, one after the other, as long as what remains can be
/// fitted to the unitary again; BQSKit's ScanningGateRemovalPass.
///
/// Each scan tries every gate from the last to the first. The first scan starts each fit from the
/// gates as they are, which finds most of what there is at a tenth of the cost; once it removes
/// nothing, the next one starts from random gates.
final class GateRemoval {
  private final Instantiater instantiater;
  private final double[] unitary;
  private final SearchOptions options;
  private final long seed;
  private final Runnable checkpoint;
  private int evaluations;

  GateRemoval(
      Instantiater instantiater,
      double[] unitary,
      SearchOptions options,
      long seed,
      Runnable checkpoint) {
    this.instantiater = instantiater;
    this.unitary = unitary;
    this.options = options;
    this.seed = seed;
    this.checkpoint = checkpoint;
  }

  /// @return a shorter circuit, or null
  @Nullable Instantiation run(Instantiation known) {
    Instantiation best = known;
    boolean isRandom = false;
    while (true) {
      Instantiation shorter = scan(best, isRandom);
      if (shorter.size() < best.size()) {
        best = shorter;
        isRandom = false;
      } else if (isRandom || evaluations >= options.evaluations()) {
        return best.size() < known.size() ? best : null;
      } else {
        isRandom = true;
      }
    }
  }

  /// What the run has spent.
  int evaluations() {
    return evaluations;
  }

  private Instantiation scan(Instantiation circuit, boolean isRandom) {
    Instantiation best = circuit;
    for (int k = circuit.size() - 1; k >= 0; k--) {
      int left = options.evaluations() - evaluations;
      if (left <= 0) {
        break;
      }
      Instantiation candidate = best.without(k);
      InstantiationOptions fitting =
          new InstantiationOptions(options.threshold(), options.starts(), left);
      InstantiationResult result =
          isRandom
              ? instantiater.instantiate(
                  candidate.template(), unitary, fitting, seed + k, checkpoint)
              : instantiater.improve(
                  candidate.template(), candidate.gates(), unitary, fitting, checkpoint);
      evaluations += result.evaluations();
      if (result.best().distance() <= options.threshold()) {
        best = result.best();
      }
    }
    return best;
  }
}
