package io.quern.engine.compile;

import static io.quern.engine.compile.Compilations.compile;
import static io.quern.engine.compile.Compilations.input;
import static io.quern.testing.CompilationResultAssert.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import io.quern.engine.circuit.Circuit;
import io.quern.engine.machine.CouplingGraph;
import io.quern.testing.CompilationResultAssert;
import io.quern.testing.Generators;
import io.quern.testing.WindowedEquivalence;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Circuits too wide for any state vector: Cliffords by stabiliser tableau, any gates window by
/// window.
class WideCompilationTest {

  @ParameterizedTest(name = "{0} qubits, {1} gates, {2}, seed {3}")
  @CsvSource({
    "20, 300, all, 1",
    "20, 300, line, 2",
    "25, 300, grid, 3",
    "40, 400, line, 4",
    "64, 600, all, 5",
    "64, 500, grid, 6",
    "100, 500, grid, 7",
    "127, 400, line, 8",
    "133, 1500, all, 9",
    "133, 500, grid, 10",
  })
  void randomCliffordStaysTheSameClifford(int qubits, int gates, String topology, long seed) {
    Circuit circuit = Generators.cliffordCircuit(seed, qubits, gates);
    CompilationInput input = input(circuit, coupling(topology, qubits), Compilations.CX_U3, seed);
    CompilationResult result = compile(input);
    assertThat(result)
        .fits(input.machine())
        .hasTrueMappings(input)
        .hasTrueStatistics(input)
        .isSameClifford(circuit);
  }

  @ParameterizedTest(name = "{0} windows of {1} qubits, {2} gates, {3}, seed {4}")
  @CsvSource({
    "5, 4, 150, line, 1",
    "8, 4, 300, grid, 2",
    "12, 3, 200, line, 3",
    "20, 5, 600, all, 4",
    "16, 8, 500, all, 5",
    "30, 2, 200, grid, 6",
  })
  void anyGatesStayTheSameWindowByWindow(
      int windows, int width, int gates, String topology, long seed) {
    Circuit circuit = Generators.windowedCircuit(seed, windows, width, gates);
    CompilationInput input =
        input(circuit, coupling(topology, windows * width), Compilations.CX_U3, seed);
    CompilationResult result = compile(input);
    assertThat(result).fits(input.machine()).hasTrueMappings(input).hasTrueStatistics(input);
    double distance =
        WindowedEquivalence.distance(
            circuit, result.circuit(), result.initialMapping(), result.finalMapping());
    assertThat(distance).isLessThan(CompilationResultAssert.TOLERANCE);
  }

  /// Grids are a little larger than the circuit, so that some qubits stay idle.
  private static CouplingGraph coupling(String topology, int qubits) {
    return switch (topology) {
      case "all" -> CouplingGraph.all(qubits);
      case "line" -> CouplingGraph.line(qubits);
      case "grid" -> {
        int columns = (int) Math.ceil(Math.sqrt(qubits + 1.0));
        yield CouplingGraph.grid((qubits + columns) / columns, columns);
      }
      default -> throw new IllegalArgumentException(topology);
    };
  }
}
