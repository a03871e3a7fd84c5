package io.quern.engine.mapping;

import io.quern.engine.pass.Pass;
import io.quern.engine.pass.PassData;
import io.quern.engine.pass.RuntimeHandle;

/// Puts the circuit onto the machine's qubits from where it was placed, with SWAPs by SABRE;
/// BQSKit's GeneralizedSabreRoutingPass.
///
/// @param trials with different seeds, each a runtime task
public record PlacedRouting(int trials) implements Pass {
  @Override
  public String name() {
    return "GeneralizedSabreRouting";
  }

  @Override
  public void run(PassData data, RuntimeHandle runtime) throws InterruptedException {
    MachinePart part = MachinePart.of(data);
    MappedCircuit mapped = part.routed(part.placed(), 0, trials, runtime);
    data.setMapped(mapped.blocks(), mapped.initialMapping(), mapped.finalMapping());
  }
}
