package io.quern.engine.compile;

import io.quern.engine.compile.PassDescription.Need;
import io.quern.engine.pass.CircuitMeasure;
import io.quern.engine.pass.DoThenDecide;
import io.quern.engine.pass.DoWhileLoop;
import io.quern.engine.pass.ForEachBlock;
import io.quern.engine.pass.ForEachBlock.CollectionFilter;
import io.quern.engine.pass.ForEachBlock.ReplaceFilter;
import io.quern.engine.pass.IfThenElse;
import io.quern.engine.pass.ParallelDo;
import io.quern.engine.pass.WhileLoop;
import java.util.List;

/// Passes that run other passes.
final class ControlPasses {
  private static final String BQSKIT = "BQSKit's %s, doi 10.11578/dc.20210603.2";

  private static final List<String> FILTERS =
      List.of(
          "always",
          "less-than",
          "less-than-multi",
          "less-than-many",
          "less-than-respecting",
          "less-than-respecting-multi",
          "less-than-respecting-many");

  private static final List<String> MEASURES = List.of("two-qubit-gates", "gates", "depth");

  private ControlPasses() {}

  static List<PassEntry> all() {
    PassParameter body = PassParameter.required("body", PassParameter.Type.WORKFLOW, "passes");
    PassParameter predicate =
        PassParameter.required("predicate", PassParameter.Type.PREDICATE, PredicateReader.KNOWN);
    PassParameter rounds = PassParameter.integer("rounds", 100, "1 to 10000");
    return List.of(
        PassEntry.named("ForEachBlock")
            .does("Runs a workflow on every part of a partitioned circuit and joins them again.")
            .from(BQSKIT.formatted("ForEachBlockPass"))
            .with(body)
            .with(
                PassParameter.name(
                    "replace_filter",
                    "less-than-multi",
                    String.join(", ", FILTERS)
                        + "; parts respect the machine's couplings and have no gate on three"
                        + " qubits, so the last four do as the two before them"))
            .with(PassParameter.integer("min_qubits", 1, "1 to 6: parts of fewer qubits stay"))
            .with(PassParameter.integer("max_qubits", 6, "1 to 6: parts of more qubits stay"))
            .with(
                PassParameter.integer(
                    "min_gates", 0, "0 to 1000000: parts of fewer two-qubit gates stay"))
            .with(PassParameter.number("error_bound", 1e-6, "0 to 1: D2 a part may be off by"))
            .needs(Need.PARTS)
            .makes(
                in ->
                    new ForEachBlock(
                        in.workflow("body"),
                        new CollectionFilter(
                            in.integer("min_qubits", 1, PassLibrary.MOST_QUBITS),
                            in.integer("max_qubits", 1, PassLibrary.MOST_QUBITS),
                            in.integer("min_gates", 0, 1_000_000)),
                        filter(in.name("replace_filter", FILTERS)),
                        in.number("error_bound", 0, 1))),
        PassEntry.named("IfThenElse")
            .does("Runs one of two workflows.")
            .from(BQSKIT.formatted("IfThenElsePass"))
            .with(predicate)
            .with(PassParameter.required("then", PassParameter.Type.WORKFLOW, "passes"))
            .with(
                new PassParameter(
                    "else", PassParameter.Type.WORKFLOW, List.of(List.of()), "passes"))
            .makes(
                in ->
                    new IfThenElse(
                        in.predicate("predicate"),
                        in.branchWhere("predicate", "then"),
                        in.branch("else"))),
        PassEntry.named("WhileLoop")
            .does("Repeats a workflow while a predicate holds.")
            .from(BQSKIT.formatted("WhileLoopPass"))
            .with(predicate)
            .with(body)
            .with(rounds)
            .makes(
                in ->
                    new WhileLoop(
                        in.predicate("predicate"),
                        in.workflow("body"),
                        in.integer("rounds", 1, 10_000))),
        PassEntry.named("DoWhileLoop")
            .does("Runs a workflow and repeats it while a predicate holds.")
            .from(BQSKIT.formatted("DoWhileLoopPass"))
            .with(predicate)
            .with(body)
            .with(rounds)
            .makes(
                in ->
                    new DoWhileLoop(
                        in.predicate("predicate"),
                        in.workflow("body"),
                        in.integer("rounds", 1, 10_000))),
        PassEntry.named("DoThenDecide")
            .does("Runs a workflow and keeps what it did only where a predicate holds.")
            .from(BQSKIT.formatted("DoThenDecide"))
            .with(predicate)
            .with(body)
            .makes(in -> new DoThenDecide(in.predicate("predicate"), in.branch("body"))),
        PassEntry.named("ParallelDo")
            .does("Runs several workflows from the same start and keeps the best result.")
            .from(BQSKIT.formatted("ParallelDo"))
            .with(
                PassParameter.required(
                    "branches", PassParameter.Type.WORKFLOWS, "at least one workflow"))
            .with(PassParameter.name("less_than", "two-qubit-gates", String.join(", ", MEASURES)))
            .with(
                PassParameter.bool(
                    "pick_first",
                    false,
                    "whether the first in order that is less than the start is kept"))
            .makes(
                in ->
                    ParallelDo.atOnce(
                        in.branches("branches"),
                        switch (in.name("less_than", MEASURES)) {
                          case "gates" -> CircuitMeasure.GATES;
                          case "depth" -> CircuitMeasure.DEPTH;
                          default -> CircuitMeasure.TWO_QUBIT_GATES;
                        },
                        in.bool("pick_first"))));
  }

  private static ReplaceFilter filter(String name) {
    return switch (name) {
      case "always" -> ReplaceFilter.ALWAYS;
      case "less-than", "less-than-respecting" -> ReplaceFilter.LESS_THAN;
      default -> ReplaceFilter.LESS_THAN_MULTI;
    };
  }
}
