package io.quern.engine.processing;

import io.quern.engine.machine.CouplingGraph;
import io.quern.engine.pass.Pass;
import io.quern.engine.pass.PassData;
import io.quern.engine.pass.RuntimeHandle;
import io.quern.engine.synthesis.search.GenericSynthesis;

/// Carries out a circuit of up to four qubits anew with the number of two-qubit gates that counting
/// parameters says is enough for any unitary, see [GenericSynthesis], if that is fewer.
public record FixedTemplateSynthesis() implements Pass {
  public static final String NAME = "GenericSynthesis";

  /// The widest circuit it makes.
  public static final int MOST_QUBITS = 4;

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public void run(PassData data, RuntimeHandle runtime) {
    WholeCircuit.of(data, NAME, MOST_QUBITS)
        .filter(whole -> GenericSynthesis.leastGates(whole.qubits()) < whole.limit())
        .filter(whole -> CouplingGraph.of(whole.qubits(), whole.couplings()).isConnected())
        .ifPresent(
            whole ->
                Searching.untilTimeUp(
                    data,
                    runtime,
                    checkpoint ->
                        new GenericSynthesis()
                            .synthesize(
                                whole.unitary(),
                                whole.qubits(),
                                whole.couplings(),
                                data.seed(),
                                checkpoint)
                            .ifPresent(whole::replaceIfShorter)));
  }
}
