package io.quern.engine.compile;

import io.quern.engine.mapping.CircuitMapper;
import io.quern.engine.mapping.MappedCircuit;
import io.quern.engine.pass.Pass;
import io.quern.engine.pass.PassData;
import io.quern.engine.pass.RuntimeHandle;

/// Finds a layout and a routing by seeded trials; of the mappings found it keeps the one that needs
/// the fewest two-qubit gates once SWAPs are merged into the blocks beside them.
final class SabreRouting implements Pass {

  @Override
  public String name() {
    return "SabreRouting";
  }

  @Override
  public void run(PassData data, RuntimeHandle runtime) throws InterruptedException {
    if (runtime.isTimeUp()) {
      data.setCutShort();
    }
    MappedCircuit mapped =
        CircuitMapper.map(data.blocks(), data.machine(), data.seed(), 1, runtime).getFirst();
    data.setMapped(mapped.blocks(), mapped.initialMapping(), mapped.finalMapping());
  }
}
