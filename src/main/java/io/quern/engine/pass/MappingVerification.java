package io.quern.engine.pass;

import io.quern.engine.partition.BlockElement;
import java.util.List;
import java.util.TreeSet;

/// Makes sure that a mapped circuit is one: each two-qubit gate on coupled qubits, each logical
/// qubit on a physical one of its own at the start and at the end.
///
/// That the circuit does the same is measured at the end of every compilation.
public record MappingVerification() implements Pass {
  private static final String NAME = "MappingVerification";

  @Override
  public String name() {
    return NAME;
  }

  /// @throws IllegalArgumentException if it is none
  @Override
  public void run(PassData data, RuntimeHandle runtime) {
    verify(data, NAME);
  }

  static void verify(PassData data, String pass) {
    if (!data.isMapped()) {
      throw new IllegalArgumentException(pass + ": expected a mapped circuit, found none");
    }
    BlockElement uncoupled = data.blocks().uncoupled(data.machine().coupling());
    if (uncoupled != null) {
      throw new IllegalArgumentException(
          pass + ": expected gates on coupled qubits, found " + uncoupled + "; route the circuit");
    }
    for (List<Integer> mapping : List.of(data.initialMapping(), data.finalMapping())) {
      TreeSet<Integer> different = new TreeSet<>(mapping);
      if (different.size() != mapping.size()
          || (!different.isEmpty()
              && (different.first() < 0 || different.last() >= data.machine().qubits()))) {
        throw new IllegalArgumentException(
            pass + ": expected a different physical qubit for each logical one, found " + mapping);
      }
    }
  }
}
