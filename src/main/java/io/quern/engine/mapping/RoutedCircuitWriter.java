package io.quern.engine.mapping;

import io.quern.engine.circuit.Circuit;
import io.quern.engine.circuit.ClassicalRegister;
import io.quern.engine.circuit.Location;
import io.quern.engine.circuit.Operation;
import io.quern.engine.circuit.Operation.GateOperation;
import io.quern.engine.circuit.Parameters;
import io.quern.engine.circuit.StandardGate;
import io.quern.engine.mapping.BlockGraph.Group;
import io.quern.engine.mapping.BlockGraph.Kind;
import io.quern.engine.mapping.BlockGraph.Step;
import java.util.List;

/// Writes a routing result down as a circuit on physical qubits.
final class RoutedCircuitWriter {
  private final BlockGraph graph;
  private final RoutingProblem problem;
  private final Layout layout;
  private final Circuit.Builder circuit;
  private final int[] physicalOfWire;

  /// For each wire: the group of the last step carried out.
  private final int[] reached;

  /// For each wire: the first group whose one-qubit gates are not written yet.
  private final int[] localsFrom;

  private RoutedCircuitWriter(
      BlockGraph graph,
      RoutingProblem problem,
      Layout layout,
      List<ClassicalRegister> classicalRegisters) {
    this.graph = graph;
    this.problem = problem;
    this.layout = layout;
    circuit = Circuit.builder(problem.physicalQubits, classicalRegisters);
    physicalOfWire = new int[graph.qubits()];
    reached = new int[graph.qubits()];
    localsFrom = new int[graph.qubits()];
  }

  /// The routed circuit: the gates of the block graph on physical qubits, with [StandardGate#SWAP]
  /// for each SWAP.
  ///
  /// @param problem made from `graph`
  /// @param result a result for `problem`
  static Circuit write(
      BlockGraph graph,
      RoutingProblem problem,
      RoutingResult result,
      List<ClassicalRegister> classicalRegisters) {
    RoutedCircuitWriter writer =
        new RoutedCircuitWriter(graph, problem, result.initialLayout(), classicalRegisters);
    for (int i = 0; i < result.length(); i++) {
      int action = result.action(i);
      if (action < 0) {
        writer.swap(-1 - action);
      } else {
        writer.carryOut(graph.steps().get(problem.step[action]));
      }
    }
    for (int wire = 0; wire < graph.qubits(); wire++) {
      writer.writeLocals(wire, graph.wires().get(wire).size());
    }
    return writer.circuit.build();
  }

  private void swap(int edge) {
    int physicalA = problem.edgeA[edge];
    int physicalB = problem.edgeB[edge];
    circuit.add(
        new GateOperation(StandardGate.SWAP, Location.of(physicalA, physicalB), Parameters.NONE));
    layout.swapPhysical(physicalA, physicalB);
  }

  private void carryOut(Step step) {
    for (int wire : step.wires().subList(0, step.qubits())) {
      List<Group> groups = graph.wires().get(wire);
      while (!groups.get(reached[wire]).steps().contains(step.number())) {
        reached[wire]++;
      }
      writeLocals(wire, reached[wire] + 1);
    }
    write(step);
  }

  /// Writes the one-qubit gates of a wire in its groups before `end`.
  private void writeLocals(int wire, int end) {
    List<Group> groups = graph.wires().get(wire);
    for (int group = localsFrom[wire]; group < end; group++) {
      for (int number : groups.get(group).steps()) {
        Step step = graph.steps().get(number);
        if (step.kind() == Kind.LOCAL) {
          write(step);
        }
      }
    }
    localsFrom[wire] = Math.max(localsFrom[wire], end);
  }

  private void write(Step step) {
    for (int wire : step.wires().subList(0, step.qubits())) {
      physicalOfWire[wire] = layout.physicalOf(wire);
    }
    for (Operation operation : step.operations()) {
      circuit.add(operation.mapQubits(physicalOfWire));
    }
  }
}
