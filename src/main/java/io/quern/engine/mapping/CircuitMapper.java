package io.quern.engine.mapping;

import io.quern.engine.circuit.Circuit;
import io.quern.engine.circuit.Operation;
import io.quern.engine.circuit.Operation.Barrier;
import io.quern.engine.machine.CouplingGraph;
import io.quern.engine.machine.CouplingGraph.Edge;
import io.quern.engine.pass.RuntimeHandle;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/// Finds a layout and a routing for a circuit on a coupling graph.
///
/// A circuit whose two-qubit gates all lie on edges already is not touched. Otherwise seeded trials
/// (see [RoutingTrial]) run as runtime tasks, and the winner is the least by (CX gates after
/// resynthesis, index of trial): seeds are drawn before anything runs, so the result is the same
/// for any number of workers.
public final class CircuitMapper {
  private static final RoutingTrialFunction FUNCTION = new RoutingTrialFunction();

  /// Trials of SABRE in all.
  private static final int SABRE_TRIALS = 16;

  private static final int SABRE_TRIALS_PER_TASK = 4;

  private CircuitMapper() {}

  /// The best mappings found, cheapest first, at least one. Their order is that of
  /// [MappedCircuit#cost], so the first is the answer unless a later pass tells them apart.
  ///
  /// @param circuit gates on at most two qubits; measurements, barriers and conditionals may be
  ///   among them
  /// @param coupling some connected part of it must hold the circuit
  /// @param seed of all randomness
  /// @param count how many mappings at most
  /// @throws IllegalArgumentException if a gate acts on more qubits or no connected part is large
  ///   enough
  public static List<MappedCircuit> map(
      Circuit circuit, CouplingGraph coupling, long seed, int count, RuntimeHandle runtime)
      throws InterruptedException {
    if (circuit.qubits() <= coupling.qubits() && fitsAsItIs(circuit, coupling)) {
      return List.of(untouched(circuit, coupling.qubits()));
    }
    List<MappedCircuit> found = new ArrayList<>();
    boolean fits = false;
    SplittableRandom seeds = new SplittableRandom(seed);
    for (List<Integer> part : coupling.connectedComponents()) {
      if (part.size() >= circuit.qubits()) {
        fits = true;
        CouplingGraph inside = inside(coupling, part);
        for (List<MappedCircuit> results :
            runtime.map(FUNCTION, trials(circuit, inside, seeds.split()))) {
          for (MappedCircuit result : results) {
            found.add(outside(result, part, coupling.qubits()));
          }
        }
      }
    }
    if (!fits) {
      throw new IllegalArgumentException(
          "no connected part of the machine holds " + circuit.qubits() + " qubits: " + coupling);
    }
    return found.stream()
        .sorted(Comparator.comparingInt(MappedCircuit::cost))
        .limit(count)
        .toList();
  }

  private static List<RoutingTrial> trials(
      Circuit circuit, CouplingGraph coupling, SplittableRandom seeds) {
    List<RoutingTrial> trials = new ArrayList<>();
    for (int index = 0; index < SABRE_TRIALS; index += SABRE_TRIALS_PER_TASK) {
      List<Long> drawn = new ArrayList<>();
      for (int i = 0; i < SABRE_TRIALS_PER_TASK; i++) {
        drawn.add(seeds.nextLong());
      }
      trials.add(new RoutingTrial(circuit, coupling, index, new RoutingTrial.Sabre(drawn)));
    }
    return trials;
  }

  private static boolean fitsAsItIs(Circuit circuit, CouplingGraph coupling) {
    for (Operation operation : circuit.operations()) {
      if (!(operation instanceof Barrier)
          && operation.location().size() > 1
          && !coupling.isEdge(operation.location().get(0), operation.location().get(1))) {
        return false;
      }
    }
    return true;
  }

  private static MappedCircuit untouched(Circuit circuit, int physicalQubits) {
    Circuit.Builder wide = Circuit.builder(physicalQubits, circuit.classicalRegisters());
    circuit.operations().forEach(wide::add);
    List<Integer> identity = IntStream.range(0, circuit.qubits()).boxed().toList();
    int cost = BlockCollector.collect(circuit, false).cost();
    return new MappedCircuit(wide.build(), identity, identity, cost);
  }

  private static CouplingGraph inside(CouplingGraph coupling, List<Integer> part) {
    int[] insideOf = new int[coupling.qubits()];
    Arrays.fill(insideOf, -1);
    for (int i = 0; i < part.size(); i++) {
      insideOf[part.get(i)] = i;
    }
    List<Edge> edges =
        coupling.edges().stream()
            .filter(edge -> insideOf[edge.a()] >= 0)
            .map(edge -> new Edge(insideOf[edge.a()], insideOf[edge.b()]))
            .toList();
    return CouplingGraph.of(part.size(), edges);
  }

  private static MappedCircuit outside(MappedCircuit mapped, List<Integer> part, int qubits) {
    if (part.size() == qubits) {
      return mapped;
    }
    int[] physical = part.stream().mapToInt(Integer::intValue).toArray();
    Circuit.Builder circuit = Circuit.builder(qubits, mapped.circuit().classicalRegisters());
    for (Operation operation : mapped.circuit().operations()) {
      circuit.add(operation.mapQubits(physical));
    }
    return new MappedCircuit(
        circuit.build(),
        mapped.initialMapping().stream().map(part::get).toList(),
        mapped.finalMapping().stream().map(part::get).toList(),
        mapped.cost());
  }
}
