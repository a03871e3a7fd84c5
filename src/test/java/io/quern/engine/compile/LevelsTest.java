package io.quern.engine.compile;

import static io.quern.engine.compile.Compilations.at;
import static io.quern.engine.compile.Compilations.compile;
import static io.quern.engine.compile.Compilations.input;
import static org.assertj.core.api.Assertions.assertThat;

import io.quern.engine.circuit.Circuit;
import io.quern.engine.machine.CouplingGraph;
import io.quern.testing.CompilationResultAssert;
import io.quern.testing.Examples;
import io.quern.testing.Generators;
import io.quern.testing.WindowedEquivalence;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LevelsTest {

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void higherLevelNeverNeedsMoreTwoQubitGates(long seed) {
    int qubits = 3 + (int) (seed % 3);
    Circuit circuit =
        seed % 2 == 0
            ? Generators.circuit(seed, qubits, 25)
            : Generators.dynamicCircuit(seed, qubits, 25, 3);
    CompilationInput input =
        input(
            circuit, Generators.couplingGraph(seed, qubits), Generators.gateSet(seed), seed, true);
    List<Integer> counts = new ArrayList<>();
    for (int level = 1; level <= CompilationOptions.MAX_LEVEL; level++) {
      counts.add(compile(at(level, input)).after().twoQubitGates());
    }
    assertThat(counts).isSortedAccordingTo((a, b) -> Integer.compare(b, a));
  }

  @Test
  void searchFindsWhatRewritingCannot() {
    CompilationInput input =
        input(Examples.read("qwalk_3"), CouplingGraph.line(3), Compilations.CX_U3, 7);
    CompilationResult found = compile(input);
    CompilationResultAssert.assertThat(found).carriesOut(input);
    assertThat(found.before().twoQubitGates()).isEqualTo(42);
    assertThat(found.after().twoQubitGates()).isEqualTo(2);
  }

  private static CompilationResult qft(SynthesisOptions synthesis) {
    CompilationInput input =
        input(Examples.read("qft_8"), CouplingGraph.all(8), Compilations.CX_U3, 7);
    return compile(
        new CompilationInput(
            input.circuit(),
            input.machine(),
            new CompilationOptions(2, 7, false, Verification.STATES, null, synthesis)));
  }

  @Test
  void approximationAskedForSavesGatesAndKeepsToItsBound() {
    CompilationResult exact = qft(SynthesisOptions.DEFAULT);
    CompilationResult rough = qft(new SynthesisOptions(3, 1e-3, null));
    assertThat(rough.after().twoQubitGates()).isLessThan(exact.after().twoQubitGates());
    assertThat(Objects.requireNonNull(rough.distance()).value())
        .isGreaterThan(1e-6)
        .isLessThanOrEqualTo(rough.errorBound());
    assertThat(exact.errorBound()).isLessThan(1e-15);
  }

  @Test
  void windowsMayBeSwitchedOff() {
    assertThat(qft(new SynthesisOptions(2, null, null)).passes())
        .extracting(PassReport::name)
        .doesNotContain("WindowResynthesis");
    assertThat(qft(SynthesisOptions.DEFAULT).passes())
        .extracting(PassReport::name)
        .contains("WindowResynthesis");
  }

  @Test
  void windowsOfFourQubitsAreCarriedOutAnewWhereAskedFor() {
    CompilationResult three = qft(SynthesisOptions.DEFAULT);
    CompilationResult four = qft(new SynthesisOptions(4, null, null));
    assertThat(four.passes()).hasSizeGreaterThan(three.passes().size());
    assertThat(four.after().twoQubitGates()).isLessThanOrEqualTo(three.after().twoQubitGates());
  }

  /// The error of a whole circuit is less than the sum of what its windows are off by.
  @Test
  void simulatedErrorIsCloserThanTheSumOfTheWindows() {
    CompilationResult summed = qft(new SynthesisOptions(3, 1e-3, 0.5, 7));
    CompilationResult simulated = qft(new SynthesisOptions(3, 1e-3, 0.5, 8));
    assertThat(simulated.circuit()).isEqualTo(summed.circuit());
    assertThat(simulated.errorBound()).isLessThan(summed.errorBound()).isGreaterThan(1e-6);
    assertThat(Objects.requireNonNull(simulated.distance()).value())
        .isLessThan(summed.errorBound());
  }

  @Test
  void longCircuitIsSearchedInPieces() {
    Circuit circuit = Generators.windowedCircuit(3, 40, 4, 1600);
    CompilationInput input = input(circuit, CouplingGraph.all(160), Compilations.CX_U3, 3);
    CompilationResult quick = compile(input);
    CompilationResult found = compile(at(2, input));
    assertThat(found.after().twoQubitGates()).isLessThan(quick.after().twoQubitGates());
    assertThat(
            WindowedEquivalence.distance(
                circuit, found.circuit(), found.initialMapping(), found.finalMapping()))
        .isLessThan(CompilationResultAssert.TOLERANCE);
  }
}
