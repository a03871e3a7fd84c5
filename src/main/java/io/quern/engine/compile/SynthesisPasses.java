package io.quern.engine.compile;

import io.quern.engine.compile.PassDescription.Need;
import io.quern.engine.instantiation.InstantiationOptions;
import io.quern.engine.pass.Pass;
import io.quern.engine.processing.CliffordSynthesis;
import io.quern.engine.processing.DiagonalSynthesis;
import io.quern.engine.processing.FixedTemplateSynthesis;
import io.quern.engine.processing.GateRemoval;
import io.quern.engine.processing.GateRemovalOptions;
import io.quern.engine.processing.SearchSynthesis;
import io.quern.engine.processing.Substitute;
import io.quern.engine.synthesis.search.SearchHeuristic;
import io.quern.engine.synthesis.search.SearchOptions;
import io.quern.engine.window.SearchEffort;
import io.quern.engine.window.WholeCircuitSynthesis;
import io.quern.engine.window.WindowResynthesis;
import java.util.ArrayList;
import java.util.List;

/// Passes that carry out windows, parts or whole circuits of few qubits anew, by numerical search.
final class SynthesisPasses {
  private static final int MOST_EVALUATIONS = 100_000_000;
  private static final int MOST_STARTS = 100;
  private static final int WIDEST_WINDOW = 4;

  private static final String DAVIS = "Davis et al., doi 10.1109/QCE49297.2020.00036";

  private static final PassParameter THRESHOLD =
      PassParameter.number(
          "success_threshold",
          InstantiationOptions.PRECISE,
          "1e-28 to 0.5: distance (D1) from the unitary; above 1e-24 synthesis is approximate");

  private static final List<PassParameter> EFFORT =
      List.of(
          PassParameter.integer("width", 3, "2 to 4 qubits"),
          PassParameter.integer(
              "deletion_starts", 1, "0 to 20 random starts for each gate left out"),
          PassParameter.integer(
              "beam_width", 6, "0 to 50 templates kept at each size; 0 for no growing"),
          PassParameter.integer("beam_starts", 3, "0 to 20 random starts for each template"),
          PassParameter.integer(
              "evaluations", 60_000, "1 to 1000000 evaluations of the cost for one window"),
          THRESHOLD);

  private SynthesisPasses() {}

  static List<PassEntry> all() {
    List<PassEntry> all = new ArrayList<>();
    all.add(
        PassEntry.named("WindowResynthesis", "WindowOptimizationPass")
            .does(
                "Carries out windows of a few qubits in fewer two-qubit gates, by numerical"
                    + " search.")
            .from(DAVIS + "; Wu et al., arXiv:2012.09835")
            .with(EFFORT)
            .with(PassParameter.integer("evaluations_per_block", 10_000, "1 to 1000000"))
            .makes(
                in ->
                    new WindowResynthesis(
                        in.integer("width", 2, WIDEST_WINDOW),
                        effort(in),
                        in.integer("evaluations_per_block", 1, 1_000_000))));
    all.add(
        PassEntry.named("WholeCircuitSynthesis")
            .does("Carries out a circuit of few qubits anew as a whole; leaves others alone.")
            .from(DAVIS)
            .with(EFFORT)
            .makes(
                in ->
                    new WholeCircuitSynthesis(in.integer("width", 2, WIDEST_WINDOW), effort(in))));
    all.add(
        PassEntry.named("QSearchSynthesis")
            .does(
                "Finds the circuit of fewest two-qubit gates by best-first search over templates.")
            .from("QSearch; " + DAVIS)
            .with(
                PassParameter.name(
                    "heuristic",
                    "astar",
                    "astar: gates and distance; dijkstra: gates; greedy: distance"))
            .with(search(20_000))
            .upTo(SearchSynthesis.MOST_QUBITS)
            .needs(Need.GATES_ONLY)
            .makes(
                in ->
                    new SearchSynthesis(
                        "QSearchSynthesis",
                        options(
                            in,
                            switch (in.name("heuristic", List.of("astar", "dijkstra", "greedy"))) {
                              case "dijkstra" -> SearchHeuristic.DIJKSTRA;
                              case "greedy" -> SearchHeuristic.GREEDY;
                              default -> SearchHeuristic.A_STAR;
                            }))));
    all.add(
        PassEntry.named("LEAPSynthesis")
            .does(
                "Searches as QSearch does from prefixes that are kept every few gates, then removes"
                    + " gates.")
            .from("Smith et al., doi 10.1145/3548693")
            .with(search(60_000))
            .upTo(SearchSynthesis.MOST_QUBITS)
            .needs(Need.GATES_ONLY)
            .makes(in -> new SearchSynthesis("LEAPSynthesis", options(in, SearchHeuristic.LEAP))));
    all.add(
        PassEntry.named(FixedTemplateSynthesis.NAME)
            .does(
                "Fits any unitary with as many two-qubit gates as counting parameters asks for: 3,"
                    + " 14 or 61.")
            .from(
                "Shende et al., doi 10.1103/PhysRevA.69.062321; Rakyta, Zimboras, arXiv:2109.06770")
            .upTo(FixedTemplateSynthesis.MOST_QUBITS)
            .needs(Need.GATES_ONLY)
            .makes(_ -> new FixedTemplateSynthesis()));
    all.add(
        PassEntry.named(CliffordSynthesis.NAME)
            .does("Carries out a Clifford circuit with the fewest two-qubit gates, from a table.")
            .from("Bravyi et al., doi 10.22331/q-2021-11-16-580, arXiv:2105.02291")
            .upTo(CliffordSynthesis.MOST_QUBITS)
            .needs(Need.GATES_ONLY)
            .makes(_ -> new CliffordSynthesis()));
    all.add(
        PassEntry.named(DiagonalSynthesis.NAME, "WalshDiagonalSynthesisPass")
            .does(
                "Carries out a circuit that is diagonal between one-qubit gates by rotations of"
                    + " parities.")
            .from("Welch et al., doi 10.1088/1367-2630/16/3/033040")
            .upTo(DiagonalSynthesis.MOST_QUBITS)
            .needs(Need.GATES_ONLY)
            .makes(_ -> new DiagonalSynthesis()));
    all.add(removal("ScanningGateRemoval", false, false));
    all.add(removal("IterativeScanningGateRemoval", false, true));
    all.add(removal("TreeScanningGateRemoval", true, false, "TreeScan"));
    all.add(
        PassEntry.named(Substitute.NAME)
            .does(
                "Tries one gate in the place of each block that needs more and fits all angles"
                    + " anew.")
            .from("BQSKit's SubstitutePass, doi 10.11578/dc.20210603.2")
            .with(PassParameter.name("gate", "cx", "the OpenQASM name of a two-qubit gate"))
            .with(PassParameter.integer("starts", 2, "1 to 100 starts of each fit"))
            .with(PassParameter.integer("evaluations", 2_000, "1 to 100000000 for each block"))
            .with(THRESHOLD)
            .upTo(Substitute.MOST_QUBITS)
            .needs(Need.GATES_ONLY)
            .makes(
                in ->
                    new Substitute(
                        in.twoQubitGate("gate"),
                        in.integer("starts", 1, MOST_STARTS),
                        threshold(in),
                        in.integer("evaluations", 1, MOST_EVALUATIONS))));
    return all;
  }

