package io.quern.engine.compile;

import io.quern.engine.circuit.StandardGate;
import io.quern.engine.machine.GateSet;
import io.quern.engine.pass.Predicate;
import io.quern.engine.pass.Workflow;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// The parameters of one step of a workflow; those not given have their defaults.
final class StepArguments {
  private final PassEntry entry;
  private final Map<String, Object> given;
  private final String where;
  private final StepState state;
  private final WorkflowReader reader;

  StepArguments(
      PassEntry entry,
      Map<String, Object> given,
      String where,
      StepState state,
      WorkflowReader reader) {
    this.entry = entry;
    this.given = given;
    this.where = where;
    this.state = state;
    this.reader = reader;
  }

  PassEntry entry() {
    return entry;
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

  boolean bool(String name) {
    Object value = value(name);
    if (value instanceof Boolean truth) {
      return truth;
    }
    throw wrong(name, "true or false", value);
  }

  String name(String name, List<String> known) {
    Object value = value(name);
    if (value instanceof String text && known.contains(text)) {
      return text;
    }
    throw wrong(name, "one of " + known, value);
  }

  /// A two-qubit gate.
  StandardGate twoQubitGate(String name) {
    List<String> known = new ArrayList<>();
    for (StandardGate gate : StandardGate.values()) {
      if (gate.qubits() == 2) {
        known.add(gate.qasmName());
      }
    }
    return gate(name, known);
  }

  /// A gate that entangles two qubits.
  StandardGate entangler(String name) {
    Set<StandardGate> all = new LinkedHashSet<>(List.of(StandardGate.values()));
    return gate(name, new GateSet(all).entanglers().stream().map(StandardGate::qasmName).toList());
  }

  private StandardGate gate(String name, List<String> known) {
    StandardGate gate = StandardGate.ofQasmName(name(name, known));
    if (gate == null) {
      throw wrong(name, "one of " + known, value(name));
    }
    return gate;
  }

  Predicate predicate(String name) {
    return new PredicateReader(where + "/" + name).read(value(name));
  }

  /// A body: of parts where the pass works on parts, otherwise one that is run again and again.
  Workflow workflow(String name) {
    StepState inside =
        entry.description().needs().contains(PassDescription.Need.PARTS)
            ? state.insidePart()
            : state.insideLoop();
    return reader.nested(value(name), where + "/" + name, inside);
  }

  /// A workflow that is run once, from here.
  Workflow branch(String name) {
    return reader.nested(value(name), where + "/" + name, state.insideBranch());
  }

  /// As [#branch], where a predicate holds.
  Workflow branchWhere(String predicate, String name) {
    return reader.nested(
        value(name), where + "/" + name, state.insideBranch().where(predicate(predicate)));
  }

  List<Workflow> branches(String name) {
    Object value = value(name);
    if (!(value instanceof List<?> list) || list.isEmpty()) {
      throw wrong(name, "a list of workflows", value);
    }
    List<Workflow> found = new ArrayList<>();
    for (int k = 0; k < list.size(); k++) {
      found.add(reader.nested(list.get(k), where + "/" + name + "/" + k, state.insideBranch()));
    }
    return found;
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
        where, "the parameter '" + name + "' of " + entry.description().name(), "none");
  }

  private WorkflowException wrong(String name, String expected, Object found) {
    return new WorkflowException(
        where + "/" + name, expected + " in '" + name + "'", WorkflowReader.shown(found));
  }
}
