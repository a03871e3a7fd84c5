package io.quern.engine.mapping;

import io.quern.engine.partition.BlockCircuit;
import io.quern.engine.partition.BlockCollector;
import io.quern.engine.partition.BlockCollector.Merging;
import io.quern.engine.partition.SwapAbsorption;
import io.quern.engine.pass.RuntimeFunction;
import io.quern.engine.pass.RuntimeHandle;
import io.quern.engine.synthesis.Entangler;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;

/// Runs trials and judges what they find by CX gates after resynthesis.
public final class RoutingTrialFunction
    implements RuntimeFunction<RoutingTrial, List<MappedCircuit>> {
  /// How often SABRE routes backward and forward to improve a layout.
  private static final int REFINEMENTS = 3;

  /// The same for circuits of at least [#MANY_NODES], where layouts matter less than time.
  private static final int REFINEMENTS_OF_MANY = 1;

  private static final int MANY_NODES = 1000;

  /// The most layouts a beam starts from.
  private static final int LAYOUT_LIMIT = 5040;

  /// How many of its results a beam has judged.
  private static final int JUDGED = 6;

  private static final int REFINED_STARTS = 24;

  @Override
  public String name() {
    return "route";
  }

  @Override
  public int version() {
    return 1;
  }

  @Override
  public boolean isKept() {
    return true;
  }

  /// The best mappings found, cheapest first; empty if time was up before there was one.
  @Override
  public List<MappedCircuit> run(RoutingTrial trial, RuntimeHandle runtime) {
    Entangler entangler = Entangler.of(trial.gates());
    SwapAbsorption absorbed = SwapAbsorption.of(trial.circuit(), entangler);
    BlockCircuit circuit = BlockCollector.collect(absorbed.blocks(), entangler, Merging.ADJACENT);
    RoutingProblem problem = new RoutingProblem(circuit, entangler, trial.coupling());
    List<RoutingResult> results =
        switch (trial.search()) {
          case RoutingTrial.PerfectLayout(int budget) -> perfect(problem, budget, runtime);
          case RoutingTrial.Sabre sabre -> sabre(problem, sabre, trial.index(), runtime);
          case RoutingTrial.FromLayout from -> fromLayout(problem, from, runtime);
          case RoutingTrial.Beam beam -> beam(problem, beam, runtime);
        };
    List<MappedCircuit> judged = new ArrayList<>();
    for (RoutingResult result : results) {
      judged.add(judge(circuit, absorbed, entangler, problem, result));
    }
    judged.sort(Comparator.comparingInt(MappedCircuit::cost));
    return judged;
  }

  private static List<RoutingResult> perfect(
      RoutingProblem problem, int budget, RuntimeHandle runtime) {
    Layout layout = PerfectLayoutSearch.find(problem, budget, runtime::checkCancelled);
    return layout == null ? List.of() : List.of(new SabreRouter(problem).route(layout, 0, runtime));
  }

  private static List<RoutingResult> sabre(
      RoutingProblem problem, RoutingTrial.Sabre sabre, int index, RuntimeHandle runtime) {
    RoutingProblem reversed = problem.reversed();
    SabreRouter forward = new SabreRouter(problem);
    SabreRouter backward = new SabreRouter(reversed);
    Placements placements = new Placements(problem);
    List<RoutingResult> results = new ArrayList<>();
    for (int i = 0; i < sabre.seeds().size(); i++) {
      if (runtime.isTimeUp() && !results.isEmpty()) {
        break;
      }
      SplittableRandom random = new SplittableRandom(sabre.seeds().get(i));
      Layout layout =
          switch ((index + i) % 4) {
            case 0 ->
                index + i == 0 ? Layout.trivial(problem.physicalQubits) : placements.greedy(random);
            case 2 -> placements.greedy(random);
            default -> placements.random(random);
          };
      RoutingResult best = refine(forward, backward, problem, layout, random, runtime);
      results.add(best);
    }
    return results;
  }

  private static List<RoutingResult> fromLayout(
      RoutingProblem problem, RoutingTrial.FromLayout from, RuntimeHandle runtime) {
    SabreRouter forward = new SabreRouter(problem);
    SabreRouter backward = new SabreRouter(problem.reversed());
    Layout start =
        Layout.of(
            from.placed().stream().mapToInt(Integer::intValue).toArray(), problem.physicalQubits);
    List<RoutingResult> results = new ArrayList<>();
    for (long seed : from.seeds()) {
      if (runtime.isTimeUp() && !results.isEmpty()) {
        break;
      }
      SplittableRandom random = new SplittableRandom(seed);
      results.add(refine(forward, backward, start, from.refinements(), random, runtime));
    }
    return results;
  }

  private static RoutingResult refine(
      SabreRouter forward,
      SabreRouter backward,
      RoutingProblem problem,
      Layout start,
      SplittableRandom random,
      RuntimeHandle runtime) {
    int refinements = problem.nodes < MANY_NODES ? REFINEMENTS : REFINEMENTS_OF_MANY;
    return refine(forward, backward, start, refinements, random, runtime);
  }

  private static RoutingResult refine(
      SabreRouter forward,
      SabreRouter backward,
      Layout start,
      int refinements,
      SplittableRandom random,
      RuntimeHandle runtime) {
    RoutingResult best = forward.route(start, random.nextLong(), runtime);
    Layout layout = best.finalLayout();
    for (int pass = 0; pass < refinements && !runtime.isTimeUp(); pass++) {
      RoutingResult back =
          backward.route(layout, random.nextLong(), runtime).reversed(forward.nodes());
      if (back.cost() < best.cost()) {
        best = back;
      }
      RoutingResult ahead = forward.route(back.initialLayout(), random.nextLong(), runtime);
      if (ahead.cost() < best.cost()) {
        best = ahead;
      }
      layout = ahead.finalLayout();
    }
    return best;
  }

  private static List<RoutingResult> beam(
      RoutingProblem problem, RoutingTrial.Beam beam, RuntimeHandle runtime) {
    RoutingProblem directed = beam.isBackward() ? problem.reversed() : problem;
    BeamRouter router =
        new BeamRouter(
            directed,
            new BeamRouter.Options(beam.hopCost(), beam.fading(), beam.lookahead(), beam.width()));
    Placements placements = new Placements(directed);
    List<Layout> starts = placements.all(LAYOUT_LIMIT);
    int bound = Integer.MAX_VALUE;
    List<RoutingResult> refined = new ArrayList<>();
    if (starts.isEmpty()) {
      SplittableRandom random = new SplittableRandom(beam.seed());
      SabreRouter forward = new SabreRouter(directed);
      SabreRouter backward = new SabreRouter(directed.reversed());
      starts = new ArrayList<>();
      for (int i = 0; i < REFINED_STARTS; i++) {
        Layout layout = i % 2 == 0 ? placements.greedy(random) : placements.random(random);
        refined.add(refine(forward, backward, directed, layout, random, runtime));
        starts.add(refined.getLast().initialLayout());
      }
      refined.sort(Comparator.comparingInt(RoutingResult::cost));
      bound = refined.getFirst().cost() + 1;
    }
    List<RoutingResult> found = new ArrayList<>(router.route(starts, bound, JUDGED, runtime));
    refined.stream().limit(JUDGED).forEach(found::add);
    return beam.isBackward()
        ? found.stream().map(result -> result.reversed(problem.nodes)).toList()
        : found;
  }

  private static MappedCircuit judge(
      BlockCircuit circuit,
      SwapAbsorption absorbed,
      Entangler entangler,
      RoutingProblem problem,
      RoutingResult result) {
    BlockCircuit routed =
        RoutedBlocks.write(
            problem, result, circuit.classicalRegisters(), entangler, circuit.errorD2());
    Layout initial = result.initialLayout();
    Layout last = result.finalLayout();
    List<Integer> initialMapping = new ArrayList<>();
    List<Integer> finalMapping = new ArrayList<>();
    for (int qubit = 0; qubit < circuit.qubits(); qubit++) {
      initialMapping.add(initial.physicalOf(qubit));
      finalMapping.add(last.physicalOf(absorbed.placeAtEnd(qubit)));
    }
    return new MappedCircuit(routed, initialMapping, finalMapping, routed.cost(entangler));
  }
}
