package io.quern.engine.linalg;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class RowKernelTest {
  private static final RowKernel SCALAR = new ScalarRowKernel();

  static Stream<RowKernel> kernels() {
    return Stream.of(SCALAR, new VectorRowKernel());
  }

  @ParameterizedTest
  @MethodSource("kernels")
  void triplesAreTurnedByTheirMatrix(RowKernel kernel) {
    Random random = new Random(1);
    double[] q = random.doubles(36, -1, 1).toArray();
    double[] x = random.doubles(6 * 16, -1, 1).toArray();
    double[] before = x.clone();
    kernel.rotateTriples(x, 9, new int[] {0, 32, 64}, new byte[] {2}, q);
    for (int c = 0; c < 9; c++) {
      for (int i = 0; i < 3; i++) {
        double expected = 0;
        for (int j = 0; j < 3; j++) {
          expected += q[18 + 3 * i + j] * before[32 * j + c];
        }
        assertThat(x[32 * i + c]).isCloseTo(expected, within(1e-15));
      }
    }
    assertThat(Arrays.copyOfRange(x, 16, 32)).isEqualTo(Arrays.copyOfRange(before, 16, 32));
  }

  @ParameterizedTest
  @MethodSource("kernels")
  void gramMatrixIsFactoredAndSolved(RowKernel kernel) {
    Random random = new Random(2);
    for (int n : new int[] {1, 3, 7, 8, 9, 16, 25, 47}) {
      int stride = RowKernel.stride(n + 1);
      int rows = 64;
      double[] x = columns(random, rows, n + 1, stride);
      double[] gram = new double[stride * stride];
      kernel.gram(x, rows, stride, n, gram);
      double[] system = gram.clone();
      double[] factors = new double[stride * stride];
      assertThat(kernel.factor(system, n, stride, factors)).isTrue();
      double[] solution = new double[stride];
      for (int i = 0; i < n; i++) {
        solution[i] = system[i * stride + n] / system[i * stride + i];
      }
      kernel.eliminateBackward(factors, n, stride, solution);
      for (int i = 0; i < n; i++) {
        double left = 0;
        double right = 0;
        for (int r = 0; r < rows; r++) {
          double row = 0;
          for (int j = 0; j < n; j++) {
            row += x[r * stride + j] * solution[j];
          }
          left += x[r * stride + i] * row;
          right += x[r * stride + i] * x[r * stride + n];
        }
        assertThat(left).isCloseTo(right, within(1e-11));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("kernels")
  void matrixThatIsNotPositiveIsRefused(RowKernel kernel) {
    double[] a = new double[64];
    a[0] = 1;
    a[1] = 2;
    a[9] = 1;
    assertThat(kernel.factor(a, 2, 8, new double[64])).isFalse();
  }

  @ParameterizedTest
  @MethodSource("kernels")
  void everyKernelGivesTheSameBits(RowKernel kernel) {
    Random random = new Random(3);
    for (int n = 1; n <= 50; n++) {
      int stride = RowKernel.stride(n + 1);
      double[] x = columns(random, 16, n + 1, stride);
      double[] y = x.clone();
      int[] triples = {0, 3 * stride, 5 * stride, stride, 2 * stride, 15 * stride};
      byte[] variants = {3, 1};
      double[] q = random.doubles(36, -1, 1).toArray();
      SCALAR.rotateTriples(x, n + 1, triples, variants, q);
      kernel.rotateTriples(y, n + 1, triples, variants, q);
      assertThat(used(y, 16, n + 1, stride)).isEqualTo(used(x, 16, n + 1, stride));

      int[] pairs = {0, 3 * stride, 4 * stride, 6 * stride};
      double[] signs = {1, -1};
      SCALAR.turnPairs(x, 8 * stride, n + 1, pairs, signs, q, 5);
      kernel.turnPairs(y, 8 * stride, n + 1, pairs, signs, q, 5);
      assertThat(used(y, 16, n + 1, stride)).isEqualTo(used(x, 16, n + 1, stride));

      clear(x, 16, n + 1, stride);
      double[] expected = new double[stride * stride];
      double[] found = new double[stride * stride];
      SCALAR.gram(x, 16, stride, n, expected);
      kernel.gram(x, 16, stride, n, found);
      assertThat(upper(found, n, stride)).isEqualTo(upper(expected, n, stride));

      for (int i = 0; i < n; i++) {
        expected[i * stride + i] += 1;
        found[i * stride + i] += 1;
      }
      double[] factors = new double[stride * stride];
      double[] otherFactors = new double[stride * stride];
      assertThat(SCALAR.factor(expected, n, stride, factors)).isTrue();
      assertThat(kernel.factor(found, n, stride, otherFactors)).isTrue();
      assertThat(upper(found, n, stride)).isEqualTo(upper(expected, n, stride));
      assertThat(otherFactors).isEqualTo(factors);

      double[] b = random.doubles(stride, -1, 1).toArray();
      double[] other = b.clone();
      SCALAR.eliminateBackward(factors, n, stride, b);
      kernel.eliminateBackward(factors, n, stride, other);
      assertThat(other).isEqualTo(b);
    }
  }

  private static double[] columns(Random random, int rows, int columns, int stride) {
    double[] x = random.doubles((long) rows * stride, -1, 1).toArray();
    clear(x, rows, columns, stride);
    return x;
  }

  private static void clear(double[] x, int rows, int columns, int stride) {
    for (int r = 0; r < rows; r++) {
      Arrays.fill(x, r * stride + columns, (r + 1) * stride, 0);
    }
  }

  private static double[] used(double[] x, int rows, int columns, int stride) {
    double[] kept = x.clone();
    clear(kept, rows, columns, stride);
    return kept;
  }

  private static double[] upper(double[] x, int n, int stride) {
    double[] kept = new double[n * stride];
    for (int i = 0; i < n; i++) {
      System.arraycopy(x, i * stride + i, kept, i * stride + i, n + 1 - i);
    }
    return kept;
  }
}
