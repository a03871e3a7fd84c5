package io.quern.engine.instantiation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class GroupModelTest {

  static LongStream seeds() {
    return LongStream.range(0, 24);
  }

  private static Template template(SplittableRandom random) {
    return Fixtures.template(2 + random.nextInt(3), random.nextInt(7), random);
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void costIsTheDistanceFromTheReferenceSimulatorsUnitary(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    Template template = template(random);
    double[] target = Fixtures.unitary(template, Fixtures.gates(template, random));
    double[] gates = Fixtures.gates(template, random);
    GroupModel model = new GroupModel(new FramePlan(template));
    model.setTarget(target);
    assertThat(model.evaluate(gates))
        .isCloseTo(Fixtures.distance(target, Fixtures.unitary(template, gates)), within(1e-13));
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void costIsThatOfTheNearestPhaseAlsoCloseToTheTarget(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    Template template = template(random);
    double[] gates = Fixtures.gates(template, random);
    GroupModel model = new GroupModel(new FramePlan(template));
    model.setTarget(Fixtures.unitary(template, gates));
    assertThat(model.evaluate(gates)).isBetween(0.0, 1e-28);
    // A turn by a small angle about Z costs 1 - cos(angle), to the last digits.
    double angle = 1e-9;
    double z = gates[3];
    double w = gates[0];
    double x = gates[1];
    double y = gates[2];
    gates[0] = w - angle * z;
    gates[3] = z + angle * w;
    gates[1] = x + angle * y;
    gates[2] = y - angle * x;
    assertThat(model.evaluate(gates)).isCloseTo(angle * angle / 2, within(1e-21));
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void gradientIsThatOfFiniteDifferences(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    Template template = template(random);
    FramePlan plan = new FramePlan(template);
    GroupModel model = new GroupModel(plan);
    double[] target = Fixtures.unitary(template, Fixtures.gates(template, random));
    model.setTarget(target);
    double[] gates = Fixtures.gates(template, random);
    model.evaluate(gates);
    model.linearise(gates);
    double h = 1e-5;
    for (int gate = 0; gate < plan.freeGates; gate++) {
      for (int axis = 0; axis < (gate < plan.qubits ? 3 : 2); axis++) {
        int column = plan.firstColumn[gate] + axis;
        double up = Fixtures.distance(target, moved(template, gates, gate, axis, h));
        double down = Fixtures.distance(target, moved(template, gates, gate, axis, -h));
        assertThat(model.gram[column * plan.stride + plan.directions])
            .as("gate %d axis %d", gate, axis)
            .isCloseTo((up - down) / (2 * h), within(1e-8));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void gramMatrixIsThatOfTheUnitarysDerivatives(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    Template template = template(random);
    FramePlan plan = new FramePlan(template);
    GroupModel model = new GroupModel(plan);
    double[] gates = Fixtures.gates(template, random);
    model.setTarget(Fixtures.unitary(template, gates));
    model.evaluate(gates);
    model.linearise(gates);
    double h = 1e-5;
    double[][] columns = new double[plan.directions][];
    for (int gate = 0; gate < plan.freeGates; gate++) {
      for (int axis = 0; axis < (gate < plan.qubits ? 3 : 2); axis++) {
        double[] up = moved(template, gates, gate, axis, h);
        double[] down = moved(template, gates, gate, axis, -h);
        for (int k = 0; k < up.length; k++) {
          up[k] = (up[k] - down[k]) / (2 * h);
        }
        columns[plan.firstColumn[gate] + axis] = up;
      }
    }
    for (int i = 0; i < plan.directions; i++) {
      for (int j = i; j < plan.directions; j++) {
        double expected = 0;
        for (int k = 0; k < columns[i].length; k++) {
          expected += columns[i][k] * columns[j][k];
        }
        assertThat(model.gram[i * plan.stride + j])
            .isCloseTo(expected / plan.dimension, within(1e-8));
      }
    }
  }

  /// The unitary with one gate multiplied by exp(-i h sigma): from the right, and from the left in
  /// the first layer.
  private static double[] moved(Template template, double[] gates, int gate, int axis, double h) {
    double[] moved = gates.clone();
    int g = 4 * gate;
    double w = gates[g];
    double[] v = {gates[g + 1], gates[g + 2], gates[g + 3]};
    double c = Math.cos(h);
    double s = Math.sin(h);
    int side = gate < template.qubits() ? -1 : 1;
    int next = (axis + 1) % 3;
    int last = (axis + 2) % 3;
    moved[g] = c * w - s * v[axis];
    moved[g + 1 + axis] = c * v[axis] + s * w;
    moved[g + 1 + next] = c * v[next] + side * s * v[last];
    moved[g + 1 + last] = c * v[last] - side * s * v[next];
    return Fixtures.unitary(template, moved);
  }
}
