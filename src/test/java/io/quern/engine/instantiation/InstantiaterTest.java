package io.quern.engine.instantiation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.quern.engine.instantiation.InstantiationResult.BestEffort;
import io.quern.engine.instantiation.InstantiationResult.Converged;
import io.quern.engine.machine.CouplingGraph.Edge;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class InstantiaterTest {
  private static final InstantiationOptions OPTIONS =
      new InstantiationOptions(InstantiationOptions.PRECISE, 40, 100_000);

  private final Instantiater instantiater = new Instantiater();

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5})
  void unitaryOfATemplateIsFoundAgain(int qubits) {
    SplittableRandom random = new SplittableRandom(qubits);
    Template template = Fixtures.template(qubits, qubits == 1 ? 0 : 2 * qubits - 2, random);
    double[] target = Fixtures.unitary(template, Fixtures.gates(template, random));
    InstantiationResult result = instantiater.instantiate(template, target, OPTIONS, 1, () -> {});
    assertThat(result).isInstanceOf(Converged.class);
    assertThat(result.best().distance()).isLessThan(1e-24);
    double[] found = Fixtures.unitary(template, gates(result.best()));
    assertThat(Fixtures.distance(target, found)).isCloseTo(0, within(1e-14));
  }

  @Test
  void sameSeedGivesTheSameBitsWhateverWasDoneBefore() {
    SplittableRandom random = new SplittableRandom(5);
    Template template = Fixtures.template(3, 5, random);
    double[] target = Fixtures.unitary(template, Fixtures.gates(template, random));
    Instantiation first = instantiater.instantiate(template, target, OPTIONS, 7, () -> {}).best();
    Template other = Fixtures.template(4, 6, random);
    double[] otherTarget = Fixtures.unitary(other, Fixtures.gates(other, random));
    instantiater.instantiate(other, otherTarget, OPTIONS, 3, () -> {});
    assertThat(instantiater.instantiate(template, target, OPTIONS, 7, () -> {}).best())
        .isEqualTo(first);
  }

  @Test
  void unitaryOutOfReachGivesTheBestEffort() {
    SplittableRandom random = new SplittableRandom(6);
    Template rich = Template.of(2, List.of(new Edge(0, 1), new Edge(0, 1), new Edge(0, 1)));
    double[] target = Fixtures.unitary(rich, Fixtures.gates(rich, random));
    InstantiationResult result =
        instantiater.instantiate(rich.without(0), target, OPTIONS, 1, () -> {});
    assertThat(result).isInstanceOf(BestEffort.class);
    assertThat(result.best().distance()).isBetween(1e-6, 1.0);
    assertThat(Fixtures.distance(target, Fixtures.unitary(rich.without(0), gates(result.best()))))
        .isCloseTo(result.best().distance(), within(1e-12));
  }

  @Test
  void startNearTheTargetIsImproved() {
    SplittableRandom random = new SplittableRandom(8);
    Template template = Fixtures.template(3, 4, random);
    double[] gates = Fixtures.gates(template, random);
    double[] target = Fixtures.unitary(template, gates);
    double[] near = gates.clone();
    near[0] += 0.1;
    double scale =
        1
            / Math.sqrt(
                near[0] * near[0] + near[1] * near[1] + near[2] * near[2] + near[3] * near[3]);
    for (int i = 0; i < 4; i++) {
      near[i] *= scale;
    }
    InstantiationResult result =
        instantiater.improve(
            template, Fixtures.instantiation(template, near).gates(), target, OPTIONS, () -> {});
    assertThat(result).isInstanceOf(Converged.class);
    assertThat(result.evaluations()).isLessThan(12);
  }

  @Test
  void evaluationsAreAtMostThoseGiven() {
    SplittableRandom random = new SplittableRandom(9);
    Template template = Fixtures.template(3, 2, random);
    Template rich = Fixtures.template(3, 9, random);
    double[] target = Fixtures.unitary(rich, Fixtures.gates(rich, random));
    InstantiationOptions few = new InstantiationOptions(InstantiationOptions.PRECISE, 1000, 137);
    assertThat(instantiater.instantiate(template, target, few, 1, () -> {}).evaluations())
        .isEqualTo(137);
  }

  @Test
  void checkpointIsAskedEachIterationAndEndsTheRun() {
    SplittableRandom random = new SplittableRandom(10);
    Template template = Fixtures.template(3, 5, random);
    double[] target = Fixtures.unitary(template, Fixtures.gates(template, random));
    AtomicInteger asked = new AtomicInteger();
    Runnable third =
        () -> {
          if (asked.incrementAndGet() == 3) {
            throw new CancellationException("third");
          }
        };
    assertThatThrownBy(() -> instantiater.instantiate(template, target, OPTIONS, 1, third))
        .isInstanceOf(CancellationException.class);
    assertThat(asked).hasValue(3);
  }

  @Test
  void targetOfAnotherWidthIsRefused() {
    Template template = Template.of(2, List.of());
    assertThatThrownBy(
            () -> instantiater.instantiate(template, new double[128], OPTIONS, 1, () -> {}))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private static double[] gates(Instantiation instantiation) {
    double[] gates = new double[4 * instantiation.gates().size()];
    for (int k = 0; k < instantiation.gates().size(); k++) {
      gates[4 * k] = instantiation.gates().get(k).w();
      gates[4 * k + 1] = instantiation.gates().get(k).x();
      gates[4 * k + 2] = instantiation.gates().get(k).y();
      gates[4 * k + 3] = instantiation.gates().get(k).z();
    }
    return gates;
  }
}
