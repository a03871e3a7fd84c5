package io.quern.engine.compile;

import static io.quern.engine.compile.Compilations.at;
import static io.quern.engine.compile.Compilations.compile;
import static io.quern.engine.compile.Compilations.input;
import static io.quern.testing.CompilationResultAssert.assertThat;

import io.quern.engine.circuit.Circuit;
import io.quern.testing.Generators;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Random circuits for random machines. `-Dquern.test.seeds=5000` tries more of them, and
/// `-Dquern.test.first-seed=N` starts elsewhere; a seed that fails becomes a test of its own.
class RandomCompilationTest {

  static LongStream seeds() {
    long first = Long.getLong("quern.test.first-seed", 1);
    return LongStream.range(first, first + Long.getLong("quern.test.seeds", 120));
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void unitaryCircuitIsCompiled(long seed) {
    Random random = new Random(seed);
    int qubits = 1 + random.nextInt(6);
    isCompiled(Generators.circuit(seed, qubits, random.nextInt(40)), seed);
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void circuitWithMeasurementsIsCompiled(long seed) {
    Random random = new Random(seed);
    int qubits = 1 + random.nextInt(5);
    isCompiled(Generators.dynamicCircuit(seed, qubits, random.nextInt(30), 5), seed);
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void cliffordCircuitIsCompiled(long seed) {
    Random random = new Random(seed);
    int qubits = 2 + random.nextInt(4);
    Circuit circuit = Generators.cliffordCircuit(seed, qubits, random.nextInt(40));
    CompilationInput input =
        input(circuit, Generators.couplingGraph(seed, qubits), Compilations.CX_U3, seed);
    assertThat(compile(at(1 + (int) (seed % 3), input))).carriesOut(input).isSameClifford(circuit);
  }

  private static void isCompiled(Circuit circuit, long seed) {
    CompilationInput input =
        input(
            circuit,
            Generators.couplingGraph(seed, circuit.qubits()),
            Generators.gateSet(seed),
            seed,
            seed % 5 == 0);
    int level = seed % 6 == 0 && circuit.qubits() < 5 ? 3 : seed % 2 == 0 ? 2 : 1;
    assertThat(compile(at(level, input)))
        .as("level %d, %s", level, input.machine())
        .carriesOut(input);
  }
}
