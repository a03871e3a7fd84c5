package io.quern.engine.synthesis;

import static org.assertj.core.api.Assertions.assertThat;

import io.quern.engine.circuit.Circuit;
import io.quern.engine.circuit.Location;
import io.quern.engine.circuit.Operation.GateOperation;
import io.quern.engine.circuit.Parameters;
import io.quern.engine.circuit.StandardGate;
import io.quern.testing.Equivalence;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GateDecompositionTest {
  @ParameterizedTest
  @CsvSource({"CCX, 6", "CSWAP, 8", "RCCX, 3", "RC3X, 6", "C3X, 14", "C3SQRTX, 14", "C4X, 28"})
  void gateIsMadeOfNarrowerOnes(StandardGate gate, int entanglers) {
    // Qubits in reverse order: the decomposition must follow the location.
    int[] reversed = IntStream.range(0, gate.qubits()).map(q -> gate.qubits() - 1 - q).toArray();
    GateOperation operation = new GateOperation(gate, Location.of(reversed), Parameters.NONE);
    Circuit.Builder parts = Circuit.builder(gate.qubits());
    expand(operation, parts);
    Circuit found = parts.build();
    Circuit expected = Circuit.builder(gate.qubits()).add(operation).build();
    assertThat(Equivalence.distance(expected, found)).isLessThan(1e-28);
    assertThat(found.operations().stream().filter(part -> part.location().size() == 2))
        .hasSize(entanglers);
  }

  private static void expand(GateOperation operation, Circuit.Builder out) {
    for (GateOperation part : GateDecomposition.expand(operation)) {
      if (part.gate().qubits() > 2) {
        expand(part, out);
      } else {
        out.add(part);
      }
    }
  }
}
