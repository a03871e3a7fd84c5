package io.quern.engine.compile;

import io.quern.engine.machine.MachineModel;
import io.quern.engine.pass.ApplyPlacement;
import io.quern.engine.pass.GateSetRetargeting;
import io.quern.engine.pass.Pass;
import io.quern.engine.pass.Predicate;
import io.quern.engine.pass.Unfold;
import io.quern.engine.pass.Workflow;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Reads a workflow from what JSON says and refuses one that cannot work, before it runs.
///
/// A workflow is a list of steps; a step is a pass's name or an object of its name under `pass` and
/// its parameters. The circuit is read into blocks before the first step and written in the
/// machine's gates after the last.
public final class WorkflowReader {
  static final String PREDICATES =
      "ChangePredicate, UnitaryPredicate, {\"predicate\": \"WidthPredicate\", \"width\": n},"
          + " {\"predicate\": \"GateCountPredicate\", \"count\": n}, {\"predicate\":"
          + " \"NotPredicate\", \"of\": predicate}";

  private static final int MOST_STEPS = 200;
  private static final int MOST_NESTED = 8;

  private final boolean isMappingNeeded;
  private int steps;

  /// What is known of the circuit at a step.
  private record State(boolean isPartitioned, boolean isMapped, int depth) {
    State inside() {
      return new State(false, isMapped, depth + 1);
    }
  }

  private record Read(Workflow workflow, State after) {}

  private WorkflowReader(boolean isMappingNeeded) {
    this.isMappingNeeded = isMappingNeeded;
  }

  /// @param tree lists, maps, strings, numbers and booleans as JSON has them
  /// @throws WorkflowException if the workflow cannot work
  public static Workflow read(Object tree, MachineModel machine) {
    WorkflowReader reader = new WorkflowReader(!machine.coupling().isComplete());
    Read read = reader.workflow(tree, "", new State(false, false, 0));
    if (reader.isMappingNeeded && !read.after.isMapped) {
      throw new WorkflowException(
          "", "not every pair of the machine is coupled: the workflow needs SabreRouting");
    }
    List<Pass> passes = new ArrayList<>();
    passes.add(new Unfold());
    if (!reader.isMappingNeeded) {
      passes.add(new ApplyPlacement());
    }
    passes.addAll(read.workflow.passes());
    passes.add(new GateSetRetargeting());
    return new Workflow(passes);
  }

  private Read workflow(Object tree, String where, State start) {
    if (!(tree instanceof List<?> list)) {
      throw new WorkflowException(where, "expected a list of passes, found " + shown(tree));
    }
    if (start.depth > MOST_NESTED) {
      throw new WorkflowException(where, "workflows nest at most " + MOST_NESTED + " deep");
    }
    List<Pass> passes = new ArrayList<>();
    State state = start;
    for (int k = 0; k < list.size(); k++) {
      String here = where + "/" + k;
      if (++steps > MOST_STEPS) {
        throw new WorkflowException(here, "a workflow has at most " + MOST_STEPS + " passes");
      }
      Arguments arguments = arguments(list.get(k), here, state);
      passes.add(arguments.entry.maker().apply(arguments));
      state = after(arguments, state);
    }
    return new Read(new Workflow(passes), state);
  }

  private Arguments arguments(@Nullable Object step, String where, State state) {
    Map<String, Object> given = new LinkedHashMap<>();
    switch (step) {
      case String name -> given.put("pass", name);
      case Map<?, ?> map -> map.forEach((key, value) -> given.put(String.valueOf(key), value));
      case null, default ->
          throw new WorkflowException(where, "expected a pass, found " + shown(step));
    }
    Object named = given.remove("pass");
    PassLibrary.Entry entry = named instanceof String name ? PassLibrary.byName().get(name) : null;
    if (entry == null) {
      throw new WorkflowException(
          where, "unknown pass " + shown(named) + "; known are " + PassLibrary.byName().keySet());
    }
    List<String> known =
        entry.description().parameters().stream().map(PassParameter::name).toList();
    for (String parameter : given.keySet()) {
      if (!known.contains(parameter)) {
        throw new WorkflowException(
            where + "/" + parameter,
            entry.description().name()
                + " has no parameter '"
                + parameter
                + "'; known are "
                + known);
      }
    }
    checkState(entry.description().name(), where, state);
    return new Arguments(entry, given, where, state);
  }

