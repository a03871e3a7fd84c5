package io.quern.bqskit;

import io.quern.bqskit.BqskitEvent.LoggedRecord;
import io.quern.bqskit.FinishedTasks.Finished;
import io.quern.bqskit.PythonCompilation.Phase;
import io.quern.bqskit.wire.FromClient;
import io.quern.bqskit.wire.PickledValue;
import io.quern.bqskit.wire.WireAddress;
import io.quern.bqskit.wire.WireResult;
import io.quern.failure.ErrorCode;
import io.quern.task.Blob;
import io.quern.task.CompilationTask;
import io.quern.task.StoredPythonTask;
import io.quern.task.Submission;
import io.quern.task.TaskError;
import io.quern.task.TaskEvent;
import io.quern.task.TaskGateway.NewTask;
import io.quern.task.TaskGateway.SubmitAnswer;
import io.quern.task.TaskId;
import io.quern.task.TaskRecord;
import io.quern.task.TaskState;
import io.quern.task.TaskStore.KeyedTask;
import io.quern.task.TaskStore.Outcome;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// The server of BQSKit's wire: events and the time come in, effects come out. Clients submit
/// compilations; each is stored, handed to a manager as a root runtime task, followed through the
/// loss of managers, and its end is stored before anybody hears of it.
final class BqskitServer {

  /// @param tenant who owns what comes by this wire
  /// @param epoch of this start, for attempts
  /// @param queue unfinished tasks beyond which nothing more is read from clients that submit
  /// @param keepOrphans how long unfinished tasks go on whose client's connection broke
  /// @param storeRetry pause before a store that failed is tried again
  /// @param poisonDeaths managers a task may end before it fails; 0 for any number
  /// @param results size of results kept at hand, in bytes
  /// @param forwarded which import paths managers are sent
  /// @param seed of the choice between equally loaded managers
  record Settings(
      String tenant,
      long epoch,
      int queue,
      Duration keepOrphans,
      Duration storeRetry,
      int poisonDeaths,
      long results,
      ImportPaths forwarded,
      long seed) {}

  private final Settings settings;
  private final PythonValues python;
  private final Supplier<TaskId> ids;
  private final List<BqskitEffect> effects = new ArrayList<>();
  private final Map<TaskId, PythonCompilation> byId = new LinkedHashMap<>();
  private final Map<UUID, PythonCompilation> byClientId = new HashMap<>();
  private final Map<Long, PythonCompilation> byMailbox = new HashMap<>();

  /// Clients whose submission is to be stored, by its task.
  private final Map<TaskId, Long> submitting = new HashMap<>();

  /// Requests of other ways in that wait for their task's acceptance or end.
  private final Map<TaskId, Long> accepting = new HashMap<>();

  private final Map<TaskId, List<Long>> cancelling = new HashMap<>();
  private final ArrayDeque<Long> held = new ArrayDeque<>();
  private final FinishedTasks finished;
  private final Orphans orphans;
  private final ClientDesk desk;
  private final PythonCluster cluster;
  private final CompilationJournal journal;
  private final Starts starts;
  private Instant now = Instant.MIN;
  private long restarts;
  private long refused;

  BqskitServer(Settings settings, PythonValues python, Supplier<TaskId> ids) {
    this.settings = settings;
    this.python = python;
    this.ids = ids;
    finished = new FinishedTasks(settings.results());
    orphans = new Orphans(settings.keepOrphans(), effects::add);
    desk = new ClientDesk(settings.tenant(), new DeskTasks(), effects::add);
    cluster =
        new PythonCluster(
            new ClusterListener(), settings.forwarded(), new Random(settings.seed()), effects::add);
    journal = new CompilationJournal(settings.storeRetry(), effects::add, this::written);
    starts =
        new Starts(
            settings.epoch(),
            settings.storeRetry(),
            python,
            cluster,
            journal,
            byMailbox,
            byId::values,
            (compilation, reason) ->
                fail(compilation, ErrorCode.INTERNAL, "its input cannot be read: " + reason, null),
            effects::add);
  }

