package io.quern.engine.compile;

import static io.quern.testing.CompilationResultAssert.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.quern.engine.circuit.Circuit;
import io.quern.engine.circuit.Parameters;
import io.quern.engine.circuit.StandardGate;
import io.quern.engine.machine.CouplingGraph;
import io.quern.engine.machine.GateSet;
import io.quern.engine.machine.MachineModel;
import io.quern.testing.Examples;
import io.quern.testing.Generators;
import io.quern.testing.InlineRuntime;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What each pass of the library does when a workflow names it.
class WorkflowPassesTest {
  private static final String HALF_ADDER = "half_adder_5";

  private static CompilationInput input(Circuit circuit, MachineModel machine, Object tree) {
    return new CompilationInput(
        circuit,
        machine,
        new CompilationOptions(
            1,
            7,
            false,
            Verification.AUTO,
            WorkflowReader.read(tree, circuit, machine),
            SynthesisOptions.DEFAULT));
  }

  private static CompilationResult run(Circuit circuit, MachineModel machine, Object... steps) {
    CompilationInput input = input(circuit, machine, List.of(steps));
    CompilationResult result = Compilations.compile(input, InlineRuntime.of(2, 3));
    assertThat(result).carriesOut(input);
    return result;
  }

  private static MachineModel all(int qubits) {
    return new MachineModel(CouplingGraph.all(qubits), GateSet.DEFAULT);
  }

  private static MachineModel line(int qubits) {
    return new MachineModel(CouplingGraph.line(qubits), GateSet.DEFAULT);
  }

  /// Two Toffoli gates that cancel, written out in twelve CX so that nothing less than synthesis
  /// sees it.
  private static Circuit toffolis() {
    Circuit.Builder builder = Circuit.builder(3);
    toffoli(builder);
    builder.gate(StandardGate.RZ, Parameters.of(0.3), 0);
    toffoli(builder);
    return builder.build();
  }

  private static void toffoli(Circuit.Builder builder) {
    builder
        .gate(StandardGate.H, 2)
        .gate(StandardGate.CX, 1, 2)
        .gate(StandardGate.TDG, 2)
        .gate(StandardGate.CX, 0, 2)
        .gate(StandardGate.T, 2)
        .gate(StandardGate.CX, 1, 2)
        .gate(StandardGate.TDG, 2)
        .gate(StandardGate.CX, 0, 2)
        .gate(StandardGate.T, 1)
        .gate(StandardGate.T, 2)
        .gate(StandardGate.H, 2)
        .gate(StandardGate.CX, 0, 1)
        .gate(StandardGate.T, 0)
        .gate(StandardGate.TDG, 1)
        .gate(StandardGate.CX, 0, 1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"astar", "dijkstra", "greedy"})
  void searchFindsTheShortestWithEveryHeuristic(String heuristic) {
    CompilationResult result =
        run(
            toffolis(),
            all(3),
            Map.of("pass", "QSearchSynthesisPass", "heuristic", heuristic, "evaluations", 40_000));
    assertThat(result.before().twoQubitGates()).isEqualTo(12);
    assertThat(result.after().twoQubitGates()).isZero();
  }

  @Test
  void leapAndRemovalShortenAsWell() {
    for (String pass :
        List.of(
            "LEAPSynthesisPass",
            "IterativeScanningGateRemovalPass",
            "ScanningGateRemoval",
            "TreeScan")) {
      CompilationResult result = run(toffolis(), all(3), Map.of("pass", pass));
      assertThat(result.after().twoQubitGates()).as(pass).isLessThan(6);
    }
  }

  @Test
  void genericSynthesisKeepsToTheBound() {
    Circuit circuit = Generators.circuit(5, 3, 120);
    CompilationResult result = run(circuit, all(3), "GenericSynthesis");
    assertThat(result.before().twoQubitGates()).isGreaterThan(30);
    assertThat(result.after().twoQubitGates()).isLessThanOrEqualTo(15);
  }

