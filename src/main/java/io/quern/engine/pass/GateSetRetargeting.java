package io.quern.engine.pass;

import io.quern.engine.circuit.Circuit;
import io.quern.engine.circuit.Operation;
import io.quern.engine.partition.BlockWriter;
import io.quern.engine.partition.GateReader;

/// Writes the blocks in the machine's gates, neighbouring one-qubit gates merged.
///
/// Where every pair is coupled the input, written gate by gate, is the other candidate: a machine
/// with unusual gates may have the input's gates as they are, and then the blocks may need more.
public final class GateSetRetargeting implements Pass {
  @Override
  public String name() {
    return "GateSetRetargeting";
  }

  @Override
  public void run(PassData data, RuntimeHandle runtime) {
    Circuit written = BlockWriter.write(data.blocks(), data.gates());
    if (data.machine().coupling().isComplete()) {
      Circuit plain =
          new GateReader(data.gates()).retargeted(data.input(), data.machine().qubits());
      if (twoQubitGates(plain) < twoQubitGates(written)) {
        data.setUnchanged(plain);
        return;
      }
    }
    data.setCompiled(written);
  }

  static int twoQubitGates(Circuit circuit) {
    int count = 0;
    for (Operation operation : circuit.operations()) {
      count += isWide(operation) ? 1 : 0;
    }
    return count;
  }

  static boolean isWide(Operation operation) {
    return !(operation instanceof Operation.Barrier) && operation.location().size() > 1;
  }
}
