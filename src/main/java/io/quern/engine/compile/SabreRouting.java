package io.quern.engine.compile;

import io.quern.engine.circuit.Circuit;
import io.quern.engine.machine.GateSet;
import io.quern.engine.mapping.CircuitMapper;
import io.quern.engine.mapping.MappedCircuit;
import io.quern.engine.partition.BlockCircuit;
import io.quern.engine.partition.BlockCollector;
import io.quern.engine.partition.BlockCollector.Merging;
import io.quern.engine.partition.BlockWriter;
import io.quern.engine.partition.GateReader;
import io.quern.engine.pass.Pass;
import io.quern.engine.pass.PassData;
import io.quern.engine.pass.RuntimeHandle;
import io.quern.engine.synthesis.NativeGates;

/// Finds a layout and a routing by seeded SABRE trials; of the best few mappings it keeps the one
/// that needs the fewest two-qubit gates once its blocks are merged again.
final class SabreRouting implements Pass {
  /// Mappings that are looked at again: the router's own count does not see what cancels beyond
  /// single blocks.
  private static final int CANDIDATES = 8;

  private static final NativeGates CX_U3 = NativeGates.of(GateSet.DEFAULT);

  @Override
  public String name() {
    return "SabreRouting";
  }

  @Override
  public void run(PassData data, RuntimeHandle runtime) throws InterruptedException {
    if (runtime.isTimeUp()) {
      data.setCutShort();
    }
    Circuit circuit = BlockWriter.write(data.blocks(), CX_U3);
    double error = data.blocks().errorD2();
    BlockCircuit best = null;
    MappedCircuit chosen = null;
    int bestCost = Integer.MAX_VALUE;
    for (MappedCircuit mapped :
        CircuitMapper.map(circuit, data.machine().coupling(), data.seed(), CANDIDATES, runtime)) {
      runtime.checkCancelled();
      BlockCircuit blocks = merged(mapped.circuit(), error, data);
      int cost = blocks.cost(data.entangler());
      if (cost < bestCost) {
        bestCost = cost;
        best = blocks;
        chosen = mapped;
      }
    }
    if (best == null || chosen == null) {
      throw new IllegalStateException("the mapper found no mapping");
    }
    data.setMapped(best, chosen.initialMapping(), chosen.finalMapping());
  }

  private static BlockCircuit merged(Circuit mapped, double error, PassData data) {
    BlockCircuit read = new GateReader(data.gates()).read(mapped, Merging.ADJACENT);
    BlockCircuit blocks =
        new BlockCircuit(
            read.qubits(), read.classicalRegisters(), read.elements(), error + read.errorD2());
    int cost = blocks.cost(data.entangler());
    while (true) {
      BlockCircuit next = BlockCollector.collect(blocks, data.entangler(), Merging.ADJACENT);
      int nextCost = next.cost(data.entangler());
      if (nextCost >= cost) {
        return blocks;
      }
      blocks = next;
      cost = nextCost;
    }
  }
}
