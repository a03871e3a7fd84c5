package io.quern.engine.pass;

import java.util.List;

/// Runs several workflows from the same start and goes on with the result that needs the fewest
/// two-qubit gates; of equal ones with the first.
public final class ParallelDo implements Pass {
  private final List<Workflow> branches;

  public ParallelDo(List<Workflow> branches) {
    if (branches.isEmpty()) {
      throw new IllegalArgumentException("at least one workflow expected");
    }
    this.branches = List.copyOf(branches);
  }

  @Override
  public String name() {
    return "ParallelDo";
  }

  @Override
  public void run(PassData data, RuntimeHandle runtime) throws InterruptedException {
    PassData best = null;
    for (Workflow branch : branches) {
      // Once time is up the first branch alone is carried out.
      if (best == null || !runtime.isTimeUp()) {
        PassData tried = data.copy();
        branch.run(tried, runtime);
        if (best == null || tried.twoQubitGates() < best.twoQubitGates()) {
          best = tried;
        }
      } else {
        best.setCutShort();
      }
    }
    if (best != null) {
      data.adopt(best);
    }
  }
}
