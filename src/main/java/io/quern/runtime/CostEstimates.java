package io.quern.runtime;

import io.quern.engine.pass.RuntimeFunction;
import java.util.HashMap;
import java.util.Map;

/// How long a function's runtime tasks hold a slot, learned from those that ended.
///
/// An estimate rises to the geometric mean of what it was and what was seen, and falls slowly:
/// taking a long task for a short one hides work behind it, the other way round costs one round
/// trip. That mean is at the length of a long task after two or three of them, while one short task
/// that happened to be interrupted for a hundred times its length counts as ten.
final class CostEstimates {
  /// What is assumed of a function that was never seen.
  static final long UNKNOWN_NANOS = 3_600_000_000_000L; // an hour

  private static final double MEMORY = 0.75;

  private final Map<String, Long> nanosByFunction = new HashMap<>();

  long nanos(RuntimeFunction<?, ?> function) {
    return nanosByFunction.getOrDefault(function.name(), UNKNOWN_NANOS);
  }

  void saw(RuntimeFunction<?, ?> function, long nanos) {
    nanosByFunction.merge(
        function.name(),
        Math.max(1, nanos),
        (old, seen) ->
            seen > old
                ? (long) Math.ceil(Math.sqrt((double) old * seen))
                : (long) (MEMORY * old + (1 - MEMORY) * seen));
  }
}
