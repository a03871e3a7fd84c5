package io.quern.engine.compile;

import io.quern.engine.partition.ClusterPartitioner;
import io.quern.engine.partition.GreedyPartitioner;
import io.quern.engine.partition.Partitioner;
import io.quern.engine.partition.QuickPartitioner;
import io.quern.engine.partition.ScanPartitioner;
import io.quern.engine.pass.CommutativeCancellation;
import io.quern.engine.pass.DoThenDecide;
import io.quern.engine.pass.ForEachBlock;
import io.quern.engine.pass.ForEachBlock.ReplaceFilter;
import io.quern.engine.pass.IfThenElse;
import io.quern.engine.pass.ParallelDo;
import io.quern.engine.pass.PartitionPass;
import io.quern.engine.pass.Pass;
import io.quern.engine.pass.ReorderBlocks;
import io.quern.engine.pass.TwoQubitResynthesis;
import io.quern.engine.pass.WhileLoop;
import io.quern.engine.window.SearchEffort;
import io.quern.engine.window.WholeCircuitSynthesis;
import io.quern.engine.window.WindowResynthesis;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/// The passes a workflow may name.
public final class PassLibrary {
  /// Qubits of the widest window and part.
  static final int MOST_QUBITS = 4;

  private static final PassParameter BLOCK_SIZE = integer("block_size", 3, "2 to 4 qubits");
  private static final List<PassParameter> EFFORT =
      List.of(
          integer("width", 3, "2 to 4 qubits"),
          integer("deletion_starts", 1, "0 to 20 random starts for each gate left out"),
          integer("beam_width", 6, "0 to 50 templates kept at each size; 0 for no growing"),
          integer("beam_starts", 3, "0 to 20 random starts for each template"),
          integer("evaluations", 60_000, "1 to 1000000 evaluations of the cost for one window"));

  /// A pass with how it is made from its parameters.
  record Entry(PassDescription description, Function<WorkflowReader.Arguments, Pass> maker) {}

  private static final Map<String, Entry> ENTRIES = entries();

  private PassLibrary() {}

  /// All passes, in the order of the documentation.
  public static List<PassDescription> descriptions() {
    return ENTRIES.values().stream().map(Entry::description).toList();
  }

  static Map<String, Entry> byName() {
    return ENTRIES;
  }

  /// Passes that put the circuit onto the machine.
  static Set<String> mapping() {
    return Set.of("SabreRouting");
  }

  private static Map<String, Entry> entries() {
    List<Entry> all = new ArrayList<>();
    all.add(
        entry(
            "CommutativeCancellation",
            "Merges and cancels two-qubit gates that meet once gates they commute with are aside.",
            "Nam et al., arXiv:1710.07345",
            List.of(),
            _ -> new CommutativeCancellation()));
    all.add(
        entry(
            "ReorderBlocks",
            "Gathers commuting blocks in random orders and keeps the one that merges best.",
            "Quern",
            List.of(),
            _ -> new ReorderBlocks()));
    all.add(
        entry(
            "TwoQubitResynthesis",
            "Makes one block of each run of gates on a pair, with the fewest two-qubit gates.",
            "Vatan, Williams, doi 10.1103/PhysRevA.69.032315",
            List.of(),
            _ -> new TwoQubitResynthesis()));
    all.add(
        entry(
            "WindowResynthesis",
            "Carries out windows of a few qubits in fewer two-qubit gates, by numerical search.",
            "Davis et al., doi 10.1109/QCE49297.2020.00036; Wu et al., arXiv:2012.09835",
            with(EFFORT, integer("evaluations_per_block", 10_000, "1 to 1000000")),
            in ->
                new WindowResynthesis(
                    in.integer("width", 2, MOST_QUBITS),
                    effort(in),
                    in.integer("evaluations_per_block", 1, 1_000_000))));
    all.add(
        entry(
            "WholeCircuitSynthesis",
            "Carries out a circuit of few qubits anew as a whole; leaves others alone.",
            "Davis et al., doi 10.1109/QCE49297.2020.00036",
            EFFORT,
            in -> new WholeCircuitSynthesis(in.integer("width", 2, MOST_QUBITS), effort(in))));
    all.add(
        entry(
            "SabreRouting",
            "Finds a layout and a routing by seeded trials; needed unless every pair is coupled.",
            "Li, Ding, Xie, doi 10.1145/3297858.3304023; Zou et al., arXiv:2409.08368",
            List.of(),
            _ -> new SabreRouting()));
    for (Partitioner partitioner :
        List.of(
            new QuickPartitioner(),
            new ScanPartitioner(),
            new GreedyPartitioner(),
            new ClusterPartitioner())) {
      all.add(
          entry(
              partitioner.name(),
              "Cuts the circuit into parts of few qubits for ForEachBlock.",
              "BQSKit's " + partitioner.name(),
              List.of(BLOCK_SIZE),
              in -> new PartitionPass(partitioner, in.integer("block_size", 2, MOST_QUBITS))));
    }
    all.addAll(control());
    Map<String, Entry> byName = new LinkedHashMap<>();
    all.forEach(entry -> byName.put(entry.description().name(), entry));
    return byName;
  }

