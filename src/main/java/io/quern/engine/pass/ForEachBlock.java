package io.quern.engine.pass;

import io.quern.engine.circuit.Circuit;
import io.quern.engine.machine.CouplingGraph;
import io.quern.engine.machine.MachineModel;
import io.quern.engine.partition.BlockCircuit;
import io.quern.engine.partition.BlockCollector.Merging;
import io.quern.engine.partition.CircuitPartition;
import io.quern.engine.partition.CircuitPartition.Piece;
import java.util.ArrayList;
import java.util.List;

/// Runs a workflow on every part of a partitioned circuit, each as a runtime task, and joins them
/// again; BQSKit's `ForEachBlockPass` followed by `UnfoldPass`.
///
/// @param filter which results take the place of their part
/// @param errorBound a part whose result may be off by more (D2) stays as it was
public record ForEachBlock(Workflow body, ReplaceFilter filter, double errorBound) implements Pass {

  /// Which results take the place of their part.
  public enum ReplaceFilter {
    ALWAYS,
    /// Those that need fewer two-qubit gates; BQSKit's `less-than-multi`.
    LESS_THAN_MULTI
  }

  /// A part with what is done to it.
  record Work(
      BlockCircuit circuit, MachineModel machine, boolean isMapped, long seed, Workflow body) {}

  /// Stays in the process: workflows are not sent.
  private static final class RunOnBlock implements RuntimeFunction<Work, BlockCircuit> {
    @Override
    public String name() {
      return "run-workflow-on-block";
    }

    @Override
    public int version() {
      return 1;
    }

    @Override
    public BlockCircuit run(Work work, RuntimeHandle runtime) throws InterruptedException {
      // The input matters to passes only as the circuit the blocks were read from.
      Circuit input = Circuit.builder(work.circuit().qubits()).build();
      PassData data = new PassData(input, work.machine(), work.seed(), false);
      data.setBlocks(work.circuit());
      if (work.isMapped()) {
        data.setMapped(work.circuit(), data.initialMapping(), data.finalMapping());
      }
      work.body().run(data, runtime);
      return data.blocks();
    }
  }

  private static final RunOnBlock RUN = new RunOnBlock();

  @Override
  public String name() {
    return "ForEachBlock";
  }

  @Override
  public int blocks(PassData data) {
    return data.partition().map(partition -> partition.pieces().size()).orElse(0);
  }

  @Override
  public void run(PassData data, RuntimeHandle runtime) throws InterruptedException {
    CircuitPartition partition =
        data.partition()
            .orElseThrow(() -> new IllegalStateException("ForEachBlock needs a partition"));
    List<Piece> pieces = partition.pieces();
    List<Work> work = new ArrayList<>();
    for (Piece piece : pieces) {
      work.add(
          new Work(
              piece.circuit(),
              new MachineModel(coupling(data, piece.qubits()), data.machine().gates()),
              data.isMapped(),
              data.seed(),
              body));
    }
    List<BlockCircuit> found = runtime.map(RUN, work);
    List<Piece> kept = new ArrayList<>();
    for (int k = 0; k < pieces.size(); k++) {
      kept.add(
          isTaken(pieces.get(k), found.get(k), data)
              ? pieces.get(k).with(found.get(k))
              : pieces.get(k));
    }
    data.setBlocks(partition.with(kept).joined(data.entangler(), Merging.GAIN));
  }

  private boolean isTaken(Piece piece, BlockCircuit found, PassData data) {
    if (found.errorD2() > errorBound) {
      return false;
    }
    return switch (filter) {
      case ALWAYS -> true;
      case LESS_THAN_MULTI -> found.cost(data.entangler()) < piece.circuit().cost(data.entangler());
    };
  }

  private static CouplingGraph coupling(PassData data, List<Integer> qubits) {
    return data.isMapped()
        ? data.machine().coupling().inside(qubits)
        : CouplingGraph.all(qubits.size());
  }
}