  /// Deals with events that came by this time, and says what is to be done, in order.
  List<BqskitEffect> handle(List<BqskitEvent> events, Instant time) {
    now = time.isAfter(now) ? time : now;
    starts.at(now);
    for (BqskitEvent event : events) {
      try {
        handle(event);
      } catch (RuntimeException e) {
        broken(event, e);
      }
    }
    starts.handOutRoots();
    journal.flush();
    List<BqskitEffect> result = List.copyOf(effects);
    effects.clear();
    return result;
  }

  /// What one peer says must not cost others theirs, whatever is wrong here: it loses its
  /// connection.
  private void broken(BqskitEvent event, RuntimeException cause) {
    effects.add(new BqskitEffect.Broken(event.getClass().getSimpleName(), cause));
    String reason = "its message cannot be dealt with";
    if (event instanceof BqskitEvent.ClientSaid(long connection, FromClient _)) {
      effects.add(new BqskitEffect.CloseClient(connection, reason));
    } else if (event instanceof BqskitEvent.ManagerSaid said) {
      effects.add(new BqskitEffect.CloseManager(said.connection(), reason));
    }
  }

  private void handle(BqskitEvent event) {
    switch (event) {
      case BqskitEvent.ClientConnected(long connection) -> desk.connected(connection);
      case BqskitEvent.ClientSaid(long connection, FromClient message) ->
          desk.said(connection, message);
      case BqskitEvent.ClientGone(long connection) -> desk.gone(connection);
      case BqskitEvent.ManagerConnected(long connection, String name) ->
          cluster.connected(connection, name, now);
      case BqskitEvent.ManagerSaid said -> cluster.said(said.connection(), said.message());
      case BqskitEvent.ManagerGone(long connection, String reason) ->
          cluster.gone(connection, reason);
      case BqskitEvent.Submitted(long reply, NewTask task, PickledValue input) ->
          submitted(reply, task, input);
      case BqskitEvent.CancelAsked(long reply, String tenant, TaskId task) ->
          cancelAsked(reply, tenant, task);
      case BqskitEvent.Recovered(StoredPythonTask task) -> recovered(task);
      case BqskitEvent.InputLoaded(TaskId task, PickledValue input) ->
          starts.inputLoaded(byId.get(task), input);
      case BqskitEvent.InputNotLoaded(TaskId task, String reason, boolean isFinal) ->
          starts.inputNotLoaded(byId.get(task), reason, isFinal);
      case BqskitEvent.Looked(long connection, UUID id, @Nullable CompilationTask task) ->
          desk.looked(connection, id, task);
      case BqskitEvent.Read read ->
          desk.read(read.connection(), read.task(), read.records(), read.result());
      case BqskitEvent.ReadFailed(long connection, String reason) ->
          desk.readFailed(connection, reason);
      case BqskitEvent.Decoded(TaskId task, TaskState state, TaskEvent.Data terminal) ->
          decoded(task, state, terminal);
      case BqskitEvent.Committed(long seq, List<Outcome> outcomes) ->
          journal.committed(seq, outcomes);
      case BqskitEvent.Refused(long seq) -> journal.refused(seq, now);
      case BqskitEvent.ReadBackDone(long seq, @Nullable CompilationTask stored) ->
          journal.readBack(seq, stored, now);
      case BqskitEvent.ReadBackFailed(long seq) -> journal.readBackFailed(seq, now);
      case BqskitEvent.TimerFired() -> {
        journal.timer(now);
        starts.timer();
        orphans.timer(byId.values(), now, this::cancel);
      }
      case BqskitEvent.Stopping() -> cluster.shutDown();
    }
  }

  // The way in

  private void submit(long connection, List<String> importPaths, FromClient.Submit submitted) {
    UUID clientId = submitted.id();
    if (byClientId.containsKey(clientId) || finished.get(clientId) != null) {
      refused++;
      effects.add(new BqskitEffect.Resume(connection));
      desk.stored(connection);
      return;
    }
    PythonCompilation compilation =
        NewCompilations.ofClient(ids.get(), settings.tenant(), now, importPaths, submitted);
    compilation.owner = connection;
    byClientId.put(clientId, compilation);
    submitting.put(compilation.id(), connection);
    accept(
        compilation,
        submitted.task(),
        NewCompilations.NO_SUBMISSION,
        new TaskRecord.IdempotencyKey(
            settings.tenant(), ClientIds.key(clientId), clientId.toString()));
  }

