package io.quern.bqskit;

import io.quern.server.QuernServer;
import io.quern.task.CompilationTask;
import io.quern.task.Engine;
import io.quern.task.TaskGateway;
import io.quern.task.TaskId;
import io.quern.task.TaskStore;
import java.util.List;
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
    return server.submit(task);
  }

  @Override
  public CompletableFuture<List<SubmitAnswer>> submitAll(List<NewTask> tasks, boolean atomic) {
    return server.submitAll(tasks, atomic);
  }

  @Override
  public CompletableFuture<@Nullable CompilationTask> cancel(String tenant, TaskId id) {
    CompilationTask task = store.find(id);
    return task != null && task.engine() == Engine.BQSKIT && task.tenant().equals(tenant)
        ? front.cancel(tenant, id)
        : server.cancel(tenant, id);
  }
}
