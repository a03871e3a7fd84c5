package io.quern.engine.compile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quern.engine.circuit.Circuit;
import io.quern.engine.circuit.StandardGate;
import io.quern.engine.instantiation.CircuitFitter;
import io.quern.engine.instantiation.InstantiationOptions;
import io.quern.engine.machine.CouplingGraph;
import io.quern.engine.machine.GateSet;
import io.quern.engine.machine.MachineModel;
import io.quern.engine.simulation.UnitarySimulator;
import io.quern.engine.synthesis.search.CircuitSearch;
import io.quern.engine.synthesis.search.SearchHeuristic;
import io.quern.engine.synthesis.search.SearchOptions;
import io.quern.testing.CountingRuntime;
import io.quern.testing.Generators;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/// A cancelled compilation ends at the next question, wherever it is, and questions are asked all
/// the time.
class CancelledCompilationTest {
  private static final Circuit CIRCUIT =
      Generators.circuit(
          4,
          4,
          14,
          EnumSet.of(StandardGate.CX, StandardGate.U3, StandardGate.CP, StandardGate.SWAP));

  private static final MachineModel LINE = new MachineModel(CouplingGraph.line(4), GateSet.DEFAULT);

  static Stream<CompilationOptions> waysToCompile() {
    Object parts =
        List.of(
            "GreedyPlacement",
            Map.of("pass", "GeneralizedSabreLayout", "trials", 2),
            "GeneralizedSabreRouting",
            Map.of("pass", "QuickPartitioner", "block_size", 3),
            Map.of(
                "pass",
                "ForEachBlock",
                "body",
                List.of(
                    Map.of("pass", "QSearchSynthesis", "evaluations", 500),
                    Map.of("pass", "LEAPSynthesis", "evaluations", 500),
                    "GenericSynthesis",
                    Map.of("pass", "IterativeScanningGateRemoval", "evaluations", 300),
                    Map.of("pass", "TreeScan", "evaluations", 300),
                    Map.of("pass", "Substitute", "evaluations", 40))));
    return Stream.of(options(1, null), options(2, null), options(3, null), options(1, parts));
  }

  private static CompilationOptions options(int level, @Nullable Object tree) {
    return new CompilationOptions(
        level,
        7,
        false,
        Verification.UNITARY,
        tree == null ? null : WorkflowReader.read(tree, CIRCUIT, LINE),
        SynthesisOptions.DEFAULT);
  }

  @ParameterizedTest
  @MethodSource("waysToCompile")
  void compilationEndsAtTheFirstQuestionAnsweredWithYes(CompilationOptions options) {
    CompilationInput input = new CompilationInput(CIRCUIT, LINE, options);
    CountingRuntime whole = CountingRuntime.neverCancelled();
    Compilations.compile(input, whole);
    assertThat(whole.questions()).isGreaterThan(options.level() == 1 ? 50 : 500);
    for (long part = 0; part <= 4; part++) {
      long question = 1 + part * (whole.questions() - 1) / 4;
      CountingRuntime runtime = CountingRuntime.cancelledFrom(question);
      assertThatThrownBy(() -> Compilations.compile(input, runtime))
          .as("question %d of %d", question, whole.questions())
          .isInstanceOf(CancellationException.class);
      assertThat(runtime.questions()).isEqualTo(question);
    }
  }

  @ParameterizedTest
  @EnumSource
  void searchAsksOnceAnIteration(SearchHeuristic heuristic) {
    AtomicInteger questions = new AtomicInteger();
    CircuitSearch search = new CircuitSearch();
    search.synthesize(
        UnitarySimulator.unitary(Generators.circuit(2, 3, 30)),
        3,
        CouplingGraph.all(3).edges(),
        15,
        SearchOptions.DEFAULT.withHeuristic(heuristic).withEvaluations(1_000),
        3,
        questions::incrementAndGet);
    assertThat(search.evaluations()).isGreaterThan(500);
    assertThat(questions.get()).isGreaterThan(search.evaluations() / 3);
  }

  @ParameterizedTest
  @EnumSource
  void optimiserAsksOnceAnIteration(CircuitFitter.Method method) {
    Circuit circuit = Generators.circuit(5, 3, 20, EnumSet.of(StandardGate.CX, StandardGate.U3));
    double[] target = UnitarySimulator.unitary(Generators.circuit(6, 3, 30));
    AtomicInteger questions = new AtomicInteger();
    CircuitFitter.Fit fit =
        new CircuitFitter(circuit, method)
            .fit(target, new InstantiationOptions(1e-24, 3, 200), 1, questions::incrementAndGet);
    assertThat(fit.evaluations()).isGreaterThan(20);
    assertThat(questions.get()).isGreaterThan(fit.evaluations() / 4);
  }
}
