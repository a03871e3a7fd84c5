package io.quern.engine.compile;

import static io.quern.engine.compile.Compilations.at;
import static io.quern.engine.compile.Compilations.compile;
import static io.quern.engine.compile.Compilations.input;
import static io.quern.testing.CompilationResultAssert.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import io.quern.engine.machine.CouplingGraph;
import io.quern.testing.Examples;
import io.quern.testing.Generators;
import io.quern.testing.InlineRuntime;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A time limit gives a valid circuit, whenever it strikes.
class PartialCompilationTest {

  @ParameterizedTest(name = "time is up at question {0}")
  @ValueSource(longs = {0, 1, 2, 3, 5, 8, 13, 21, 34, 55, 89, 1_000_000})
  void resultIsValidWheneverTimeIsUp(long questions) {
    CompilationInput routed =
        input(Examples.read("qft_5"), CouplingGraph.line(6), Compilations.CZ_RZ_SX_X, 7);
    CompilationResult result = compile(routed, InlineRuntime.timeUpAfter(questions));
    assertThat(result).carriesOut(routed);
    CompilationInput dynamic =
        input(Generators.dynamicCircuit(3, 4, 30, 5), CouplingGraph.ring(5), Compilations.CX_U3, 7);
    assertThat(compile(dynamic, InlineRuntime.timeUpAfter(questions))).carriesOut(dynamic);
    CompilationInput free =
        input(Examples.read("grover_4"), CouplingGraph.all(4), Compilations.CX_U3, 7);
    assertThat(compile(free, InlineRuntime.timeUpAfter(questions))).carriesOut(free);
  }

  @ParameterizedTest(name = "time is up at question {0}")
  @ValueSource(longs = {0, 40, 80, 160, 320, 640, 1280, 2560})
  void searchGivesTheBestSoFar(long questions) {
    CompilationInput input =
        at(3, input(Examples.read("half_adder_5"), CouplingGraph.line(5), Compilations.CX_U3, 7));
    CompilationResult result = compile(input, InlineRuntime.timeUpAfter(questions));
    assertThat(result).carriesOut(input);
  }

  @ParameterizedTest(name = "time is up: {0}")
  @ValueSource(booleans = {true, false})
  void resultSaysWhetherItWasCutShort(boolean isTimeUp) {
    CompilationInput input =
        input(Examples.read("qft_8"), CouplingGraph.line(8), Compilations.CX_U3, 7);
    CompilationResult result =
        compile(input, InlineRuntime.timeUpAfter(isTimeUp ? 0 : Long.MAX_VALUE));
    assertThat(result.isPartial()).isEqualTo(isTimeUp);
  }
}
