package io.quern.engine.compile;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;

/// Seeded random workflows of all passes, as JSON has them, that can work.
final class RandomWorkflows {
  private static final List<String> PARTITIONERS =
      List.of("QuickPartitioner", "ScanPartitioner", "GreedyPartitioner", "ClusteringPartitioner");

  private static final List<String> GATES =
      List.of("cx", "cz", "ecr", "iswap", "sqisw", "rzz", "rxx", "b");

  private final Random random;

  RandomWorkflows(Random random) {
    this.random = random;
  }

  /// @param isMapped false: the workflow maps the circuit itself
  List<Object> next(boolean isMapped) {
    List<Object> steps = steps(0, false);
    if (!isMapped) {
      steps.addAll(mapping());
      steps.addAll(steps(1, false));
    }
    return steps;
  }

  private List<Object> mapping() {
    return switch (random.nextInt(4)) {
      case 0 -> List.of("SabreRouting");
      case 1 -> List.of("GreedyPlacementPass", "GeneralizedSabreRoutingPass", "ApplyPlacement");
      case 2 ->
          List.of(
              "StaticPlacement",
              Map.of("pass", "GeneralizedSabreLayout", "layout_passes", 1, "trials", 2),
              Map.of("pass", "GeneralizedSabreRouting", "trials", 2),
              "MappingVerification");
      default -> List.of("TrivialPlacement", "GeneralizedSabreRouting", "MappingVerification");
    };
  }

  /// @param isPart whether the circuit is a part of at most three qubits without measurements
  private List<Object> steps(int depth, boolean isPart) {
    List<Object> steps = new ArrayList<>();
    int count = 1 + random.nextInt(isPart ? 2 : 3);
    for (int k = 0; k < count; k++) {
      if (isPart && random.nextBoolean()) {
        steps.add(synthesis());
      } else if (depth < 2 && random.nextInt(3) > 0) {
        addControl(steps, depth, isPart);
      } else {
        steps.add(rewriting());
      }
    }
    return steps;
  }

  private Object rewriting() {
    return switch (random.nextInt(5)) {
      case 0 -> "CommutativeCancellation";
      case 1 -> "TwoQubitResynthesis";
      case 2 -> "ReorderBlocks";
      case 3 -> Map.of("pass", "Rebase2QuditGatePass", "gate", one(GATES));
      default -> Map.of("pass", "WindowResynthesis", "beam_width", 0, "evaluations", 500);
    };
  }

  private Object synthesis() {
    return switch (random.nextInt(8)) {
      case 6 -> "CliffordSynthesis";
      case 7 -> "WalshDiagonalSynthesisPass";
      case 0 ->
          Map.of(
              "pass",
              "QSearchSynthesisPass",
              "heuristic",
              one(List.of("astar", "dijkstra", "greedy")),
              "evaluations",
              1_000);
      case 1 -> Map.of("pass", "LEAPSynthesisPass", "evaluations", 1_000);
      case 2 -> Map.of("pass", "ScanningGateRemovalPass", "evaluations", 500, "starts", 0);
      case 3 -> Map.of("pass", "TreeScan", "evaluations", 500, "start_from_left", false);
      case 4 -> Map.of("pass", "IterativeScanningGateRemovalPass", "evaluations", 500);
      default ->
          Map.of("pass", "SubstitutePass", "gate", one(GATES), "evaluations", 40, "starts", 1);
    };
  }

  private void addControl(List<Object> steps, int depth, boolean isPart) {
    switch (random.nextInt(7)) {
      case 0 ->
          steps.add(
              Map.of(
                  "pass",
                  "IfThenElse",
                  "predicate",
                  predicate(),
                  "then",
                  steps(depth + 1, isPart),
                  "else",
                  steps(depth + 1, isPart)));
      case 1 ->
          steps.add(
              Map.of(
                  "pass",
                  random.nextBoolean() ? "WhileLoop" : "DoWhileLoopPass",
                  "predicate",
                  predicate(),
                  "rounds",
                  2,
                  "body",
                  steps(depth + 1, isPart)));
      case 2 ->
          steps.add(
              Map.of(
                  "pass",
                  "DoThenDecide",
                  "predicate",
                  predicate(),
                  "body",
                  steps(depth + 1, isPart)));
      case 3 ->
          steps.add(
              Map.of(
                  "pass",
                  "ParallelDo",
                  "less_than",
                  one(List.of("two-qubit-gates", "gates", "depth")),
                  "pick_first",
                  random.nextBoolean(),
                  "branches",
                  List.of(steps(depth + 1, isPart), steps(depth + 1, isPart))));
      case 4 -> {
        steps.add("GroupSingleQuditGatePass");
        steps.add("UnfoldPass");
      }
      default -> {
        steps.add(Map.of("pass", one(PARTITIONERS), "block_size", 2 + random.nextInt(2)));
        if (random.nextInt(3) == 0) {
          steps.add(Map.of("pass", "ExtendBlockSize", "minimum_size", 3));
        }
        steps.add(
            Map.of(
                "pass",
                "ForEachBlockPass",
                "replace_filter",
                one(List.of("always", "less-than", "less-than-multi")),
                "min_gates",
                random.nextInt(3),
                "body",
                steps(depth + 1, true)));
      }
    }
  }

  private Object predicate() {
    return switch (random.nextInt(7)) {
      case 0 -> Map.of("predicate", "WidthPredicate", "width", 4);
      case 1 -> Map.of("predicate", "GateCountPredicate", "count", 5);
      case 2 -> Map.of("predicate", "GateCountPredicate", "gate", "tq");
      case 3 -> Map.of("predicate", "NotPredicate", "of", "PhysicalPredicate");
      case 4 ->
          Map.of("predicate", "OrPredicate", "of", List.of("UnitaryPredicate", "ChangePredicate"));
      case 5 -> Map.of("predicate", "DiagonalPredicate", "threshold", 1e-6);
      default -> "ChangePredicate";
    };
  }

  private <T> T one(List<T> values) {
    return values.get(random.nextInt(values.size()));
  }
}
