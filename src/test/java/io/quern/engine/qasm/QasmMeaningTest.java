package io.quern.engine.qasm;

import static org.assertj.core.api.Assertions.assertThat;

import io.quern.engine.circuit.Circuit;
import io.quern.testing.Equivalence;
import io.quern.testing.Generators;
import io.quern.testing.QasmPrograms;
import io.quern.testing.QasmPrograms.Program;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// What is read is what was meant, by simulation.
class QasmMeaningTest {

  static LongStream seeds() {
    long first = Long.getLong("quern.test.first-seed", 1);
    return LongStream.range(first, first + Long.getLong("quern.test.seeds", 150));
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void programMeansWhatItsAuthorMeant(long seed) {
    Program program = QasmPrograms.random(seed);
    Circuit read;
    try {
      read = QasmReader.read(program.text());
    } catch (QasmException e) {
      throw new AssertionError("seed " + seed + " is refused:\n" + program.text(), e);
    }
    assertThat(Equivalence.distance(program.meaning(), read))
        .as("seed %s:%n%s", seed, program.text())
        .isLessThan(1e-12);
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void whatIsWrittenMeansTheCircuit(long seed) {
    Circuit circuit = Generators.dynamicCircuit(seed, 1 + (int) (seed % 5), 20, 4);
    assertThat(Equivalence.distance(circuit, QasmReader.read(QasmWriter.write(circuit))))
        .as("seed %s", seed)
        .isLessThan(1e-14);
  }
}
