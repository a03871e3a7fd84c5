package io.quern.engine.pass;

import io.quern.engine.synthesis.WeylDecomposer;
import io.quern.engine.synthesis.WeylDecomposition;
import java.util.ArrayList;
import java.util.List;

/// The runtime task that decomposes a batch of two-qubit blocks.
public final class SynthesizeBlocks
    implements RuntimeFunction<SynthesizeBlocks.Batch, List<WeylDecomposition>> {
  /// Blocks to a task: a decomposition takes two to four microseconds, so a batch is above the
  /// millisecond below which handing work over costs more than it brings. It never depends on the
  /// number of workers.
  static final int BATCH = 512;

  /// Two-qubit unitaries; never written.
  public static final class Batch {
    private final double[][] unitaries;

    private Batch(List<double[]> unitaries) {
      this.unitaries = unitaries.toArray(double[][]::new);
    }

    /// @param unitaries 4x4, row-major, interleaved re/im, length 32 each; not copied
    public static Batch of(List<double[]> unitaries) {
      for (double[] each : unitaries) {
        if (each.length != 32) {
          throw new IllegalArgumentException(
              "a two-qubit unitary has 32 numbers, not " + each.length);
        }
      }
      return new Batch(unitaries);
    }

    /// The unitaries; not to be changed.
    public List<double[]> unitaries() {
      return List.of(unitaries);
    }
  }

  static List<Batch> batches(List<double[]> unitaries) {
    List<Batch> batches = new ArrayList<>();
    for (int from = 0; from < unitaries.size(); from += BATCH) {
      int to = Math.min(unitaries.size(), from + BATCH);
      batches.add(new Batch(unitaries.subList(from, to)));
    }
    return batches;
  }

  @Override
  public String name() {
    return "synthesize-two-qubit-blocks";
  }

  @Override
  public int version() {
    return 1;
  }

  @Override
  public List<WeylDecomposition> run(Batch batch, RuntimeHandle runtime) {
    WeylDecomposer decomposer = new WeylDecomposer();
    List<WeylDecomposition> found = new ArrayList<>(batch.unitaries.length);
    for (double[] unitary : batch.unitaries) {
      runtime.checkCancelled();
      found.add(decomposer.measured(unitary));
    }
    return List.copyOf(found);
  }
}
