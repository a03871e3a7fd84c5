package io.quern.bqskit;

import io.quern.bqskit.BqskitEvent.LoggedRecord;
import io.quern.bqskit.FinishedTasks.Finished;
import io.quern.bqskit.PythonCompilation.Phase;
import io.quern.bqskit.wire.FromClient;
import io.quern.bqskit.wire.PickledValue;
import io.quern.bqskit.wire.WireResult;
import io.quern.failure.ErrorCode;
import io.quern.task.CompilationTask;
import io.quern.task.StoredPythonTask;
import io.quern.task.TaskEvent;
import io.quern.task.TaskGateway.NewTask;
import io.quern.task.TaskId;
import io.quern.task.TaskRecord;
import io.quern.task.TaskState;
import io.quern.task.TaskStore.Outcome;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
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
  /// @param messages size of messages between tasks that are kept, in bytes
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
      long messages,
      ImportPaths forwarded,
      long seed) {}

  private final Settings settings;
  private final PythonValues python;
  private final List<BqskitEffect> effects = new ArrayList<>();
  private final Compilations compilations = new Compilations();
  private final FinishedTasks finished;
  private final Orphans orphans;
  private final ClientDesk desk;
  private final PythonCluster cluster;
  private final CompilationJournal journal;
  private final Starts starts;
  private final Admission admission;
  private final Endings endings;
  private Instant now = Instant.MIN;
  private long restarts;

  BqskitServer(Settings settings, PythonValues python, Supplier<TaskId> ids) {
    this.settings = settings;
    this.python = python;
    finished = new FinishedTasks(settings.results());
    orphans = new Orphans(settings.keepOrphans(), effects::add);
    desk = new ClientDesk(settings.tenant(), new DeskTasks(), effects::add);
    cluster =
        new PythonCluster(
            compilations,
            new ClusterListener(),
            settings.messages(),
            settings.forwarded(),
            new Random(settings.seed()),
            effects::add);
    journal = new CompilationJournal(settings.storeRetry(), effects::add, new JournalListener());
    starts =
        new Starts(
            settings,
            python,
            cluster,
            journal,
            compilations,
            this::unreadable,
            () -> now,
            effects::add);
    admission =
        new Admission(
            settings, ids, compilations, finished, journal, new AdmissionListener(), effects::add);
    endings =
        new Endings(compilations, finished, journal, cluster, this::ended, () -> now, effects::add);
  }

  /// Deals with events that came by this time, and says what is to be done, in order.
  List<BqskitEffect> handle(List<BqskitEvent> events, Instant time) {
    now = time.isAfter(now) ? time : now;
    for (BqskitEvent event : events) {
      try {
        handle(event);
      } catch (RuntimeException e) {
        broken(event, e);
      }
    }
    starts.handOutRoots();
    admission.resumeClients();
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
          admission.submit(reply, task, input, now);
      case BqskitEvent.CancelAsked(long reply, String tenant, TaskId task) ->
          endings.cancelAsked(reply, tenant, task);
      case BqskitEvent.Recovered(StoredPythonTask task) -> recovered(task);
      case BqskitEvent.InputLoaded(TaskId task, PickledValue input) ->
          starts.inputLoaded(task, input);
      case BqskitEvent.InputNotLoaded(TaskId task, String reason, boolean isFinal) ->
          starts.inputNotLoaded(task, reason, isFinal);
      case BqskitEvent.Looked(long connection, UUID id, @Nullable CompilationTask task) ->
          desk.looked(connection, id, task);
      case BqskitEvent.Read read ->
          desk.read(read.connection(), read.task(), read.records(), read.result());
      case BqskitEvent.ReadFailed(long connection, String reason) ->
          desk.readFailed(connection, reason);
      case BqskitEvent.Decoded(TaskId task, TaskState state, TaskEvent.Data terminal) ->
          endings.decoded(task, state, terminal);
      case BqskitEvent.Committed(long seq, List<Outcome> outcomes) ->
          journal.committed(seq, outcomes);
      case BqskitEvent.Refused(long seq) -> journal.refused(seq, now);
      case BqskitEvent.ReadBackDone(long seq, @Nullable CompilationTask stored) ->
          journal.readBack(seq, stored, now);
      case BqskitEvent.ReadBackFailed(long seq) -> journal.readBackFailed(seq, now);
      case BqskitEvent.TimerFired() -> {
        journal.timer(now);
        starts.timer();
        orphans.timer(compilations.all(), now, endings::cancel);
      }
      case BqskitEvent.Stopping() -> cluster.shutDown();
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
    compilations.add(compilation);
    if (stored.clientId() != null) {
      orphans.add(compilation, now);
    }
    starts.waitForManager(compilation);
  }

  private void unreadable(PythonCompilation compilation, String reason) {
    endings.fail(compilation, ErrorCode.INTERNAL, "its input cannot be read: " + reason, null);
  }

  private void ended(PythonCompilation compilation, Finished end) {
    desk.ended(compilation, end);
    starts.beginReady();
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
        compilations.size(),
        cluster.heldTasks(),
        cluster.ranAgain() + restarts,
        cluster.lost(),
        cluster.dropped(),
        admission.refused());
  }

  /// The desk's view of the tasks.
  private final class DeskTasks implements ClientDesk.Tasks {
    @Override
    public @Nullable PythonCompilation unfinished(UUID clientId) {
      return compilations.ofClient(clientId);
    }

    @Override
    public @Nullable Finished finished(UUID clientId) {
      return finished.get(clientId);
    }

    @Override
    public void submit(long connection, List<String> importPaths, FromClient.Submit submitted) {
      admission.submit(connection, importPaths, submitted, now);
    }

    @Override
    public void cancel(PythonCompilation compilation) {
      endings.cancel(compilation);
    }

    @Override
    public void touch(PythonCompilation compilation) {
      orphans.touch(compilation, now);
    }

    @Override
    public void left(long connection, boolean isCancelling) {
      admission.left(connection);
      for (PythonCompilation compilation : List.copyOf(compilations.all())) {
        if (compilation.owner == connection && !compilation.isOver()) {
          if (isCancelling) {
            endings.cancel(compilation);
          } else {
            orphans.add(compilation, now);
          }
        }
      }
    }
  }

  /// How far a submission is.
  private final class AdmissionListener implements Admission.Listener {
    @Override
    public void storing(PythonCompilation compilation) {
      if (cluster.hasManagers()) {
        starts.start(compilation);
      }
    }

    @Override
    public void stored(PythonCompilation compilation) {
      if (compilation.attempts > 0) {
        compilation.phase = Phase.STARTING;
      } else {
        starts.waitForManager(compilation);
      }
    }

    @Override
    public void notStored(PythonCompilation compilation, Finished end) {
      desk.ended(compilation, end);
    }

    @Override
    public void answered(long connection) {
      desk.stored(connection);
    }
  }

  /// What the store says.
  private final class JournalListener implements CompilationJournal.Listener {
    @Override
    public void written(PythonCompilation compilation, TaskRecord record, Outcome outcome) {
      switch (record) {
        case TaskRecord.Accepted _ -> admission.written(compilation, outcome);
        case TaskRecord.Started _ -> {
          if (outcome instanceof Outcome.Committed) {
            starts.startCommitted(compilation);
          } else if (!compilation.isOver() && compilations.find(compilation.id()) != null) {
            endings.cancel(compilation);
          }
        }
        case TaskRecord.Appended appended -> {
          if (outcome instanceof Outcome.Committed) {
            logsCommitted(compilation, appended.events());
          }
        }
        case TaskRecord.Ended _ -> endings.written(compilation, outcome);
        case TaskRecord.AcceptedTogether _, TaskRecord.Kept _ ->
            throw new IllegalStateException("on this wire tasks come one by one and keep nothing");
      }
    }

    @Override
    public void unclear(PythonCompilation compilation) {
      admission.unclear(compilation);
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
  }

  /// What the managers say of compilations.
  private final class ClusterListener implements PythonCluster.Listener {
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
        endings.finish(compilation, value);
      }
    }

    @Override
    public void failed(PythonCompilation compilation, String traceback) {
      String last = traceback.strip();
      last = last.substring(last.lastIndexOf('\n') + 1);
      endings.fail(compilation, ErrorCode.PASS_FAILED, last, traceback);
    }

    @Override
    public void logged(PythonCompilation compilation, PickledValue record) {
      TaskEvent event = compilation.event(now, python.line(record));
      journal.add(compilation, new TaskRecord.Appended(compilation.id(), List.of(event)));
    }

    @Override
    public void lost(
        List<PythonCompilation> lostRoots, Set<PythonCompilation> blamed, ManagerEnd end) {
      lostRoots.forEach(compilations::takeMailbox);
      for (PythonCompilation each : blamed) {
        each.ends++;
        each.blame += end.blame(blamed.size());
        boolean isTooMuch =
            settings.poisonDeaths() > 0
                && each.blame >= settings.poisonDeaths() * ManagerEnd.POISON;
        // While there are others it may be one of them.
        if (isTooMuch && blamed.size() == 1) {
          endings.fail(
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
