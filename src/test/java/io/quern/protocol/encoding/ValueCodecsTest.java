package io.quern.protocol.encoding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quern.engine.circuit.Circuit;
import io.quern.engine.circuit.ClassicalRegister;
import io.quern.engine.circuit.Operation;
import io.quern.engine.circuit.Parameters;
import io.quern.engine.circuit.StandardGate;
import io.quern.engine.compile.CircuitStatistics;
import io.quern.engine.compile.CompilationResult;
import io.quern.engine.compile.Distance;
import io.quern.engine.compile.PassReport;
import io.quern.engine.machine.CouplingGraph;
import io.quern.engine.machine.GateSet;
import io.quern.engine.machine.MachineModel;
import io.quern.engine.pass.LogLevel;
import io.quern.task.Submission;
import java.math.BigInteger;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/// Values of every kind that runtime functions take and return become bytes and values again.
class ValueCodecsTest {
  private static final ValueCodecs CODECS = new ValueCodecs();

  private static final Circuit CIRCUIT =
      Circuit.builder(3, List.of(new ClassicalRegister("c", 2)))
          .gate(StandardGate.CX, 2, 0)
          .gate(StandardGate.U3, Parameters.of(0.1, -0.0, Math.PI), 1)
          .add(new Operation.Measurement(0, 0, 1))
          .add(
              new Operation.Conditional(
                  0,
                  BigInteger.TWO,
                  new Operation.GateOperation(
                      StandardGate.X, io.quern.engine.circuit.Location.of(1), Parameters.NONE)))
          .add(new Operation.Reset(2))
          .build();

  private static final CompilationResult RESULT =
      new CompilationResult(
          CIRCUIT,
          new MachineModel(CouplingGraph.grid(2, 2), GateSet.DEFAULT),
          List.of(0, 2, 1),
          List.of(),
          CircuitStatistics.of(CIRCUIT),
          new CircuitStatistics(1, 2, 3, 4, 5, Map.of("cx", 3)),
          new Distance(1e-15, "unitary"),
          Double.MIN_VALUE,
          Long.MIN_VALUE,
          "0.1.0",
          "scalar",
          List.of(new PassReport("Sabre", 0.25, 9, 4)),
          true);

  private static final Submission SUBMISSION =
      Submission.builder("OPENQASM 2.0; // größer als ASCII")
          .tags(List.of("a", "b"))
          .machine(new Submission.Machine(5, "line", List.of("cx", "u3")))
          .level(3)
          .seed(42)
          .permuteOutput(true)
          .timeLimit(Duration.ofMillis(1_500))
          .loggingLevel(LogLevel.DEBUG)
          .options(new Submission.Options(4, 1e-9, null, 8))
          .build();

  private static <T> T again(Class<T> type, T value) {
    ValueCodec<T> codec = CODECS.of(type);
    return codec.fromBytes(codec.toBytes(value));
  }

  @Test
  void submissionsAndResultsAreReadAsTheyWereWritten() {
    assertThat(again(Submission.class, SUBMISSION)).isEqualTo(SUBMISSION);
    assertThat(again(CompilationResult.class, RESULT)).isEqualTo(RESULT);
  }

  @Test
  void typeWithoutAFormIsRefusedAtOnce() {
    assertThatThrownBy(() -> CODECS.of(Thread.class))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("java.lang.Thread");
  }

  @Test
  void whateverTheBytesAreTheyAreAResultOrRefused() {
    ValueCodec<CompilationResult> codec = CODECS.of(CompilationResult.class);
    byte[] good = codec.toBytes(RESULT);
    int refused = 0;
    for (int seed = 0; seed < 20_000; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      byte[] bytes = Arrays.copyOf(good, random.nextInt(1, good.length + 1));
      for (int i = random.nextInt(1, 4); i > 0; i--) {
        bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
      }
      try {
        codec.fromBytes(bytes);
      } catch (MalformedFrameException e) {
        refused++;
      }
    }
    assertThat(refused).isGreaterThan(1_000);
  }
}
