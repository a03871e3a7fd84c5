package io.quern.engine.window;

import static org.assertj.core.api.Assertions.assertThat;

import io.quern.engine.instantiation.Instantiation;
import io.quern.engine.instantiation.Template;
import io.quern.engine.linalg.Matrices;
import io.quern.engine.linalg.Rotation;
import io.quern.engine.machine.CouplingGraph.Edge;
import io.quern.engine.simulation.UnitarySimulator;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WindowSynthesizerTest {
  private static final List<Edge> LINE = List.of(new Edge(0, 1), new Edge(1, 2));

  /// A random circuit of so many gates on a line of three, said to have more.
  private static WindowProblem problem(long seed, int gates, int said) {
    Random random = new Random(seed);
    List<Edge> pairs = new ArrayList<>();
    for (int k = 0; k < gates; k++) {
      pairs.add(LINE.get(k % 2));
    }
    Template template = Template.of(3, pairs);
    List<Rotation> free = new ArrayList<>();
    for (int gate = 0; gate < template.freeGates(); gate++) {
      free.add(
          Rotation.aboutZ(random.nextDouble() * 6)
              .after(Rotation.aboutX(random.nextDouble() * 6))
              .after(Rotation.aboutZ(random.nextDouble() * 6)));
    }
    // What is said to be there is longer: pairs of gates that cancel follow it.
    for (int k = gates; k < said; k += 2) {
      template = template.append(1, 2).append(1, 2);
      free.addAll(List.of(Rotation.IDENTITY, Rotation.IDENTITY));
      free.addAll(List.of(Rotation.IDENTITY, Rotation.IDENTITY));
    }
    Instantiation known = new Instantiation(template, free, 0);
    return new WindowProblem(3, UnitarySimulator.unitary(known.circuit()), LINE, known, seed);
  }

  private static void isFound(WindowProblem problem, SearchEffort effort, int atMost) {
    WindowAnswer answer = new WindowSynthesizer(() -> {}, () -> false).synthesize(problem, effort);
    Instantiation found = Objects.requireNonNull(answer.found());
    assertThat(found.size()).isLessThanOrEqualTo(atMost);
    assertThat(LINE).containsAll(found.template().pairs());
    assertThat(Matrices.distance(problem.unitary(), UnitarySimulator.unitary(found.circuit()), 8))
        .isLessThan(1e-20);
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void gatesAreLeftOut(long seed) {
    isFound(problem(seed, 4, 6), new SearchEffort(3, 0, 0, 20_000), 5);
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void templatesGrow(long seed) {
    isFound(problem(seed, 4, 10), new SearchEffort(0, 6, 3, 60_000), 4);
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3})
  void nothingIsFoundWhereNothingIs(long seed) {
    WindowAnswer answer =
        new WindowSynthesizer(() -> {}, () -> false)
            .synthesize(problem(seed, 7, 7), new SearchEffort(2, 3, 1, 20_000));
    assertThat(answer.found()).isNull();
    assertThat(answer.evaluations()).isPositive();
  }

  @ParameterizedTest(name = "{0} gates")
  @ValueSource(ints = {3, 4, 5, 6})
  void nothingIsTriedWhereAllGatesAreKnownToBeNeeded(int gates) {
    WindowAnswer answer =
        new WindowSynthesizer(() -> {}, () -> false)
            .synthesize(problem(1, gates, gates), new SearchEffort(2, 3, 1, 20_000));
    assertThat(answer.found()).isNull();
    assertThat(answer.evaluations()).isZero();
  }
}
