package io.quern.engine.compile;

import static io.quern.engine.compile.Compilations.compile;
import static io.quern.engine.compile.Compilations.input;
import static io.quern.testing.CompilationResultAssert.assertThat;

import io.quern.engine.circuit.Circuit;
import io.quern.engine.machine.CouplingGraph;
import io.quern.engine.machine.GateSet;
import io.quern.testing.Examples;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Every example circuit, on every kind of machine it is likely to meet.
class ExampleCompilationTest {
  private static final List<GateSet> GATE_SETS =
      List.of(Compilations.CX_U3, Compilations.CZ_RZ_SX_X);

  static Stream<String> examples() {
    return Examples.names().stream();
  }

  @ParameterizedTest
  @MethodSource("examples")
  void isCompiledForAllToAll(String example) {
    Circuit circuit = Examples.read(example);
    isCompiledFor(CouplingGraph.all(circuit.qubits()), circuit);
  }

  @ParameterizedTest
  @MethodSource("examples")
  void isCompiledForALine(String example) {
    Circuit circuit = Examples.read(example);
    isCompiledFor(CouplingGraph.line(circuit.qubits()), circuit);
  }

  @ParameterizedTest
  @MethodSource("examples")
  void isCompiledForAGridWithIdleQubits(String example) {
    Circuit circuit = Examples.read(example);
    int columns = 3;
    int rows = circuit.qubits() / columns + 1;
    isCompiledFor(CouplingGraph.grid(rows, columns), circuit);
  }

  private static void isCompiledFor(CouplingGraph coupling, Circuit circuit) {
    for (GateSet gates : GATE_SETS) {
      CompilationInput input = input(circuit, coupling, gates, 7);
      assertThat(compile(input)).as("%s", gates).carriesOut(input);
    }
  }
}