  private static List<Entry> control() {
    PassParameter body = required("body", PassParameter.Type.WORKFLOW, "passes");
    PassParameter predicate =
        required("predicate", PassParameter.Type.PREDICATE, WorkflowReader.PREDICATES);
    return List.of(
        entry(
            "ForEachBlock",
            "Runs a workflow on every part of a partitioned circuit and joins them again.",
            "BQSKit's ForEachBlockPass",
            List.of(
                body,
                new PassParameter(
                    "replace_filter",
                    PassParameter.Type.NAME,
                    List.of("less-than-multi"),
                    "always, less-than-multi"),
                new PassParameter(
                    "error_bound",
                    PassParameter.Type.NUMBER,
                    List.of(1e-6),
                    "0 to 1: D2 a part may be off by")),
            in ->
                new ForEachBlock(
                    in.workflow("body"),
                    in.name("replace_filter", List.of("always", "less-than-multi")).equals("always")
                        ? ReplaceFilter.ALWAYS
                        : ReplaceFilter.LESS_THAN_MULTI,
                    in.number("error_bound", 0, 1))),
        entry(
            "IfThenElse",
            "Runs one of two workflows.",
            "BQSKit's IfThenElsePass",
            List.of(
                predicate,
                required("then", PassParameter.Type.WORKFLOW, "passes"),
                new PassParameter(
                    "else", PassParameter.Type.WORKFLOW, List.of(List.of()), "passes")),
            in ->
                new IfThenElse(
                    in.predicate("predicate"), in.workflow("then"), in.workflow("else"))),
        entry(
            "WhileLoop",
            "Repeats a workflow while a predicate holds.",
            "BQSKit's WhileLoopPass",
            List.of(predicate, body, integer("rounds", 100, "1 to 10000")),
            in ->
                new WhileLoop(
                    in.predicate("predicate"),
                    in.workflow("body"),
                    in.integer("rounds", 1, 10_000))),
        entry(
            "DoThenDecide",
            "Runs a workflow and keeps what it did only where a predicate holds.",
            "BQSKit's DoThenDecide",
            List.of(predicate, body),
            in -> new DoThenDecide(in.predicate("predicate"), in.workflow("body"))),
        entry(
            "ParallelDo",
            "Runs several workflows from the same start and keeps the fewest two-qubit gates.",
            "BQSKit's ParallelDo",
            List.of(required("branches", PassParameter.Type.WORKFLOWS, "at least one workflow")),
            in -> new ParallelDo(in.workflows("branches"))));
  }

  private static SearchEffort effort(WorkflowReader.Arguments in) {
    return new SearchEffort(
        in.integer("deletion_starts", 0, 20),
        in.integer("beam_width", 0, 50),
        in.integer("beam_starts", 0, 20),
        in.integer("evaluations", 1, 1_000_000));
  }

  private static Entry entry(
      String name,
      String summary,
      String source,
      List<PassParameter> parameters,
      Function<WorkflowReader.Arguments, Pass> maker) {
    return new Entry(new PassDescription(name, summary, parameters, source), maker);
  }

  private static PassParameter integer(String name, int usual, String allowed) {
    return new PassParameter(name, PassParameter.Type.INTEGER, List.of(usual), allowed);
  }

  private static PassParameter required(String name, PassParameter.Type type, String allowed) {
    return new PassParameter(name, type, List.of(), allowed);
  }

  private static List<PassParameter> with(List<PassParameter> first, PassParameter last) {
    List<PassParameter> all = new ArrayList<>(first);
    all.add(last);
    return all;
  }
}
