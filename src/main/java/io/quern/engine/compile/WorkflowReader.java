package io.quern.engine.compile;

import io.quern.engine.circuit.Circuit;
import io.quern.engine.circuit.Operation.GateOperation;
import io.quern.engine.compile.PassDescription.Need;
import io.quern.engine.compile.PassEntry.Effect;
import io.quern.engine.machine.MachineModel;
import io.quern.engine.pass.ApplyPlacement;
import io.quern.engine.pass.GateSetRetargeting;
import io.quern.engine.pass.Pass;
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
  private static final int MOST_STEPS = 200;
  private static final int MOST_NESTED = 8;

  private final boolean isMappingNeeded;
  private final int machineQubits;
  private int steps;

  private record Read(Workflow workflow, StepState after) {}

  private WorkflowReader(MachineModel machine) {
    this.isMappingNeeded = !machine.coupling().isComplete();
    this.machineQubits = machine.qubits();
  }

  /// @param tree lists, maps, strings, numbers and booleans as JSON has them
  /// @param circuit that the workflow will run on
  /// @throws WorkflowException if the workflow cannot work
  public static Workflow read(Object tree, Circuit circuit, MachineModel machine) {
    WorkflowReader reader = new WorkflowReader(machine);
    boolean isMapped = !reader.isMappingNeeded;
    StepState start =
        new StepState(
            false,
            0,
            isMapped,
            isMapped ? machine.qubits() : circuit.qubits(),
            circuit.operations().stream().anyMatch(each -> !(each instanceof GateOperation)),
            0);
    Read read = reader.workflow(tree, "", start);
    if (!read.after.isMapped()) {
      throw new WorkflowException(
          "",
          "a pass that puts the circuit on the machine, such as SabreRouting: not every pair of the"
              + " machine is coupled",
          "none");
    }
    List<Pass> passes = new ArrayList<>();
    passes.add(new Unfold());
    if (isMapped) {
      passes.add(new ApplyPlacement());
    }
    passes.addAll(read.workflow.passes());
    passes.add(new GateSetRetargeting());
    return new Workflow(passes);
  }

  /// A workflow within a step.
  Workflow nested(@Nullable Object tree, String where, StepState start) {
    return workflow(tree, where, start).workflow;
  }

  private Read workflow(@Nullable Object tree, String where, StepState start) {
    if (!(tree instanceof List<?> list)) {
      throw new WorkflowException(where, "a list of passes", shown(tree));
    }
    if (start.depth() > MOST_NESTED) {
      throw new WorkflowException(
          where, "workflows that nest at most " + MOST_NESTED + " deep", "a deeper one");
    }
    List<Pass> passes = new ArrayList<>();
    StepState state = start;
    for (int k = 0; k < list.size(); k++) {
      String here = where + "/" + k;
      if (++steps > MOST_STEPS) {
        throw new WorkflowException(
            here, "a workflow of at most " + MOST_STEPS + " passes", "more");
      }
      StepArguments arguments = arguments(list.get(k), here, state);
      passes.add(arguments.entry().maker().apply(arguments));
      state = after(arguments, state);
    }
    return new Read(new Workflow(passes), state);
  }

  private StepArguments arguments(@Nullable Object step, String where, StepState state) {
    Map<String, Object> given = new LinkedHashMap<>();
    switch (step) {
      case String name -> given.put("pass", name);
      case Map<?, ?> map -> map.forEach((key, value) -> given.put(String.valueOf(key), value));
      case null, default ->
          throw new WorkflowException(
              where, "a pass's name or an object of it under 'pass' and parameters", shown(step));
    }
    Object named = given.remove("pass");
    PassEntry entry = named instanceof String name ? PassLibrary.find(name) : null;
    if (entry == null) {
      throw new WorkflowException(
          where, "a known pass, one of " + PassLibrary.names(), shown(named));
    }
    PassDescription pass = entry.description();
    List<String> known = pass.parameters().stream().map(PassParameter::name).toList();
    for (String parameter : given.keySet()) {
      if (!known.contains(parameter)) {
        throw new WorkflowException(
            where + "/" + parameter,
            known.isEmpty()
                ? "no parameter of " + pass.name()
                : "a parameter of " + pass.name() + ", one of " + known,
            "'" + parameter + "'");
      }
    }
    check(pass, where, state);
    return new StepArguments(entry, given, where, state, this);
  }

  private void check(PassDescription pass, String where, StepState state) {
    for (Need need : pass.needs()) {
      switch (need) {
        case PARTS -> {
          if (!state.isPartitioned()) {
            throw new WorkflowException(
                where,
                "a partitioner such as QuickPartitioner directly before " + pass.name(),
                "a circuit in one piece");
          }
        }
        case GATES_ONLY -> {
          if (state.hasFences()) {
            throw new WorkflowException(
                where,
                pass.name() + " on circuits of gates only, such as the parts in ForEachBlock",
                "a circuit with measurements, resets, barriers or conditionals");
          }
        }
        case UNMAPPED -> checkUnmapped(pass.name(), where, state);
        case MAPPED -> {
          if (!state.isMapped()) {
            throw new WorkflowException(
                where, pass.name() + " after the circuit was mapped", "a circuit that is not yet");
          }
        }
      }
    }
    Integer most = pass.maxQubits();
    if (most != null && state.width() > most) {
      throw new WorkflowException(
          where,
          "at most " + most + " qubits for " + pass.name() + " (ForEachBlock works on parts)",
          state.width() + " qubits");
    }
    if (pass.name().equals("ApplyPlacement") && state.depth() > 0) {
      throw nestedMapping(pass.name(), where);
    }
  }

  private void checkUnmapped(String pass, String where, StepState state) {
    if (!isMappingNeeded) {
      throw new WorkflowException(
          where,
          "no mapping where every pair of the machine is coupled: it has nothing to do",
          pass);
    }
    if (state.isMapped()) {
      throw new WorkflowException(
          where, "no mapping after the circuit is mapped already: that is done once", pass);
    }
    if (state.depth() > 0) {
      throw nestedMapping(pass, where);
    }
  }

  private static WorkflowException nestedMapping(String pass, String where) {
    return new WorkflowException(
        where, pass + " in the outermost workflow", "it in a workflow within a pass");
  }

  private StepState after(StepArguments arguments, StepState state) {
    PassEntry entry = arguments.entry();
    int parts = 0;
    if (entry.effect() == Effect.CUTS || entry.effect() == Effect.WIDENS) {
      parts =
          entry.description().parameters().isEmpty()
              ? PartitionPasses.GROUPED
              : arguments.integer(
                  entry.description().parameters().getFirst().name(), 1, PassLibrary.MOST_QUBITS);
    }
    return state.after(entry.effect(), parts, machineQubits);
  }

  /// A value as messages show it.
  static String shown(@Nullable Object value) {
    if (value == null) {
      return "none";
    }
    String text = value instanceof String ? "'" + value + "'" : String.valueOf(value);
    return text.length() <= 60 ? text : text.substring(0, 60) + "...";
  }
}
