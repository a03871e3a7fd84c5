package io.quern.engine.window;

import io.quern.engine.machine.CouplingGraph;
import io.quern.engine.partition.BlockCircuit;
import io.quern.engine.partition.BlockElement.Fence;
import io.quern.engine.pass.Pass;
import io.quern.engine.pass.PassData;
import io.quern.engine.pass.RuntimeHandle;

/// Carries out a circuit of few qubits anew as a whole.
///
/// Circuits on more qubits, or with measurements, are left alone.
public final class WholeCircuitSynthesis implements Pass {
  private final int width;
  private final SearchEffort effort;

  /// @param width the most qubits
  public WholeCircuitSynthesis(int width, SearchEffort effort) {
    this.width = width;
    this.effort = effort;
  }

  @Override
  public String name() {
    return "WholeCircuitSynthesis";
  }

  @Override
  public void run(PassData data, RuntimeHandle runtime) throws InterruptedException {
    BlockCircuit blocks = data.blocks();
    if (blocks.qubits() > width
        || blocks.elements().stream().anyMatch(element -> element instanceof Fence)) {
      return;
    }
    CouplingGraph coupling =
        data.isMapped() ? data.machine().coupling() : CouplingGraph.all(blocks.qubits());
    data.setBlocks(new WindowOptimizer(data, coupling, runtime).whole(blocks, effort));
  }
}
