package io.quern.engine.window;

import static org.assertj.core.api.Assertions.assertThat;

import io.quern.engine.circuit.Circuit;
import io.quern.engine.machine.CouplingGraph;
import io.quern.engine.machine.GateSet;
import io.quern.engine.machine.MachineModel;
import io.quern.engine.partition.Window;
import io.quern.engine.partition.WindowFinder;
import io.quern.engine.pass.PassData;
import io.quern.engine.pass.Unfold;
import io.quern.testing.Generators;
import io.quern.testing.InlineRuntime;
import org.junit.jupiter.api.Test;

class CanonicalWindowTest {

  private static Window window(Circuit circuit) {
    PassData data =
        new PassData(circuit, new MachineModel(CouplingGraph.all(3), GateSet.DEFAULT), 7, false);
    new Unfold().run(data, InlineRuntime.of(1, 0));
    return WindowFinder.of(data.blocks(), 100).whole();
  }

  private static CanonicalWindow canonical(Circuit circuit, CouplingGraph coupling) {
    return CanonicalWindow.of(window(circuit), coupling, 7);
  }

  @Test
  void orderOfQubitsDoesNotMatter() {
    CouplingGraph all = CouplingGraph.all(3);
    for (long seed = 1; seed <= 10; seed++) {
      Window window = window(Generators.circuit(seed, 3, 20));
      CanonicalWindow plain = CanonicalWindow.of(window, all, 7);
      for (int[] order : new int[][] {{0, 2, 1}, {1, 0, 2}, {1, 2, 0}, {2, 0, 1}, {2, 1, 0}}) {
        Window renamed =
            new Window(
                window.qubits(),
                window.nodes(),
                window.blocks().stream()
                    .map(block -> block.on(order[block.a()], order[block.b()]))
                    .toList());
        CanonicalWindow other = CanonicalWindow.of(renamed, all, 7);
        assertThat(other.key()).isEqualTo(plain.key());
        assertThat(other.problem().known().size()).isEqualTo(plain.problem().known().size());
      }
    }
  }

  @Test
  void otherUnitariesAndOtherCouplingsAreTold() {
    Circuit circuit = Generators.circuit(1, 3, 20);
    CanonicalWindow plain = canonical(circuit, CouplingGraph.all(3));
    assertThat(canonical(Generators.circuit(2, 3, 20), CouplingGraph.all(3)).key())
        .isNotEqualTo(plain.key());
    assertThat(canonical(circuit, CouplingGraph.line(3)).key()).isNotEqualTo(plain.key());
  }
}
