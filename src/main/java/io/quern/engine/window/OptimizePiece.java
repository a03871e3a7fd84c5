package io.quern.engine.window;

import io.quern.engine.machine.CouplingGraph;
import io.quern.engine.machine.GateSet;
import io.quern.engine.partition.BlockCircuit;
import io.quern.engine.pass.RuntimeFunction;
import io.quern.engine.pass.RuntimeHandle;
import io.quern.engine.synthesis.Entangler;

/// The runtime task that optimises one piece of a long circuit.
public final class OptimizePiece implements RuntimeFunction<OptimizePiece.Work, BlockCircuit> {

  /// @param gates tell what a block costs
  /// @param width qubits of a window
  /// @param evaluations of the cost to spend at most
  public record Work(
      BlockCircuit circuit,
      CouplingGraph coupling,
      GateSet gates,
      long seed,
      int width,
      SearchEffort effort,
      long evaluations) {}

  @Override
  public String name() {
    return "optimize-piece";
  }

  @Override
  public int version() {
    return 1;
  }

  @Override
  public boolean isKept() {
    return true;
  }

  @Override
  public BlockCircuit run(Work work, RuntimeHandle runtime) throws InterruptedException {
    return new WindowOptimizer(
            work.coupling(), Entangler.of(work.gates()), work.seed(), new WindowMemo(), runtime)
        .optimizeHere(work.circuit(), work.width(), work.effort(), work.evaluations());
  }
}
