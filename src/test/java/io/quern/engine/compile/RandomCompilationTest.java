package io.quern.engine.compile;

import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Thousands of random circuits of all gates, with measurements and conditions, for random machines
/// at all levels and by random workflows. `-Dquern.test.compilations=50000` tries more of them, and
/// `-Dquern.test.first-seed=N` starts elsewhere; a seed that fails becomes a test of its own.
class RandomCompilationTest {
  /// Compilations to a test.
  private static final long GROUP = 100;

  static LongStream groups() {
    long first = Long.getLong("quern.test.first-seed", 1);
    return LongStream.iterate(first, seed -> seed < end(), seed -> seed + GROUP);
  }

  private static long end() {
    return Long.getLong("quern.test.first-seed", 1)
        + Long.getLong("quern.test.compilations", 4_000);
  }

  @ParameterizedTest(name = "from seed {0}")
  @MethodSource("groups")
  void randomCircuitIsCarriedOut(long first) {
    for (long seed = first; seed < Math.min(first + GROUP, end()); seed++) {
      RandomCompilation.of(seed).check();
    }
  }
}
