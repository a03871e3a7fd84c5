package io.quern.engine.pass;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Runs several workflows from the same start and goes on with the best result; of equal ones with
/// the first. BQSKit's `ParallelDo`.
public final class ParallelDo implements Pass {
  private final List<Workflow> branches;
  private final CircuitMeasure lessThan;
  private final boolean pickFirst;
  private final boolean isInTurn;

  private ParallelDo(
      List<Workflow> branches, CircuitMeasure lessThan, boolean pickFirst, boolean isInTurn) {
    if (branches.isEmpty()) {
      throw new IllegalArgumentException("at least one workflow expected");
    }
    this.branches = List.copyOf(branches);
    this.lessThan = lessThan;
    this.pickFirst = pickFirst;
    this.isInTurn = isInTurn;
  }

  /// Each branch is a runtime task.
  ///
  /// @param lessThan by what results are compared
  /// @param pickFirst whether the first branch in order that is less than the start ends the search
  ///   (not the first in time: the result must not depend on the workers)
  public static ParallelDo atOnce(
      List<Workflow> branches, CircuitMeasure lessThan, boolean pickFirst) {
    return new ParallelDo(branches, lessThan, pickFirst, false);
  }

  /// Goes on with the fewest two-qubit gates. One branch runs after the other and knows what those
  /// before it tried, which is worth more than their running at once where their own tasks keep the
  /// slots busy.
  public static ParallelDo inTurn(List<Workflow> branches) {
    return new ParallelDo(branches, CircuitMeasure.TWO_QUBIT_GATES, false, true);
  }

  /// A branch with what it goes on from.
  record Work(PassData data, Workflow workflow) {}

  /// Stays in the process: workflows are not sent.
  private static final class RunBranch implements RuntimeFunction<Work, PassData> {
    @Override
    public String name() {
      return "run-branch";
    }

    @Override
    public int version() {
      return 1;
    }

    @Override
    public PassData run(Work work, RuntimeHandle runtime) throws InterruptedException {
      work.workflow().run(work.data(), runtime);
      return work.data();
    }
  }

  private static final RunBranch RUN = new RunBranch();

  @Override
  public String name() {
    return "ParallelDo";
  }

  @Override
  public void run(PassData data, RuntimeHandle runtime) throws InterruptedException {
    if (isInTurn || branches.size() == 1 || runtime.isTimeUp()) {
      runInTurn(data, runtime);
    } else {
      runAtOnce(data, runtime);
    }
  }

  private void runInTurn(PassData data, RuntimeHandle runtime) throws InterruptedException {
    PassData best = null;
    boolean isCutShort = false;
    for (Workflow branch : branches) {
      // Once time is up the first branch alone is carried out.
      if (best != null && runtime.isTimeUp()) {
        isCutShort = true;
        break;
      }
      PassData tried = data.copy();
      branch.run(tried, runtime);
      isCutShort |= tried.isCutShort();
      best = better(best, tried);
      if (endsSearch(tried, data)) {
        break;
      }
    }
    if (best != null) {
      data.adopt(best);
    }
    if (isCutShort) {
      data.setCutShort();
    }
  }

  private void runAtOnce(PassData data, RuntimeHandle runtime) throws InterruptedException {
    List<Work> work = new ArrayList<>();
    for (Workflow branch : branches) {
      work.add(new Work(data.branch(), branch));
    }
    RuntimeFuture<PassData> future = runtime.submitAll(RUN, work);
    @Nullable PassData[] found = new PassData[branches.size()];
    PassData best = null;
    boolean isCutShort = false;
    int next = 0;
    while (next < found.length) {
      for (RuntimeFuture.Arrived<PassData> arrived : future.next()) {
        found[arrived.slot()] = arrived.result();
      }
      // Results count in order, whichever comes first.
      while (next < found.length) {
        PassData tried = found[next];
        if (tried == null) {
          break;
        }
        best = better(best, tried);
        isCutShort |= tried.isCutShort();
        next++;
        if (endsSearch(tried, data)) {
          runtime.cancel(future);
          next = found.length;
        }
      }
    }
    if (best != null) {
      data.adopt(best);
    }
    if (isCutShort) {
      data.setCutShort();
    }
  }

  private PassData better(@Nullable PassData best, PassData tried) {
    return best == null || measure(tried) < measure(best) ? tried : best;
  }

  private boolean endsSearch(PassData tried, PassData start) {
    return pickFirst && measure(tried) < measure(start);
  }

  /// Guarded gates are the same in every branch.
  private long measure(PassData data) {
    return lessThan.of(data.blocks(), data.gates());
  }
}
