package io.quern.bqskit;

import io.quern.bqskit.BqskitEvent.LoggedRecord;
import io.quern.bqskit.FinishedTasks.Finished;
import io.quern.bqskit.wire.FromClient;
import io.quern.bqskit.wire.PickledValue;
import io.quern.bqskit.wire.ToClient;
import io.quern.bqskit.wire.ToClient.CompilationStatus;
import io.quern.task.CompilationTask;
import io.quern.task.TaskError;
import io.quern.task.TaskId;
import io.quern.task.TaskState;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// What clients are told, and when.
///
/// A client breaks on anything it has not asked for. So log lines go to it between its REQUEST and
/// the answer only, and an error as the answer to a REQUEST only.
final class ClientDesk {
  /// What the desk may ask for.
  interface Tasks {
    @Nullable PythonCompilation unfinished(UUID clientId);

    @Nullable Finished finished(UUID clientId);

    void submit(long connection, List<String> importPaths, FromClient.Submit submitted);

    void cancel(PythonCompilation compilation);

    /// A client asks for it.
    void touch(PythonCompilation compilation);

    /// A client's connection has ended.
    void left(long connection, boolean isCancelling);
  }

  /// A client that waits for a result.
  private static final class Session {
    private final UUID id;
    private final TaskId task;

    /// Whether earlier log lines are being read.
    private boolean isReading;

    /// Committed meanwhile.
    private final List<LoggedRecord> live = new ArrayList<>(0);

    /// The answer, which comes after the log lines.
    private @Nullable ToClient answer;

    private Session(UUID id, TaskId task) {
      this.id = id;
      this.task = task;
    }
  }

  private static final class Client {
    private final long connection;
    private final Map<TaskId, Long> logsSent = new HashMap<>(2);
    private List<String> importPaths = List.of();
    private @Nullable Session session;

    /// What it asks about, while the store is looked at; further messages wait.
    private @Nullable FromClient question;

    /// Its submissions on their way into the store.
    private int storing;

    private final ArrayDeque<FromClient> backlog = new ArrayDeque<>(1);

    private Client(long connection) {
      this.connection = connection;
    }
  }

  /// What of a client's import paths has room beside a stored task, in characters.
  private static final long MAX_PATHS = 1 << 20;

  private final String tenant;
  private final Tasks tasks;
  private final Consumer<BqskitEffect> effects;
  private final Map<Long, Client> clients = new HashMap<>();
  private final PathLists pathLists = new PathLists();

  ClientDesk(String tenant, Tasks tasks, Consumer<BqskitEffect> effects) {
    this.tenant = tenant;
    this.tasks = tasks;
    this.effects = effects;
  }

  int clients() {
    return clients.size();
  }

  void connected(long connection) {
    clients.put(connection, new Client(connection));
  }

  void gone(long connection) {
    Client client = clients.remove(connection);
    if (client != null) {
      leave(client, false);
    }
  }

  private void leave(Client client, boolean isCancelling) {
    if (client.session != null) {
      PythonCompilation compilation = tasks.unfinished(client.session.id);
      if (compilation != null) {
        compilation.requests.remove(client.connection);
      }
    }
    tasks.left(client.connection, isCancelling);
  }

  void said(long connection, FromClient message) {
    Client client = clients.get(connection);
    if (client == null) {
      return;
    }
    if (mustWait(client, message)) {
      client.backlog.addLast(message);
    } else {
      handle(client, message);
    }
  }

  /// Messages are answered in order, and none before every submission that came before it is
  /// stored: whoever has an answer knows that these are safe.
  private static boolean mustWait(Client client, FromClient message) {
    return client.question != null
        || !client.backlog.isEmpty()
        || (client.storing > 0 && !(message instanceof FromClient.Submit));
  }

  /// A submission of a client is stored, or refused.
  void stored(long connection) {
    Client client = clients.get(connection);
    if (client != null) {
      client.storing--;
      goOn(client);
    }
  }

