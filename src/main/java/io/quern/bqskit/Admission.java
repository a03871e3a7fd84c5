package io.quern.bqskit;

import io.quern.bqskit.FinishedTasks.Finished;
import io.quern.bqskit.PythonCompilation.Phase;
import io.quern.bqskit.wire.FromClient;
import io.quern.bqskit.wire.PickledValue;
import io.quern.task.Submission;
import io.quern.task.TaskEvent;
import io.quern.task.TaskGateway.NewTask;
import io.quern.task.TaskGateway.SubmitAnswer;
import io.quern.task.TaskId;
import io.quern.task.TaskRecord;
import io.quern.task.TaskState;
import io.quern.task.TaskStore.KeyedTask;
import io.quern.task.TaskStore.Outcome;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Takes compilations in, from clients and from the tasks API: each is stored, then answered, then
/// it waits for a manager. While the queue is full nothing more is read from clients that submit.
final class Admission {

  /// What admission changes outside itself.
  interface Listener {
    /// A compilation is on its way into the store.
    void storing(PythonCompilation compilation);

    /// A compilation is stored.
    void stored(PythonCompilation compilation);

    /// A compilation is not stored: whoever waits for it is to hear this.
    void notStored(PythonCompilation compilation, Finished end);

    /// One submission of a client is dealt with.
    void answered(long connection);
  }

  private final String tenant;
  private final int queue;
  private final Supplier<TaskId> ids;
  private final Compilations compilations;
  private final FinishedTasks finished;
  private final CompilationJournal journal;
  private final Listener listener;
  private final Consumer<BqskitEffect> effects;

  /// Clients whose submission is to be stored, by its task.
  private final Map<TaskId, Long> submitting = new HashMap<>();

  /// Requests of the tasks API that wait for their task's acceptance.
  private final Map<TaskId, Long> accepting = new HashMap<>();

  /// Clients that are not read because the queue is full, the longest wait first.
  private final ArrayDeque<Long> paused = new ArrayDeque<>();

  private long refused;

  Admission(
      BqskitServer.Settings settings,
      Supplier<TaskId> ids,
      Compilations compilations,
      FinishedTasks finished,
      CompilationJournal journal,
      Listener listener,
      Consumer<BqskitEffect> effects) {
    tenant = settings.tenant();
    queue = settings.queue();
    this.ids = ids;
    this.compilations = compilations;
    this.finished = finished;
    this.journal = journal;
    this.listener = listener;
    this.effects = effects;
  }

  /// Submissions whose id was known.
  long refused() {
    return refused;
  }

  /// A client has submitted something.
  void submit(long connection, List<String> importPaths, FromClient.Submit submitted, Instant now) {
    UUID clientId = submitted.id();
    if (compilations.ofClient(clientId) != null || finished.get(clientId) != null) {
      refused++;
      effects.accept(new BqskitEffect.Resume(connection));
      listener.answered(connection);
      return;
    }
    PythonCompilation compilation =
        NewCompilations.ofClient(ids.get(), tenant, now, importPaths, submitted);
    compilation.owner = connection;
    submitting.put(compilation.id(), connection);
    accept(
        compilation,
        submitted.task(),
        NewCompilations.NO_SUBMISSION,
        new TaskRecord.IdempotencyKey(tenant, ClientIds.key(clientId), clientId.toString()),
        now);
  }

  /// The tasks API has a task for BQSKit.
  void submit(long reply, NewTask task, PickledValue input, Instant now) {
    if (compilations.size() >= queue) {
      effects.accept(new BqskitEffect.Reply(reply, new SubmitAnswer.QueueFull(queue)));
      return;
    }
    PythonCompilation compilation = NewCompilations.ofSubmission(task, now);
    accepting.put(task.id(), reply);
    compilation.bodyHash = task.key() == null ? "" : task.key().bodyHash();
    accept(compilation, input, task.submission(), task.key(), now);
  }

  private void accept(
      PythonCompilation compilation,
      PickledValue input,
      Submission submission,
      TaskRecord.@Nullable IdempotencyKey key,
      Instant now) {
    compilation.input = input;
    compilations.add(compilation);
    List<TaskEvent> events =
        List.of(compilation.event(now, new TaskEvent.StateChanged(null, TaskState.QUEUED, null)));
    journal.add(
        compilation,
        new TaskRecord.Accepted(
            compilation.task(), submission, key, events, compilation.inputRecord(input)));
    listener.storing(compilation);
  }

  /// What became of an acceptance in the store.
  void written(PythonCompilation compilation, Outcome outcome) {
    Long connection = submitting.remove(compilation.id());
    if (connection != null) {
      if (compilations.size() < queue) {
        effects.accept(new BqskitEffect.Resume(connection));
      } else {
        paused.addLast(connection);
      }
    }
    Long reply = accepting.remove(compilation.id());
    if (reply != null) {
      effects.accept(new BqskitEffect.Reply(reply, answer(compilation, outcome)));
    }
    if (outcome instanceof Outcome.Committed) {
      stored(compilation);
    } else {
      notStored(compilation, outcome);
    }
    if (connection != null) {
      listener.answered(connection);
    }
  }

  private void stored(PythonCompilation compilation) {
    if (compilation.isOver()) {
      compilation.phase = Phase.ENDING;
      return;
    }
    compilation.answerWhoWaited();
    listener.stored(compilation);
  }

  /// Usually its id is known already: the task that it names is untouched.
  private void notStored(PythonCompilation compilation, Outcome outcome) {
    if (outcome instanceof Outcome.KeyTaken) {
      refused++;
    }
    compilation.end = TaskState.CANCELLED;
    compilation.phase = Phase.ENDED;
    compilation.input = null;
    compilation.unwritten.clear();
    compilations.remove(compilation);
    listener.notStored(
        compilation,
        new Finished(compilation.id(), TaskState.CANCELLED, null, "The task's id is taken.", 0));
    compilation.answerWhoWaited();
  }

  /// It will be known only later whether an acceptance is stored. If it turns out to be, it runs.
  void unclear(PythonCompilation compilation) {
    Long reply = accepting.remove(compilation.id());
    if (reply != null) {
      effects.accept(
          new BqskitEffect.Reply(
              reply, new SubmitAnswer.StoreUnavailable("it is not known whether it was stored")));
    }
  }

  private static SubmitAnswer answer(PythonCompilation compilation, Outcome outcome) {
    return switch (outcome) {
      case Outcome.Committed() -> new SubmitAnswer.Accepted(compilation.task());
      case Outcome.KeyTaken(Map<TaskId, KeyedTask> holders) -> {
        KeyedTask holder = holders.get(compilation.id());
        yield holder == null
            ? new SubmitAnswer.KeyInFlight()
            : holder.bodyHash().equals(compilation.bodyHash)
                ? new SubmitAnswer.Repeated(holder.task())
                : new SubmitAnswer.KeyReused(holder.task().id());
      }
      case Outcome.NotApplied() -> new SubmitAnswer.StoreUnavailable("it was not stored");
      case Outcome.Failed(String reason) -> new SubmitAnswer.StoreUnavailable(reason);
    };
  }

  /// A client has gone: it is not waited for any more.
  void left(long connection) {
    paused.remove(connection);
  }

  /// Reads again from clients that the queue has room for.
  void resumeClients() {
    while (!paused.isEmpty() && compilations.size() < queue) {
      effects.accept(new BqskitEffect.Resume(paused.removeFirst()));
    }
  }
}
