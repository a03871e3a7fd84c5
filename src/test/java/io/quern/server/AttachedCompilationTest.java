package io.quern.server;

import static io.quern.testing.CompilationResultAssert.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import io.quern.engine.circuit.Circuit;
import io.quern.engine.compile.CompilationInput;
import io.quern.engine.compile.CompilationResult;
import io.quern.engine.compile.Verification;
import io.quern.engine.pass.LogLevel;
import io.quern.engine.qasm.QasmWriter;
import io.quern.task.CompilationTaskFunction;
import io.quern.task.Submission;
import io.quern.task.SubmissionLimits;
import io.quern.task.SubmissionReader;
import io.quern.testing.Examples;
import io.quern.testing.Generators;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Compilations on the real runtime: workers, threads and all.
class AttachedCompilationTest {
  private static final SubmissionReader READER = new SubmissionReader(SubmissionLimits.NONE);

  /// What must not depend on the number of workers, nor on what else they do.
  private static List<Object> essence(CompilationResult result) {
    return List.of(
        result.circuit(), result.initialMapping(), result.finalMapping(), result.errorBound());
  }

  @ParameterizedTest
  @ValueSource(strings = {"line", "grid:3x4", "all"})
  void numberOfWorkersDoesNotMatter(String coupling) throws InterruptedException {
    List<Submission> submissions =
        List.of(
            submission(Examples.text("qft_8"), coupling, 3, null),
            submission(Examples.text("hrs_cumulative_multiplier_5"), coupling, 4, null),
            submission(QasmWriter.write(Generators.dynamicCircuit(5, 6, 60, 6)), coupling, 5, null),
            submission(QasmWriter.write(Generators.circuit(6, 12, 200)), coupling, 6, null));
    List<List<Object>> first = new ArrayList<>();
    for (int workers : new int[] {1, 2, 4}) {
      try (AttachedServer server = new AttachedServer(workers)) {
        for (int k = 0; k < submissions.size(); k++) {
          List<Object> found = essence(run(server, submissions.get(k)));
          if (workers == 1) {
            first.add(found);
          }
          assertThat(found).as("%d workers, circuit %d", workers, k).isEqualTo(first.get(k));
        }
      }
    }
  }

  @Test
  void compilationsAtTheSameTimeDoNotDisturbEachOther() throws Exception {
    List<Submission> submissions = new ArrayList<>();
    for (long seed = 1; seed <= 12; seed++) {
      Circuit circuit = Generators.circuit(seed, 5, 40);
      submissions.add(submission(QasmWriter.write(circuit), "line", seed, null));
    }
    try (AttachedServer server = new AttachedServer(3);
        ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Callable<CompilationResult>> calls = new ArrayList<>();
      for (Submission submission : submissions) {
        calls.add(() -> run(server, submission));
      }
      List<Future<CompilationResult>> together = clients.invokeAll(calls);
      for (int k = 0; k < submissions.size(); k++) {
        CompilationResult alone = run(server, submissions.get(k));
        assertThat(essence(together.get(k).resultNow())).isEqualTo(essence(alone));
        assertThat(alone).carriesOut(READER.input(submissions.get(k)));
      }
    }
  }

  @ParameterizedTest(name = "{0} ns")
  @ValueSource(longs = {1, 1_000_000, 10_000_000, 50_000_000})
  void timeLimitGivesAValidCircuit(long nanos) throws InterruptedException {
    Submission submission =
        submission(
            QasmWriter.write(Generators.circuit(7, 8, 400)), "line", 7, Duration.ofNanos(nanos));
    CompilationInput input = READER.input(submission);
    try (AttachedServer server = new AttachedServer(2)) {
      CompilationResult result = run(server, submission);
      assertThat(result).carriesOut(input);
      if (nanos == 1) {
        assertThat(result.isPartial()).isTrue();
      }
    }
  }

  private static CompilationResult run(AttachedServer server, Submission submission)
      throws InterruptedException {
    return server.run(
        new CompilationTaskFunction(),
        submission,
        submission.timeLimit(),
        LogLevel.INFO,
        event -> {});
  }

  private static Submission submission(
      String circuit, String coupling, long seed, @Nullable Duration limit) {
    return Submission.builder(circuit)
        .machine(new Submission.Machine(null, coupling, List.of("cx", "u3")))
        .seed(seed)
        .verify(Verification.NONE)
        .timeLimit(limit)
        .build();
  }
}