  private void handle(Client client, FromClient message) {
    switch (message) {
      case FromClient.Connect(List<String> paths) -> {
        if (storedCharacters(paths) > MAX_PATHS) {
          clients.remove(client.connection);
          effects.accept(
              new BqskitEffect.CloseClient(
                  client.connection, "its sys.path takes more than a task can be stored with"));
        } else {
          client.importPaths = pathList(paths);
          tell(client, new ToClient.Ready());
          resume(client);
        }
      }
      case FromClient.Disconnect() -> {
        clients.remove(client.connection);
        leave(client, true);
        effects.accept(new BqskitEffect.CloseClient(client.connection, "it has disconnected"));
      }
      // The next message is read when this one is stored.
      case FromClient.Submit submit -> {
        client.storing++;
        tasks.submit(client.connection, client.importPaths, submit);
      }
      case FromClient.Request(UUID id) -> request(client, id, message);
      case FromClient.Status(UUID id) -> status(client, id, message);
      case FromClient.Cancel(UUID id) -> cancel(client, id);
    }
  }

  /// At most: as JSON, in which a character may take six.
  private static long storedCharacters(List<String> paths) {
    long characters = 2;
    for (String each : paths) {
      characters += 6L * each.length() + 3;
    }
    return characters;
  }

  /// The one list that stands for all equal ones.
  List<String> pathList(List<String> paths) {
    return pathLists.shared(paths);
  }

  private void cancel(Client client, UUID id) {
    PythonCompilation compilation = tasks.unfinished(id);
    if (compilation == null) {
      tell(client, new ToClient.Cancel());
      resume(client);
      return;
    }
    tasks.cancel(compilation);
    whenCommitted(client, compilation, new ToClient.Cancel());
  }

  private void status(Client client, UUID id, FromClient question) {
    PythonCompilation compilation = tasks.unfinished(id);
    if (compilation != null) {
      tasks.touch(compilation);
      ToClient answer = new ToClient.Status(CompilationStatus.RUNNING);
      if (compilation.phase == PythonCompilation.Phase.ACCEPTING) {
        whenCommitted(client, compilation, answer);
      } else {
        tell(client, answer);
        resume(client);
      }
      return;
    }
    Finished finished = tasks.finished(id);
    if (finished == null) {
      look(client, id, question);
    } else {
      tell(client, new ToClient.Status(statusOf(finished.state())));
      resume(client);
    }
  }

  private void whenCommitted(Client client, PythonCompilation compilation, ToClient answer) {
    compilation.whenCommitted.add(
        () -> {
          if (clients.get(client.connection) == client) {
            tell(client, answer);
          }
        });
    resume(client);
  }

  private static CompilationStatus statusOf(TaskState state) {
    return switch (state) {
      case QUEUED, RUNNING -> CompilationStatus.RUNNING;
      case DONE, PARTIAL, FAILED -> CompilationStatus.DONE;
      case CANCELLED -> CompilationStatus.UNKNOWN;
    };
  }

  private void look(Client client, UUID id, FromClient question) {
    client.question = question;
    effects.accept(new BqskitEffect.Look(client.connection, id));
  }

  private void request(Client client, UUID id, FromClient question) {
    PythonCompilation compilation = tasks.unfinished(id);
    if (compilation != null) {
      tasks.touch(compilation);
      compilation.requests.add(client.connection);
      open(client, new Session(id, compilation.id()), compilation.lastLog);
      return;
    }
    Finished finished = tasks.finished(id);
    if (finished == null) {
      look(client, id, question);
      return;
    }
    Session session = new Session(id, finished.id());
    session.answer = answer(finished);
    open(client, session, finished.lastLog());
  }

  private static ToClient answer(Finished finished) {
    return finished.result() == null
        ? new ToClient.Failure(finished.failure())
        : new ToClient.Result(finished.result());
  }

  /// @param lastLog number of the task's last committed log line
  private void open(Client client, Session session, long lastLog) {
    client.session = session;
    resume(client);
    long sent = client.logsSent.getOrDefault(session.task, 0L);
    if (lastLog > sent) {
      session.isReading = true;
      effects.accept(new BqskitEffect.Read(client.connection, session.task, sent));
    } else {
      close(client, session);
    }
  }

  private void close(Client client, Session session) {
    if (session.answer != null && !session.isReading) {
      client.session = null;
      tell(client, session.answer);
    }
  }

