package io.quern.bqskit;

import io.quern.failure.ErrorCode;
import io.quern.failure.QuernException;
import io.quern.server.QuernServer;
import io.quern.task.CompilationTask;
import io.quern.task.Engine;
import io.quern.task.TaskExplanation;
import io.quern.task.TaskExplanation.Reason;
import io.quern.task.TaskGateway;
import io.quern.task.TaskId;
import io.quern.task.TaskState;
import io.quern.task.TaskStore;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/// The way in for requests, which leads each task to whoever carries it out.
final class EngineGateway implements TaskGateway {
  private final QuernServer server;
  private final BqskitFront front;
  private final TaskStore store;

  EngineGateway(QuernServer server, BqskitFront front, TaskStore store) {
    this.server = server;
    this.front = front;
    this.store = store;
  }

  @Override
  public CompletableFuture<SubmitAnswer> submit(NewTask task) {
    return task.submission().engine() == Engine.BQSKIT ? front.submit(task) : server.submit(task);
  }

  @Override
  public CompletableFuture<List<SubmitAnswer>> submitAll(List<NewTask> tasks, boolean atomic) {
    List<NewTask> foreign =
        tasks.stream().filter(task -> task.submission().engine() == Engine.BQSKIT).toList();
    if (foreign.isEmpty()) {
      return server.submitAll(tasks, atomic);
    }
    if (atomic) {
      throw new QuernException(
          ErrorCode.INVALID_OPTION,
          "expected tasks for Quern's own engine in an atomic batch, found one with the engine"
              + " bqskit");
    }
    Map<TaskId, CompletableFuture<SubmitAnswer>> answers = new HashMap<>();
    foreign.forEach(task -> answers.put(task.id(), front.submit(task)));
    List<NewTask> own =
        tasks.stream().filter(task -> task.submission().engine() == Engine.QUERN).toList();
    return server
        .submitAll(own, false)
        .thenCompose(
            ownAnswers -> {
              for (int i = 0; i < own.size(); i++) {
                answers.put(own.get(i).id(), CompletableFuture.completedFuture(ownAnswers.get(i)));
              }
              return CompletableFuture.allOf(answers.values().toArray(CompletableFuture[]::new));
            })
        .thenApply(_ -> tasks.stream().map(task -> answer(answers, task)).toList());
  }

  private static SubmitAnswer answer(
      Map<TaskId, CompletableFuture<SubmitAnswer>> answers, NewTask task) {
    return Objects.requireNonNull(answers.get(task.id())).join();
  }

  @Override
  public CompletableFuture<@Nullable CompilationTask> cancel(String tenant, TaskId id) {
    CompilationTask task = store.find(id);
    return task != null && task.engine() == Engine.BQSKIT && task.tenant().equals(tenant)
        ? front.cancel(tenant, id)
        : server.cancel(tenant, id);
  }

  @Override
  public CompletableFuture<@Nullable TaskExplanation> explain(TaskId id) {
    CompilationTask task = store.find(id);
    return task != null && task.engine() == Engine.BQSKIT && !task.state().isTerminal()
        ? CompletableFuture.completedFuture(ofBqskit(task))
        : server.explain(id);
  }

  private TaskExplanation ofBqskit(CompilationTask task) {
    BqskitStatistics statistics = front.statistics();
    boolean isAlone =
        statistics == null
            || statistics.managers().stream().noneMatch(BqskitStatistics.Manager::isStarted);
    boolean isQueued = task.state() == TaskState.QUEUED;
    return new TaskExplanation(
        isAlone ? Reason.NO_MANAGER : isQueued ? Reason.WAITING_FOR_TURN : Reason.RUNNING,
        isAlone
            ? "no manager: no bqskit-manager is connected; it runs when one is"
            : isQueued ? "it is about to be handed to a bqskit-manager" : "a bqskit-manager has it",
        null,
        task.scheduling(),
        List.of(),
        0,
        0,
        0,
        0,
        null,
        0,
        0);
  }
}
