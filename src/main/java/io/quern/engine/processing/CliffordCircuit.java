package io.quern.engine.processing;

import io.quern.engine.partition.BlockCircuit;
import io.quern.engine.partition.BlockElement;
import io.quern.engine.partition.BlockElement.Fence;
import io.quern.engine.pass.Pass;
import io.quern.engine.pass.PassData;
import io.quern.engine.pass.RuntimeHandle;
import java.util.List;

/// Carries out a circuit of few qubits that consists of Clifford gates anew as a whole, if that
/// takes fewer two-qubit gates; the result consists of Clifford gates too. Leaves others alone.
public record CliffordCircuit() implements Pass {
  /// Wider circuits take too long; those of up to [CliffordSynthesis#MOST_QUBITS] have a table.
  private static final int MOST_QUBITS = 7;

  /// Circuits with more gates are far from the few any Clifford gate on so many qubits needs.
  private static final int MOST_GATES = 60;

  @Override
  public String name() {
    return "CliffordCircuit";
  }

  @Override
  public void run(PassData data, RuntimeHandle runtime) {
    BlockCircuit circuit = data.blocks();
    if (circuit.qubits() > MOST_QUBITS
        || circuit.blockCount() < 2
        || circuit.elements().stream().anyMatch(element -> element instanceof Fence)) {
      return;
    }
    WholeCircuit.of(data, name(), MOST_QUBITS)
        .filter(WholeCircuit::isClifford)
        .ifPresent(whole -> replace(whole, runtime));
  }

  private static void replace(WholeCircuit whole, RuntimeHandle runtime) {
    double[] unitary = whole.unitary();
    int n = whole.qubits();
    List<BlockElement> elements = null;
    if (n <= CliffordSynthesis.MOST_QUBITS) {
      elements = CliffordSynthesis.shorter(unitary, n, whole.couplings(), whole.limit());
    } else {
      int[] planes = CliffordSynthesis.planes(unitary, n);
      List<Integer> paulis =
          planes == null
              ? null
              : new CliffordSearch(n, whole.couplings())
                  .search(planes, Math.min(MOST_GATES, whole.limit()), runtime::checkCancelled);
      if (paulis != null) {
        elements = CliffordSynthesis.elements(paulis, unitary, n);
      }
    }
    if (elements != null) {
      whole.replaceIfShorter(elements);
    }
  }
}
