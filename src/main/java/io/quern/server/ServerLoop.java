package io.quern.server;

import io.quern.failure.ErrorCode;
import io.quern.failure.QuernException;
import io.quern.link.GrpcLink;
import io.quern.link.Inbox;
import io.quern.link.Link;
import io.quern.protocol.LinkId;
import io.quern.protocol.Message;
import io.quern.protocol.NodeReport;
import io.quern.runtime.DetachedServer;
import io.quern.runtime.Effect;
import io.quern.runtime.Event;
import io.quern.runtime.NodeStatistics;
import io.quern.runtime.ReplyTo;
import io.quern.runtime.RootWork;
import io.quern.runtime.ServerStatistics;
import io.quern.task.CompilationTask;
import io.quern.task.TaskExplanation;
import io.quern.task.TaskGateway.NewTask;
import io.quern.task.TaskGateway.SubmitAnswer;
import io.quern.task.TaskId;
import io.quern.task.TaskRecord;
import io.quern.task.TaskState;
import io.quern.task.TaskStore.Outcome;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The thread that runs a [DetachedServer]: drains one inbox in batches and does what the core
/// wants done. It never waits for anything but events; whatever may wait (the store's reads, the
/// answers' recipients) gets a virtual thread of its own.
final class ServerLoop implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(ServerLoop.class);

  /// Events handled before their effects are done.
  private static final int ROUND = 512;

  private static final int MAX_SHOWN = 500;

  /// Hears what the shell's surroundings may want to know; must return at once.
  interface Watcher {
    /// The store has said what became of records.
    void committed(List<TaskRecord> records, List<Outcome> outcomes);
  }

  private final DetachedServer core;
  private final Durability store;
  private final InstantSource clock;
  private final Watcher watcher;
  private final Inbox<Event> inbox;
  private final EmployeeLinks links = new EmployeeLinks();
  private final Clients clients = new Clients();
  private final CountDownLatch stopped = new CountDownLatch(1);
  private final Thread thread;
  private volatile ServerStatistics statistics;
  private volatile NodeStatistics below;
  private volatile boolean isRunning = true;
  private Instant now = Instant.MIN;
  private @Nullable Instant wakeAt;

  /// @param inboxCapacity events of clients that may wait; more are refused
  ServerLoop(
      String name,
      DetachedServer core,
      Durability store,
      InstantSource clock,
      int inboxCapacity,
      Watcher watcher) {
    this.core = core;
    this.store = store;
    this.clock = clock;
    this.watcher = watcher;
    inbox = new Inbox<>(inboxCapacity);
    statistics = core.statistics();
    below = core.nodeStatistics();
    thread = Thread.ofPlatform().daemon().name(name).unstarted(this::run);
  }

  void start() {
    thread.start();
  }

  /// Opens the boss's end of a link to an employee.
  ///
  /// @param name of the employee, for people
  /// @param introduction what is known of it so far; null for the one in this process
  void open(Link link, String name, @Nullable NodeReport introduction) {
    LinkId id = links.add(link, name, introduction, clock.instant());
    link.receive(
        new Link.Receiver() {
          @Override
          public void received(Message message) {
            inbox.put(new Event.Received(id, message));
          }

          @Override
          public void closed() {
            links.remove(id);
            log.atInfo().addKeyValue("manager", name).log("the link to {} has ended", name);
            inbox.put(
                link.mayReturn()
                    ? new Event.LinkCut(id, link.silence())
                    : new Event.LinkClosed(id));
          }
        });
    // Links are opened in their own call backs, so nothing of a remote one has been heard yet.
    if (!(link instanceof GrpcLink remote)) {
      inbox.put(new Event.LinkOpened(id));
    } else if (remote.peer().isReturning()) {
      inbox.put(new Event.NodeReturned(id));
    } else {
      inbox.put(new Event.NodeOpened(id));
    }
    if (link instanceof GrpcLink remote && remote.peer().timeLeftMillis() > 0) {
      inbox.put(
          new Event.NodeLeaves(id, clock.instant().plusMillis(remote.peer().timeLeftMillis())));
    }
  }

  /// Reports an event that must not be lost.
  void tell(Event event) {
    inbox.put(event);
  }

  CompletableFuture<List<SubmitAnswer>> submit(List<NewTask> tasks, boolean atomic) {
    if (tasks.isEmpty()) {
      return CompletableFuture.completedFuture(List.of());
    }
    CompletableFuture<List<SubmitAnswer>> future = new CompletableFuture<>();
    ReplyTo reply = clients.awaitAnswers(future);
    if (!isRunning || !inbox.offer(new Event.ClientSubmit(reply, tasks, atomic))) {
      SubmitAnswer answer =
          isRunning
              ? new SubmitAnswer.StoreUnavailable("the server has too much to do at this moment")
              : new SubmitAnswer.Draining();
      clients.forget(reply);
      future.complete(Collections.nCopies(tasks.size(), answer));
    }
    return future;
  }

  CompletableFuture<@Nullable CompilationTask> cancel(String tenant, TaskId task) {
    return askStatus(reply -> new Event.ClientCancel(reply, tenant, task));
  }

  /// Completes with why a task is where it is; null if it has ended or never was.
  CompletableFuture<@Nullable TaskExplanation> explain(TaskId task) {
    CompletableFuture<@Nullable TaskExplanation> future = new CompletableFuture<>();
    ReplyTo reply = clients.awaitExplanation(future);
    if (!isRunning || !inbox.offer(new Event.ClientExplain(reply, task))) {
      clients.fail(reply, refusal());
    }
    return future;
  }

  private QuernException refusal() {
    return isRunning
        ? new QuernException(
            ErrorCode.STORE_UNAVAILABLE, "the server has too much to do at this moment")
        : new QuernException(ErrorCode.DRAINING, "the service is stopping");
  }

  /// Completes when the task has ended.
  CompletableFuture<@Nullable CompilationTask> request(TaskId task) {
    return askStatus(reply -> new Event.ClientRequest(reply, task));
  }

  private CompletableFuture<@Nullable CompilationTask> askStatus(
      Function<ReplyTo, Event> question) {
    CompletableFuture<@Nullable CompilationTask> future = new CompletableFuture<>();
    ReplyTo reply = clients.awaitStatus(future);
    if (!isRunning || !inbox.offer(question.apply(reply))) {
      clients.fail(reply, refusal());
    }
    return future;
  }

  ServerStatistics statistics() {
    return statistics;
  }

  /// Who works for the server at this moment.
  List<ClusterNode> cluster() {
    return links.cluster(below.employees());
  }

  /// Events waiting for the loop.
  int inboxSize() {
    return inbox.size();
  }

  boolean isAlive() {
    return thread.isAlive();
  }

  /// Waits until the core has stopped after a drain.
  boolean awaitStopped(Duration atMost) throws InterruptedException {
    return stopped.await(atMost.toNanos(), TimeUnit.NANOSECONDS);
  }

  /// Ends the loop; whoever still waits is told that the service is stopping.
  @Override
  public void close() {
    isRunning = false;
    inbox.put(new Event.TimerFired());
    boolean wasInterrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        wasInterrupted = true;
      }
    }
    clients.failAll(new QuernException(ErrorCode.DRAINING, "the service is stopping"));
    if (wasInterrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void run() {
    List<Event> round = new ArrayList<>();
    while (isRunning) {
      inbox.await(nanosToTimer());
      try {
        inbox.drain(ROUND, round::add);
        tick();
        if (wakeAt != null && !now.isBefore(wakeAt)) {
          wakeAt = null;
          round.add(new Event.TimerFired());
        }
        performAll(core.handleMessages(round, now));
        core.takeSystemErrors()
            .forEach(error -> log.error("dropped {}", shown(error.event()), error.failure()));
        statistics = core.statistics();
        below = core.nodeStatistics();
      } catch (RuntimeException | Error e) {
        // Whatever it is, other tasks must go on; what was being handled is lost.
        log.error("the event loop failed", e);
      } finally {
        round.clear();
      }
    }
    stopped.countDown();
  }

  private void tick() {
    Instant time = clock.instant();
    if (time.isAfter(now)) {
      now = time;
    }
  }

  private long nanosToTimer() {
    if (wakeAt == null) {
      return Long.MAX_VALUE;
    }
    Duration left = Duration.between(clock.instant(), wakeAt);
    return left.compareTo(Duration.ofDays(1)) > 0 ? Long.MAX_VALUE : Math.max(0, left.toNanos());
  }

  /// Does what the core wants, in its order; what goes to one link without anything else in between
  /// is handed over together.
  private void performAll(List<Effect> effects) {
    Map<LinkId, List<Message>> outgoing = new LinkedHashMap<>();
    for (Effect effect : effects) {
      if (effect instanceof Effect.Send(LinkId id, Message message)) {
        outgoing.computeIfAbsent(id, _ -> new ArrayList<>()).add(message);
      } else {
        send(outgoing);
        performLogged(effect);
      }
    }
    send(outgoing);
  }

  /// An effect that fails must not take those after it along: each may be what a task waits for.
  private void performLogged(Effect effect) {
    try {
      perform(effect);
    } catch (RuntimeException e) {
      log.error("{} failed", shown(effect), e);
    }
  }

  private void send(Map<LinkId, List<Message>> outgoing) {
    outgoing.forEach(
        (id, messages) -> {
          Link link = links.get(id);
          if (link != null) {
            link.sendAll(messages);
          }
        });
    outgoing.clear();
  }

  private void perform(Effect effect) {
    switch (effect) {
      case Effect.Send send -> throw new IllegalStateException("sent with others: " + send);
      case Effect.CutOff(LinkId id, String reason, boolean isForged) -> {
        Link link = links.get(id);
        String name = links.nameOf(id);
        log.atWarn().addKeyValue("manager", name).log("{} is cut off: {}", name, reason);
        if (link != null && isForged) {
          link.cutOff(reason);
        } else if (link != null) {
          link.close();
        }
      }
      case Effect.Persist(long seq, List<TaskRecord> records) -> persist(seq, records);
      case Effect.ReadBack(long seq, List<TaskId> tasks) -> aside(() -> readBack(seq, tasks));
      case Effect.LoadSubmission(TaskId task) -> load(task);
      case Effect.Reply(ReplyTo to, List<SubmitAnswer> answers) -> clients.answer(to, answers);
      case Effect.ReplyStatus(ReplyTo to, TaskId task) -> aside(() -> answerStatus(to, task));
      case Effect.ReplyExplanation(
              ReplyTo to,
              @Nullable TaskExplanation explanation,
              @Nullable LinkId manager) ->
          explain(to, explanation, manager);
      case Effect.ReplyFailure(ReplyTo to, ErrorCode code, String message) ->
          aside(() -> clients.fail(to, new QuernException(code, message)));
      case Effect.ArmTimer(Instant at) -> wakeAt = at;
      case Effect.Notify(TaskId task, TaskState state) ->
          log.atDebug().addKeyValue("task", task).log("task {} is {}", task, state);
      case Effect.Announce(TaskId task, long number) -> store.announce(task, number);
      case Effect.Stopped() -> stopped.countDown();
      case Effect.SpawnCell spawn -> throw new IllegalStateException("a server asked for " + spawn);
      case Effect.Spawn spawn ->
          throw new IllegalStateException("a server has no workers: " + spawn);
    }
  }

  private void persist(long seq, List<TaskRecord> records) {
    boolean isTaken =
        store.persist(
            records,
            outcomes -> {
              try {
                watcher.committed(records, outcomes);
              } finally {
                inbox.put(new Event.Committed(seq, outcomes));
              }
            });
    if (!isTaken) {
      inbox.put(new Event.Refused(seq));
    }
  }

  private void readBack(long seq, List<TaskId> tasks) {
    try {
      Map<TaskId, CompilationTask> found = new HashMap<>();
      for (TaskId id : tasks) {
        CompilationTask task = store.find(id);
        if (task != null) {
          found.put(id, task);
        }
      }
      inbox.put(new Event.ReadBackDone(seq, found));
    } catch (RuntimeException e) {
      log.warn("the store cannot be read", e);
      inbox.put(new Event.ReadBackFailed(seq, reason(e)));
    }
  }

  private void load(TaskId task) {
    RootWork atHand = store.workAtHand(task);
    if (atHand != null) {
      inbox.put(new Event.SubmissionLoaded(task, atHand));
      return;
    }
    aside(
        () -> {
          try {
            RootWork work = store.load(task);
            inbox.put(
                work == null
                    ? new Event.SubmissionUnusable(task, "its submission is not in the store")
                    : new Event.SubmissionLoaded(task, work));
          } catch (RuntimeException e) {
            log.atWarn()
                .addKeyValue("task", task)
                .setCause(e)
                .log("the submission of {} cannot be read", task);
            inbox.put(new Event.LoadFailed(task, reason(e)));
          }
        });
  }

  private void explain(
      ReplyTo to, @Nullable TaskExplanation explanation, @Nullable LinkId manager) {
    String name = manager == null ? null : links.nameOf(manager);
    clients.explain(to, explanation == null || name == null ? explanation : explanation.at(name));
  }

  private void answerStatus(ReplyTo to, TaskId task) {
    if (!clients.isWaiting(to)) {
      return;
    }
    try {
      clients.tell(to, store.find(task));
    } catch (RuntimeException e) {
      clients.fail(to, new QuernException(ErrorCode.STORE_UNAVAILABLE, reason(e)));
    }
  }

  private static void aside(Runnable action) {
    Thread.startVirtualThread(action);
  }

  /// Events and effects hold whole circuits.
  private static String shown(Object value) {
    String text = value.toString();
    return text.length() <= MAX_SHOWN ? text : text.substring(0, MAX_SHOWN) + "...";
  }

  private static String reason(RuntimeException e) {
    return e.getMessage() == null ? e.toString() : e.getMessage();
  }
}
