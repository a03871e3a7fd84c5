package io.quern.engine.processing;

import io.quern.engine.circuit.Circuit;
import io.quern.engine.circuit.Location;
import io.quern.engine.circuit.Operation;
import io.quern.engine.circuit.Operation.GateOperation;
import io.quern.engine.circuit.Parameters;
import io.quern.engine.circuit.StandardGate;
import io.quern.engine.instantiation.CircuitFitter;
import io.quern.engine.instantiation.CircuitFitter.Fit;
import io.quern.engine.instantiation.CircuitFitter.Method;
import io.quern.engine.instantiation.InstantiationOptions;
import io.quern.engine.partition.Block;
import io.quern.engine.partition.BlockCircuit;
import io.quern.engine.partition.BlockCollector.Merging;
import io.quern.engine.partition.BlockWriter;
import io.quern.engine.partition.GateReader;
import io.quern.engine.pass.Pass;
import io.quern.engine.pass.PassData;
import io.quern.engine.pass.RuntimeHandle;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Tries to put one two-qubit gate, with free one-qubit gates around it, in the place of each block
/// that needs more of the machine's gates, and fits the angles of the whole circuit; BQSKit's
/// SubstitutePass.
///
/// @param gate takes the place, of two qubits; its angles, if it has some, are fitted too
/// @param starts of each fit: the first from the circuit as it is, the others at random
/// @param threshold distance (D1) from the unitary that a circuit may have
/// @param evaluations of the cost for each block at most
public record Substitute(StandardGate gate, int starts, double threshold, int evaluations)
    implements Pass {
  public static final String NAME = "Substitute";

  /// The widest circuit fitted.
  public static final int MOST_QUBITS = 5;

  public Substitute {
    if (gate.qubits() != 2) {
      throw new IllegalArgumentException("a two-qubit gate expected, found " + gate.qasmName());
    }
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public void run(PassData data, RuntimeHandle runtime) {
    WholeCircuit.of(data, NAME, MOST_QUBITS)
        .ifPresent(
            whole ->
                Searching.untilTimeUp(
                    data, runtime, checkpoint -> substitute(whole, data, checkpoint)));
  }

  private void substitute(WholeCircuit whole, PassData data, Runnable checkpoint) {
    double[] unitary = whole.unitary();
    int one = cost(substitute(0, 1), whole.qubits(), data);
    List<List<Operation>> segments = new ArrayList<>();
    for (Block block : whole.blocks()) {
      segments.add(
          BlockWriter.write(
                  new BlockCircuit(whole.qubits(), List.of(), List.of(block), 0), WholeCircuit.CZ)
              .operations());
    }
    for (int k = 0; k < segments.size(); k++) {
      Block block = whole.blocks().get(k);
      if (data.entangler().cost(block.x(), block.y(), block.z()) <= one) {
        continue;
      }
      List<List<Operation>> tried = new ArrayList<>(segments);
      tried.set(k, substitute(block.a(), block.b()));
      Fit fit =
          new CircuitFitter(joined(tried, whole.qubits()), Method.LEVENBERG_MARQUARDT)
              .fit(
                  unitary,
                  new InstantiationOptions(threshold, starts, evaluations),
                  data.seed() + k,
                  checkpoint);
      if (fit.isConverged()) {
        segments = cut(fit.circuit(), tried);
        whole.replaceIfShorter(
            new GateReader(data.gates()).read(fit.circuit(), Merging.GAIN).elements());
      }
    }
  }

  /// The gate between free one-qubit gates.
  private List<Operation> substitute(int a, int b) {
    List<Operation> found = new ArrayList<>();
    free(a, found);
    free(b, found);
    double[] angles = new double[gate.parameterCount()];
    Arrays.fill(angles, 1);
    found.add(new GateOperation(gate, Location.of(a, b), Parameters.of(angles)));
    free(a, found);
    free(b, found);
    return found;
  }

  private static void free(int qubit, List<Operation> out) {
    // Away from the angles at which a derivative vanishes.
    out.add(new GateOperation(StandardGate.U3, Location.of(qubit), Parameters.of(0.5, 0.25, 0.25)));
  }

  private static int cost(List<Operation> operations, int qubits, PassData data) {
    return new GateReader(data.gates())
        .read(joined(List.of(operations), qubits), Merging.GAIN)
        .cost(data.entangler());
  }

  private static Circuit joined(List<List<Operation>> segments, int qubits) {
    Circuit.Builder builder = Circuit.builder(qubits);
    for (List<Operation> segment : segments) {
      segment.forEach(builder::add);
    }
    return builder.build();
  }

  /// A circuit in segments as long as others.
  private static List<List<Operation>> cut(Circuit circuit, List<List<Operation>> like) {
    List<List<Operation>> segments = new ArrayList<>();
    int next = 0;
    for (List<Operation> segment : like) {
      segments.add(circuit.operations().subList(next, next + segment.size()));
      next += segment.size();
    }
    return segments;
  }
}
