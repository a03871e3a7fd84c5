package io.quern.bqskit;

import io.quern.bqskit.PythonCompilation.Phase;
import io.quern.bqskit.wire.FromClient;
import io.quern.engine.compile.Verification;
import io.quern.engine.pass.LogLevel;
import io.quern.task.CompilationTask;
import io.quern.task.Engine;
import io.quern.task.Submission;
import io.quern.task.TaskGateway.NewTask;
import io.quern.task.TaskId;
import java.time.Instant;
import java.util.List;

/// Makes compilations of what comes in.
final class NewCompilations {
  /// Of tasks whose whole description is their pickle.
  static final Submission NO_SUBMISSION =
      Submission.builder("")
          .level(0)
          .verify(Verification.NONE)
          .loggingLevel(LogLevel.DEBUG)
          .engine(Engine.BQSKIT)
          .build();

  private NewCompilations() {}

  /// What a client of this wire has submitted.
  static PythonCompilation ofClient(
      TaskId id,
      String tenant,
      Instant now,
      List<String> importPaths,
      FromClient.Submit submitted) {
    return new PythonCompilation(
        CompilationTask.queued(id, tenant, NO_SUBMISSION, null, now),
        submitted.id(),
        importPaths,
        submitted.loggingLevel(),
        submitted.maxLoggingDepth(),
        Phase.ACCEPTING);
  }

  /// What came by the tasks API.
  static PythonCompilation ofSubmission(NewTask task, Instant now) {
    Submission submission = task.submission();
    return new PythonCompilation(
        CompilationTask.queued(task.id(), task.tenant(), submission, task.before(), now),
        null,
        List.of(),
        pythonLevel(submission.loggingLevel()),
        submission.loggingDepth(),
        Phase.ACCEPTING);
  }

  private static int pythonLevel(LogLevel level) {
    return switch (level) {
      case DEBUG -> 10;
      case INFO -> 20;
      case WARNING -> 30;
      case ERROR -> 40;
    };
  }
}
