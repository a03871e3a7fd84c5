package io.quern.engine.window;

import io.quern.engine.machine.CouplingGraph;
import io.quern.engine.partition.BlockCircuit;
import io.quern.engine.partition.BlockCollector.Merging;
import io.quern.engine.partition.CircuitPartition;
import io.quern.engine.partition.CircuitPartition.Piece;
import io.quern.engine.partition.QuickPartitioner;
import io.quern.engine.pass.Pass;
import io.quern.engine.pass.PassData;
import io.quern.engine.pass.RuntimeHandle;
import java.util.ArrayList;
import java.util.List;

/// Carries out windows of a few qubits in fewer two-qubit gates, until a round brings nothing.
///
/// A long circuit is cut into pieces first, each a runtime task of its own, twice with different
/// cuts: time grows in proportion to the number of gates.
public final class WindowResynthesis implements Pass {
  /// Circuits with more blocks are cut into pieces.
  static final int MOST_BLOCKS = 240;

  /// Qubits of the pieces of the first and of the second cut.
  private static final int[] PIECE_WIDTHS = {8, 6};

  /// Blocks of a piece for each of its qubits: what is looked at anew after each change is bounded
  /// on narrow circuits too. Pieces of the two cuts so end at different places.
  private static final int BLOCKS_PER_QUBIT = 30;

  /// Circuits with more blocks, such as those of random pairs on a sparse machine, are cut once,
  /// and each block may take half as much.
  private static final int VERY_MANY_BLOCKS = 20_000;

  private static final int LEAST_EVALUATIONS = 20_000;

  private static final OptimizePiece OPTIMIZE = new OptimizePiece();

  private final int width;
  private final SearchEffort effort;
  private final int evaluationsPerBlock;

  /// @param width qubits of a window
  /// @param evaluationsPerBlock of the cost that may be spent for each block of the circuit
  public WindowResynthesis(int width, SearchEffort effort, int evaluationsPerBlock) {
    this.width = width;
    this.effort = effort;
    this.evaluationsPerBlock = evaluationsPerBlock;
  }

  @Override
  public String name() {
    return "WindowResynthesis";
  }

  @Override
  public void run(PassData data, RuntimeHandle runtime) throws InterruptedException {
    CouplingGraph coupling =
        data.isMapped() ? data.machine().coupling() : CouplingGraph.all(data.blocks().qubits());
    if (data.blocks().blockCount() > MOST_BLOCKS) {
      boolean areVeryMany = data.blocks().blockCount() > VERY_MANY_BLOCKS;
      int perBlock = areVeryMany ? evaluationsPerBlock / 2 : evaluationsPerBlock;
      for (int cut = 0; cut < (areVeryMany ? 1 : PIECE_WIDTHS.length); cut++) {
        data.setBlocks(byPieces(data, coupling, PIECE_WIDTHS[cut], perBlock, runtime));
      }
    } else {
      data.setBlocks(
          new WindowOptimizer(data, coupling, runtime)
              .optimize(data.blocks(), width, effort, evaluations(data.blocks())));
    }
    if (runtime.isTimeUp()) {
      data.setCutShort();
    }
  }

  private long evaluations(BlockCircuit circuit) {
    return Math.max(LEAST_EVALUATIONS, (long) evaluationsPerBlock * circuit.blockCount());
  }

  private BlockCircuit byPieces(
      PassData data, CouplingGraph coupling, int pieceWidth, int perBlock, RuntimeHandle runtime)
      throws InterruptedException {
    BlockCircuit whole = data.blocks();
    CircuitPartition partition =
        new QuickPartitioner()
            .partition(whole, pieceWidth, runtime::checkCancelled)
            .cut(BLOCKS_PER_QUBIT * pieceWidth);
    List<OptimizePiece.Work> work = new ArrayList<>();
    for (Piece piece : partition.pieces()) {
      work.add(
          new OptimizePiece.Work(
              piece.circuit(),
              coupling.inside(piece.qubits()),
              data.machine().gates(),
              data.seed(),
              width,
              effort,
              (long) perBlock * piece.circuit().blockCount()));
    }
    List<Piece> pieces = new ArrayList<>();
    List<BlockCircuit> found = runtime.map(OPTIMIZE, work);
    for (int k = 0; k < found.size(); k++) {
      pieces.add(partition.pieces().get(k).with(found.get(k)));
    }
    BlockCircuit joined = partition.with(pieces).joined(data.entangler(), Merging.GAIN);
    return joined.cost(data.entangler()) < whole.cost(data.entangler()) ? joined : whole;
  }
}
