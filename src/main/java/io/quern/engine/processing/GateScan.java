package io.quern.engine.processing;

import io.quern.engine.instantiation.Instantiater;
import io.quern.engine.instantiation.Instantiation;
import io.quern.engine.instantiation.InstantiationOptions;
import io.quern.engine.instantiation.InstantiationResult;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Goes through a circuit and leaves out two-qubit gates as long as what remains can be fitted to
/// the unitary; not thread-safe.
final class GateScan {
  private final Instantiater instantiater = new Instantiater();
  private final double[] unitary;
  private final GateRemovalOptions options;
  private final long seed;
  private final Runnable checkpoint;
  private int evaluations;

  GateScan(double[] unitary, GateRemovalOptions options, long seed, Runnable checkpoint) {
    this.unitary = unitary;
    this.options = options;
    this.seed = seed;
    this.checkpoint = checkpoint;
  }

  /// @param shorter called with each circuit shorter than the one before
  void run(Instantiation known, Consumer<Instantiation> shorter) {
    Instantiation best = known;
    int before;
    do {
      before = best.size();
      best = scan(best, shorter);
    } while (options.isRepeated() && best.size() < before && mayGoOn());
  }

  private boolean mayGoOn() {
    return evaluations < options.evaluations();
  }

  private Instantiation scan(Instantiation circuit, Consumer<Instantiation> shorter) {
    Instantiation best = circuit;
    // Gates on the side gone to, not tried yet.
    int left = circuit.size();
    while (left > 0 && mayGoOn()) {
      int chunk = Math.min(options.treeDepth(), left);
      int first = options.startFromLeft() ? best.size() - left : left - chunk;
      Instantiation found = withFewest(best, first, chunk);
      if (found != null) {
        best = found;
        shorter.accept(best);
      }
      left -= chunk;
    }
    return best;
  }

  /// Of all ways to leave out some of a chunk's gates one that leaves out most, or null.
  private @Nullable Instantiation withFewest(Instantiation circuit, int first, int chunk) {
    for (int removed = chunk; removed > 0; removed--) {
      for (int subset = (1 << chunk) - 1; subset > 0; subset--) {
        if (Integer.bitCount(subset) == removed && mayGoOn()) {
          Instantiation found = fitted(without(circuit, first, subset));
          if (found.distance() <= options.threshold()) {
            return found;
          }
        }
      }
    }
    return null;
  }

  private static Instantiation without(Instantiation circuit, int first, int subset) {
    Instantiation rest = circuit;
    for (int k = Integer.SIZE - 1 - Integer.numberOfLeadingZeros(subset); k >= 0; k--) {
      if ((subset >> k & 1) != 0) {
        rest = rest.without(first + k);
      }
    }
    return rest;
  }

  private Instantiation fitted(Instantiation start) {
    Instantiation found =
        take(
            instantiater.improve(start.template(), start.gates(), unitary, fitting(1), checkpoint));
    if (found.distance() <= options.threshold() || options.starts() == 0 || !mayGoOn()) {
      return found;
    }
    Instantiation random =
        take(
            instantiater.instantiate(
                start.template(),
                unitary,
                fitting(options.starts()),
                seed + evaluations,
                checkpoint));
    return random.distance() < found.distance() ? random : found;
  }

  private InstantiationOptions fitting(int starts) {
    return new InstantiationOptions(
        options.threshold(), starts, options.evaluations() - evaluations);
  }

  private Instantiation take(InstantiationResult result) {
    evaluations += result.evaluations();
    return result.best();
  }
}
