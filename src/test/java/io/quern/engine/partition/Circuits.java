package io.quern.engine.partition;

import io.quern.engine.circuit.Circuit;
import io.quern.engine.machine.GateSet;
import io.quern.engine.partition.BlockCollector.Merging;
import io.quern.engine.synthesis.NativeGates;

/// Circuits as blocks and back, for CX and u3.
final class Circuits {
  static final NativeGates GATES = NativeGates.of(GateSet.DEFAULT);

  private Circuits() {}

  static BlockCircuit blocks(Circuit circuit) {
    return new GateReader(GATES).read(circuit, Merging.GAIN);
  }

  static Circuit gates(BlockCircuit blocks) {
    return BlockWriter.write(blocks, GATES);
  }
}