  private void submitted(long reply, NewTask task, PickledValue input) {
    if (byId.size() >= settings.queue()) {
      effects.add(new BqskitEffect.Reply(reply, new SubmitAnswer.QueueFull(settings.queue())));
      return;
    }
    PythonCompilation compilation = NewCompilations.ofSubmission(task, now);
    accepting.put(task.id(), reply);
    compilation.bodyHash = task.key() == null ? "" : task.key().bodyHash();
    accept(compilation, input, task.submission(), task.key());
  }

  private void accept(
      PythonCompilation compilation,
      PickledValue input,
      Submission submission,
      TaskRecord.@Nullable IdempotencyKey key) {
    compilation.input = input;
    byId.put(compilation.id(), compilation);
    List<TaskEvent> events =
        List.of(compilation.event(now, new TaskEvent.StateChanged(null, TaskState.QUEUED, null)));
    journal.add(
        compilation,
        new TaskRecord.Accepted(
            compilation.task(), submission, key, events, compilation.inputRecord(input)));
    if (cluster.hasManagers()) {
      starts.start(compilation);
    }
  }

  private void recovered(StoredPythonTask stored) {
    PythonCompilation compilation =
        new PythonCompilation(
            stored.task(),
            stored.clientId(),
            desk.pathList(stored.importPaths()),
            stored.loggingLevel(),
            stored.loggingDepth(),
            Phase.READY);
    compilation.lastLog = stored.task().lastEvent();
    byId.put(compilation.id(), compilation);
    if (stored.clientId() != null) {
      byClientId.put(stored.clientId(), compilation);
      orphans.add(compilation, now);
    }
    starts.waitForManager(compilation);
  }

  // Ends

  private void finish(PythonCompilation compilation, PickledValue value) {
    compilation.result = value;
    end(
        compilation,
        TaskState.DONE,
        new TaskEvent.PythonResult(TaskState.DONE, Blob.of(value.toBytes())));
  }

  private void decoded(TaskId id, TaskState state, TaskEvent.Data terminal) {
    PythonCompilation compilation = byId.get(id);
    if (compilation != null && !compilation.isOver()) {
      end(compilation, state, terminal);
    }
  }

  private void fail(
      PythonCompilation compilation, ErrorCode code, String detail, @Nullable String cause) {
    compilation.failure = cause == null ? detail : cause;
    end(
        compilation,
        TaskState.FAILED,
        new TaskEvent.StateChanged(
            visibleState(compilation),
            TaskState.FAILED,
            new TaskError(code, detail, null, null, cause)));
  }

  private void cancel(PythonCompilation compilation) {
    if (!compilation.isOver()) {
      end(
          compilation,
          TaskState.CANCELLED,
          new TaskEvent.StateChanged(visibleState(compilation), TaskState.CANCELLED, null));
    }
  }

  private static TaskState visibleState(PythonCompilation compilation) {
    return compilation.attempts == 0 ? TaskState.QUEUED : TaskState.RUNNING;
  }

  private void end(PythonCompilation compilation, TaskState state, TaskEvent.Data terminal) {
    compilation.end = state;
    if (compilation.phase != Phase.ACCEPTING) {
      compilation.phase = Phase.ENDING;
    }
    compilation.input = null;
    compilation.holder = null;
    journal.add(
        compilation,
        new TaskRecord.Ended(
            compilation.id(), state, now, List.of(compilation.event(now, terminal))));
  }

  private void endCommitted(PythonCompilation compilation, Outcome outcome) {
    TaskState state =
        outcome instanceof Outcome.Committed && compilation.end != null
            ? compilation.end
            : TaskState.CANCELLED;
    forget(compilation);
    if (state != TaskState.DONE && compilation.mailbox >= 0) {
      cluster.cancel(WireAddress.root(compilation.mailbox));
    }
    UUID id = compilation.clientId();
    String failure =
        compilation.failure != null && state == TaskState.FAILED
            ? compilation.failure
            : ClientDesk.failure(id == null ? compilation.id().value() : id, state, null);
    Finished ended =
        new Finished(
            compilation.id(),
            state,
            state == TaskState.DONE ? compilation.result : null,
            failure,
            compilation.lastLog);
    if (id != null) {
      finished.put(id, ended);
    }
    desk.ended(compilation, ended);
    answerWhoWaited(compilation);
    answerCancels(compilation.id());
    starts.beginReady();
  }

