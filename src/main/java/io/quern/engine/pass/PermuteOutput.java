package io.quern.engine.pass;

import io.quern.engine.partition.BlockCircuit;
import io.quern.engine.partition.SwapAbsorption;

/// Where every pair is coupled and logical qubits may end elsewhere than they start: a block that
/// gets cheaper with a SWAP behind it gets one, and everything after it exchanges its two qubits.
public final class PermuteOutput implements Pass {
  @Override
  public String name() {
    return "PermuteOutput";
  }

  @Override
  public void run(PassData data, RuntimeHandle runtime) {
    SwapAbsorption absorption = SwapAbsorption.of(data.blocks(), data.entangler());
    BlockCircuit blocks = absorption.blocks();
    data.setMapped(
        blocks,
        data.initialMapping(),
        data.finalMapping().stream().map(absorption::placeAtEnd).toList());
  }
}
