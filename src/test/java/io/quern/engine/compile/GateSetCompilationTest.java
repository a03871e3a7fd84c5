package io.quern.engine.compile;

import static io.quern.engine.compile.Compilations.compile;
import static io.quern.engine.compile.Compilations.input;
import static io.quern.testing.CompilationResultAssert.assertThat;

import io.quern.engine.circuit.Circuit;
import io.quern.engine.machine.CouplingGraph;
import io.quern.engine.machine.GateSet;
import io.quern.testing.Generators;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Every gate can be said in every universal gate set.
class GateSetCompilationTest {

  static Stream<GateSet> gateSets() {
    return Generators.gateSets().stream();
  }

  @ParameterizedTest
  @MethodSource("gateSets")
  void circuitIsSaidInTheGateSet(GateSet gates) {
    for (long seed = 1; seed <= 3; seed++) {
      Circuit circuit = Generators.circuit(seed, 3, 12);
      CompilationInput input = input(circuit, CouplingGraph.line(3), gates, seed);
      assertThat(compile(input)).as("seed %s", seed).carriesOut(input);
    }
    Circuit dynamic = Generators.dynamicCircuit(4, 3, 16, 3);
    CompilationInput input = input(dynamic, CouplingGraph.line(4), gates, 4);
    assertThat(compile(input)).as("with measurements").carriesOut(input);
  }
}
