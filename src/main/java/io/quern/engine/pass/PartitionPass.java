package io.quern.engine.pass;

import io.quern.engine.partition.Partitioner;

/// Cuts the circuit into parts for [ForEachBlock].
///
/// @param width the most qubits of a part
public record PartitionPass(Partitioner partitioner, int width) implements Pass {
  @Override
  public String name() {
    return partitioner.name();
  }

  @Override
  public void run(PassData data, RuntimeHandle runtime) {
    data.setPartition(partitioner.partition(data.blocks(), width));
  }
}
