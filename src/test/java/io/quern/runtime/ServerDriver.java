package io.quern.runtime;

import io.quern.engine.pass.LogLevel;
import io.quern.engine.pass.RuntimeFunction;
import io.quern.protocol.LinkId;
import io.quern.protocol.Message;
import io.quern.protocol.RuntimeTask;
import io.quern.protocol.RuntimeTaskId;
import io.quern.task.CompilationTask;
import io.quern.task.TaskGateway.NewTask;
import io.quern.task.TaskGateway.SubmitAnswer;
import io.quern.task.TaskId;
import io.quern.task.TaskRecord;
import io.quern.task.TaskStore.Outcome;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Drives a [DetachedServer] by hand: events in, the effects of the last event at hand.
public final class ServerDriver {
  public static final RuntimeFunction<Object, Object> ROOT =
      Fixtures.function("root", (argument, runtime) -> argument);
  public static final LinkId MANAGER = new LinkId(1);

  private final DetachedServer server;
  private Instant now = Instant.parse("2026-01-01T00:00:00Z");
  private List<Effect> effects = List.of();
  private @Nullable Duration timeLimit;
  private long replies;

  public ServerDriver() {
    this(1, ServerSettings.DEFAULT);
  }

  public ServerDriver(long epoch, ServerSettings settings) {
    server = new DetachedServer(epoch, settings);
  }

  /// With open doors and a manager of so many workers.
  public static ServerDriver ready(int workers) {
    ServerDriver driver = new ServerDriver();
    driver.handle(new Event.DoorsOpened());
    driver.connect(MANAGER, workers);
    return driver;
  }

  public DetachedServer server() {
    return server;
  }

  public Instant now() {
    return now;
  }

  public ServerDriver pass(Duration time) {
    now = now.plus(time);
    return this;
  }

  public void limitTime(Duration limit) {
    timeLimit = limit;
  }

  /// Handles an event and checks that the tables fit together.
  public List<Effect> handle(Event event) {
    effects = server.handleMessage(event, now);
    server.verify();
    return effects;
  }

  public List<Effect> receive(Message message) {
    return handle(new Event.Received(MANAGER, message));
  }

  public void connect(LinkId link, int workers) {
    handle(new Event.LinkOpened(link));
    handle(new Event.Received(link, new Message.Started(workers)));
  }

  public List<Effect> effects() {
    return effects;
  }

  /// The effects of a kind that the last event had.
  public <E extends Effect> List<E> effects(Class<E> kind) {
    return effects.stream().filter(kind::isInstance).map(kind::cast).toList();
  }

  public <E extends Effect> E effect(Class<E> kind) {
    List<E> found = effects(kind);
    if (found.size() != 1) {
      throw new AssertionError("expected one " + kind.getSimpleName() + " in " + effects);
    }
    return found.getFirst();
  }

  /// The messages the last event sent to a link.
  public List<Message> sent(LinkId link) {
    return effects(Effect.Send.class).stream()
        .filter(send -> send.link().equals(link))
        .map(Effect.Send::message)
        .toList();
  }

  public ReplyTo reply() {
    return new ReplyTo(++replies);
  }

  public ReplyTo submit(NewTask... tasks) {
    ReplyTo reply = reply();
    handle(new Event.ClientSubmit(reply, List.of(tasks), false));
    return reply;
  }

  /// Submits a task, which must be answered at once.
  public SubmitAnswer answerTo(NewTask task) {
    submit(task);
    return effect(Effect.Reply.class).answers().getFirst();
  }

  public ReplyTo cancel(TaskId task) {
    ReplyTo reply = reply();
    handle(new Event.ClientCancel(reply, "alice", task));
    return reply;
  }

  /// Commits what the last event persisted.
  public List<Effect> commit() {
    return commit(effect(Effect.Persist.class));
  }

  public List<Effect> commit(Effect.Persist persist) {
    return answer(persist, new Outcome.Committed());
  }

  /// Reports one outcome for every record of a commit.
  public List<Effect> answer(Effect.Persist persist, Outcome outcome) {
    return handle(
        new Event.Committed(persist.seq(), Collections.nCopies(persist.records().size(), outcome)));
  }

  public List<Effect> readBack(Effect.ReadBack question, CompilationTask... found) {
    Map<TaskId, CompilationTask> byId = new java.util.HashMap<>();
    for (CompilationTask each : found) {
      byId.put(each.id(), each);
    }
    return handle(new Event.ReadBackDone(question.seq(), byId));
  }

  public List<Effect> load(TaskId task) {
    return handle(
        new Event.SubmissionLoaded(
            task, new RootWork(ROOT, "argument", timeLimit, LogLevel.INFO, -1)));
  }

  /// Submits a task and commits it; it is queued, or being loaded if a worker is idle.
  public TaskId accept(long number) {
    submit(Fixtures.newTask(number, "alice"));
    commit();
    return Fixtures.taskId(number);
  }

  /// Takes a task all the way to a worker.
  public RuntimeTask run(long number) {
    TaskId task = accept(number);
    effect(Effect.LoadSubmission.class);
    load(task);
    commit();
    return rootSent();
  }

  /// The root that the last event sent.
  public RuntimeTask rootSent() {
    List<RuntimeTask> roots = new ArrayList<>();
    for (Effect.Send send : effects(Effect.Send.class)) {
      if (send.message() instanceof Message.Submit(RuntimeTask task)) {
        roots.add(task);
      }
    }
    if (roots.size() != 1) {
      throw new AssertionError("expected one root in " + effects);
    }
    return roots.getFirst();
  }

  public List<Effect> finish(RuntimeTaskId root, Object value) {
    return receive(new Message.Result(root, 1, ROOT, value, 3_000_000_000L));
  }

  /// The only record the last event persisted.
  public TaskRecord persisted() {
    return effect(Effect.Persist.class).records().getFirst();
  }
}
