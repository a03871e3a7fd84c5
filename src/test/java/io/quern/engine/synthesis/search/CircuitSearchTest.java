package io.quern.engine.synthesis.search;

import static org.assertj.core.api.Assertions.assertThat;

import io.quern.engine.circuit.Circuit;
import io.quern.engine.circuit.Parameters;
import io.quern.engine.circuit.StandardGate;
import io.quern.engine.instantiation.Instantiation;
import io.quern.engine.instantiation.InstantiationOptions;
import io.quern.engine.machine.CouplingGraph;
import io.quern.engine.machine.CouplingGraph.Edge;
import io.quern.engine.simulation.UnitarySimulator;
import io.quern.testing.Equivalence;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class CircuitSearchTest {
  private static final List<Edge> ALL = CouplingGraph.all(3).edges();
  private static final List<Edge> LINE = CouplingGraph.line(3).edges();

  private final CircuitSearch search = new CircuitSearch();

  @ParameterizedTest
  @EnumSource(SearchHeuristic.class)
  void relativePhaseToffoliTakesThree(SearchHeuristic heuristic) {
    Circuit circuit = Circuit.builder(3).gate(StandardGate.RCCX, 0, 1, 2).build();
    assertThat(sizeOf(circuit, ALL, 9, SearchOptions.DEFAULT.withHeuristic(heuristic)))
        .isEqualTo(3);
  }

  @Test
  void nothingIsFoundBelowTheFewest() {
    Circuit circuit = Circuit.builder(3).gate(StandardGate.RCCX, 0, 1, 2).build();
    assertThat(find(circuit, ALL, 3, SearchOptions.DEFAULT)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"1", "2", "3", "4"})
  void randomCircuitsAreFoundAgain(int size) {
    SplittableRandom random = new SplittableRandom(size);
    for (int trial = 0; trial < 5; trial++) {
      Circuit circuit = random(size, random);
      SearchOptions options =
          new SearchOptions(SearchHeuristic.A_STAR, 50_000, 6, InstantiationOptions.PRECISE);
      assertThat(sizeOf(circuit, ALL, size + 1, options)).isLessThanOrEqualTo(size);
    }
  }

  @Test
  void onlyCoupledPairsAreUsed() {
    Circuit circuit = Circuit.builder(3).gate(StandardGate.CX, 0, 2).build();
    Instantiation found = find(circuit, LINE, 5, SearchOptions.DEFAULT).orElseThrow();
    assertThat(found.size()).isEqualTo(4);
    assertThat(LINE).containsAll(found.template().pairs());
  }

  @Test
  void thresholdLetsApproximationsPass() {
    Circuit circuit =
        Circuit.builder(2)
            .gate(StandardGate.CX, 0, 1)
            .gate(StandardGate.H, 0)
            .gate(StandardGate.RZZ, Parameters.of(1e-4), 0, 1)
            .build();
    List<Edge> pair = CouplingGraph.line(2).edges();
    assertThat(find(circuit, pair, 2, SearchOptions.DEFAULT)).isEmpty();
    Optional<Instantiation> found =
        find(circuit, pair, 2, SearchOptions.DEFAULT.withThreshold(1e-8));
    assertThat(found).isPresent();
    assertThat(found.orElseThrow().distance()).isBetween(1e-12, 1e-8);
  }

  @ParameterizedTest
  @ValueSource(ints = {1500, 15_000})
  void knownCircuitIsShortened(int budget) {
    // A turn about Z and a turn about ZZ between CXs: two of the five gates are not needed.
    Circuit known =
        Circuit.builder(3)
            .gate(StandardGate.CX, 0, 1)
            .gate(StandardGate.RY, Parameters.of(0.3), 1)
            .gate(StandardGate.CX, 1, 2)
            .gate(StandardGate.T, 1)
            .gate(StandardGate.CX, 1, 2)
            .gate(StandardGate.CX, 0, 1)
            .gate(StandardGate.CX, 0, 2)
            .build();
    double[] unitary = UnitarySimulator.unitary(known);
    SearchOptions options = SearchOptions.DEFAULT.withEvaluations(budget);
    Instantiation found =
        search.shorten(unitary, Instantiation.of(known), ALL, options, 1, () -> {}).orElseThrow();
    assertThat(found.size()).isEqualTo(3);
    assertThat(search.evaluations()).isBetween(1, budget);
    assertThat(Equivalence.distance(known, found.circuit())).isLessThan(1e-12);
  }

  @Test
  void leapGoesDeepWithFewEvaluations() {
    Circuit circuit =
        Circuit.builder(4)
            .gate(StandardGate.RCCX, 0, 1, 2)
            .gate(StandardGate.RCCX, 1, 2, 3)
            .gate(StandardGate.CH, 0, 3)
            .build();
    List<Edge> all = CouplingGraph.all(4).edges();
    SearchOptions leap =
        SearchOptions.DEFAULT.withHeuristic(SearchHeuristic.LEAP).withEvaluations(30_000);
    assertThat(sizeOf(circuit, all, 40, leap)).isBetween(4, 39);
  }

  @Test
  void shortestCircuitIsNotShortened() {
    Circuit known = random(2, new SplittableRandom(4));
    assertThat(
            search.shorten(
                UnitarySimulator.unitary(known),
                Instantiation.of(known),
                ALL,
                SearchOptions.DEFAULT,
                1,
                () -> {}))
        .isEmpty();
  }

  @Test
  void boundCountsTheGatesEachQubitNeeds() {
    assertThat(bound(Circuit.builder(3).gate(StandardGate.CX, 0, 1).build())).isEqualTo(1);
    assertThat(bound(Circuit.builder(3).gate(StandardGate.SWAP, 0, 1).build())).isEqualTo(3);
    assertThat(bound(Circuit.builder(3).gate(StandardGate.H, 1).build())).isZero();
    assertThat(bound(Circuit.builder(3).gate(StandardGate.CCX, 0, 1, 2).build())).isEqualTo(2);
    assertThat(bound(random(9, new SplittableRandom(3)))).isEqualTo(5);
  }

  private static int bound(Circuit circuit) {
    return CircuitSearch.lowerBound(UnitarySimulator.unitary(circuit), circuit.qubits());
  }

  private int sizeOf(Circuit circuit, List<Edge> couplings, int limit, SearchOptions options) {
    return find(circuit, couplings, limit, options).orElseThrow().size();
  }

  private Optional<Instantiation> find(
      Circuit circuit, List<Edge> couplings, int limit, SearchOptions options) {
    double[] unitary = UnitarySimulator.unitary(circuit);
    Optional<Instantiation> found =
        search.synthesize(unitary, circuit.qubits(), couplings, limit, options, 1, () -> {});
    found.ifPresent(
        instantiation -> {
          assertThat(instantiation.size()).isLessThan(limit);
          if (options.threshold() < 1e-20) {
            assertThat(Equivalence.distance(circuit, instantiation.circuit())).isLessThan(1e-12);
          }
        });
    return found;
  }

  private static Circuit random(int size, SplittableRandom random) {
    Circuit.Builder builder = Circuit.builder(3);
    for (int qubit = 0; qubit < 3; qubit++) {
      turn(builder, qubit, random);
    }
    for (int k = 0; k < size; k++) {
      Edge pair = ALL.get(random.nextInt(ALL.size()));
      builder.gate(StandardGate.CX, pair.a(), pair.b());
      turn(builder, pair.a(), random);
      turn(builder, pair.b(), random);
    }
    return builder.build();
  }

  private static void turn(Circuit.Builder builder, int qubit, SplittableRandom random) {
    builder.gate(
        StandardGate.U3,
        Parameters.of(
            random.nextDouble(Math.PI), random.nextDouble(Math.TAU), random.nextDouble(Math.TAU)),
        qubit);
  }
}
