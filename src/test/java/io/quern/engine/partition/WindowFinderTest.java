package io.quern.engine.partition;

import static org.assertj.core.api.Assertions.assertThat;

import io.quern.engine.circuit.Circuit;
import io.quern.engine.circuit.Parameters;
import io.quern.engine.circuit.StandardGate;
import io.quern.engine.linalg.Matrices;
import io.quern.engine.partition.BlockCollector.Merging;
import io.quern.engine.partition.BlockElement.LocalGate;
import io.quern.testing.Equivalence;
import io.quern.testing.Generators;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WindowFinderTest {

  /// What a window does between its frame, as elements.
  private static List<BlockElement> inside(Window window) {
    List<BlockElement> inside = new ArrayList<>();
    for (int q = 0; q < window.qubits().size(); q++) {
      inside.add(new LocalGate(q, window.frame().get(q).inverse()));
    }
    inside.addAll(window.blocks());
    for (int q = 0; q < window.qubits().size(); q++) {
      inside.add(new LocalGate(q, window.frame().get(q)));
    }
    return inside;
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16})
  void circuitWithAWindowWrittenAnewDoesTheSame(long seed) {
    Circuit circuit =
        seed % 3 == 0 ? Generators.dynamicCircuit(seed, 4, 30, 4) : Generators.circuit(seed, 5, 30);
    BlockCircuit blocks = Circuits.blocks(circuit);
    for (int width = 2; width <= 4; width++) {
      WindowFinder finder = WindowFinder.of(blocks, 100);
      for (Window window : finder.windows(width)) {
        assertThat(window.qubits()).hasSizeBetween(2, width).isSorted();
        List<BlockElement> inside = inside(window);
        assertThat(window.distance(inside)).isLessThan(1e-24);
        BlockCircuit replaced =
            finder.replaced(window, inside, 0, Circuits.GATES.entangler(), Merging.GAIN);
        assertThat(Equivalence.distance(circuit, Circuits.gates(replaced)))
            .as("%s", window)
            .isLessThan(1e-12);
      }
    }
  }

  @Test
  void windowReachesAcrossBlocksThatCommuteWithIt() {
    Circuit circuit =
        Circuit.builder(4)
            .gate(StandardGate.CZ, 0, 1)
            .gate(StandardGate.CZ, 1, 3)
            .gate(StandardGate.CZ, 1, 2)
            .gate(StandardGate.H, 0)
            .gate(StandardGate.H, 1)
            .gate(StandardGate.CZ, 0, 1)
            .build();
    List<Window> windows = WindowFinder.of(Circuits.blocks(circuit), 100).windows(3);
    assertThat(windows)
        .as("the gate on 1 and 3 can go before all of them")
        .anyMatch(
            window ->
                window.qubits().equals(List.of(0, 1, 2))
                    && window.cost(Circuits.GATES.entangler()) == 3);
  }

  @Test
  void whatPassesAWindowDoesNotChangeItsUnitary() {
    Circuit circuit = Generators.circuit(3, 3, 20);
    Circuit.Builder turned = Circuit.builder(3);
    for (int q = 0; q < 3; q++) {
      turned.gate(StandardGate.U3, Parameters.of(0.3 + q, 1.1, 0.7), q);
    }
    circuit.operations().forEach(turned::add);
    double[] plain = WindowFinder.of(Circuits.blocks(circuit), 100).whole().unitary();
    double[] behind = WindowFinder.of(Circuits.blocks(turned.build()), 100).whole().unitary();
    assertThat(Matrices.distance(plain, behind, 8)).isLessThan(1e-24);
  }
}