  private static PassEntry removal(
      String name, boolean isTree, boolean isRepeated, String... aliases) {
    PassEntry.Builder builder =
        PassEntry.named(name, aliases)
            .does(
                isTree
                    ? "Looks at a few two-qubit gates at a time and leaves out as many as the rest"
                        + " can do without."
                    : isRepeated
                        ? "Leaves out two-qubit gates one by one, again and again until none can"
                            + " go."
                        : "Leaves out two-qubit gates one by one where the rest can be fitted.")
            .from("BQSKit's " + name + "Pass, doi 10.11578/dc.20210603.2")
            .with(
                PassParameter.bool(
                    "start_from_left", true, "whether the first gates are tried first"));
    if (isTree) {
      builder.with(PassParameter.integer("tree_depth", 3, "1 to 8 gates at a time"));
    }
    return builder
        .with(
            PassParameter.integer(
                "starts", 1, "0 to 100 random starts beside the gates as they are"))
        .with(PassParameter.integer("evaluations", 20_000, "1 to 100000000 in all"))
        .with(THRESHOLD)
        .upTo(GateRemoval.MOST_QUBITS)
        .needs(Need.GATES_ONLY)
        .makes(in -> removal(in, name, isTree, isRepeated));
  }

  private static Pass removal(StepArguments in, String name, boolean isTree, boolean isRepeated) {
    return new GateRemoval(
        name,
        new GateRemovalOptions(
            in.bool("start_from_left"),
            isTree ? in.integer("tree_depth", 1, 8) : 1,
            isRepeated,
            in.integer("starts", 0, MOST_STARTS),
            threshold(in),
            in.integer("evaluations", 1, MOST_EVALUATIONS)));
  }

  private static List<PassParameter> search(int evaluations) {
    return List.of(
        PassParameter.integer("starts", 1, "1 to 100 random starts for each template"),
        PassParameter.integer(
            "evaluations", evaluations, "1 to 100000000 evaluations of the cost in all"),
        THRESHOLD);
  }

  private static SearchOptions options(StepArguments in, SearchHeuristic heuristic) {
    return new SearchOptions(
        heuristic,
        in.integer("evaluations", 1, MOST_EVALUATIONS),
        in.integer("starts", 1, MOST_STARTS),
        threshold(in));
  }

  private static double threshold(StepArguments in) {
    return in.number("success_threshold", 1e-28, 0.5);
  }

  private static SearchEffort effort(StepArguments in) {
    return new SearchEffort(
            in.integer("deletion_starts", 0, 20),
            in.integer("beam_width", 0, 50),
            in.integer("beam_starts", 0, 20),
            in.integer("evaluations", 1, 1_000_000))
        .withGoal(threshold(in));
  }
}
