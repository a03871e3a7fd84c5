package io.quern.web;

import io.quern.failure.ErrorCode;
import io.quern.task.CompilationTask;
import io.quern.task.TaskGateway.SubmitAnswer;
import io.quern.web.problem.Problem;
import java.util.Map;

/// What the gateway said of one submission, in the words of HTTP.
sealed interface SubmitOutcome {
  /// There is a task.
  ///
  /// @param isNew whether this request made it
  record Taken(CompilationTask task, boolean isNew) implements SubmitOutcome {}

  record Refused(Problem problem) implements SubmitOutcome {}

  static SubmitOutcome of(SubmitAnswer answer) {
    return switch (answer) {
      case SubmitAnswer.Accepted(CompilationTask task) -> new Taken(task, true);
      case SubmitAnswer.Repeated(CompilationTask task) -> new Taken(task, false);
      case SubmitAnswer.KeyReused reused ->
          refused(
              ErrorCode.IDEMPOTENCY_KEY_REUSED,
              "expected the request this Idempotency-Key came with first, found another; the first"
                  + " made the task "
                  + reused.task(),
              Map.of("task", reused.task().toString()));
      case SubmitAnswer.KeyInFlight _ ->
          refused(
              ErrorCode.IDEMPOTENCY_KEY_IN_FLIGHT,
              "the first request with this Idempotency-Key has not been answered yet",
              Map.of());
      case SubmitAnswer.QueueFull(int limit) ->
          refused(
              ErrorCode.QUEUE_FULL,
              "expected fewer than %d tasks in the queue, found as many".formatted(limit),
              Map.of("limit", limit));
      case SubmitAnswer.StoreUnavailable(String reason) ->
          refused(
              ErrorCode.STORE_UNAVAILABLE, "the store takes no new tasks now: " + reason, Map.of());
      case SubmitAnswer.Draining _ ->
          refused(ErrorCode.DRAINING, "the service is stopping and accepts no new tasks", Map.of());
    };
  }

  private static SubmitOutcome refused(ErrorCode code, String detail, Map<String, Object> members) {
    return new Refused(new Problem(code, detail, members, Map.of()));
  }
}
