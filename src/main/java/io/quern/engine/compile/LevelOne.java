package io.quern.engine.compile;

import io.quern.engine.pass.ApplyPlacement;
import io.quern.engine.pass.CommutativeCancellation;
import io.quern.engine.pass.GateSetRetargeting;
import io.quern.engine.pass.Pass;
import io.quern.engine.pass.PassData;
import io.quern.engine.pass.PermuteOutput;
import io.quern.engine.pass.ReorderBlocks;
import io.quern.engine.pass.TwoQubitResynthesis;
import io.quern.engine.pass.Unfold;
import io.quern.engine.pass.Workflow;
import java.util.ArrayList;
import java.util.List;

/// The workflow of level 1: what is exact and fast.
final class LevelOne {
  private LevelOne() {}

  static Workflow workflow(PassData data) {
    List<Pass> passes = new ArrayList<>();
    passes.add(new Unfold());
    passes.add(new CommutativeCancellation());
    passes.add(new ReorderBlocks());
    passes.add(new TwoQubitResynthesis());
    passes.add(new CommutativeCancellation());
    if (data.machine().coupling().isComplete()) {
      passes.add(new ApplyPlacement());
      if (data.permuteOutput()) {
        passes.add(new PermuteOutput());
        passes.add(new TwoQubitResynthesis());
        passes.add(new CommutativeCancellation());
      }
    } else {
      passes.add(new SabreRouting());
      passes.add(new TwoQubitResynthesis());
      passes.add(new CommutativeCancellation());
    }
    passes.add(new GateSetRetargeting());
    return new Workflow(passes);
  }
}
