package io.quern.engine.linalg;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class MatrixKernelTest {
  static Stream<MatrixKernel> kernels() {
    return Stream.of(
        new ScalarMatrixKernel(), new Vector256MatrixKernel(), new Vector512MatrixKernel());
  }

  @ParameterizedTest
  @MethodSource("kernels")
  void productIsTheTextbooks(MatrixKernel kernel) {
    Random random = new Random(1);
    for (int trial = 0; trial < 50; trial++) {
      double[] a = random(random);
      double[] b = random(random);
      double[] found = new double[32];
      kernel.multiply4(a, b, found);
      for (int r = 0; r < 4; r++) {
        for (int c = 0; c < 4; c++) {
          double re = 0;
          double im = 0;
          for (int k = 0; k < 4; k++) {
            int p = 8 * r + 2 * k;
            int q = 8 * k + 2 * c;
            re += a[p] * b[q] - a[p + 1] * b[q + 1];
            im += a[p] * b[q + 1] + a[p + 1] * b[q];
          }
          assertThat(found[8 * r + 2 * c]).isCloseTo(re, within(1e-14));
          assertThat(found[8 * r + 2 * c + 1]).isCloseTo(im, within(1e-14));
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("kernels")
  void everyKernelGivesTheSameBits(MatrixKernel kernel) {
    Random random = new Random(2);
    MatrixKernel scalar = new ScalarMatrixKernel();
    double[] expected = new double[32];
    double[] found = new double[32];
    for (int trial = 0; trial < 200; trial++) {
      double[] a = random(random);
      double[] b = random(random);
      scalar.multiply4(a, b, expected);
      kernel.multiply4(a, b, found);
      assertThat(found).isEqualTo(expected);
      scalar.gram4(a, expected);
      kernel.gram4(a, found);
      assertThat(found).isEqualTo(expected);
    }
  }

  private static double[] random(Random random) {
    return random.doubles(32, -1, 1).toArray();
  }
}
