package io.quern.engine.pass;

import io.quern.engine.partition.BlockCircuit;
import io.quern.engine.partition.BlockCollector;
import io.quern.engine.partition.BlockCollector.Merging;

/// Merges and cancels two-qubit gates that meet once gates they commute with are moved aside, until
/// nothing more is gained.
public final class CommutativeCancellation implements Pass {
  /// Rounds that gain are rare after the third.
  private static final int MAX_ROUNDS = 8;

  @Override
  public String name() {
    return "CommutativeCancellation";
  }

  @Override
  public void run(PassData data, RuntimeHandle runtime) {
    for (int round = 0; round < MAX_ROUNDS; round++) {
      runtime.checkCancelled();
      if (runtime.isTimeUp()) {
        data.setCutShort();
        return;
      }
      int before = data.cost();
      BlockCircuit next = BlockCollector.collect(data.blocks(), data.entangler(), Merging.GAIN);
      if (next.cost(data.entangler()) < before) {
        data.setBlocks(next);
      } else {
        return;
      }
    }
  }
}
