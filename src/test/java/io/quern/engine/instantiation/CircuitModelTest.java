package io.quern.engine.instantiation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.quern.engine.circuit.Circuit;
import io.quern.engine.circuit.Parameters;
import io.quern.engine.circuit.StandardGate;
import io.quern.testing.ComplexMatrix;
import io.quern.testing.ReferenceSimulator;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class CircuitModelTest {
  private static final List<StandardGate> GATES =
      Stream.of(StandardGate.values()).filter(gate -> gate.qubits() <= 3).toList();

  static LongStream seeds() {
    return LongStream.range(0, 12);
  }

  static Stream<StandardGate> gatesWithAngles() {
    return GATES.stream().filter(gate -> gate.parameterCount() > 0);
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void costIsThatOfTheReferenceSimulator(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    Circuit circuit = circuit(random, 15);
    double[] target = unitary(circuit(random, 15));
    CircuitModel model = new CircuitModel(circuit);
    model.setTarget(target);
    double[] values = angles(model, random);
    double expected = Fixtures.distance(target, unitary(model.circuit(values)));
    assertThat(model.cost(values)).isCloseTo(expected, within(1e-13));
    assertThat(model.costAndGradient(values, new double[values.length]))
        .isCloseTo(expected, within(1e-13));
    model.setTarget(unitary(model.circuit(values)));
    assertThat(model.cost(values)).isBetween(0.0, 1e-28);
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void gradientIsThatOfFiniteDifferences(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    checkGradient(circuit(random, 12), random);
  }

  @ParameterizedTest
  @MethodSource("gatesWithAngles")
  void everyGatesDerivativeIsExact(StandardGate gate) {
    SplittableRandom random = new SplittableRandom(gate.ordinal());
    Circuit.Builder builder = Circuit.builder(3);
    scatter(builder, random);
    builder.gate(
        gate, randomParameters(gate, random), Arrays.copyOf(new int[] {2, 0, 1}, gate.qubits()));
    scatter(builder, random);
    checkGradient(builder.build(), random);
  }

  private static void scatter(Circuit.Builder builder, SplittableRandom random) {
    for (int qubit = 0; qubit < 3; qubit++) {
      builder.gate(StandardGate.U3, randomParameters(StandardGate.U3, random), qubit);
      builder.gate(StandardGate.CX, qubit, (qubit + 1) % 3);
    }
  }

  private static void checkGradient(Circuit circuit, SplittableRandom random) {
    CircuitModel model = new CircuitModel(circuit);
    model.setTarget(unitary(circuit(random, 15)));
    double[] values = angles(model, random);
    double[] gradient = new double[values.length];
    model.costAndGradient(values, gradient);
    double h = 1e-5;
    for (int i = 0; i < values.length; i++) {
      double value = values[i];
      values[i] = value + h;
      double up = model.cost(values);
      values[i] = value - h;
      double down = model.cost(values);
      values[i] = value;
      assertThat(gradient[i]).as("angle %d", i).isCloseTo((up - down) / (2 * h), within(1e-9));
    }
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void residualsAndJacobianBelongToCostAndGradient(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    Circuit circuit = circuit(random, 12);
    CircuitModel model = new CircuitModel(circuit);
    double[] target = unitary(circuit(random, 12));
    model.setTarget(target);
    double[] values = angles(model, random);
    int n = values.length;
    double[] residuals = new double[128];
    double[] jacobian = new double[128 * (n + 3)];
    double cost = model.residuals(values, residuals, jacobian, n + 3);
    assertThat(Arrays.stream(residuals).map(r -> r * r).sum()).isCloseTo(cost, within(1e-13));
    double[] gradient = new double[n];
    model.costAndGradient(values, gradient);
    double h = 1e-5;
    for (int i = 0; i < n; i++) {
      double product = 0;
      for (int r = 0; r < 128; r++) {
        product += 2 * residuals[r] * jacobian[r * (n + 3) + i];
      }
      assertThat(product).isCloseTo(gradient[i], within(1e-12));
      double[] up = residuals(model, values, i, h);
      double[] down = residuals(model, values, i, -h);
      subtract(up, down, 2 * h);
      for (int r = 0; r < 128; r++) {
        down[r] = jacobian[r * (n + 3) + i];
      }
      // The best phase moves with the angle; what that adds is along i times the phase.
      double[] phase = phase(model, values, target);
      double along = dot(up, phase) - dot(down, phase);
      assertThat(dot(down, phase)).isCloseTo(0, within(1e-12));
      for (int r = 0; r < 128; r++) {
        assertThat(down[r]).isCloseTo(up[r] - along * phase[r], within(1e-8));
      }
    }
  }

  private static void subtract(double[] a, double[] b, double width) {
    for (int r = 0; r < a.length; r++) {
      a[r] = (a[r] - b[r]) / width;
    }
  }

  private static double dot(double[] a, double[] b) {
    double sum = 0;
    for (int r = 0; r < a.length; r++) {
      sum += a[r] * b[r];
    }
    return sum;
  }

  /// The unit vector along i e^(i phi) times the identity.
  private static double[] phase(CircuitModel model, double[] values, double[] unitary) {
    ComplexMatrix circuit = ReferenceSimulator.unitary(model.circuit(values));
    ComplexMatrix target = ComplexMatrix.ofInterleaved(8, unitary);
    ComplexMatrix product = target.adjoint().times(circuit);
    double re = 0;
    double im = 0;
    for (int k = 0; k < 8; k++) {
      re += product.re(k, k);
      im += product.im(k, k);
    }
    double scale = 1 / (Math.hypot(re, im) * Math.sqrt(8));
    double[] phase = new double[128];
    for (int k = 0; k < 8; k++) {
      phase[2 * (8 * k + k)] = -im * scale;
      phase[2 * (8 * k + k) + 1] = re * scale;
    }
    return phase;
  }

  private static double[] residuals(CircuitModel model, double[] values, int i, double h) {
    double[] moved = values.clone();
    moved[i] += h;
    double[] residuals = new double[128];
    model.residuals(moved, residuals, new double[128 * values.length], values.length);
    return residuals;
  }

  @Test
  void measurementsAreRefused() {
    Circuit circuit =
        Circuit.builder(1).add(new io.quern.engine.circuit.Operation.Reset(0)).build();
    assertThatThrownBy(() -> new CircuitModel(circuit))
        .isInstanceOf(IllegalArgumentException.class);
  }

  static Circuit circuit(SplittableRandom random, int size) {
    Circuit.Builder builder = Circuit.builder(3);
    for (int k = 0; k < size; k++) {
      StandardGate gate = GATES.get(random.nextInt(GATES.size()));
      int first = random.nextInt(3);
      int step = 1 + random.nextInt(2);
      int[] location = {first, (first + step) % 3, (first + 2 * step) % 3};
      builder.gate(gate, randomParameters(gate, random), Arrays.copyOf(location, gate.qubits()));
    }
    return builder.build();
  }

  private static Parameters randomParameters(StandardGate gate, SplittableRandom random) {
    return Parameters.of(random.doubles(gate.parameterCount(), -4, 4).toArray());
  }

  private static double[] angles(CircuitModel model, SplittableRandom random) {
    return random.doubles(model.parameters(), -4, 4).toArray();
  }

  static double[] unitary(Circuit circuit) {
    ComplexMatrix matrix = ReferenceSimulator.unitary(circuit);
    int d = matrix.rows();
    double[] unitary = new double[2 * d * d];
    for (int r = 0; r < d; r++) {
      for (int c = 0; c < d; c++) {
        unitary[2 * (r * d + c)] = matrix.re(r, c);
        unitary[2 * (r * d + c) + 1] = matrix.im(r, c);
      }
    }
    return unitary;
  }
}