  private void forget(PythonCompilation compilation) {
    compilation.phase = Phase.ENDED;
    byId.remove(compilation.id());
    byMailbox.remove(compilation.mailbox);
    if (compilation.clientId() != null) {
      byClientId.remove(compilation.clientId(), compilation);
    }
    while (!held.isEmpty() && byId.size() < settings.queue()) {
      effects.add(new BqskitEffect.Resume(held.removeFirst()));
    }
  }

  private void cancelAsked(long reply, String tenant, TaskId id) {
    PythonCompilation compilation = byId.get(id);
    if (compilation == null || !compilation.task().tenant().equals(tenant)) {
      effects.add(new BqskitEffect.ReplyStatus(reply, id));
      return;
    }
    cancelling.computeIfAbsent(id, _ -> new ArrayList<>(1)).add(reply);
    cancel(compilation);
  }

  private void answerCancels(TaskId id) {
    List<Long> replies = cancelling.remove(id);
    if (replies != null) {
      replies.forEach(reply -> effects.add(new BqskitEffect.ReplyStatus(reply, id)));
    }
  }

  // What the store says

  private void written(PythonCompilation compilation, TaskRecord record, Outcome outcome) {
    switch (record) {
      case TaskRecord.Accepted _ -> {
        Long connection = submitting.get(compilation.id());
        accepted(compilation, outcome);
        if (connection != null) {
          desk.stored(connection);
        }
      }
      case TaskRecord.Started _ -> {
        if (outcome instanceof Outcome.Committed) {
          starts.startCommitted(compilation);
        } else if (!compilation.isOver() && byId.containsKey(compilation.id())) {
          cancel(compilation);
        }
      }
      case TaskRecord.Appended appended -> {
        if (outcome instanceof Outcome.Committed) {
          logsCommitted(compilation, appended.events());
        }
      }
      case TaskRecord.Ended _ -> endCommitted(compilation, outcome);
      case TaskRecord.AcceptedTogether _, TaskRecord.Kept _ ->
          throw new IllegalStateException("on this wire tasks come one by one and keep nothing");
    }
  }

  private void accepted(PythonCompilation compilation, Outcome outcome) {
    Long connection = submitting.remove(compilation.id());
    if (connection != null) {
      if (byId.size() < settings.queue()) {
        effects.add(new BqskitEffect.Resume(connection));
      } else {
        held.addLast(connection);
      }
    }
    Long reply = accepting.remove(compilation.id());
    if (reply != null) {
      effects.add(new BqskitEffect.Reply(reply, submitAnswer(compilation, outcome)));
    }
    if (!(outcome instanceof Outcome.Committed)) {
      // The id is known already: the task it names is untouched.
      refused++;
      compilation.end = TaskState.CANCELLED;
      compilation.input = null;
      compilation.unwritten.clear();
      forget(compilation);
      desk.ended(
          compilation,
          new Finished(compilation.id(), TaskState.CANCELLED, null, "The task's id is taken.", 0));
      answerWhoWaited(compilation);
      return;
    }
    if (compilation.isOver()) {
      compilation.phase = Phase.ENDING;
      return;
    }
    answerWhoWaited(compilation);
    if (compilation.attempts > 0) {
      compilation.phase = Phase.STARTING;
    } else {
      starts.waitForManager(compilation);
    }
  }

