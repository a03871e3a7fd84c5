package io.quern.runtime;

import io.quern.engine.pass.RuntimeFunction;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// How long a function's runtime tasks hold a slot, learned from those that ended.
///
/// An estimate rises to the geometric mean of what it was and what was seen, and falls slowly:
/// taking a long task for a short one hides work behind it, the other way round costs one round
/// trip. That mean is at the length of a long task after two or three of them, while one short task
/// that happened to be interrupted for a hundred times its length counts as ten.
///
/// A task counts as [#LEAST_NANOS] at least: that is what carrying it to whoever runs it and its
/// result back takes, and what an employee does not get through in time is no work ahead but a
/// heap.
final class CostEstimates {
  /// What is assumed of a function that was never seen.
  static final long UNKNOWN_NANOS = 3_600_000_000_000L; // an hour

  static final long LEAST_NANOS = 2_000;

  private static final double MEMORY = 0.75;

  /// What is known of one function.
  private static final class Estimate {
    private long nanos;
  }

  private final Map<String, Estimate> byFunction = new HashMap<>();

  /// The function asked for last and its estimate: tasks of one function come in great numbers.
  private @Nullable RuntimeFunction<?, ?> last;

  private @Nullable Estimate lastEstimate;

  long nanos(RuntimeFunction<?, ?> function) {
    Estimate estimate = estimate(function);
    return estimate == null ? UNKNOWN_NANOS : estimate.nanos;
  }

  @SuppressWarnings("ReferenceEquality") // another instance is found by its name
  private @Nullable Estimate estimate(RuntimeFunction<?, ?> function) {
    if (function != last || lastEstimate == null) {
      last = function;
      lastEstimate = byFunction.get(function.name());
    }
    return lastEstimate;
  }

  /// A task has taken so long already and is not over.
  void takesAtLeast(RuntimeFunction<?, ?> function, long nanos) {
    Estimate estimate = estimate(function);
    if (estimate == null) {
      saw(function, nanos);
    } else {
      estimate.nanos = Math.max(estimate.nanos, nanos);
    }
  }

  void saw(RuntimeFunction<?, ?> function, long nanos) {
    long seen = Math.max(LEAST_NANOS, nanos);
    Estimate estimate = estimate(function);
    if (estimate == null) {
      estimate = new Estimate();
      estimate.nanos = seen;
      byFunction.put(function.name(), estimate);
    } else {
      long old = estimate.nanos;
      estimate.nanos =
          seen > old
              ? (long) Math.ceil(Math.sqrt((double) old * seen))
              : (long) (MEMORY * old + (1 - MEMORY) * seen);
    }
  }
}
