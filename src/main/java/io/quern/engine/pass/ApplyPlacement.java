package io.quern.engine.pass;

import io.quern.engine.partition.BlockCircuit;

/// Puts logical qubit i on physical qubit i: enough where every pair is coupled.
public final class ApplyPlacement implements Pass {
  @Override
  public String name() {
    return "ApplyPlacement";
  }

  @Override
  public void run(PassData data, RuntimeHandle runtime) {
    BlockCircuit blocks = data.blocks();
    data.setMapped(
        new BlockCircuit(
            data.machine().qubits(),
            blocks.classicalRegisters(),
            blocks.elements(),
            blocks.errorD2()),
        data.initialMapping(),
        data.finalMapping());
  }
}