  private static SubmitAnswer submitAnswer(PythonCompilation compilation, Outcome outcome) {
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

  private static void answerWhoWaited(PythonCompilation compilation) {
    List<Runnable> waiting = List.copyOf(compilation.whenCommitted);
    compilation.whenCommitted.clear();
    waiting.forEach(Runnable::run);
  }

  private void logsCommitted(PythonCompilation compilation, List<TaskEvent> events) {
    for (TaskEvent event : events) {
      if (event.data() instanceof TaskEvent.PythonLog line) {
        compilation.lastLog = event.number();
        desk.logged(
            compilation,
            new LoggedRecord(event.number(), PickledValue.of(line.record().bytes())));
      }
    }
  }

  /// Tasks that are not over.
  int unfinished() {
    return byId.size();
  }

  boolean owns(TaskId id) {
    return byId.containsKey(id);
  }

  /// What of this moment may be shown.
  BqskitStatistics statistics() {
    return new BqskitStatistics(
        desk.clients(),
        cluster.managers().stream()
            .map(
                each ->
                    new BqskitStatistics.Manager(
                        each.connection(),
                        each.name(),
                        each.since(),
                        each.isStarted(),
                        each.workers(),
                        each.idle(),
                        each.tasks()))
            .toList(),
        byId.size(),
        cluster.heldTasks(),
        cluster.ranAgain() + restarts,
        cluster.lost(),
        cluster.dropped(),
        refused);
  }

  /// The desk's view of the tasks.
  private final class DeskTasks implements ClientDesk.Tasks {
    @Override
    public @Nullable PythonCompilation unfinished(UUID clientId) {
      return byClientId.get(clientId);
    }

    @Override
    public @Nullable Finished finished(UUID clientId) {
      return finished.get(clientId);
    }

    @Override
    public void submit(long connection, List<String> importPaths, FromClient.Submit submitted) {
      BqskitServer.this.submit(connection, importPaths, submitted);
    }

    @Override
    public void cancel(PythonCompilation compilation) {
      BqskitServer.this.cancel(compilation);
    }

    @Override
    public void touch(PythonCompilation compilation) {
      orphans.touch(compilation, now);
    }

    @Override
    public void left(long connection, boolean isCancelling) {
      held.remove(connection);
      for (PythonCompilation compilation : List.copyOf(byId.values())) {
        if (compilation.owner == connection && !compilation.isOver()) {
          if (isCancelling) {
            BqskitServer.this.cancel(compilation);
          } else {
            orphans.add(compilation, now);
          }
        }
      }
    }
  }

  /// What the managers say of compilations.
  private final class ClusterListener implements PythonCluster.Listener {
    @Override
    public @Nullable PythonCompilation running(long mailbox) {
      PythonCompilation compilation = byMailbox.get(mailbox);
      return compilation == null || compilation.isOver() ? null : compilation;
    }

    @Override
    public void ready() {
      starts.beginReady();
    }

    @Override
    public void returned(PythonCompilation compilation, WireResult result) {
      PickledValue value = python.returned(result);
      if (compilation.clientId() == null) {
        effects.add(new BqskitEffect.Decode(compilation.id(), value));
      } else {
        finish(compilation, value);
      }
    }

    @Override
    public void failed(PythonCompilation compilation, String traceback) {
      String last = traceback.strip();
      last = last.substring(last.lastIndexOf('\n') + 1);
      fail(compilation, ErrorCode.PASS_FAILED, last, traceback);
    }

    @Override
    public void logged(PythonCompilation compilation, PickledValue record) {
      TaskEvent event = compilation.event(now, python.line(record));
      journal.add(compilation, new TaskRecord.Appended(compilation.id(), List.of(event)));
    }

    @Override
    public Set<PythonManager> suspectHolders() {
      Set<PythonManager> holders = new HashSet<>();
      for (PythonCompilation compilation : byMailbox.values()) {
        if (compilation.isSuspected() && compilation.holder != null) {
          holders.add(compilation.holder);
        }
      }
      return holders;
    }

    @Override
    public List<PythonCompilation> lostRoots(PythonManager manager) {
      return byMailbox.values().stream()
          .filter(compilation -> compilation.holder == manager && !compilation.isOver())
          .toList();
    }

    @Override
    public void lost(
        List<PythonCompilation> lostRoots, Set<PythonCompilation> blamed, ManagerEnd end) {
      for (PythonCompilation root : lostRoots) {
        byMailbox.remove(root.mailbox);
        root.mailbox = -1;
      }
      for (PythonCompilation each : blamed) {
        each.ends++;
        each.blame += end.blame(blamed.size());
        boolean isTooMuch =
            settings.poisonDeaths() > 0
                && each.blame >= settings.poisonDeaths() * ManagerEnd.POISON;
        // While there are others it may be one of them.
        if (isTooMuch && blamed.size() == 1) {
          fail(
              each,
              ErrorCode.POISONED,
              "%d managers ended while they ran it".formatted(each.ends),
              null);
        }
      }
      for (PythonCompilation root : lostRoots) {
        if (!root.isOver()) {
          restarts++;
          starts.waitForManager(root);
        }
      }
    }
  }
}
