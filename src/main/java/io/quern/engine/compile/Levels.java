package io.quern.engine.compile;

import io.quern.engine.circuit.Operation;
import io.quern.engine.pass.ApplyPlacement;
import io.quern.engine.pass.CommutativeCancellation;
import io.quern.engine.pass.GateSetRetargeting;
import io.quern.engine.pass.ParallelDo;
import io.quern.engine.pass.Pass;
import io.quern.engine.pass.PassData;
import io.quern.engine.pass.PermuteOutput;
import io.quern.engine.pass.ReorderBlocks;
import io.quern.engine.pass.TwoQubitResynthesis;
import io.quern.engine.pass.Unfold;
import io.quern.engine.pass.Workflow;
import io.quern.engine.processing.CliffordCircuit;
import io.quern.engine.window.CliffordWindows;
import io.quern.engine.window.SearchEffort;
import io.quern.engine.window.WholeCircuitSynthesis;
import io.quern.engine.window.WindowResynthesis;
import java.util.ArrayList;
import java.util.List;

/// The workflows of the levels.
///
/// Level 1 is what is exact and fast; the levels above go on from its result with numerical search.
/// Each does all that the level below does and keeps the better, so a level never needs more
/// two-qubit gates than the one below.
final class Levels {
  private static final SearchEffort WHOLE = new SearchEffort(0, 4, 2, 12_000);
  private static final SearchEffort QUICK = new SearchEffort(1, 0, 0, 4_000);
  private static final SearchEffort THOROUGH = new SearchEffort(0, 8, 2, 60_000);
  private static final SearchEffort STUBBORN = new SearchEffort(0, 20, 3, 60_000);
  private static final SearchEffort ROUGH = new SearchEffort(0, 3, 1, 20_000);
  private static final int WIDTH = 3;

  /// Evaluations a pass may spend for each block.
  private static final int QUICK_EVALUATIONS = 400;

  private static final int THOROUGH_EVALUATIONS = 10_000;

  /// Circuits with more gates on two qubits and more are long: work for each of their blocks is
  /// limited, so that time grows in proportion to gates and a hundred thousand take minutes.
  private static final int LONG = 400;

  private static final int LONG_EVALUATIONS = 1_200;

  private final SynthesisOptions synthesis;
  private final boolean isLong;

  private Levels(SynthesisOptions synthesis, boolean isLong) {
    this.synthesis = synthesis;
    this.isLong = isLong;
  }

  static Workflow workflow(PassData data, int level, SynthesisOptions synthesis) {
    long wide =
        data.input().operations().stream()
            .filter(
                operation ->
                    !(operation instanceof Operation.Barrier) && operation.location().size() > 1)
            .count();
    return new Levels(synthesis, wide > LONG).workflow(data, level);
  }

  private Workflow workflow(PassData data, int level) {
    List<Pass> passes = new ArrayList<>();
    passes.add(new Unfold());
    passes.add(new CommutativeCancellation());
    passes.add(new ReorderBlocks());
    passes.add(new TwoQubitResynthesis());
    passes.add(new CommutativeCancellation());
    passes.add(new CliffordWindows());
    passes.add(new CliffordCircuit());
    if (hasWindows()) {
      passes.add(new WholeCircuitSynthesis(WIDTH, with(WHOLE)));
    }
    if (data.machine().coupling().isComplete()) {
      passes.add(new ApplyPlacement());
      if (data.permuteOutput()) {
        passes.add(new PermuteOutput());
        passes.addAll(pairs());
      }
      passes.addAll(windows(level));
    } else {
      passes.addAll(routed(level));
    }
    passes.add(new GateSetRetargeting());
    return new Workflow(passes);
  }

  /// Routing, with windows only after it and with windows before and after it.
  private List<Pass> routed(int level) {
    if (level == 1) {
      return routed(level, level);
    }
    List<Workflow> branches = new ArrayList<>();
    int most = isLong ? 2 : level;
    for (int before = 1; before <= most; before++) {
      branches.add(new Workflow(routed(level, before)));
    }
    return List.of(ParallelDo.inTurn(branches));
  }

  /// @param before level of the search before routing
  private List<Pass> routed(int level, int before) {
    List<Pass> passes = new ArrayList<>(windows(before));
    passes.add(new SabreRouting());
    passes.addAll(pairs());
    passes.add(new CliffordWindows());
    passes.addAll(windows(level));
    return passes;
  }

  private static List<Pass> pairs() {
    return List.of(new TwoQubitResynthesis(), new CommutativeCancellation());
  }

  private List<Pass> windows(int level) {
    List<Pass> passes = new ArrayList<>();
    if (level >= 2 && hasWindows()) {
      passes.add(new WindowResynthesis(WIDTH, with(QUICK), QUICK_EVALUATIONS));
    }
    if (level >= 2 && synthesis.maxSynthesisSize() > WIDTH) {
      passes.add(new WindowResynthesis(WIDTH + 1, with(QUICK), QUICK_EVALUATIONS));
    }
    if (level >= 3 && hasWindows() && isLong) {
      passes.add(new WindowResynthesis(WIDTH, with(THOROUGH), LONG_EVALUATIONS));
    } else if (level >= 3 && hasWindows()) {
      passes.add(new WindowResynthesis(WIDTH, with(THOROUGH), THOROUGH_EVALUATIONS));
      passes.add(new WindowResynthesis(WIDTH, with(STUBBORN), THOROUGH_EVALUATIONS));
    }
    return passes;
  }

  private boolean hasWindows() {
    return synthesis.maxSynthesisSize() >= WIDTH;
  }

  /// Where fits may be off, short templates may do that leaving out single gates does not lead to.
  private SearchEffort with(SearchEffort effort) {
    Double epsilon = synthesis.synthesisEpsilon();
    if (epsilon == null) {
      return effort;
    }
    return new SearchEffort(
            effort.deletionStarts(),
            Math.max(effort.beamWidth(), ROUGH.beamWidth()),
            Math.max(effort.beamStarts(), ROUGH.beamStarts()),
            Math.max(effort.evaluations(), ROUGH.evaluations()))
        .withGoal(Math.max(epsilon, effort.goal()));
  }
}
