package io.quern.engine.pass;

import io.quern.engine.partition.BlockCircuit;
import io.quern.engine.partition.BlockCollector;
import io.quern.engine.partition.BlockCollector.Merging;

/// Merges and cancels two-qubit gates that meet once gates they commute with are moved aside, until
/// nothing more is gained.
///
/// Which gates meet depends on which merged before. Two ways are tried, and the one that needs
/// fewer gates is kept: merging side by side from the start, and only after all that cancels has
/// cancelled.
public final class CommutativeCancellation implements Pass {
  /// Rounds that gain are rare after the third.
  private static final int MAX_ROUNDS = 8;

  @Override
  public String name() {
    return "CommutativeCancellation";
  }

  @Override
  public void run(PassData data, RuntimeHandle runtime) {
    BlockCircuit start = data.blocks();
    BlockCircuit cancelled = repeat(start, Merging.GAIN, data, runtime);
    keepIfFewer(cancelled, data);
    keepIfFewer(repeat(cancelled, Merging.ADJACENT, data, runtime), data);
    keepIfFewer(repeat(start, Merging.ADJACENT, data, runtime), data);
  }

  private static void keepIfFewer(BlockCircuit found, PassData data) {
    if (found.cost(data.entangler()) < data.cost()) {
      data.setBlocks(found);
    }
  }

  private static BlockCircuit repeat(
      BlockCircuit start, Merging merging, PassData data, RuntimeHandle runtime) {
    BlockCircuit best = start;
    for (int round = 0; round < MAX_ROUNDS; round++) {
      runtime.checkCancelled();
      if (runtime.isTimeUp()) {
        data.setCutShort();
        return best;
      }
      BlockCircuit next = BlockCollector.collect(best, data.entangler(), merging);
      // Blocks side by side become one in the first round even where that saves nothing yet.
      boolean isFirst = round == 0 && merging == Merging.ADJACENT;
      int gain = best.cost(data.entangler()) - next.cost(data.entangler());
      if (gain > 0 || (isFirst && gain == 0)) {
        best = next;
      }
      if (gain <= 0 && !isFirst) {
        return best;
      }
    }
    return best;
  }
}
