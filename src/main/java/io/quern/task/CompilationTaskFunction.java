package io.quern.task;

import io.quern.engine.compile.Compilation;
import io.quern.engine.compile.CompilationResult;
import io.quern.engine.pass.RuntimeFunction;
import io.quern.engine.pass.RuntimeHandle;

/// The root of every compilation task's runtime tasks; BQSKit's `CompilationTask.run`.
///
/// It reads the submission anew, so that what is stored and handed over is what the client sent.
/// The limits do not apply to it any more: what was accepted stays accepted.
public final class CompilationTaskFunction
    implements RuntimeFunction<Submission, CompilationResult> {
  private static final SubmissionReader READER = new SubmissionReader(SubmissionLimits.NONE);

  @Override
  public String name() {
    return "compilation-task";
  }

  @Override
  public int version() {
    return 1;
  }

  @Override
  public CompilationResult run(Submission submission, RuntimeHandle runtime)
      throws InterruptedException {
    CompilationResult result = Compilation.run(READER.input(submission), runtime);
    return submission.options().tellsMapping() ? result : result.withoutMapping();
  }
}
