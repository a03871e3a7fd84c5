package io.quern.web;

import io.quern.engine.compile.CircuitStatistics;
import io.quern.task.Submission;
import io.quern.task.SubmissionRequest;

/// Parses the circuit of a request, checks every option and fills in the defaults.
@FunctionalInterface
interface SubmissionCheck {

  /// @throws io.quern.failure.QuernException if anything of it is not valid
  Checked check(SubmissionRequest request);

  /// @param before counts of the circuit
  record Checked(Submission submission, CircuitStatistics before) {}
}
