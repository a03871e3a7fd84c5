package io.quern.engine.window;

import io.quern.engine.machine.CouplingGraph;
import io.quern.engine.partition.Block;
import io.quern.engine.partition.BlockCircuit;
import io.quern.engine.partition.BlockElement;
import io.quern.engine.pass.Pass;
import io.quern.engine.pass.PassData;
import io.quern.engine.pass.RuntimeHandle;

/// Carries out windows of three qubits that consist of Clifford gates with the fewest two-qubit
/// gates there are, from a table, until a round brings nothing. Leaves long circuits alone.
public final class CliffordWindows implements Pass {
  /// With fewer blocks worth CX no window has one to spare.
  private static final int LEAST_BLOCKS = 3;

  @Override
  public String name() {
    return "CliffordWindows";
  }

  @Override
  public void run(PassData data, RuntimeHandle runtime) {
    BlockCircuit blocks = data.blocks();
    if (blocks.blockCount() > WindowResynthesis.MOST_BLOCKS
        || blocks.elements().stream().filter(CliffordWindows::isCx).count() < LEAST_BLOCKS) {
      return;
    }
    CouplingGraph coupling =
        data.isMapped() ? data.machine().coupling() : CouplingGraph.all(blocks.qubits());
    data.setBlocks(new WindowOptimizer(data, coupling, runtime).optimizeClifford(blocks));
  }

  private static boolean isCx(BlockElement element) {
    return element instanceof Block block && block.x() == Math.PI / 4 && block.y() == 0;
  }
}
