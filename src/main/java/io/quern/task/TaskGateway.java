package io.quern.task;

import io.quern.engine.compile.CircuitStatistics;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/// The way in for clients: everything that changes tasks. Futures complete only when what they say
/// is durable; they complete exceptionally only with a [io.quern.failure.QuernException].
public interface TaskGateway {

  /// Takes a task in.
  CompletableFuture<SubmitAnswer> submit(NewTask task);

  /// Takes several in by one transaction; answers in order.
  ///
  /// @param atomic all or none
  CompletableFuture<List<SubmitAnswer>> submitAll(List<NewTask> tasks, boolean atomic);

  /// Cancels a task; on a finished task nothing changes. Answers the status after it, or null if
  /// the tenant has no such task.
  CompletableFuture<@Nullable CompilationTask> cancel(String tenant, TaskId id);

  /// Completes with why a task is where it is; null if it has ended, or there is none.
  CompletableFuture<@Nullable TaskExplanation> explain(TaskId id);

  /// A checked submission with the owner, the id it will have and the counts of its circuit.
  record NewTask(
      TaskId id,
      String tenant,
      Submission submission,
      CircuitStatistics before,
      TaskRecord.@Nullable IdempotencyKey key) {}

  /// What became of a submission.
  sealed interface SubmitAnswer {
    /// It is durable.
    record Accepted(CompilationTask task) implements SubmitAnswer {}

    /// The same key came with the same body before; this is that task.
    record Repeated(CompilationTask task) implements SubmitAnswer {}

    /// The same key came with another body before.
    record KeyReused(TaskId task) implements SubmitAnswer {}

    /// The first request with this key is still being stored.
    record KeyInFlight() implements SubmitAnswer {}

    /// The queue holds as many tasks as configured.
    record QueueFull(int limit) implements SubmitAnswer {}

    /// The store cannot take it now.
    record StoreUnavailable(String reason) implements SubmitAnswer {}

    /// The service is stopping.
    record Draining() implements SubmitAnswer {}
  }
}
