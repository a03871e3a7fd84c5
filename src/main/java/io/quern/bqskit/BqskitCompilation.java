package io.quern.bqskit;

import io.quern.bqskit.codec.PythonSource;
import io.quern.bqskit.pickle.PickleLimits;
import io.quern.bqskit.wire.PickledValue;
import io.quern.engine.circuit.Circuit;
import io.quern.engine.compile.CircuitStatistics;
import io.quern.engine.compile.CompilationInput;
import io.quern.engine.compile.CompilationResult;
import io.quern.engine.qasm.QasmReader;
import io.quern.failure.QuernException;
import io.quern.task.Submission;
import io.quern.task.SubmissionLimits;
import io.quern.task.SubmissionReader;
import java.util.List;

/// A task of the tasks API that BQSKit's own compiler carries out.
final class BqskitCompilation {
  /// BQSKit's own default.
  private static final double DEFAULT_EPSILON = 1e-8;

  /// A result holds little but the text of a circuit.
  private static final PickleLimits LIMITS = PickleLimits.SMALL;

  private static final SubmissionReader READER = new SubmissionReader(SubmissionLimits.NONE);

  private BqskitCompilation() {}

  /// What BQSKit's managers are given.
  ///
  /// @throws QuernException if the circuit has something that BQSKit would compile wrongly
  static PickledValue call(Submission submission) {
    CompilationInput input = READER.input(submission);
    Double epsilon = submission.options().synthesisEpsilon();
    return PythonSource.call(
        input.circuit(),
        input.machine(),
        submission.level(),
        epsilon == null ? DEFAULT_EPSILON : epsilon,
        submission.seed());
  }

  /// The result as the tasks API shows it.
  static CompilationResult result(Submission submission, PickledValue returned) {
    PythonSource.Outcome outcome = PythonSource.outcome(returned, LIMITS);
    CompilationInput input = READER.input(submission);
    Circuit compiled = QasmReader.read(outcome.qasm());
    return new CompilationResult(
        compiled,
        input.machine(),
        outcome.initialMapping(),
        outcome.finalMapping(),
        CircuitStatistics.of(input.circuit()),
        CircuitStatistics.of(compiled),
        null,
        outcome.error(),
        submission.seed(),
        "bqskit " + outcome.version(),
        "bqskit",
        List.of(),
        false);
  }
}
