package io.quern.engine.pass;

import io.quern.engine.partition.CircuitPartition;
import io.quern.engine.partition.Partitioner;
import io.quern.engine.partition.QuickPartitioner;

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
    CircuitPartition partition;
    try {
      partition = partitioner.partition(data.blocks(), width, runtime::checkTime);
    } catch (OutOfTimeException _) {
      // The passes after this one need parts, whatever they are.
      data.setCutShort();
      partition = new QuickPartitioner().partition(data.blocks(), width, runtime::checkCancelled);
    }
    data.setPartition(partition);
  }
}
