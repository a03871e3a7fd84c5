package io.quern.engine.mapping;

import static org.assertj.core.api.Assertions.assertThat;

import io.quern.engine.circuit.Circuit;
import io.quern.engine.circuit.StandardGate;
import io.quern.engine.machine.CouplingGraph;
import io.quern.testing.Generators;
import io.quern.testing.InlineRuntime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// What every routing result must keep to, whichever router found it: each node once, after all it
/// waits for, on neighbours; layouts and cost as the actions say.
class RouterPropertyTest {
  private static final List<StandardGate> NARROW_GATES =
      Arrays.stream(StandardGate.values()).filter(gate -> gate.qubits() <= 2).toList();

  static LongStream seeds() {
    long first = Long.getLong("quern.test.first-seed", 1);
    return LongStream.range(first, first + Long.getLong("quern.test.seeds", 60));
  }

  private static RoutingProblem problem(long seed) {
    Random random = new Random(seed);
    int qubits = 2 + random.nextInt(7);
    Circuit circuit =
        seed % 3 == 0
            ? Generators.dynamicCircuit(seed, qubits, 40, 8, NARROW_GATES)
            : Generators.circuit(seed, qubits, 60, NARROW_GATES);
    long graphSeed = seed;
    CouplingGraph coupling = Generators.couplingGraph(graphSeed, qubits);
    while (!coupling.isConnected()) {
      graphSeed += 1000;
      coupling = Generators.couplingGraph(graphSeed, qubits);
    }
    return Problems.problem(circuit, coupling);
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void sabreKeepsOrderAndCoupling(long seed) {
    RoutingProblem problem = problem(seed);
    SabreRouter router = new SabreRouter(problem);
    Placements placements = new Placements(problem);
    SplittableRandom random = new SplittableRandom(seed);
    for (Layout start : List.of(placements.random(random), placements.greedy(random))) {
      RoutingResult result = router.route(start, seed, InlineRuntime.of(1, 0));
      assertThat(result.initialLayout()).isEqualTo(start);
      check(problem, result);
    }
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void beamKeepsOrderAndCoupling(long seed) {
    RoutingProblem problem = problem(seed);
    Placements placements = new Placements(problem);
    SplittableRandom random = new SplittableRandom(seed);
    List<Layout> starts = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      starts.add(placements.random(random));
    }
    BeamRouter router = new BeamRouter(problem, new BeamRouter.Options(1, 0.85, 20, 20));
    for (RoutingResult result :
        router.route(starts, Integer.MAX_VALUE, 4, InlineRuntime.of(1, 0))) {
      assertThat(starts).contains(result.initialLayout());
      check(problem, result);
    }
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void resultOfReversedProblemHoldsForTheProblem(long seed) {
    RoutingProblem problem = problem(seed);
    Layout start = new Placements(problem).random(new SplittableRandom(seed));
    RoutingResult backward =
        new SabreRouter(problem.reversed()).route(start, seed, InlineRuntime.of(1, 0));
    RoutingResult forward = backward.reversed(problem.nodes);
    assertThat(forward.finalLayout()).isEqualTo(start);
    checkOrder(problem, forward);
  }

  private static void check(RoutingProblem problem, RoutingResult result) {
    checkOrder(problem, result);
    PricedLayout priced = new PricedLayout(problem);
    priced.start(result.initialLayout());
    for (int i = 0; i < result.length(); i++) {
      if (result.action(i) < 0) {
        priced.swap(-1 - result.action(i));
      } else {
        priced.carryOut(result.action(i));
      }
    }
    assertThat(result.cost()).isEqualTo(Arrays.stream(problem.cost).sum() + priced.excess());
  }

  private static void checkOrder(RoutingProblem problem, RoutingResult result) {
    Layout layout = result.initialLayout();
    boolean[] done = new boolean[problem.nodes];
    int count = 0;
    for (int i = 0; i < result.length(); i++) {
      int action = result.action(i);
      if (action < 0) {
        layout.swapPhysical(problem.edgeA[-1 - action], problem.edgeB[-1 - action]);
        continue;
      }
      assertThat(done[action]).as("node %s done before", action).isFalse();
      for (int earlier : problem.predecessors[action]) {
        assertThat(done[earlier]).as("node %s before node %s", earlier, action).isTrue();
      }
      if (problem.needsNeighbours(action)) {
        int physicalA = layout.physicalOf(problem.wireA[action]);
        int physicalB = layout.physicalOf(problem.wireB[action]);
        assertThat(problem.edge(physicalA, physicalB)).isNotNegative();
      }
      done[action] = true;
      count++;
    }
    assertThat(count).isEqualTo(problem.nodes);
    assertThat(layout).isEqualTo(result.finalLayout());
  }
}
