package io.quern.server;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.quern.engine.compile.CompilationResult;
import io.quern.engine.compile.PassReport;
import io.quern.runtime.DropReason;
import io.quern.runtime.ServerStatistics;
import io.quern.task.TaskEvent;
import io.quern.task.TaskGateway.SubmitAnswer;
import io.quern.task.TaskRecord;
import io.quern.task.TaskState;
import io.quern.task.TaskStore.Outcome;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/// The server's numbers for whoever watches it; docs/operations.md explains each.
final class ServerMeters implements ServerLoop.Watcher {
  private final MeterRegistry registry;

  ServerMeters(MeterRegistry registry) {
    this.registry = registry;
  }

  /// Registers everything that is read from the server when it is asked for.
  void watch(QuernServer server) {
    gauge(server, "quern.queue.length", "Tasks waiting for a worker", ServerStatistics::queued);
    gauge(server, "quern.workers", "Workers of all managers", ServerStatistics::workers);
    gauge(
        server,
        "quern.workers.busy",
        "Workers that have work",
        statistics -> statistics.workers() - statistics.idleWorkers());
    Gauge.builder("quern.queue.limit", server, QuernServer::queueLimit)
        .description("Tasks that may wait; further ones are refused")
        .register(registry);
    Gauge.builder("quern.inbox.length", server, QuernServer::inboxSize)
        .description("Events waiting for the server's loop")
        .register(registry);
    tasksIn(server, TaskState.QUEUED, ServerStatistics::queued);
    tasksIn(server, TaskState.RUNNING, each -> each.running() + each.ending());
    for (TaskState state : TaskState.values()) {
      if (state.isTerminal()) {
        counter(
            server,
            "quern.tasks.ended",
            "Tasks ended since the start",
            "state",
            state,
            each -> each.ended().getOrDefault(state, 0L));
      }
    }
    for (DropReason reason : DropReason.values()) {
      counter(
          server,
          "quern.messages.dropped",
          "Messages dropped since the start",
          "reason",
          reason,
          each -> each.dropped().getOrDefault(reason, 0L));
    }
    FunctionCounter.builder("quern.tasks.deaths", server, each -> statistics(each).deaths())
        .description("Processes that ended while they executed something, counted by task")
        .register(registry);
    FunctionCounter.builder("quern.tasks.poisoned", server, each -> statistics(each).poisoned())
        .description("Tasks given up because they end the processes that run them")
        .register(registry);
    FunctionCounter.builder("quern.tasks.restarted", server, each -> statistics(each).restarted())
        .description("Attempts after the first since the start")
        .register(registry);
  }

  private void tasksIn(
      QuernServer server, TaskState state, ToDoubleFunction<ServerStatistics> value) {
    Gauge.builder("quern.tasks", server, each -> value.applyAsDouble(statistics(each)))
        .tag("state", tag(state))
        .description("Unfinished tasks by state")
        .register(registry);
  }

  private void gauge(
      QuernServer server,
      String name,
      String description,
      ToDoubleFunction<ServerStatistics> value) {
    Gauge.builder(name, server, each -> value.applyAsDouble(statistics(each)))
        .description(description)
        .register(registry);
  }

  private void counter(
      QuernServer server,
      String name,
      String description,
      String tag,
      Enum<?> tagValue,
      ToDoubleFunction<ServerStatistics> value) {
    FunctionCounter.builder(name, server, each -> value.applyAsDouble(statistics(each)))
        .tag(tag, tag(tagValue))
        .description(description)
        .register(registry);
  }

  private static ServerStatistics statistics(QuernServer server) {
    ServerStatistics statistics = server.statistics();
    return statistics == null ? ServerStatistics.NONE : statistics;
  }

  private static String tag(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }

  /// Counts what became of a submission.
  void answered(SubmitAnswer answer) {
    String outcome =
        switch (answer) {
          case SubmitAnswer.Accepted _ -> "accepted";
          case SubmitAnswer.Repeated _ -> "repeated";
          case SubmitAnswer.KeyReused _ -> "key_reused";
          case SubmitAnswer.KeyInFlight _ -> "key_in_flight";
          case SubmitAnswer.QueueFull _ -> "queue_full";
          case SubmitAnswer.StoreUnavailable _ -> "store_unavailable";
          case SubmitAnswer.Draining _ -> "draining";
        };
    Counter.builder("quern.submissions")
        .tag("outcome", outcome)
        .description("Submissions by what became of them")
        .register(registry)
        .increment();
  }

  /// Notes how long each pass of a finished compilation took.
  @Override
  public void committed(List<TaskRecord> records, List<Outcome> outcomes) {
    for (int i = 0; i < records.size(); i++) {
      if (outcomes.get(i) instanceof Outcome.Committed
          && records.get(i) instanceof TaskRecord.Ended ended
          && ended.events().getLast().data()
              instanceof TaskEvent.ResultReady(TaskState _, CompilationResult result)) {
        result.passes().forEach(this::passed);
      }
    }
  }

  private void passed(PassReport pass) {
    Timer.builder("quern.pass")
        .tag("pass", pass.name())
        .description("Time by pass of finished compilations")
        .register(registry)
        .record(Duration.ofNanos(Math.round(pass.seconds() * 1e9)));
  }
}
