package io.quern.engine.window;

import static org.assertj.core.api.Assertions.assertThat;

import io.quern.engine.circuit.Circuit;
import io.quern.engine.circuit.Operation;
import io.quern.engine.circuit.Operation.GateOperation;
import io.quern.engine.circuit.Parameters;
import io.quern.engine.circuit.StandardGate;
import io.quern.engine.machine.CouplingGraph;
import io.quern.engine.machine.GateSet;
import io.quern.engine.machine.MachineModel;
import io.quern.engine.partition.Window;
import io.quern.engine.partition.WindowFinder;
import io.quern.engine.pass.PassData;
import io.quern.engine.pass.Unfold;
import io.quern.testing.CountingRuntime;
import io.quern.testing.Generators;
import java.util.EnumSet;
import org.junit.jupiter.api.Test;

/// Within a compilation no unitary is searched for twice, whatever its global phase and the order
/// of its qubits.
class WindowMemoTest {
  private static final SearchEffort EFFORT = new SearchEffort(1, 0, 0, 500);

  private static final Circuit WINDOW =
      Generators.circuit(
          8,
          3,
          16,
          EnumSet.of(StandardGate.CX, StandardGate.U3, StandardGate.CP, StandardGate.RZZ));

  private static PassData data(Circuit circuit, CountingRuntime runtime) {
    PassData data =
        new PassData(
            circuit,
            new MachineModel(CouplingGraph.all(circuit.qubits()), GateSet.DEFAULT),
            7,
            false);
    new Unfold().run(data, runtime);
    return data;
  }

  private static int searched(CountingRuntime runtime) {
    return runtime.arguments().stream()
        .filter(SynthesizeWindows.Batch.class::isInstance)
        .mapToInt(batch -> ((SynthesizeWindows.Batch) batch).problems().size())
        .sum();
  }

  private static void resynthesise(PassData data, CountingRuntime runtime)
      throws InterruptedException {
    new WindowResynthesis(3, EFFORT, 100_000).run(data, runtime);
  }

  @Test
  void windowThatComesAgainOnOtherQubitsIsSearchedOnce() throws InterruptedException {
    CountingRuntime alone = CountingRuntime.neverCancelled();
    resynthesise(data(WINDOW, alone), alone);
    assertThat(searched(alone)).isPositive();

    Circuit.Builder repeated = Circuit.builder(9);
    for (int[] places : new int[][] {{0, 1, 2}, {5, 3, 4}, {7, 8, 6}}) {
      WINDOW.operations().forEach(operation -> repeated.add(operation.mapQubits(places)));
    }
    CountingRuntime together = CountingRuntime.neverCancelled();
    resynthesise(data(repeated.build(), together), together);
    assertThat(searched(together)).isEqualTo(searched(alone));
  }

  @Test
  void secondPassOfACompilationSearchesForNothingAnew() throws InterruptedException {
    CountingRuntime runtime = CountingRuntime.neverCancelled();
    PassData data = data(WINDOW, runtime);
    resynthesise(data, runtime);
    int once = searched(runtime);
    resynthesise(data, runtime);
    assertThat(searched(runtime)).isEqualTo(once);
    // Another compilation knows nothing of it.
    resynthesise(data(WINDOW, runtime), runtime);
    assertThat(searched(runtime)).isEqualTo(2 * once);
  }

  @Test
  void globalPhaseDoesNotMatter() {
    CouplingGraph all = CouplingGraph.all(3);
    CountingRuntime runtime = CountingRuntime.neverCancelled();
    Circuit.Builder turned = Circuit.builder(3);
    WINDOW.operations().forEach(turned::add);
    // A full turn is a change of sign.
    for (Operation operation : WINDOW.operations()) {
      if (operation instanceof GateOperation gate && gate.gate() == StandardGate.CP) {
        turned.gate(StandardGate.RZZ, Parameters.of(2 * Math.PI), gate.location().toArray());
      }
    }
    Window plain = WindowFinder.of(data(WINDOW, runtime).blocks(), 100).whole();
    Window other = WindowFinder.of(data(turned.build(), runtime).blocks(), 100).whole();
    assertThat(CanonicalWindow.of(other, all, 7).key())
        .isEqualTo(CanonicalWindow.of(plain, all, 7).key());
  }
}
