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
/// @param collected which parts the workflow is run on; the others stay
/// @param filter which results take the place of their part
/// @param errorBound a part whose result may be off by more (D2) stays as it was. What the results
///   taken are off by adds up in the circuit's error bound
public record ForEachBlock(
    Workflow body, CollectionFilter collected, ReplaceFilter filter, double errorBound)
    implements Pass {

  /// Which parts the workflow is run on.
  ///
  /// @param leastQubits of a part
  /// @param mostQubits of a part
  /// @param leastGates two-qubit gates that the part needs
  public record CollectionFilter(int leastQubits, int mostQubits, int leastGates) {
    public static final CollectionFilter ALL = new CollectionFilter(1, Integer.MAX_VALUE, 0);

    boolean takes(Piece piece, PassData data) {
      return piece.qubits().size() >= leastQubits
          && piece.qubits().size() <= mostQubits
          && piece.circuit().cost(data.entangler()) >= leastGates;
    }
  }

  /// Which results take the place of their part.
  public enum ReplaceFilter {
    ALWAYS,
    /// Those of fewer gates.
    LESS_THAN,
    /// Those of fewer two-qubit gates, or as many and fewer gates.
    LESS_THAN_MULTI
  }

  /// A part with what is done to it.
  record Work(
      BlockCircuit circuit, MachineModel machine, boolean isMapped, long seed, Workflow body) {}

  /// What became of a part.
  ///
  /// @param isCutShort whether a pass stopped searching because the time limit had passed
  record Done(BlockCircuit circuit, boolean isCutShort) {}

  /// Stays in the process: workflows are not sent.
  private static final class RunOnBlock implements RuntimeFunction<Work, Done> {
    @Override
    public String name() {
      return "run-workflow-on-block";
    }

    @Override
    public int version() {
      return 1;
    }

    @Override
    public Done run(Work work, RuntimeHandle runtime) throws InterruptedException {
      // The input matters to passes only as the circuit the blocks were read from.
      Circuit input = Circuit.builder(work.circuit().qubits()).build();
      PassData data = new PassData(input, work.machine(), work.seed(), false);
      data.setBlocks(work.circuit());
      if (work.isMapped()) {
        data.setMapped(work.circuit(), data.initialMapping(), data.finalMapping());
      }
      work.body().run(data, runtime);
      return new Done(data.blocks(), data.isCutShort());
    }
  }

  private static final RunOnBlock RUN = new RunOnBlock();

  @Override
  public String name() {
    return "ForEachBlock";
  }

  @Override
  public int blocks(PassData data) {
    return data.partition()
        .map(
            partition ->
                (int)
                    partition.pieces().stream()
                        .filter(piece -> collected.takes(piece, data))
                        .count())
        .orElse(0);
  }

  @Override
  public void run(PassData data, RuntimeHandle runtime) throws InterruptedException {
    CircuitPartition partition =
        data.partition()
            .orElseThrow(() -> new IllegalStateException("ForEachBlock needs a partition"));
    List<Piece> all = partition.pieces();
    List<Piece> pieces = all.stream().filter(piece -> collected.takes(piece, data)).toList();
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
    List<Done> found = runtime.map(RUN, work);
    if (found.stream().anyMatch(Done::isCutShort)) {
      data.setCutShort();
    }
    List<Piece> kept = new ArrayList<>();
    int next = 0;
    for (Piece piece : all) {
      if (collected.takes(piece, data)) {
        BlockCircuit result = found.get(next++).circuit();
        kept.add(isTaken(piece, result, data) ? piece.with(result) : piece);
      } else {
        kept.add(piece);
      }
    }
    data.setBlocks(partition.with(kept).joined(data.entangler(), Merging.GAIN));
  }

  private boolean isTaken(Piece piece, BlockCircuit found, PassData data) {
    if (found.errorD2() > errorBound) {
      return false;
    }
    long pairs = gain(CircuitMeasure.TWO_QUBIT_GATES, piece, found, data);
    return switch (filter) {
      case ALWAYS -> true;
      case LESS_THAN -> gain(CircuitMeasure.GATES, piece, found, data) > 0;
      case LESS_THAN_MULTI ->
          pairs > 0 || (pairs == 0 && gain(CircuitMeasure.GATES, piece, found, data) > 0);
    };
  }

  private static long gain(CircuitMeasure measure, Piece piece, BlockCircuit found, PassData data) {
    return measure.of(piece.circuit(), data.gates()) - measure.of(found, data.gates());
  }

  private static CouplingGraph coupling(PassData data, List<Integer> qubits) {
    return data.isMapped()
        ? data.machine().coupling().inside(qubits)
        : CouplingGraph.all(qubits.size());
  }
}
