package io.quern.engine.pass;

import io.quern.engine.partition.BlockCollector.Merging;
import io.quern.engine.partition.GateReader;

/// Reads the input into blocks: gates on more than two qubits are decomposed, one-qubit gates
/// merged, inverse neighbours cancelled.
public final class Unfold implements Pass {
  @Override
  public String name() {
    return "Unfold";
  }

  @Override
  public void run(PassData data, RuntimeHandle runtime) {
    data.setBlocks(new GateReader(data.gates()).read(data.input(), Merging.GAIN));
  }
}
