package io.quern.engine.linalg;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class StateKernelTest {
  private static final StateKernel SCALAR = new ScalarStateKernel();

  static Stream<StateKernel> kernels() {
    return Stream.of(SCALAR, new VectorStateKernel());
  }

  @ParameterizedTest
  @MethodSource("kernels")
  void productsAreTheTextbooks(StateKernel kernel) {
    double[] state = {1, 2, 3, 4, 5, 6, 7, 8};
    kernel.scale(state, 2, 1, 0, 1);
    assertThat(state).containsExactly(1, 2, -4, 3, 5, 6, 7, 8);
    // i times the other one, and back.
    kernel.mix(state, 0, 4, 2, new double[] {0, 0, 0, 1, 0, 1, 0, 0});
    assertThat(state[0]).isCloseTo(-6, within(0.0));
    assertThat(state).containsExactly(-6, 5, -8, 7, -2, 1, -3, -4);
  }

  /// Runs around the lengths of vectors, and whatever stands beside them stays.
  @ParameterizedTest
  @MethodSource("kernels")
  void everyKernelGivesTheSameBits(StateKernel kernel) {
    Random random = new Random(4);
    for (int count = 0; count <= 40; count++) {
      for (int offset = 0; offset < 3; offset++) {
        double[] expected = random.doubles(2L * (2 * count + 9), -1, 1).toArray();
        double[] found = expected.clone();
        double[] matrix = random.doubles(8, -1, 1).toArray();
        int second = 2 * (offset + count + 2);
        SCALAR.mix(expected, 2 * offset, second, count, matrix);
        kernel.mix(found, 2 * offset, second, count, matrix);
        assertThat(found).isEqualTo(expected);
        SCALAR.scale(expected, 2 * offset, count, matrix[0], matrix[1]);
        kernel.scale(found, 2 * offset, count, matrix[0], matrix[1]);
        assertThat(found).isEqualTo(expected);
      }
    }
  }
}
