package io.quern.engine.processing;

import io.quern.engine.pass.Pass;
import io.quern.engine.pass.PassData;
import io.quern.engine.pass.RuntimeHandle;
import io.quern.engine.synthesis.search.CircuitSearch;
import io.quern.engine.synthesis.search.SearchOptions;

/// Carries out a circuit of few qubits anew with the fewest two-qubit gates that a search over
/// templates finds, see [CircuitSearch]: BQSKit's QSearchSynthesisPass and LEAPSynthesisPass.
///
/// Unlike theirs it never makes a circuit longer: where nothing shorter is found it stays.
///
/// @param name QSearchSynthesis or LEAPSynthesis
public record SearchSynthesis(String name, SearchOptions options) implements Pass {
  /// The widest circuit searched for.
  public static final int MOST_QUBITS = 4;

  @Override
  public void run(PassData data, RuntimeHandle runtime) {
    WholeCircuit.of(data, name, MOST_QUBITS)
        .ifPresent(
            whole ->
                Searching.untilTimeUp(
                    data,
                    runtime,
                    checkpoint ->
                        new CircuitSearch()
                            .synthesize(
                                whole.unitary(),
                                whole.qubits(),
                                whole.couplings(),
                                whole.limit(),
                                options,
                                data.seed(),
                                checkpoint)
                            .ifPresent(whole::replaceIfShorter)));
  }
}
