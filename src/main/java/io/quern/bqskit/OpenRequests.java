package io.quern.bqskit;

import io.quern.failure.ErrorCode;
import io.quern.failure.QuernException;
import io.quern.task.CompilationTask;
import io.quern.task.TaskGateway.SubmitAnswer;
import io.quern.task.TaskId;
import io.quern.task.TaskStore;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/// Requests of the tasks API that wait for this wire's server, by number. Thread-safe.
final class OpenRequests {
  private final TaskStore store;
  private final AtomicLong numbers = new AtomicLong();
  private final Map<Long, CompletableFuture<SubmitAnswer>> submissions = new ConcurrentHashMap<>();
  private final Map<Long, CompletableFuture<@Nullable CompilationTask>> cancels =
      new ConcurrentHashMap<>();
  private volatile boolean isClosed;

  OpenRequests(TaskStore store) {
    this.store = store;
  }

  /// @param number that [#submission] gave
  record Open<T extends @Nullable Object>(long number, CompletableFuture<T> answer) {}

  Open<SubmitAnswer> submission() {
    Open<SubmitAnswer> open = new Open<>(numbers.incrementAndGet(), new CompletableFuture<>());
    submissions.put(open.number(), open.answer());
    if (isClosed) {
      close();
    }
    return open;
  }

  Open<@Nullable CompilationTask> cancel() {
    Open<@Nullable CompilationTask> open =
        new Open<>(numbers.incrementAndGet(), new CompletableFuture<>());
    cancels.put(open.number(), open.answer());
    if (isClosed) {
      close();
    }
    return open;
  }

  void answer(long number, SubmitAnswer answer) {
    CompletableFuture<SubmitAnswer> future = submissions.remove(number);
    if (future != null) {
      StoreReads.aside(() -> future.complete(answer));
    }
  }

  /// Answers a cancel with the task as the store has it now.
  void answer(long number, TaskId task) {
    CompletableFuture<@Nullable CompilationTask> future = cancels.remove(number);
    if (future != null) {
      StoreReads.aside(
          () -> {
            try {
              future.complete(store.find(task));
            } catch (RuntimeException e) {
              future.completeExceptionally(
                  new QuernException(ErrorCode.STORE_UNAVAILABLE, StoreReads.reason(e)));
            }
          });
    }
  }

  /// Answers all that are open, and all that come, that the service is stopping.
  void close() {
    isClosed = true;
    submissions.values().forEach(future -> future.complete(new SubmitAnswer.Draining()));
    QuernException stopping = new QuernException(ErrorCode.DRAINING, "the service is stopping");
    cancels.values().forEach(future -> future.completeExceptionally(stopping));
  }
}
