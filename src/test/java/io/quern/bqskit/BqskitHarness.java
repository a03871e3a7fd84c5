package io.quern.bqskit;

import io.quern.bqskit.BqskitEvent.LoggedRecord;
import io.quern.bqskit.wire.FromClient;
import io.quern.bqskit.wire.FromManager;
import io.quern.bqskit.wire.PickledValue;
import io.quern.bqskit.wire.ToClient;
import io.quern.bqskit.wire.ToManager;
import io.quern.bqskit.wire.WireAddress;
import io.quern.bqskit.wire.WireResult;
import io.quern.bqskit.wire.WireTask;
import io.quern.task.Attempt;
import io.quern.task.CompilationTask;
import io.quern.task.PythonInput;
import io.quern.task.StoredPythonTask;
import io.quern.task.TaskEvent;
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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// A [BqskitServer] with a store in memory, and everything it has said, by connection.
final class BqskitHarness {
  /// For messages between tasks, in bytes.
  static final int MESSAGE_ROOM = 1000;

  static final Instant START = Instant.parse("2026-11-25T12:00:00Z");

  /// What goes wrong with a commit that is reported as failed.
  enum CommitFault {
    /// Nothing of it was written.
    NOTHING_WRITTEN,
    /// Its first record was written.
    FIRST_WRITTEN,
    /// All of it was written: only the report was lost.
    ALL_WRITTEN
  }

  /// What the store in memory has of a task.
  static final class Row {
    final TaskRecord.Accepted accepted;
    TaskState state = TaskState.QUEUED;
    int attempts;
    @Nullable PickledValue result;
    final List<TaskEvent> events = new ArrayList<>();

    Row(TaskRecord.Accepted accepted) {
      this.accepted = accepted;
    }

    PythonInput input() {
      return Objects.requireNonNull(accepted.python());
    }
  }

  final Map<TaskId, Row> rows = new LinkedHashMap<>();
  final Map<String, TaskId> keys = new HashMap<>();
  final Map<Long, List<ToClient>> toClients = new HashMap<>();
  final Map<Long, List<ToManager>> toManagers = new HashMap<>();
  final Set<Long> closed = new TreeSet<>();
  final List<BqskitEffect> effects = new ArrayList<>();
  final ArrayDeque<BqskitEvent> toDo = new ArrayDeque<>();
  Instant now = START;
  Instant timer = Instant.MAX;

  /// Whether commits wait for [#commit].
  boolean isStoreSlow;

  /// Whether the store cannot be read now.
  boolean isStoreAway;

  /// What becomes of the next commits; nothing goes wrong with those after them.
  final ArrayDeque<CommitFault> commitFaults = new ArrayDeque<>();

  private final List<BqskitEffect.Persist> waiting = new ArrayList<>();
  private final int poison;
  private BqskitServer server;
  private long ids;
  private long connections;
  private long epoch;

  BqskitHarness() {
    this(2);
  }

  BqskitHarness(int poison) {
    this.poison = poison;
    server = start(poison);
  }

  private BqskitServer start(int poison) {
    epoch++;
    return new BqskitServer(
        new BqskitServer.Settings(
            "default",
            epoch,
            1000,
            Duration.ofHours(1),
            Duration.ofMillis(500),
            poison,
            1 << 20,
            MESSAGE_ROOM,
            ImportPaths.parse("all"),
            7),
        new PlainPython(),
        () -> new TaskId(new UUID(0, ++ids)));
  }

  /// Ends the server as kill -9 does, and starts another on the same store.
  void restart() {
    waiting.clear();
    toDo.clear();
    timer = Instant.MAX;
    server = start(poison);
    rows.forEach(
        (id, row) -> {
          if (!row.state.isTerminal()) {
            PythonInput input = row.accepted.python();
            if (input != null) {
              tell(
                  new BqskitEvent.Recovered(
                      new StoredPythonTask(
                          status(row),
                          input.clientId(),
                          input.importPaths(),
                          input.loggingLevel(),
                          input.loggingDepth())));
            }
          }
        });
  }

  BqskitStatistics statistics() {
    return server.statistics();
  }

