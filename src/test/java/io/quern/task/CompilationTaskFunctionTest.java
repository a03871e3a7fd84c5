package io.quern.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.quern.engine.compile.CompilationResult;
import io.quern.engine.compile.Distance;
import io.quern.engine.qasm.QasmReader;
import io.quern.testing.Equivalence;
import io.quern.testing.InlineRuntime;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class CompilationTaskFunctionTest {

  @Test
  void acceptedSubmissionBecomesItsResult() throws Exception {
    CompilationResult result = run("qft_5", "line", null);
    assertThat(result.machine().qubits()).isEqualTo(5);
    Distance distance = Objects.requireNonNull(result.distance());
    assertThat(distance.method()).isEqualTo("unitary");
    assertThat(distance.value()).isLessThan(1e-12);
    double reference =
        Equivalence.distance(
            QasmReader.read(text("qft_5")),
            result.circuit(),
            result.initialMapping(),
            result.finalMapping());
    assertThat(reference).isCloseTo(0, within(1e-12));
  }

  @Test
  void wideCircuitsAreMeasuredByStates() throws Exception {
    CompilationResult result = run("graphstate_12", "grid:4x4", null);
    Distance distance = Objects.requireNonNull(result.distance());
    assertThat(distance.method()).isEqualTo("states");
    assertThat(distance.value()).isLessThan(1e-12);
  }

  @Test
  void nothingIsMeasuredIfNothingIsAsked() throws Exception {
    assertThat(run("qft_5", "line", "none").distance()).isNull();
  }

  private static CompilationResult run(String example, String coupling, @Nullable String verify)
      throws Exception {
    SubmissionRequest request =
        new SubmissionRequest.Builder().coupling(coupling).verify(verify).build(text(example));
    SubmissionReader reader = new SubmissionReader(SubmissionLimits.DEFAULT);
    return new CompilationTaskFunction()
        .run(reader.read(request).submission(), InlineRuntime.of(2, 1));
  }

  private static String text(String example) throws IOException {
    return Files.readString(Path.of("examples", example + ".qasm"));
  }
}
