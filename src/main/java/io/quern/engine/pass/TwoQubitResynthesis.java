package io.quern.engine.pass;

import io.quern.engine.partition.PairPartition;
import io.quern.engine.synthesis.WeylDecomposition;
import java.util.ArrayList;
import java.util.List;

/// Makes one block of each run of blocks on one pair and gives it the fewest two-qubit gates.
///
/// The runs' decompositions are found by runtime tasks, [SynthesizeBlocks#BATCH] runs to a task; up
/// to one batch is done here.
public final class TwoQubitResynthesis implements Pass {
  private static final SynthesizeBlocks SYNTHESIZE = new SynthesizeBlocks();

  @Override
  public String name() {
    return "TwoQubitResynthesis";
  }

  @Override
  public int blocks(PassData data) {
    return data.blocks().blockCount();
  }

  @Override
  public void run(PassData data, RuntimeHandle runtime) throws InterruptedException {
    PairPartition partition = PairPartition.of(data.blocks());
    List<double[]> unitaries = partition.unitaries();
    List<SynthesizeBlocks.Batch> batches = SynthesizeBlocks.batches(unitaries);
    List<WeylDecomposition> decompositions = new ArrayList<>(unitaries.size());
    if (batches.size() <= 1) {
      for (SynthesizeBlocks.Batch batch : batches) {
        decompositions.addAll(SYNTHESIZE.run(batch, runtime));
      }
    } else {
      for (List<WeylDecomposition> part : runtime.map(SYNTHESIZE, batches)) {
        decompositions.addAll(part);
      }
    }
    data.setBlocks(partition.rebuild(decompositions, data.entangler()));
  }
}
