package io.quern.engine.mapping;

import static org.assertj.core.api.Assertions.assertThat;

import io.quern.engine.circuit.Circuit;
import io.quern.engine.circuit.StandardGate;
import io.quern.engine.machine.CouplingGraph;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class PerfectLayoutSearchTest {

  private static Circuit cycle(int qubits) {
    Circuit.Builder circuit = Circuit.builder(qubits);
    for (int q = 0; q < qubits; q++) {
      // Neighbours in the cycle are 5 apart: nothing fits by chance.
      circuit.gate(StandardGate.CX, (5 * q) % qubits, (5 * q + 5) % qubits);
    }
    return circuit.build();
  }

  private static @Nullable Layout find(Circuit circuit, CouplingGraph coupling, int budget) {
    RoutingProblem problem = Problems.problem(circuit, coupling);
    Layout layout = PerfectLayoutSearch.find(problem, budget, () -> {});
    if (layout != null) {
      for (int node = 0; node < problem.nodes; node++) {
        assertThat(
                coupling.isEdge(
                    layout.physicalOf(problem.wireA[node]), layout.physicalOf(problem.wireB[node])))
            .isTrue();
      }
    }
    return layout;
  }

  @Test
  void cycleIsFoundInAGrid() {
    assertThat(find(cycle(12), CouplingGraph.grid(5, 5), 20_000)).isNotNull();
  }

  @Test
  void cycleDoesNotFitALine() {
    assertThat(find(cycle(6), CouplingGraph.line(9), 20_000)).isNull();
  }

  @Test
  void oddCycleDoesNotFitAGrid() {
    assertThat(find(cycle(7), CouplingGraph.grid(4, 4), 200_000)).isNull();
  }

  @Test
  void searchEndsWithItsBudget() {
    assertThat(find(cycle(12), CouplingGraph.grid(5, 5), 5)).isNull();
  }
}
