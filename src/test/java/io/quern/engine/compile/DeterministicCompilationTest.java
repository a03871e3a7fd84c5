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
import io.quern.testing.InlineRuntime;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Same input, options and seed: the same circuit, bit for bit.
class DeterministicCompilationTest {

  @ParameterizedTest
  @ValueSource(strings = {"qft_8", "hrs_cumulative_multiplier_5", "graphstate_12"})
  void neitherSlotsNorTheOrderOfTasksMatter(String example) {
    Circuit circuit = Examples.read(example);
    for (CouplingGraph coupling :
        new CouplingGraph[] {
          CouplingGraph.all(circuit.qubits()), CouplingGraph.line(circuit.qubits())
        }) {
      CompilationInput input = input(circuit, coupling, Compilations.CX_U3, 11);
      CompilationResult one = compile(input, InlineRuntime.of(1, 0));
      for (int slots = 2; slots <= 4; slots++) {
        CompilationResult other = compile(input, InlineRuntime.of(slots, slots));
        assertThat(other.circuit()).isEqualTo(one.circuit());
        assertThat(other.initialMapping()).isEqualTo(one.initialMapping());
        assertThat(other.finalMapping()).isEqualTo(one.finalMapping());
        assertThat(other.errorBound()).isEqualTo(one.errorBound());
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 3})
  void searchDoesNotDependOnSlotsEither(int level) {
    Circuit circuit = Examples.read("half_adder_5");
    CompilationInput input =
        at(level, input(circuit, CouplingGraph.line(5), Compilations.CX_U3, 11));
    CompilationResult one = compile(input, InlineRuntime.of(1, 0));
    CompilationResult other = compile(input, InlineRuntime.of(3, 3));
    assertThat(other.circuit()).isEqualTo(one.circuit());
    assertThat(other.finalMapping()).isEqualTo(one.finalMapping());
    assertThat(other.errorBound()).isEqualTo(one.errorBound());
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void measurementsAndConditionsDoNotChangeThat(long seed) {
    for (int level = 2; level <= 3; level++) {
      CompilationInput input =
          at(
              level,
              input(
                  Generators.dynamicCircuit(seed, 4, 20, 3),
                  CouplingGraph.line(5),
                  Compilations.CZ_RZ_SX_X,
                  seed));
      CompilationResult one = compile(input, InlineRuntime.of(1, 0));
      CompilationResult other = compile(input, InlineRuntime.of(4, seed));
      assertThat(other.circuit()).isEqualTo(one.circuit());
      assertThat(other.finalMapping()).isEqualTo(one.finalMapping());
      CompilationResultAssert.assertThat(one).carriesOut(input);
    }
  }

  @Test
  void seedIsTheOnlySourceOfRandomness() {
    Circuit circuit = Generators.circuit(5, 8, 120);
    CompilationInput input = input(circuit, CouplingGraph.line(8), Compilations.CX_U3, 3);
    CompilationResult first = compile(input);
    for (long between = 100; between < 103; between++) {
      compile(input(circuit, CouplingGraph.line(8), Compilations.CX_U3, between));
      assertThat(compile(input).circuit()).isEqualTo(first.circuit());
    }
    assertThat(first.seed()).isEqualTo(3);
  }
}
