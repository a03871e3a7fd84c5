package io.quern.blocks;

import io.quern.engine.instantiation.Instantiater;
import io.quern.engine.instantiation.InstantiationOptions;
import io.quern.engine.instantiation.Template;
import io.quern.engine.machine.CouplingGraph.Edge;
import io.quern.engine.pass.RuntimeFunction;
import io.quern.engine.pass.RuntimeHandle;
import java.util.List;

/// Numerics without end: fits what cannot be fitted until it is cancelled.
final class Fit implements RuntimeFunction<Integer, Integer> {
  @Override
  public String name() {
    return "test-fit";
  }

  @Override
  public int version() {
    return 1;
  }

  @Override
  public Integer run(Integer job, RuntimeHandle runtime) {
    // Adding one to three qubits takes more than one entangling gate.
    double[] target = new double[2 * 8 * 8];
    for (int column = 0; column < 8; column++) {
      target[2 * (8 * ((column + 1) % 8) + column)] = 1;
    }
    Ledger.MINE.add("start", job, 0);
    try {
      new Instantiater()
          .instantiate(
              Template.of(3, List.of(new Edge(0, 1))),
              target,
              new InstantiationOptions(1e-28, Integer.MAX_VALUE, Integer.MAX_VALUE),
              7,
              runtime::checkCancelled);
    } finally {
      Ledger.MINE.add("left", job, 0);
    }
    throw new IllegalStateException("a fit without end has ended");
  }
}