  void looked(long connection, UUID id, @Nullable CompilationTask task) {
    Client client = clients.get(connection);
    if (client == null || client.question == null) {
      return;
    }
    FromClient question = client.question;
    client.question = null;
    boolean isKnown = task != null && task.tenant().equals(tenant);
    if (tasks.unfinished(id) != null || tasks.finished(id) != null) {
      // It came in, or ended, while the store was looked at.
      handle(client, question);
    } else if (question instanceof FromClient.Status) {
      CompilationStatus status =
          isKnown && task != null ? statusOf(task.state()) : CompilationStatus.UNKNOWN;
      tell(client, new ToClient.Status(status));
      resume(client);
    } else if (task == null || !isKnown) {
      tell(client, new ToClient.Failure("Unknown task: " + id + "."));
      resume(client);
    } else {
      Session session = new Session(id, task.id());
      session.isReading = true;
      if (!task.state().hasResult()) {
        session.answer = new ToClient.Failure(failure(id, task.state(), task.error()));
      }
      client.session = session;
      resume(client);
      long sent = client.logsSent.getOrDefault(task.id(), 0L);
      effects.accept(new BqskitEffect.Read(connection, task.id(), sent));
    }
    goOn(client);
  }

  /// What a client is told of a task without a result.
  static String failure(UUID id, TaskState state, @Nullable TaskError error) {
    if (state == TaskState.CANCELLED) {
      return "Task " + id + " was cancelled.";
    }
    if (error == null) {
      return "Task " + id + " is " + state + " and has no result.";
    }
    return error.cause() == null ? error.detail() : error.cause();
  }

  void readFailed(long connection, String reason) {
    Client client = clients.get(connection);
    if (client == null) {
      return;
    }
    client.question = null;
    client.session = null;
    clients.remove(connection);
    leave(client, false);
    // It may come again; an error would say that the task has failed.
    effects.accept(new BqskitEffect.CloseClient(connection, reason));
  }

  void read(
      long connection, TaskId task, List<LoggedRecord> records, @Nullable PickledValue result) {
    Client client = clients.get(connection);
    Session session = client == null ? null : client.session;
    if (client == null || session == null || !session.task.equals(task) || !session.isReading) {
      return;
    }
    session.isReading = false;
    records.forEach(record -> log(client, session, record));
    session.live.forEach(record -> log(client, session, record));
    session.live.clear();
    if (session.answer == null && tasks.unfinished(session.id) == null) {
      session.answer =
          result == null
              ? new ToClient.Failure("The result of task " + session.id + " is not kept any more.")
              : new ToClient.Result(result);
    }
    close(client, session);
  }

  private void log(Client client, Session session, LoggedRecord record) {
    if (record.number() > client.logsSent.getOrDefault(session.task, 0L)) {
      client.logsSent.put(session.task, record.number());
      tell(client, new ToClient.Log(record.record()));
    }
  }

  /// A log line is committed.
  void logged(PythonCompilation compilation, LoggedRecord record) {
    for (Long connection : compilation.requests) {
      Client client = clients.get(connection);
      Session session = client == null ? null : client.session;
      if (client != null && session != null && session.task.equals(compilation.id())) {
        if (session.isReading) {
          session.live.add(record);
        } else {
          log(client, session, record);
        }
      }
    }
  }

  /// A task's end is committed.
  void ended(PythonCompilation compilation, Finished finished) {
    for (Long connection : compilation.requests) {
      Client client = clients.get(connection);
      Session session = client == null ? null : client.session;
      if (client != null && session != null && session.task.equals(compilation.id())) {
        session.answer = answer(finished);
        close(client, session);
      }
    }
    compilation.requests.clear();
  }

  private void goOn(Client client) {
    while (!client.backlog.isEmpty()
        && client.question == null
        && (client.storing == 0 || client.backlog.getFirst() instanceof FromClient.Submit)) {
      handle(client, client.backlog.removeFirst());
    }
  }

  private void tell(Client client, ToClient message) {
    effects.accept(new BqskitEffect.Tell(client.connection, message));
  }

  private void resume(Client client) {
    effects.accept(new BqskitEffect.Resume(client.connection));
  }
}
