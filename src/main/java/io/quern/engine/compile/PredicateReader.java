package io.quern.engine.compile;

import io.quern.engine.pass.CircuitMeasure;
import io.quern.engine.pass.Predicate;
import io.quern.engine.pass.Predicate.AndPredicate;
import io.quern.engine.pass.Predicate.ChangePredicate;
import io.quern.engine.pass.Predicate.DiagonalPredicate;
import io.quern.engine.pass.Predicate.GateCountPredicate;
import io.quern.engine.pass.Predicate.ManyQuditGatesPredicate;
import io.quern.engine.pass.Predicate.MeasureChangePredicate;
import io.quern.engine.pass.Predicate.MultiPhysicalPredicate;
import io.quern.engine.pass.Predicate.NotPredicate;
import io.quern.engine.pass.Predicate.OrPredicate;
import io.quern.engine.pass.Predicate.PhysicalPredicate;
import io.quern.engine.pass.Predicate.SinglePhysicalPredicate;
import io.quern.engine.pass.Predicate.UnitaryPredicate;
import io.quern.engine.pass.Predicate.WidthPredicate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Reads a predicate: a name, or an object of its name under `predicate` and its parameters.
final class PredicateReader {
  static final String KNOWN =
      "ChangePredicate, UnitaryPredicate, PhysicalPredicate, MultiPhysicalPredicate,"
          + " SinglePhysicalPredicate, ManyQuditGatesPredicate, {\"predicate\": \"WidthPredicate\","
          + " \"width\": n}, {\"predicate\": \"GateCountPredicate\", \"count\": n}, {\"predicate\":"
          + " \"GateCountPredicate\", \"gate\": \"sq\", \"tq\" or \"multi\"}, {\"predicate\":"
          + " \"DiagonalPredicate\", \"threshold\": d}, {\"predicate\": \"NotPredicate\", \"of\":"
          + " predicate}, {\"predicate\": \"AndPredicate\" or \"OrPredicate\", \"of\": predicates}";

  private static final int MOST_NESTED = 8;

  private final String where;

  /// @param where the predicate's JSON pointer into the workflow
  PredicateReader(String where) {
    this.where = where;
  }

  Predicate read(@Nullable Object value) {
    return read(value, where, 0);
  }

  private static Predicate read(@Nullable Object value, String at, int depth) {
    Map<?, ?> map = value instanceof Map<?, ?> object ? object : Map.of();
    Object kind = value instanceof String ? value : map.get("predicate");
    Predicate found =
        kind instanceof String name && depth <= MOST_NESTED ? read(name, map, at, depth) : null;
    if (found == null) {
      throw new WorkflowException(at, "a predicate, one of " + KNOWN, WorkflowReader.shown(value));
    }
    return found;
  }

  private static @Nullable Predicate read(String name, Map<?, ?> map, String at, int depth) {
    if (map.size() <= 1) {
      return switch (name) {
        case "ChangePredicate" -> new ChangePredicate();
        case "UnitaryPredicate" -> new UnitaryPredicate();
        case "PhysicalPredicate" -> new PhysicalPredicate();
        case "MultiPhysicalPredicate" -> new MultiPhysicalPredicate();
        case "SinglePhysicalPredicate" -> new SinglePhysicalPredicate();
        case "ManyQuditGatesPredicate" -> new ManyQuditGatesPredicate();
        default -> null;
      };
    }
    if (map.size() > 2) {
      return null;
    }
    return switch (name) {
      case "WidthPredicate" ->
          map.get("width") instanceof Integer width ? new WidthPredicate(width) : null;
      case "GateCountPredicate" ->
          map.get("count") instanceof Integer count
              ? new GateCountPredicate(count)
              : changed(map.get("gate"));
      case "DiagonalPredicate" ->
          map.get("threshold") instanceof Number threshold
              ? new DiagonalPredicate(threshold.doubleValue())
              : null;
      case "NotPredicate" -> new NotPredicate(read(map.get("of"), at + "/of", depth + 1));
      case "AndPredicate" -> new AndPredicate(all(map.get("of"), at + "/of", depth + 1));
      case "OrPredicate" -> new OrPredicate(all(map.get("of"), at + "/of", depth + 1));
      default -> null;
    };
  }

  private static @Nullable Predicate changed(@Nullable Object kind) {
    if ("sq".equals(kind)) {
      return new MeasureChangePredicate(CircuitMeasure.GATES);
    }
    return "tq".equals(kind) || "multi".equals(kind)
        ? new MeasureChangePredicate(CircuitMeasure.TWO_QUBIT_GATES)
        : null;
  }

  private static List<Predicate> all(@Nullable Object value, String at, int depth) {
    if (!(value instanceof List<?> list) || list.isEmpty()) {
      throw new WorkflowException(
          at, "a list of at least one predicate", WorkflowReader.shown(value));
    }
    List<Predicate> found = new ArrayList<>();
    for (int k = 0; k < list.size(); k++) {
      found.add(read(list.get(k), at + "/" + k, depth));
    }
    return found;
  }
}
