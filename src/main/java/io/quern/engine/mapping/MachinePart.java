package io.quern.engine.mapping;

import io.quern.engine.machine.CouplingGraph;
import io.quern.engine.machine.MachineModel;
import io.quern.engine.partition.BlockCircuit;
import io.quern.engine.partition.BlockCollector;
import io.quern.engine.partition.BlockCollector.Merging;
import io.quern.engine.pass.PassData;
import io.quern.engine.pass.RuntimeHandle;
import io.quern.engine.synthesis.Entangler;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// The connected part of a machine that a circuit is placed on, its qubits numbered from 0.
///
/// A part that holds a placement there is, else the first that is wide enough.
final class MachinePart {
  private static final RoutingTrialFunction FUNCTION = new RoutingTrialFunction();

  private final PassData data;
  private final List<Integer> qubits;
  private final CouplingGraph coupling;

  private MachinePart(PassData data, List<Integer> qubits) {
    this.data = data;
    this.qubits = qubits;
    this.coupling = data.machine().coupling().inside(qubits);
  }

  /// @throws IllegalArgumentException if no connected part holds the circuit
  static MachinePart of(PassData data) {
    MachineModel machine = data.machine();
    List<Integer> placement = data.placement().orElse(List.of());
    for (List<Integer> part : machine.coupling().connectedComponents()) {
      if (part.size() >= data.blocks().qubits() && part.containsAll(placement)) {
        return new MachinePart(data, part);
      }
    }
    throw new IllegalArgumentException(
        "no connected part of the machine holds the circuit"
            + (placement.isEmpty() ? "" : " placed on " + placement)
            + ": "
            + machine.coupling());
  }

  /// The placement there is, or qubit i on qubit i, within the part.
  List<Integer> placed() {
    return data.placement()
        .map(placement -> placement.stream().map(qubits::indexOf).toList())
        .orElseGet(() -> IntStream.range(0, data.blocks().qubits()).boxed().toList());
  }

  /// Each qubit near those it shares gates with.
  List<Integer> greedy() {
    RoutingProblem problem = problem();
    return onMachine(new Placements(problem).greedy(new SplittableRandom(data.seed())));
  }

  /// A placement that needs no SWAP, or null if none was found.
  ///
  /// @param budget how many placements of single qubits may be tried
  @Nullable List<Integer> perfect(int budget, RuntimeHandle runtime) {
    Layout layout = PerfectLayoutSearch.find(problem(), budget, runtime::checkCancelled);
    return layout == null ? null : onMachine(layout);
  }

  private RoutingProblem problem() {
    Entangler entangler = data.entangler();
    BlockCircuit circuit = BlockCollector.collect(data.blocks(), entangler, Merging.ADJACENT);
    return new RoutingProblem(circuit, entangler, coupling);
  }

  private List<Integer> onMachine(Layout layout) {
    return IntStream.range(0, data.blocks().qubits())
        .mapToObj(qubit -> qubits.get(layout.physicalOf(qubit)))
        .toList();
  }

  /// Routes the circuit from a placement by SABRE, each trial a runtime task; the result that needs
  /// the fewest two-qubit gates, of equal ones the first.
  ///
  /// @param placed within the part
  MappedCircuit routed(List<Integer> placed, int refinements, int trials, RuntimeHandle runtime)
      throws InterruptedException {
    SplittableRandom seeds = new SplittableRandom(data.seed());
    List<RoutingTrial> work = new ArrayList<>();
    for (int trial = 0; trial < trials; trial++) {
      work.add(
          new RoutingTrial(
              data.blocks(),
              data.machine().gates(),
              coupling,
              trial,
              new RoutingTrial.FromLayout(placed, refinements, List.of(seeds.nextLong()))));
    }
    MappedCircuit best =
        runtime.map(FUNCTION, work).stream()
            .flatMap(List::stream)
            .min(Comparator.comparingInt(MappedCircuit::cost))
            .orElseThrow(() -> new IllegalStateException("no trial has routed the circuit"));
    return CircuitMapper.outside(best, qubits, data.machine().qubits());
  }
}