  /// Tells the server something, and what the store has to say to what it does then.
  void tell(BqskitEvent event) {
    toDo.add(event);
    run();
  }

  private void run() {
    while (!toDo.isEmpty()) {
      server.handle(List.of(toDo.remove()), now).forEach(this::perform);
    }
  }

  /// Lets time pass; timers fire.
  void pass(Duration time) {
    now = now.plus(time);
    if (!now.isBefore(timer)) {
      timer = Instant.MAX;
      tell(new BqskitEvent.TimerFired());
    }
  }

  private void perform(BqskitEffect effect) {
    effects.add(effect);
    switch (effect) {
      case BqskitEffect.Tell(long connection, ToClient message) ->
          toClients.computeIfAbsent(connection, _ -> new ArrayList<>()).add(message);
      case BqskitEffect.TellManager(long connection, ToManager message) ->
          toManagers.computeIfAbsent(connection, _ -> new ArrayList<>()).add(message);
      case BqskitEffect.CloseClient(long connection, String _) -> closed.add(connection);
      case BqskitEffect.CloseManager(long connection, String _) -> closed.add(connection);
      case BqskitEffect.Persist persist -> {
        if (isStoreSlow) {
          waiting.add(persist);
        } else {
          commit(persist);
        }
      }
      case BqskitEffect.ReadBack(long seq, TaskId task) -> {
        Row row = rows.get(task);
        toDo.add(
            isStoreAway
                ? new BqskitEvent.ReadBackFailed(seq)
                : new BqskitEvent.ReadBackDone(seq, row == null ? null : status(row)));
      }
      case BqskitEffect.LoadInput(TaskId task) when isStoreAway ->
          toDo.add(new BqskitEvent.InputNotLoaded(task, "it is away", false));
      case BqskitEffect.LoadInput(TaskId task) -> {
        PythonInput input = row(task).input();
        toDo.add(new BqskitEvent.InputLoaded(task, PickledValue.of(input.task().bytes())));
      }
      case BqskitEffect.Look(long connection, UUID id) -> {
        TaskId task = keys.get(ClientIds.key(id));
        toDo.add(new BqskitEvent.Looked(connection, id, task == null ? null : status(row(task))));
      }
      case BqskitEffect.Read(long connection, TaskId task, long after) -> {
        Row row = row(task);
        List<LoggedRecord> records = new ArrayList<>();
        for (TaskEvent event : row.events) {
          if (event.data() instanceof TaskEvent.PythonLog line && event.number() > after) {
            records.add(new LoggedRecord(event.number(), PickledValue.of(line.record().bytes())));
          }
        }
        toDo.add(new BqskitEvent.Read(connection, task, records, row.result));
      }
      case BqskitEffect.ArmTimer(Instant at) -> timer = at.isBefore(timer) ? at : timer;
      case BqskitEffect.Announce _,
          BqskitEffect.Decode _,
          BqskitEffect.Resume _,
          BqskitEffect.Reply _,
          BqskitEffect.ReplyStatus _,
          BqskitEffect.Broken _ -> {}
    }
  }

  /// Commits what waits.
  void commit() {
    List<BqskitEffect.Persist> all = List.copyOf(waiting);
    waiting.clear();
    all.forEach(this::commit);
    run();
  }

  private void commit(BqskitEffect.Persist persist) {
    @Nullable CommitFault fault = commitFaults.poll();
    List<Outcome> outcomes = new ArrayList<>();
    for (TaskRecord record : persist.records()) {
      boolean isWritten =
          switch (fault) {
            case null -> true;
            case NOTHING_WRITTEN -> false;
            case FIRST_WRITTEN -> outcomes.isEmpty();
            case ALL_WRITTEN -> true;
          };
      Outcome outcome = isWritten ? write(record) : new Outcome.NotApplied();
      outcomes.add(fault == null ? outcome : new Outcome.Failed("the connection was lost"));
    }
    toDo.add(new BqskitEvent.Committed(persist.seq(), outcomes));
  }

