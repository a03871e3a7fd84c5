package io.quern.engine.mapping;

import io.quern.engine.circuit.Operation;
import io.quern.engine.machine.CouplingGraph;
import io.quern.engine.machine.GateSet;
import io.quern.engine.machine.MachineModel;
import io.quern.engine.partition.Block;
import io.quern.engine.partition.BlockCircuit;
import io.quern.engine.partition.BlockElement;
import io.quern.engine.partition.BlockElement.Fence;
import io.quern.engine.partition.BlockElement.LocalGate;
import io.quern.engine.pass.RuntimeHandle;
import io.quern.engine.synthesis.Entangler;
import java.util.ArrayList;
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

  /// How many nodes the trials that run at once have together: of long circuits only so many
  /// results are in memory.
  private static final int NODES_AT_ONCE = 200_000;

  private static final int LEAST_AT_ONCE = 2;

  /// How many nodes the trials of one runtime task have together: a few milliseconds of work.
  private static final int SABRE_NODES_PER_TASK = 400;

  /// Below so many nodes trials take less time than handing them out.
  private static final int INLINE_NODES = 12;

  private static final int PERFECT_LAYOUT_BUDGET = 20_000;

  /// Width times nodes times size of a beam's states that is spent at most.
  private static final int BEAM_WORK = 200_000;

  private static final int LEAST_BEAM_WIDTH = 8;
  private static final int GREATEST_BEAM_WIDTH = 100;

  private CircuitMapper() {}

  /// The best mappings found, cheapest first, at least one. Their order is that of
  /// [MappedCircuit#cost], so the first is the answer unless a later pass tells them apart.
  ///
  /// @param circuit no gate wider than two qubits, guarded ones included; one-qubit gates stand
  ///   before fences and at the end
  /// @param machine some connected part of it must hold the circuit
  /// @param seed of all randomness
  /// @param count how many mappings at most
  /// @throws IllegalArgumentException if a gate acts on more qubits or no connected part is large
  ///   enough
  public static List<MappedCircuit> map(
      BlockCircuit circuit, MachineModel machine, long seed, int count, RuntimeHandle runtime)
      throws InterruptedException {
    CouplingGraph coupling = machine.coupling();
    GateSet gates = machine.gates();
    if (circuit.qubits() <= coupling.qubits() && circuit.uncoupled(coupling) == null) {
      return List.of(untouched(circuit, machine));
    }
    List<MappedCircuit> found = new ArrayList<>();
    boolean fits = false;
    SplittableRandom seeds = new SplittableRandom(seed);
    int nodes = countNodes(circuit);
    for (List<Integer> part : coupling.connectedComponents()) {
      if (part.size() >= circuit.qubits()) {
        fits = true;
        for (MappedCircuit mapped :
            mapInside(
                circuit, gates, coupling.inside(part), nodes, seeds.split(), count, runtime)) {
          found.add(outside(mapped, part, coupling.qubits()));
        }
      }
    }
    if (!fits) {
      throw new IllegalArgumentException(
          "no connected part of the machine holds " + circuit.qubits() + " qubits: " + coupling);
    }
    return cheapest(found, count);
  }

  /// Of equal ones the first.
  private static List<MappedCircuit> cheapest(List<MappedCircuit> found, int count) {
    return found.stream()
        .sorted(Comparator.comparingInt(MappedCircuit::cost))
        .limit(count)
        .toList();
  }

  private static int countNodes(BlockCircuit circuit) {
    int nodes = 0;
    for (BlockElement element : circuit.elements()) {
      nodes +=
          switch (element) {
            case Block _, Fence _ -> 1;
            case LocalGate _ -> 0;
          };
    }
    return nodes;
  }

  private static List<MappedCircuit> mapInside(
      BlockCircuit circuit,
      GateSet gates,
      CouplingGraph coupling,
      int nodes,
      SplittableRandom seeds,
      int count,
      RuntimeHandle runtime)
      throws InterruptedException {
    List<MappedCircuit> perfect =
        FUNCTION.run(
            new RoutingTrial(
                circuit, gates, coupling, 0, new RoutingTrial.PerfectLayout(PERFECT_LAYOUT_BUDGET)),
            runtime);
    if (!perfect.isEmpty()) {
      return perfect;
    }
    List<MappedCircuit> found = new ArrayList<>();
    List<RoutingTrial> trials = trials(circuit, gates, coupling, nodes, seeds);
    if (nodes < INLINE_NODES) {
      for (RoutingTrial trial : trials) {
        found.addAll(FUNCTION.run(trial, runtime));
      }
    } else {
      int atOnce = Math.max(LEAST_AT_ONCE, NODES_AT_ONCE / nodes);
      for (int from = 0; from < trials.size(); from += atOnce) {
        int to = Math.min(trials.size(), from + atOnce);
        runtime.map(FUNCTION, trials.subList(from, to)).forEach(found::addAll);
        found = new ArrayList<>(cheapest(found, count));
      }
    }
    return found;
  }

  /// Depends on the problem alone, never on the runtime.
  private static List<RoutingTrial> trials(
      BlockCircuit circuit,
      GateSet gates,
      CouplingGraph coupling,
      int nodes,
      SplittableRandom seeds) {
    List<RoutingTrial.Search> searches = new ArrayList<>();
    int perTask = Math.clamp(SABRE_NODES_PER_TASK / nodes, 1, SABRE_TRIALS);
    int index = 0;
    List<RoutingTrial> trials = new ArrayList<>();
    while (index < SABRE_TRIALS) {
      List<Long> drawn = new ArrayList<>();
      for (int i = 0; i < perTask && index + i < SABRE_TRIALS; i++) {
        drawn.add(seeds.nextLong());
      }
      trials.add(new RoutingTrial(circuit, gates, coupling, index, new RoutingTrial.Sabre(drawn)));
      index += drawn.size();
    }
    long affordable = BEAM_WORK / ((long) nodes * (coupling.qubits() + 8));
    if (affordable >= LEAST_BEAM_WIDTH) {
      int width = (int) Math.min(affordable, GREATEST_BEAM_WIDTH);
      searches.add(new RoutingTrial.Beam(false, 1, 0.85, 20, width, seeds.nextLong()));
      searches.add(new RoutingTrial.Beam(false, 0.7, 0.9, 20, width, seeds.nextLong()));
      searches.add(new RoutingTrial.Beam(true, 0.7, 0.95, 30, width, seeds.nextLong()));
    }
    for (RoutingTrial.Search search : searches) {
      trials.add(new RoutingTrial(circuit, gates, coupling, index++, search));
    }
    return trials;
  }

  private static MappedCircuit untouched(BlockCircuit circuit, MachineModel machine) {
    List<Integer> identity = IntStream.range(0, circuit.qubits()).boxed().toList();
    BlockCircuit wide = onQubits(circuit, identity, machine.qubits());
    return new MappedCircuit(wide, identity, identity, wide.cost(Entangler.of(machine.gates())));
  }

  static MappedCircuit outside(MappedCircuit mapped, List<Integer> part, int qubits) {
    return part.size() == qubits
        ? mapped
        : new MappedCircuit(
            onQubits(mapped.blocks(), part, qubits),
            mapped.initialMapping().stream().map(part::get).toList(),
            mapped.finalMapping().stream().map(part::get).toList(),
            mapped.cost());
  }

  private static BlockCircuit onQubits(BlockCircuit circuit, List<Integer> names, int qubits) {
    int[] physical = names.stream().mapToInt(Integer::intValue).toArray();
    List<BlockElement> elements = new ArrayList<>();
    for (BlockElement element : circuit.elements()) {
      elements.add(
          switch (element) {
            case Block block -> block.on(physical[block.a()], physical[block.b()]);
            case LocalGate(int qubit, var rotation) -> new LocalGate(physical[qubit], rotation);
            case Fence(Operation operation) -> new Fence(operation.mapQubits(physical));
          });
    }
    return new BlockCircuit(qubits, circuit.classicalRegisters(), elements, circuit.errorD2());
  }
}