  @Test
  void approximateSynthesisSavesGatesAndSaysWhatItCost() {
    Circuit circuit =
        Circuit.builder(2)
            .gate(StandardGate.CX, 0, 1)
            .gate(StandardGate.RX, Parameters.of(0.02), 0)
            .gate(StandardGate.CX, 0, 1)
            .build();
    CompilationInput rough =
        input(
            circuit,
            all(2),
            List.of(Map.of("pass", "QSearchSynthesis", "success_threshold", 1e-3)));
    CompilationResult result = Compilations.compile(rough);
    assertThat(result.after().twoQubitGates()).isZero();
    assertThat(Objects.requireNonNull(result.distance()).value())
        .isGreaterThan(1e-6)
        .isLessThanOrEqualTo(result.errorBound());
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void substitutedCircuitDoesTheSameForNoMoreGates(long seed) {
    Circuit circuit = Generators.circuit(seed, 3, 15);
    CompilationResult plain = run(circuit, all(3));
    CompilationResult result = run(circuit, all(3), Map.of("pass", "SubstitutePass", "gate", "cx"));
    assertThat(result.after().twoQubitGates()).isLessThanOrEqualTo(plain.after().twoQubitGates());
  }

  @ParameterizedTest
  @ValueSource(strings = {"cx", "cz", "ecr", "iswap", "sqisw", "rzz", "rxx", "b"})
  void rebasedCircuitIsTheSame(String gate) {
    run(Generators.circuit(11, 4, 30), all(4), Map.of("pass", "Rebase2QubitGate", "gate", gate));
    run(
        Generators.dynamicCircuit(12, 3, 20, 3),
        line(3),
        Map.of("pass", "Rebase2QubitGate", "gate", gate),
        "SabreRouting");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "QuickPartitioner",
        "ScanPartitioner",
        "GreedyPartitioner",
        "ClusteringPartitioner",
        "GroupSingleQuditGatePass"
      })
  void partsAreWidenedJoinedAndWorkedOn(String partitioner) {
    Circuit circuit = Generators.dynamicCircuit(21, 5, 40, 3);
    for (MachineModel machine : List.of(all(6), line(6))) {
      List<Object> parts =
          List.of(
              partitioner,
              Map.of("pass", "ExtendBlockSizePass", "minimum_size", 4),
              Map.of(
                  "pass",
                  "ForEachBlockPass",
                  "replace_filter",
                  "less-than",
                  "min_gates",
                  2,
                  "body",
                  List.of(Map.of("pass", "ScanningGateRemoval", "evaluations", 300))),
              partitioner,
              "UnfoldPass");
      run(
          circuit,
          machine,
          machine.coupling().isComplete()
              ? parts.toArray()
              : java.util.stream.Stream.concat(
                      java.util.stream.Stream.of("SabreRouting"), parts.stream())
                  .toArray());
    }
  }

  @Test
  void collectionFilterLeavesPartsAlone() {
    Circuit.Builder builder = Circuit.builder(5);
    toffolis().operations().forEach(builder::add);
    Circuit circuit = builder.gate(StandardGate.CX, 3, 4).build();
    Map<String, Object> body =
        Map.of(
            "pass",
            "ForEachBlock",
            "max_qubits",
            2,
            "body",
            List.of(Map.of("pass", "IterativeScanningGateRemoval")));
    int kept = run(circuit, all(5), "QuickPartitioner", body).after().twoQubitGates();
    int shortened =
        run(
                circuit,
                all(5),
                "QuickPartitioner",
                Map.of("pass", "ForEachBlock", "body", List.of("IterativeScanningGateRemoval")))
            .after()
            .twoQubitGates();
    assertThat(shortened).isLessThan(kept);
  }

  @Test
  void placementLayoutAndRoutingWorkOneByOne() {
    // A path, but not in the order of its qubits.
    Circuit.Builder path = Circuit.builder(5);
    for (int[] pair : new int[][] {{0, 3}, {3, 1}, {1, 4}, {4, 2}, {0, 3}, {1, 4}}) {
      path.gate(StandardGate.H, pair[0]).gate(StandardGate.CX, pair[0], pair[1]);
    }
    Circuit circuit = path.build();
    int trivial =
        run(circuit, line(7), "TrivialPlacement", "GeneralizedSabreRoutingPass")
            .after()
            .twoQubitGates();
    CompilationResult refined =
        run(
            circuit,
            line(7),
            "GreedyPlacementPass",
            Map.of("pass", "GeneralizedSabreLayoutPass", "trials", 8),
            "GeneralizedSabreRoutingPass",
            "ApplyPlacement",
            "MappingVerification");
    assertThat(refined.after().twoQubitGates()).isLessThan(trivial);
  }