  private Outcome write(TaskRecord record) {
    if (record instanceof TaskRecord.Accepted accepted) {
      if (accepted.key() != null) {
        TaskId holder = keys.putIfAbsent(accepted.key().key(), accepted.task());
        if (holder != null) {
          return new Outcome.KeyTaken(
              Map.of(accepted.task(), new KeyedTask(status(row(holder)), "")));
        }
      }
      Row row = new Row(accepted);
      row.events.addAll(record.events());
      rows.put(accepted.task(), row);
      return new Outcome.Committed();
    }
    Row row = rows.get(record.task());
    if (row == null || row.state.isTerminal()) {
      return new Outcome.NotApplied();
    }
    row.events.addAll(record.events());
    switch (record) {
      case TaskRecord.Started _ -> {
        row.state = TaskState.RUNNING;
        row.attempts++;
      }
      case TaskRecord.Ended ended -> {
        row.state = ended.state();
        if (ended.events().getLast().data() instanceof TaskEvent.PythonResult result) {
          row.result = PickledValue.of(result.value().bytes());
        }
      }
      case TaskRecord.Accepted _,
          TaskRecord.AcceptedTogether _,
          TaskRecord.Appended _,
          TaskRecord.Kept _ -> {}
    }
    return new Outcome.Committed();
  }

  private Row row(TaskId id) {
    return Objects.requireNonNull(rows.get(id));
  }

  private static CompilationTask status(Row row) {
    CompilationTask first = row.accepted.status();
    return first
        .change()
        .state(row.state)
        .finishedAt(row.state.isTerminal() ? START : null)
        .attempt(row.attempts == 0 ? null : new Attempt(1, row.attempts))
        .lastEvent(row.events.getLast().number())
        .made();
  }

  // Clients

  long client() {
    connections++;
    tell(new BqskitEvent.ClientConnected(connections));
    say(connections, new FromClient.Connect(List.of("/home/user")));
    return connections;
  }

  void say(long client, FromClient message) {
    tell(new BqskitEvent.ClientSaid(client, message));
  }

  UUID submit(long client, String input) {
    UUID id = new UUID(4, ++ids);
    say(client, new FromClient.Submit(id, 0, -1, PlainPython.value(input)));
    return id;
  }

  List<ToClient> heard(long client) {
    return toClients.getOrDefault(client, List.of());
  }

  ToClient lastHeard(long client) {
    return heard(client).getLast();
  }

  Row row(UUID clientId) {
    return row(Objects.requireNonNull(keys.get(ClientIds.key(clientId))));
  }

  // Managers

  long nextConnection() {
    connections++;
    return connections;
  }

  long manager(int workers) {
    connections++;
    tell(new BqskitEvent.ManagerConnected(connections, "manager-" + connections));
    say(connections, new FromManager.Started(workers));
    return connections;
  }

  void say(long manager, FromManager message) {
    tell(new BqskitEvent.ManagerSaid(manager, message));
  }

  List<ToManager> told(long manager) {
    return toManagers.getOrDefault(manager, List.of());
  }

  List<WireTask> tasksOf(long manager) {
    return told(manager).stream()
        .flatMap(
            message ->
                message instanceof ToManager.Submit(List<WireTask> tasks)
                    ? tasks.stream()
                    : Stream.of())
        .toList();
  }

  List<WireAddress> cancelsOf(long manager) {
    return told(manager).stream()
        .flatMap(
            message ->
                message instanceof ToManager.Cancel(WireAddress address)
                    ? Stream.of(address)
                    : Stream.of())
        .toList();
  }

  long lower(long manager) {
    return ((ToManager.Connect) told(manager).getFirst()).lower();
  }

  void finish(long manager, WireTask task, String result) {
    say(
        manager,
        new FromManager.Result(
            new WireResult(task.address(), lower(manager), PlainPython.value(result))));
  }

  /// A child of a task, made by a worker of a manager.
  WireTask child(long manager, WireTask parent, long mailbox, long slot) {
    List<WireAddress> breadcrumbs = new ArrayList<>(parent.breadcrumbs());
    breadcrumbs.add(parent.address());
    return new WireTask(
        new WireAddress(lower(manager), mailbox, slot),
        parent.compilation(),
        breadcrumbs,
        PlainPython.value("child"));
  }
}
