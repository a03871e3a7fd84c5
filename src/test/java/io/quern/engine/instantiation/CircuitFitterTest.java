package io.quern.engine.instantiation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.quern.engine.circuit.Circuit;
import io.quern.engine.circuit.Parameters;
import io.quern.engine.circuit.StandardGate;
import io.quern.engine.instantiation.CircuitFitter.Fit;
import io.quern.engine.instantiation.CircuitFitter.Method;
import io.quern.testing.Equivalence;
import java.util.SplittableRandom;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class CircuitFitterTest {

  @ParameterizedTest
  @EnumSource(Method.class)
  void anglesAreFoundAgain(Method method) {
    SplittableRandom random = new SplittableRandom(1);
    Circuit wanted = ansatz(random);
    InstantiationOptions options = new InstantiationOptions(1e-12, 30, 200_000);
    Fit fit =
        new CircuitFitter(ansatz(random), method)
            .fit(CircuitModelTest.unitary(wanted), options, 5, () -> {});
    assertThat(fit.isConverged()).isTrue();
    assertThat(Equivalence.distance(wanted, fit.circuit())).isLessThan(1e-11);
    assertThat(fit.evaluations()).isBetween(2, options.evaluations());
  }

  @Test
  void everySweepOfQFactorGains() {
    SplittableRandom random = new SplittableRandom(2);
    CircuitModel model = new CircuitModel(ansatz(random));
    model.setTarget(CircuitModelTest.unitary(ansatz(random)));
    double[] values = model.initialParameters();
    double cost = model.cost(values);
    QFactor sweeps = new QFactor(model);
    for (int sweep = 0; sweep < 20; sweep++) {
      double found = sweeps.run(values, 0, 1, () -> {});
      assertThat(found).isLessThanOrEqualTo(cost + 1e-14);
      assertThat(model.cost(values)).isCloseTo(found, within(1e-14));
      cost = found;
    }
  }

  /// Whatever the gate is, the trace with X on the other qubit is 0.
  @Test
  void gateThatCannotMatterStaysAGate() {
    Circuit wanted = Circuit.builder(2).gate(StandardGate.X, 0).build();
    Circuit free =
        Circuit.builder(2).gate(StandardGate.U3, Parameters.of(0.1, 0.2, 0.3), 1).build();
    Fit fit =
        new CircuitFitter(free, Method.QFACTOR)
            .fit(
                CircuitModelTest.unitary(wanted),
                new InstantiationOptions(1e-12, 2, 100),
                1,
                () -> {});
    assertThat(fit.isConverged()).isFalse();
    assertThat(fit.distance()).isEqualTo(1);
  }

  @Test
  void rosenbrocksValleyIsFollowedToItsEnd() {
    LimitedMemoryBfgs descent =
        new LimitedMemoryBfgs(
            2,
            (x, gradient) -> {
              double a = 1 - x[0];
              double b = x[1] - x[0] * x[0];
              gradient[0] = -2 * a - 400 * x[0] * b;
              gradient[1] = 200 * b;
              return a * a + 100 * b * b;
            });
    double[] x = {-1.2, 1};
    assertThat(descent.minimise(x, 1e-20, 200, () -> {})).isLessThan(1e-20);
    assertThat(x[0]).isCloseTo(1, within(1e-9));
    assertThat(x[1]).isCloseTo(1, within(1e-9));
    assertThat(descent.evaluations()).isLessThan(100);
  }

  @ParameterizedTest
  @EnumSource(Method.class)
  void checkpointCancels(Method method) {
    SplittableRandom random = new SplittableRandom(3);
    Circuit wanted = ansatz(random);
    Runnable cancelled =
        () -> {
          throw new CancellationException("cancelled");
        };
    CircuitFitter fitter = new CircuitFitter(ansatz(random), method);
    double[] target = CircuitModelTest.unitary(wanted);
    assertThatThrownBy(() -> fitter.fit(target, InstantiationOptions.DEFAULT, 1, cancelled))
        .isInstanceOf(CancellationException.class);
  }

  /// Rotations and entangling gates of angles, with a u3 at each end.
  private static Circuit ansatz(SplittableRandom random) {
    Circuit.Builder builder = Circuit.builder(3);
    for (int layer = 0; layer < 2; layer++) {
      for (int qubit = 0; qubit < 3; qubit++) {
        builder.gate(StandardGate.U3, angles(3, random), qubit);
      }
      builder.gate(StandardGate.RZZ, angles(1, random), 0, 1);
      builder.gate(StandardGate.RXX, angles(1, random), 2, 1);
      builder.gate(StandardGate.CX, 2, 0);
    }
    builder.gate(StandardGate.RX, angles(1, random), 0);
    builder.gate(StandardGate.RY, angles(1, random), 1);
    builder.gate(StandardGate.RZ, angles(1, random), 2);
    return builder.build();
  }

  private static Parameters angles(int count, SplittableRandom random) {
    return Parameters.of(random.doubles(count, -3, 3).toArray());
  }
}