  @Test
  void staticPlacementNeedsNoSwap() {
    // A star of five on a grid needs its middle on the grid's middle.
    Circuit.Builder star = Circuit.builder(5);
    for (int leaf = 1; leaf < 5; leaf++) {
      star.gate(StandardGate.CX, 0, leaf);
    }
    MachineModel grid = new MachineModel(CouplingGraph.grid(3, 3), GateSet.DEFAULT);
    CompilationResult result =
        run(star.build(), grid, "StaticPlacementPass", "ApplyPlacement", "MappingVerification");
    assertThat(result.after().twoQubitGates()).isEqualTo(4);
    assertThat(result.initialMapping().getFirst()).isEqualTo(4);
  }

  @Test
  void placementThatNeedsSwapsIsNotApplied() {
    Circuit circuit = Circuit.builder(3).gate(StandardGate.CX, 0, 2).build();
    CompilationInput input = input(circuit, line(3), List.of("TrivialPlacement", "ApplyPlacement"));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Compilations.compile(input))
        .withMessageContaining("route the circuit");
  }

  @Test
  void placementsWorkOnPartsThatHoldTheCircuit() {
    MachineModel machine =
        new MachineModel(
            CouplingGraph.of(
                7,
                List.of(
                    new CouplingGraph.Edge(0, 1),
                    new CouplingGraph.Edge(2, 3),
                    new CouplingGraph.Edge(3, 4),
                    new CouplingGraph.Edge(4, 5),
                    new CouplingGraph.Edge(5, 6))),
            GateSet.DEFAULT);
    for (String placement : List.of("TrivialPlacement", "GreedyPlacement", "StaticPlacement")) {
      run(
          Generators.circuit(3, 4, 25),
          machine,
          placement,
          "GeneralizedSabreLayout",
          "GeneralizedSabreRouting");
    }
  }

  @Test
  void predicatesDecide() {
    Circuit circuit = Examples.read(HALF_ADDER);
    Object yes = List.of(Map.of("pass", "WindowResynthesis", "beam_width", 0));
    List<Object> cases =
        List.of(
            List.of(true, "UnitaryPredicate"),
            List.of(true, "SinglePhysicalPredicate"),
            List.of(false, "ManyQuditGatesPredicate"),
            List.of(false, Map.of("predicate", "DiagonalPredicate", "threshold", 1e-6)),
            List.of(true, Map.of("predicate", "GateCountPredicate", "gate", "tq")),
            List.of(
                false,
                Map.of(
                    "predicate",
                    "AndPredicate",
                    "of",
                    List.of(
                        "UnitaryPredicate", Map.of("predicate", "WidthPredicate", "width", 5)))),
            List.of(
                true,
                Map.of(
                    "predicate",
                    "OrPredicate",
                    "of",
                    List.of(
                        Map.of("predicate", "WidthPredicate", "width", 5), "UnitaryPredicate"))),
            List.of(true, Map.of("predicate", "NotPredicate", "of", "ManyQuditGatesPredicate")));
    int before = run(circuit, all(5)).after().twoQubitGates();
    for (Object each : cases) {
      List<?> decided = (List<?>) each;
      int after =
          run(
                  circuit,
                  all(5),
                  Map.of("pass", "IfThenElsePass", "predicate", decided.get(1), "then", yes))
              .after()
              .twoQubitGates();
      assertThat(after < before).as("%s", decided.get(1)).isEqualTo(decided.get(0));
    }
  }

  @Test
  void physicalIsWhatLiesOnTheMachineInSingleGates() {
    Circuit circuit = Circuit.builder(2).gate(StandardGate.SWAP, 0, 1).build();
    Object notPhysical =
        Map.of(
            "pass",
            "DoWhileLoopPass",
            "predicate",
            Map.of("predicate", "NotPredicate", "of", "PhysicalPredicate"),
            "rounds",
            5,
            "body",
            List.of("Rebase2QubitGate"));
    run(circuit, all(2), notPhysical);
  }

  @Test
  void parallelDoComparesByWhatItIsTold() {
    Circuit circuit = Examples.read(HALF_ADDER);
    List<Object> nothing = List.of();
    List<Object> windows = List.of(Map.of("pass", "WindowResynthesis", "beam_width", 0));
    for (String measure : List.of("two-qubit-gates", "gates", "depth")) {
      CompilationResult best =
          run(
              circuit,
              all(5),
              Map.of(
                  "pass",
                  "ParallelDo",
                  "less_than",
                  measure,
                  "pick_first",
                  true,
                  "branches",
                  List.of(nothing, windows)));
      assertThat(best.after().twoQubitGates())
          .isLessThan(run(circuit, all(5)).after().twoQubitGates());
    }
  }
}
