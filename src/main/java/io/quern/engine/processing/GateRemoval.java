package io.quern.engine.processing;

import io.quern.engine.pass.Pass;
import io.quern.engine.pass.PassData;
import io.quern.engine.pass.RuntimeHandle;

/// Leaves two-qubit gates out of a circuit of few qubits as long as the rest can be fitted to its
/// unitary: BQSKit's ScanningGateRemovalPass, TreeScanningGateRemovalPass and
/// IterativeScanningGateRemovalPass.
///
/// @param name as workflows call it
public record GateRemoval(String name, GateRemovalOptions options) implements Pass {
  /// The widest circuit fitted.
  public static final int MOST_QUBITS = 6;

  @Override
  public void run(PassData data, RuntimeHandle runtime) {
    WholeCircuit.of(data, name, MOST_QUBITS)
        .ifPresent(
            whole ->
                Searching.untilTimeUp(
                    data,
                    runtime,
                    checkpoint ->
                        new GateScan(whole.unitary(), options, data.seed(), checkpoint)
                            .run(whole.known(), whole::replaceIfShorter)));
  }
}
