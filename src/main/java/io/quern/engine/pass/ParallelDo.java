package io.quern.engine.pass;

import java.util.List;

/// Runs several workflows from the same start and goes on with the best result; of equal ones with
/// the first. BQSKit's `ParallelDo`.
public final class ParallelDo implements Pass {
  private final List<Workflow> branches;
  private final CircuitMeasure lessThan;
  private final boolean pickFirst;

  /// Goes on with the fewest two-qubit gates.
  public ParallelDo(List<Workflow> branches) {
    this(branches, CircuitMeasure.TWO_QUBIT_GATES, false);
  }

  /// @param lessThan by what results are compared
  /// @param pickFirst whether the first branch in order that is less than the start ends the search
  ///   (not the first in time: the result must not depend on the workers)
  public ParallelDo(List<Workflow> branches, CircuitMeasure lessThan, boolean pickFirst) {
    if (branches.isEmpty()) {
      throw new IllegalArgumentException("at least one workflow expected");
    }
    this.branches = List.copyOf(branches);
    this.lessThan = lessThan;
    this.pickFirst = pickFirst;
  }

  @Override
  public String name() {
    return "ParallelDo";
  }

  @Override
  public void run(PassData data, RuntimeHandle runtime) throws InterruptedException {
    PassData best = null;
    boolean isCutShort = false;
    for (Workflow branch : branches) {
      // Once time is up the first branch alone is carried out.
      if (best == null || !runtime.isTimeUp()) {
        PassData tried = data.copy();
        branch.run(tried, runtime);
        isCutShort |= tried.isCutShort();
        if (best == null || measure(tried) < measure(best)) {
          best = tried;
        }
        if (pickFirst && measure(tried) < measure(data)) {
          break;
        }
      } else {
        isCutShort = true;
      }
    }
    if (best != null) {
      data.adopt(best);
    }
    if (isCutShort) {
      data.setCutShort();
    }
  }

  /// Guarded gates are the same in every branch.
  private long measure(PassData data) {
    return lessThan.of(data.blocks(), data.gates());
  }
}