  private void checkState(String pass, String where, State state) {
    if (pass.equals("ForEachBlock") && !state.isPartitioned) {
      throw new WorkflowException(
          where,
          "ForEachBlock works on parts: a partitioner such as QuickPartitioner comes before");
    }
    if (PassLibrary.mapping().contains(pass)) {
      if (state.isMapped || !isMappingNeeded) {
        throw new WorkflowException(
            where,
            isMappingNeeded
                ? "the circuit is mapped already, " + pass + " may come once"
                : "every pair of the machine is coupled, " + pass + " has nothing to do");
      }
      if (state.depth > 0) {
        throw new WorkflowException(where, pass + " stands in the outermost workflow only");
      }
    }
  }

  private static State after(Arguments arguments, State state) {
    String name = arguments.entry.description().name();
    return new State(
        name.endsWith("Partitioner"),
        state.isMapped || PassLibrary.mapping().contains(name),
        state.depth);
  }

  private static String shown(@Nullable Object value) {
    String text = value instanceof String ? "'" + value + "'" : String.valueOf(value);
    return text.length() <= 60 ? text : text.substring(0, 60) + "...";
  }

  /// The parameters of one step.
  final class Arguments {
    private final PassLibrary.Entry entry;
    private final Map<String, Object> given;
    private final String where;
    private final State state;

    private Arguments(
        PassLibrary.Entry entry, Map<String, Object> given, String where, State state) {
      this.entry = entry;
      this.given = given;
      this.where = where;
      this.state = state;
    }

    int integer(String name, int least, int most) {
      Object value = value(name);
      if (value instanceof Number number
          && number.doubleValue() == number.intValue()
          && number.intValue() >= least
          && number.intValue() <= most) {
        return number.intValue();
      }
      throw wrong(name, "an integer from " + least + " to " + most, value);
    }

    double number(String name, double least, double most) {
      Object value = value(name);
      if (value instanceof Number number
          && number.doubleValue() >= least
          && number.doubleValue() <= most) {
        return number.doubleValue();
      }
      throw wrong(name, "a number from " + least + " to " + most, value);
    }

    String name(String name, List<String> known) {
      Object value = value(name);
      if (value instanceof String text && known.contains(text)) {
        return text;
      }
      throw wrong(name, "one of " + known, value);
    }

    Workflow workflow(String name) {
      return WorkflowReader.this.workflow(value(name), where + "/" + name, state.inside()).workflow;
    }

    List<Workflow> workflows(String name) {
      Object value = value(name);
      if (!(value instanceof List<?> list) || list.isEmpty()) {
        throw wrong(name, "a list of workflows", value);
      }
      List<Workflow> found = new ArrayList<>();
      for (int k = 0; k < list.size(); k++) {
        String here = where + "/" + name + "/" + k;
        Object each = list.get(k);
        if (each == null) {
          throw new WorkflowException(here, "expected a list of passes, found null");
        }
        found.add(WorkflowReader.this.workflow(each, here, state.inside()).workflow);
      }
      return found;
    }

    Predicate predicate(String name) {
      return predicate(value(name), where + "/" + name);
    }

    private Predicate predicate(@Nullable Object value, String at) {
      Map<?, ?> map = value instanceof Map<?, ?> object ? object : Map.of();
      Object kind = value instanceof String ? value : map.get("predicate");
      if ("ChangePredicate".equals(kind) && map.size() <= 1) {
        return new Predicate.ChangePredicate();
      } else if ("UnitaryPredicate".equals(kind) && map.size() <= 1) {
        return new Predicate.UnitaryPredicate();
      } else if ("NotPredicate".equals(kind) && map.size() == 2) {
        return new Predicate.NotPredicate(predicate(map.get("of"), at + "/of"));
      } else if ("WidthPredicate".equals(kind)
          && map.size() == 2
          && map.get("width") instanceof Integer width) {
        return new Predicate.WidthPredicate(width);
      } else if ("GateCountPredicate".equals(kind)
          && map.size() == 2
          && map.get("count") instanceof Integer count) {
        return new Predicate.GateCountPredicate(count);
      }
      throw new WorkflowException(
          at, "expected a predicate, found " + shown(value) + "; known are " + PREDICATES);
    }

    private Object value(String name) {
      Object value = given.get(name);
      if (value != null) {
        return value;
      }
      for (PassParameter parameter : entry.description().parameters()) {
        if (parameter.name().equals(name) && !parameter.usual().isEmpty()) {
          return parameter.usual().getFirst();
        }
      }
      throw new WorkflowException(
          where, entry.description().name() + " needs the parameter '" + name + "'");
    }

    private WorkflowException wrong(String name, String expected, Object found) {
      return new WorkflowException(
          where + "/" + name, "expected " + expected + " in '" + name + "', found " + shown(found));
    }
  }
}
