package io.quern.server;

import io.quern.failure.QuernException;
import io.quern.runtime.ReplyTo;
import io.quern.task.CompilationTask;
import io.quern.task.TaskExplanation;
import io.quern.task.TaskGateway.SubmitAnswer;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/// Who awaits an answer of the server's, and what kind of one. Each gets one, or a failure; what
/// comes for somebody who has got one goes for nothing.
///
/// Thread-safe. Completing a future runs what its recipient has attached to it, for which the event
/// loop has no time: what the loop itself answers is completed on a virtual thread.
final class Clients {

  private sealed interface Awaited {
    record Answers(CompletableFuture<List<SubmitAnswer>> future) implements Awaited {}

    record Explanation(CompletableFuture<@Nullable TaskExplanation> future) implements Awaited {}

    record Status(CompletableFuture<@Nullable CompilationTask> future) implements Awaited {}
  }

  private final Map<ReplyTo, Awaited> waiting = new ConcurrentHashMap<>();
  private final AtomicLong counter = new AtomicLong();

  /// Somebody awaits what becomes of new tasks.
  ReplyTo awaitAnswers(CompletableFuture<List<SubmitAnswer>> future) {
    return add(new Awaited.Answers(future));
  }

  /// Somebody awaits why a task is where it is.
  ReplyTo awaitExplanation(CompletableFuture<@Nullable TaskExplanation> future) {
    return add(new Awaited.Explanation(future));
  }

  /// Somebody awaits a task's status.
  ReplyTo awaitStatus(CompletableFuture<@Nullable CompilationTask> future) {
    return add(new Awaited.Status(future));
  }

  private ReplyTo add(Awaited who) {
    ReplyTo reply = new ReplyTo(counter.incrementAndGet());
    waiting.put(reply, who);
    return reply;
  }

  /// Whether an answer is still awaited.
  boolean isWaiting(ReplyTo reply) {
    return waiting.containsKey(reply);
  }

  /// Nothing is awaited any more.
  void forget(ReplyTo reply) {
    waiting.remove(reply);
  }

  /// Answers on a virtual thread.
  void answer(ReplyTo reply, List<SubmitAnswer> answers) {
    if (waiting.remove(reply) instanceof Awaited.Answers(var future)) {
      Thread.startVirtualThread(() -> future.complete(answers));
    }
  }

  /// Answers on a virtual thread.
  ///
  /// @param explanation null if the task is over or never was
  void explain(ReplyTo reply, @Nullable TaskExplanation explanation) {
    if (waiting.remove(reply) instanceof Awaited.Explanation(var future)) {
      Thread.startVirtualThread(() -> future.complete(explanation));
    }
  }

  /// Answers on this thread.
  ///
  /// @param status null if there is no such task
  void tell(ReplyTo reply, @Nullable CompilationTask status) {
    if (waiting.remove(reply) instanceof Awaited.Status(var future)) {
      future.complete(status);
    }
  }

  /// Answers on this thread.
  void fail(ReplyTo reply, QuernException failure) {
    switch (waiting.remove(reply)) {
      case null -> {}
      case Awaited.Answers(var future) -> future.completeExceptionally(failure);
      case Awaited.Explanation(var future) -> future.completeExceptionally(failure);
      case Awaited.Status(var future) -> future.completeExceptionally(failure);
    }
  }

  void failAll(QuernException failure) {
    waiting.keySet().forEach(reply -> fail(reply, failure));
  }
}
