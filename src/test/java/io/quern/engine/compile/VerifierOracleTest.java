package io.quern.engine.compile;

import static io.quern.engine.compile.Compilations.compile;
import static io.quern.engine.compile.Compilations.input;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.quern.engine.circuit.Circuit;
import io.quern.engine.circuit.Parameters;
import io.quern.engine.circuit.StandardGate;
import io.quern.engine.machine.CouplingGraph;
import io.quern.engine.machine.MachineModel;
import io.quern.engine.simulation.CircuitComparison;
import io.quern.testing.Equivalence;
import io.quern.testing.Generators;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/// The distance a result carries is the true one, as an independent simulation finds it.
class VerifierOracleTest {

  @ParameterizedTest(name = "a rotation by {0} too many, seed {1}")
  @CsvSource({"1e-1, 1", "1e-3, 2", "1e-6, 3", "1e-8, 4"})
  void measuredDistanceIsTheTrueDistance(double angle, long seed) {
    Circuit circuit = Generators.circuit(seed, 4, 30);
    CompilationResult result =
        compile(input(circuit, CouplingGraph.line(5), Compilations.CX_U3, seed));
    Circuit.Builder builder = Circuit.builder(5);
    result.circuit().operations().forEach(builder::add);
    int qubit = result.finalMapping().get(2);
    Circuit off = builder.gate(StandardGate.RX, Parameters.of(angle), qubit).build();
    double measured = comparison(circuit, off, result).ofUnitaries(() -> {});
    double expected =
        Equivalence.distance(circuit, off, result.initialMapping(), result.finalMapping());
    assertThat(measured).isCloseTo(expected, within(1e-6 * expected));
  }

  @ParameterizedTest(name = "seed {0}")
  @CsvSource({"1", "2", "3", "4", "5"})
  void statesThatDifferAreFound(long seed) {
    Circuit circuit = Generators.circuit(seed, 5, 30);
    CompilationResult result =
        compile(input(circuit, CouplingGraph.line(6), Compilations.CX_U3, seed));
    Circuit.Builder builder = Circuit.builder(6);
    result.circuit().operations().forEach(builder::add);
    assertThat(comparison(circuit, builder.build(), result).ofRandomStates(4, 99, () -> {}))
        .isLessThan(1e-12);
    Circuit off =
        builder.gate(StandardGate.RX, Parameters.of(1e-4), result.finalMapping().get(1)).build();
    assertThat(comparison(circuit, off, result).ofRandomStates(4, 99, () -> {}))
        .isBetween(1e-11, 1e-8);
  }

  @Test
  void idleQubitThatIsNotLeftInZeroIsFound() {
    Circuit circuit = Generators.circuit(1, 3, 20);
    CompilationResult result =
        compile(input(circuit, CouplingGraph.line(4), Compilations.CX_U3, 1));
    int idle = 6 - result.finalMapping().stream().mapToInt(Integer::intValue).sum();
    Circuit.Builder builder = Circuit.builder(4);
    result.circuit().operations().forEach(builder::add);
    Circuit off = builder.gate(StandardGate.X, idle).build();
    assertThat(comparison(circuit, off, result).ofUnitaries(() -> {})).isGreaterThan(0.5);
    assertThat(comparison(circuit, off, result).ofRandomStates(4, 99, () -> {})).isGreaterThan(0.5);
  }

  @ParameterizedTest(name = "seed {0}")
  @CsvSource({"1", "2", "3", "4", "5", "6", "7", "8"})
  void branchesAreFollowed(long seed) {
    Circuit circuit = Generators.dynamicCircuit(seed, 3, 20, 4);
    CompilationResult result =
        compile(input(circuit, CouplingGraph.line(4), Compilations.CX_U3, seed));
    Circuit.Builder builder = Circuit.builder(4, circuit.classicalRegisters());
    result.circuit().operations().forEach(builder::add);
    assertThat(branches(comparison(circuit, builder.build(), result))).isLessThan(1e-12);
    builder.gate(StandardGate.RX, Parameters.of(0.3), result.finalMapping().get(0));
    Circuit off = builder.gate(StandardGate.T, result.finalMapping().get(0)).build();
    double expected =
        Equivalence.distance(circuit, off, result.initialMapping(), result.finalMapping());
    double measured = branches(comparison(circuit, off, result));
    assertThat(measured > 1e-8).as("%s and %s", measured, expected).isEqualTo(expected > 1e-8);
  }

  @ParameterizedTest
  @EnumSource
  void modeDecidesHowTheResultIsMeasured(Verification mode) {
    for (int qubits : new int[] {2, 6, 7, 12, 24}) {
      Circuit circuit = Generators.localCliffordCircuit(3, qubits, 30, 1);
      CompilationResult result =
          compile(
              new CompilationInput(
                  circuit,
                  new MachineModel(CouplingGraph.line(qubits), Compilations.CX_U3),
                  new CompilationOptions(1, 5, false, mode)));
      String expected =
          switch (mode) {
            case NONE -> "nothing";
            case UNITARY -> qubits <= 10 ? "unitary" : "nothing";
            case STATES -> qubits <= 22 ? "states" : "nothing";
            case AUTO -> qubits <= 6 ? "unitary" : qubits <= 20 ? "states" : "nothing";
          };
      Distance distance = result.distance();
      assertThat(distance == null ? "nothing" : distance.method())
          .as("%s on %d qubits", mode, qubits)
          .isEqualTo(expected);
      assertThat(distance == null ? 0 : distance.value()).isLessThan(1e-12);
    }
  }

  private static double branches(CircuitComparison comparison) {
    return comparison.ofBranches(4, 99, 1 << 20, Long.MAX_VALUE, () -> {}).orElseThrow();
  }

  private static CircuitComparison comparison(
      Circuit input, Circuit output, CompilationResult result) {
    return new CircuitComparison(input, output, result.initialMapping(), result.finalMapping());
  }
}
