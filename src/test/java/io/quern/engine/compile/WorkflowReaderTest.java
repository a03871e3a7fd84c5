package io.quern.engine.compile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quern.engine.circuit.Circuit;
import io.quern.engine.machine.CouplingGraph;
import io.quern.engine.machine.GateSet;
import io.quern.engine.machine.MachineModel;
import io.quern.engine.pass.Workflow;
import io.quern.testing.CompilationResultAssert;
import io.quern.testing.Examples;
import io.quern.testing.Generators;
import io.quern.testing.InlineRuntime;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class WorkflowReaderTest {
  private static final MachineModel ALL = new MachineModel(CouplingGraph.all(5), GateSet.DEFAULT);
  private static final MachineModel LINE = new MachineModel(CouplingGraph.line(5), GateSet.DEFAULT);

  private static final Circuit FIVE = Circuit.builder(5).build();

  private static CompilationResult run(Circuit circuit, MachineModel machine, Object tree)
      throws InterruptedException {
    Workflow workflow = WorkflowReader.read(tree, circuit, machine);
    return Compilation.run(
        new CompilationInput(
            circuit,
            machine,
            new CompilationOptions(
                1, 7, false, Verification.NONE, workflow, SynthesisOptions.DEFAULT)),
        InlineRuntime.of(2, 1));
  }

  private static void refused(Object tree, MachineModel machine, String where, String message) {
    assertThatThrownBy(() -> WorkflowReader.read(tree, FIVE, machine))
        .isInstanceOfSatisfying(
            WorkflowException.class,
            refusal -> {
              assertThat(refusal.where()).isEqualTo(where);
              assertThat(refusal).hasMessageContaining(message);
            });
  }

  @Test
  void blocksAreResynthesisedApart() throws InterruptedException {
    Circuit circuit = Examples.read("half_adder_5");
    List<Object> tree =
        List.of(
            Map.of("pass", "QuickPartitioner", "block_size", 3),
            Map.of(
                "pass",
                "ForEachBlock",
                "body",
                List.of(Map.of("pass", "WholeCircuitSynthesis", "deletion_starts", 1))));
    CompilationResult result = run(circuit, ALL, tree);
    CompilationResultAssert.assertThat(result)
        .carriesOut(
            new CompilationInput(
                circuit, ALL, new CompilationOptions(1, 7, false, Verification.NONE)));
    assertThat(result.after().twoQubitGates()).isLessThan(result.before().twoQubitGates());
    assertThat(result.passes())
        .extracting(PassReport::name)
        .containsExactly(
            "Unfold",
            "ApplyPlacement",
            "QuickPartitioner",
            "ForEachBlock",
            "GateSetRetargeting",
            "Verification");
  }

  @Test
  void workflowsThatCannotWorkAreRefused() {
    refused("CommutativeCancellation", ALL, "", "expected a list of passes");
    refused(List.of("Shorten"), ALL, "/0", "expected a known pass, one of [CommutativeCanc");
    refused(
        List.of(3),
        ALL,
        "/0",
        "expected a pass's name or an object of it under 'pass' and parameters, found 3");
    refused(
        List.of("ReorderBlocks", Map.of("pass", "QuickPartitioner", "size", 3)),
        ALL,
        "/1/size",
        "expected a parameter of QuickPartitioner, one of [block_size], found 'size'");
    refused(
        List.of(Map.of("pass", "QuickPartitioner", "block_size", 9)),
        ALL,
        "/0/block_size",
        "an integer from 2 to 6 in 'block_size', found 9");
    refused(
        List.of(Map.of("pass", "ForEachBlock", "body", List.of())),
        ALL,
        "/0",
        "a partitioner such as QuickPartitioner directly before ForEachBlock");
    refused(
        List.of(
            "QuickPartitioner", "ReorderBlocks", Map.of("pass", "ForEachBlock", "body", List.of())),
        ALL,
        "/2",
        "a partitioner such as QuickPartitioner directly before ForEachBlock");
    refused(
        List.of("QuickPartitioner", "ForEachBlock"),
        ALL,
        "/1",
        "the parameter 'body' of ForEachBlock, found none");
    refused(
        List.of("QuickPartitioner", Map.of("pass", "ForEachBlock", "body", List.of("Nothing"))),
        ALL,
        "/1/body/0",
        "found 'Nothing'");
    refused(List.of("ReorderBlocks"), LINE, "", "such as SabreRouting");
    refused(List.of("SabreRouting"), ALL, "/0", "it has nothing to do, found SabreRouting");
    refused(List.of("SabreRouting", "SabreRouting"), LINE, "/1", "mapped already");
    refused(
        List.of("QSearchSynthesis"),
        ALL,
        "/0",
        "at most 4 qubits for QSearchSynthesis (ForEachBlock works on parts), found 5 qubits");
    refused(
        List.of(
            Map.of("pass", "QuickPartitioner", "block_size", 5),
            Map.of("pass", "ForEachBlock", "body", List.of("LEAPSynthesisPass"))),
        ALL,
        "/1/body/0",
        "found 5 qubits");
    refused(
        List.of(
            Map.of("pass", "QuickPartitioner", "block_size", 3),
            Map.of("pass", "ExtendBlockSize", "minimum_size", 5),
            Map.of("pass", "ForEachBlock", "body", List.of("QSearchSynthesisPass"))),
        ALL,
        "/2/body/0",
        "found 5 qubits");
    refused(
        List.of(Map.of("pass", "ExtendBlockSize")), ALL, "/0", "directly before ExtendBlockSize");
    refused(List.of(Map.of("pass", "Substitute", "gate", "h")), ALL, "/0/gate", "found 'h'");
    refused(
        List.of(Map.of("pass", "ScanningGateRemoval", "start_from_left", 1)),
        ALL,
        "/0/start_from_left",
        "true or false in 'start_from_left', found 1");
    refused(List.of("MappingVerification"), LINE, "/0", "after the circuit was mapped");
    refused(List.of("GreedyPlacement"), LINE, "", "such as SabreRouting");
    refused(List.of("SabreRouting", "GreedyPlacement"), LINE, "/1", "is mapped already");
    refused(
        List.of(
            Map.of("pass", "ParallelDo", "branches", List.of(List.of("GeneralizedSabreRouting")))),
        LINE,
        "/0/branches/0/0",
        "in the outermost workflow");
    refused(
        List.of(Map.of("pass", "WhileLoop", "predicate", "Sometimes", "body", List.of())),
        ALL,
        "/0/predicate",
        "found 'Sometimes'");
  }

  @Test
  void widthAndMeasurementsCountWherePredicatesDoNotRuleThemOut() {
    Circuit measured = Generators.dynamicCircuit(3, 5, 20, 2);
    assertThatThrownBy(
            () ->
                WorkflowReader.read(
                    List.of("QSearchSynthesis"),
                    Generators.dynamicCircuit(3, 4, 20, 2),
                    new MachineModel(CouplingGraph.all(4), GateSet.DEFAULT)))
        .hasMessageContaining("QSearchSynthesis on circuits of gates only");
    Object guarded =
        Map.of(
            "pass",
            "IfThenElse",
            "predicate",
            Map.of(
                "predicate",
                "AndPredicate",
                "of",
                List.of("UnitaryPredicate", Map.of("predicate", "WidthPredicate", "width", 5))),
            "then",
            List.of("QSearchSynthesis"));
    assertThat(WorkflowReader.read(List.of(guarded), measured, ALL).passes()).hasSize(4);
  }

  @Test
  void passesGoByTheirBqskitNamesToo() {
    for (String name :
        List.of(
            "QSearchSynthesisPass",
            "QSearchSynthesis",
            "LEAPSynthesisPass",
            "ScanningGateRemovalPass",
            "TreeScanningGateRemovalPass",
            "TreeScan",
            "IterativeScanningGateRemovalPass",
            "SubstitutePass",
            "Rebase2QuditGatePass",
            "Rebase2QubitGate",
            "WindowOptimizationPass",
            "QuickPartitioner",
            "ScanPartitioner",
            "GreedyPartitioner",
            "ClusteringPartitioner",
            "GroupSingleQuditGatePass",
            "ExtendBlockSizePass",
            "UnfoldPass",
            "Unfold",
            "ForEachBlockPass",
            "IfThenElsePass",
            "WhileLoopPass",
            "DoWhileLoopPass",
            "DoThenDecide",
            "ParallelDo",
            "TrivialPlacementPass",
            "GreedyPlacementPass",
            "StaticPlacementPass",
            "GeneralizedSabreLayoutPass",
            "GeneralizedSabreRoutingPass",
            "ApplyPlacement")) {
      assertThat(PassLibrary.find(name)).as(name).isNotNull();
    }
  }

  @Test
  void everyPassIsDescribed() {
    assertThat(PassLibrary.descriptions())
        .hasSizeGreaterThan(30)
        .allSatisfy(
            pass -> {
              assertThat(pass.summary()).endsWith(".");
              assertThat(pass.source())
                  .matches(".*(doi 10\\.|arXiv:).*|Quern.*")
                  .doesNotContain("%s");
              assertThat(pass.parameters()).allMatch(parameter -> !parameter.allowed().isBlank());
            });
  }
}
