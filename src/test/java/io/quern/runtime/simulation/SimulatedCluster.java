package io.quern.runtime.simulation;

import io.quern.engine.pass.LogLevel;
import io.quern.protocol.LinkId;
import io.quern.protocol.Message;
import io.quern.protocol.RuntimeAddress;
import io.quern.protocol.RuntimeTask;
import io.quern.protocol.RuntimeTaskId;
import io.quern.runtime.DetachedServer;
import io.quern.runtime.Effect;
import io.quern.runtime.Event;
import io.quern.runtime.ReplyTo;
import io.quern.runtime.RootWork;
import io.quern.runtime.ServerBase;
import io.quern.runtime.ServerSettings;
import io.quern.runtime.TransitionTable;
import io.quern.task.CompilationTask;
import io.quern.task.TaskGateway.SubmitAnswer;
import io.quern.task.TaskId;
import io.quern.task.TaskRecord;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The server, its next lives, and who works for it, in simulated time: the cores are the real
/// ones, around them is what their shells would do.
final class SimulatedCluster {
  private static final int REOPEN_MICROS = 20_000;

  /// Processes a task may end before it is given up.
  static final int POISON_DEATHS = 3;

  private final Scheduler scheduler;
  private final SimulatedStore store;
  private final Clients clients;
  private final Shape shape;
  private final SimulatedLinks links;
  private final Runs runs;
  private final Map<LinkId, SimulatedLinks.Pair> down = new HashMap<>();
  private final List<SimulatedManager> managers = new ArrayList<>();
  private final Set<Long> workerIds = new HashSet<>();
  private final Set<RuntimeTaskId> rootsHandedOut = new HashSet<>();
  private final Set<TransitionTable.Row<?, ?>> taken = new HashSet<>();
  private List<Event> inbox = new ArrayList<>();
  private SimulatedProcess process;
  private DetachedServer core;
  private long linkCounter;
  private boolean isTurnScheduled;
  private boolean hasStopped;
  private @Nullable Instant timer;

  SimulatedCluster(
      Scheduler scheduler,
      SimulatedStore store,
      Clients clients,
      SimulatedLinks links,
      Runs runs,
      Shape shape) {
    this.scheduler = scheduler;
    this.store = store;
    this.clients = clients;
    this.links = links;
    this.runs = runs;
    this.shape = shape;
    process = new SimulatedProcess(scheduler);
    core = newCore(false);
    start();
  }

  Scheduler scheduler() {
    return scheduler;
  }

  Runs runs() {
    return runs;
  }

  private DetachedServer newCore(boolean wasCutShort) {
    return new DetachedServer(
        store.beginEpoch(),
        ServerSettings.builder()
            .queueLimit(40)
            .retryDelay(Duration.ofMillis(50))
            .deadlineGrace(Duration.ofSeconds(2))
            .maxUnwrittenEvents(20)
            .poisonDeaths(POISON_DEATHS)
            .reattachGrace(SimulatedManager.GRACE)
            .wasCutShort(wasCutShort)
            .build());
  }

  private void start() {
    for (CompilationTask row : store.rows()) {
      if (!row.state().isTerminal()) {
        post(new Event.Recovered(row));
      }
    }
    post(new Event.DoorsOpened());
    process.after(scheduler.delay(10_000), () -> post(new Event.ManagersMayJoin()));
    for (int i = managers.size(); i < shape.managers(); i++) {
      openManager();
    }
  }

  /// The process dies and is started again; its managers die with it, or live on and come back.
  void crash() {
    boolean isAlone = scheduler.chance(0.6);
    scheduler.fault(isAlone ? FaultKind.SERVER_CRASH : FaultKind.CRASH_OF_ALL);
    List<SimulatedManager> living = isAlone ? outside() : List.of();
    managers.removeAll(living);
    end();
    living.forEach(manager -> manager.bossEnd().cut());
    store.crash();
    clients.connectionLost();
    core = newCore(true);
    managers.addAll(living);
    start();
    living.forEach(this::returnLater);
  }

  /// The server stands still; its managers may wait for it or give their links up.
  void pause() {
    scheduler.fault(FaultKind.SERVER_PAUSED);
    process.pause(scheduler.delay(30_000));
    managers.stream()
        .filter(SimulatedManager::isInside)
        .forEach(manager -> manager.process().pause(process.rest()));
    for (SimulatedManager manager : outside()) {
      if (scheduler.chance(0.3)) {
        manager.bossEnd().cut();
        returnLater(manager);
      }
    }
  }

  /// Managers in processes of their own.
  private List<SimulatedManager> outside() {
    return managers.stream().filter(manager -> !manager.isInside()).toList();
  }

  private @Nullable SimulatedManager anyManager() {
    List<SimulatedManager> some = outside();
    return some.isEmpty() ? null : some.get(scheduler.below(some.size()));
  }

  /// The link to a manager breaks; it is there again after a while.
  void cutLink() {
    SimulatedManager manager = anyManager();
    if (manager != null) {
      scheduler.fault(FaultKind.LINK_CUT);
      manager.bossEnd().cut();
      returnLater(manager);
    }
  }

  /// The link between a manager and a node of it breaks.
  void cutNode() {
    SimulatedManager manager = anyManager();
    if (manager != null) {
      manager.cutNode();
    }
  }

  /// A manager stands still, for a moment that nobody notices or until it is taken for dead.
  void pauseManager() {
    SimulatedManager manager = anyManager();
    if (manager == null) {
      return;
    }
    if (scheduler.chance(0.5)) {
      scheduler.fault(FaultKind.MANAGER_PAUSED);
      manager.process().pause(scheduler.delay(5_000));
    } else {
      scheduler.fault(FaultKind.MANAGER_FROZEN);
      manager.process().pause(Duration.ofMillis(40).plus(scheduler.delay(50_000)));
      process.after(Duration.ofMillis(30), () -> takeForDead(manager));
    }
  }

  /// Nothing is heard of a manager for a while, which goes on.
  void silenceManager() {
    SimulatedManager manager = anyManager();
    if (manager != null) {
      scheduler.fault(FaultKind.TAKEN_FOR_DEAD);
      takeForDead(manager);
    }
  }

  /// The server gives a manager up that is silent; later that one hears of it.
  private void takeForDead(SimulatedManager manager) {
    SimulatedLinks.End end = manager.bossEnd();
    for (Map.Entry<LinkId, SimulatedLinks.Pair> each : List.copyOf(down.entrySet())) {
      if (end.equals(each.getValue().employee())) {
        down.remove(each.getKey());
        post(new Event.LinkClosed(each.getKey()));
        manager
            .process()
            .after(
                scheduler.delay(50_000),
                () -> {
                  end.close();
                  if (manager.bossEnd().equals(end)) {
                    returnLater(manager);
                  }
                });
      }
    }
  }

  private void returnLater(SimulatedManager manager) {
    SimulatedLinks.End before = manager.bossEnd();
    manager
        .process()
        .after(
            scheduler.delay(REOPEN_MICROS),
            () -> {
              if (!managers.contains(manager) || !manager.bossEnd().equals(before)) {
                return;
              }
              if (hasStopped || process.isPaused()) {
                returnLater(manager);
                return;
              }
              SimulatedLinks.Pair pair = links.pair();
              LinkId id = listenTo(pair);
              manager.returnTo(pair.employee());
              post(new Event.NodeReturned(id));
            });
  }

  private void end() {
    process.die();
    collectTaken();
    List.copyOf(managers).forEach(SimulatedManager::die);
    managers.clear();
    down.clear();
    inbox = new ArrayList<>();
    isTurnScheduled = false;
    hasStopped = false;
    timer = null;
    process = new SimulatedProcess(scheduler);
  }

  /// Asks for an orderly end; once that is reached, the process is started again.
  void drain() {
    scheduler.fault(FaultKind.SERVER_DRAINS);
    post(new Event.DrainStarted(scheduler.now().plus(scheduler.delay(100_000))));
  }

  /// One manager is killed, and after a while there is another.
  void loseManager() {
    SimulatedManager manager = anyManager();
    if (manager != null) {
      scheduler.fault(FaultKind.MANAGER_LOST);
      manager.kill();
    }
  }

  /// A process of workers under some manager is killed, and after a while there is another.
  void loseNode() {
    SimulatedManager manager = anyManager();
    if (manager != null) {
      manager.loseNode();
    }
  }

  /// A manager finishes what it has begun and leaves.
  void drainManager() {
    SimulatedManager manager = anyManager();
    if (manager != null) {
      scheduler.fault(FaultKind.MANAGER_DRAINS);
      manager.drain();
    }
  }

  /// A manager has ended, in whatever way; after a while there is another.
  private void managerEnded(SimulatedManager manager) {
    if (managers.remove(manager)) {
      collectTaken(manager);
      process.after(
          scheduler.delay(REOPEN_MICROS),
          () -> {
            if (!hasStopped) {
              openManager();
            }
          });
    }
  }

  private LinkId listenTo(SimulatedLinks.Pair pair) {
    LinkId id = new LinkId(++linkCounter);
    down.put(id, pair);
    pair.boss()
        .receive(
            process,
            message -> {
              if (message instanceof Message.Drain drain) {
                drain.unstarted().forEach(rootsHandedOut::remove);
              } else if (message instanceof Message.Recalled recalled) {
                recalled.tasks().forEach(rootsHandedOut::remove);
              }
              if (down.containsKey(id)) {
                post(new Event.Received(id, message));
              }
            },
            () -> {
              if (down.remove(id) != null) {
                post(scheduler.chance(0.3) ? new Event.LinkClosed(id) : new Event.LinkCut(id));
              }
            });
    return id;
  }

  private void openManager() {
    boolean isInside =
        shape.isFirstInside() && managers.stream().noneMatch(SimulatedManager::isInside);
    SimulatedLinks.Pair pair = isInside ? links.inside() : links.pair();
    LinkId id = listenTo(pair);
    managers.add(
        new SimulatedManager(
            this,
            links,
            pair.employee(),
            shape.workersEach(),
            isInside ? 0 : shape.nodesEach(),
            isInside,
            false,
            this::managerEnded));
    post(isInside ? new Event.LinkOpened(id) : new Event.NodeOpened(id));
  }

  /// Gives the server's loop an event of this life.
  void post(Event event) {
    inbox.add(event);
    if (!isTurnScheduled) {
      isTurnScheduled = true;
      process.after(scheduler.delay(20), this::turn);
    }
  }

  private void turn() {
    isTurnScheduled = false;
    List<Event> events = inbox;
    inbox = new ArrayList<>();
    List<Effect> effects =
        scheduler.chance(0.5)
            ? core.handleMessages(events, scheduler.now())
            : events.stream()
                .flatMap(event -> core.handleMessage(event, scheduler.now()).stream())
                .toList();
    checkNoSystemErrors(core);
    core.verify();
    effects.forEach(this::perform);
  }

  private void perform(Effect effect) {
    switch (effect) {
      case Effect.Send(LinkId link, Message message) -> {
        checkHandedOut(message);
        SimulatedLinks.Pair pair = down.get(link);
        if (pair != null) {
          pair.boss().send(message);
        }
      }
      case Effect.Persist(long seq, List<TaskRecord> records) -> {
        boolean isTaken =
            store.offer(records, outcomes -> post(new Event.Committed(seq, outcomes)));
        if (!isTaken) {
          post(new Event.Refused(seq));
        }
      }
      case Effect.ReadBack(long seq, List<TaskId> tasks) ->
          process.after(store.readTime(), () -> readBack(seq, tasks));
      case Effect.LoadSubmission(TaskId task) ->
          process.after(store.readTime(), () -> post(load(task)));
      case Effect.Reply(ReplyTo to, List<SubmitAnswer> answers) -> clients.answered(to, answers);
      case Effect.ReplyStatus(ReplyTo to, TaskId task) ->
          process.after(store.readTime(), () -> clients.statusAnswered(to, task, store.row(task)));
      case Effect.ReplyExplanation answer -> clients.explained(answer.to(), answer.explanation());
      case Effect.ReplyFailure failure -> clients.failed(failure.to());
      case Effect.ArmTimer(Instant at) -> arm(at);
      case Effect.Notify notify -> checkEnded(notify.task());
      case Effect.Announce(TaskId task, long number) -> store.announce(task, number);
      case Effect.Stopped() -> {
        scheduler.trace("stopped; started again");
        hasStopped = true;
        process.after(Duration.ofMillis(1), this::restart);
      }
      case Effect.CutOff _ -> {}
      case Effect.SpawnCell _ -> throw new AssertionError("a server asked for a process");
      case Effect.Spawn _ -> throw new AssertionError("a server asked for workers");
    }
  }

  private void restart() {
    end();
    store.crash();
    clients.connectionLost();
    core = newCore(false);
    start();
  }

  private void arm(Instant at) {
    timer = at;
    process.at(
        at,
        () -> {
          if (at.equals(timer)) {
            timer = null;
            post(new Event.TimerFired());
          }
        });
  }

  private void readBack(long seq, List<TaskId> tasks) {
    try {
      Map<TaskId, CompilationTask> found = new HashMap<>();
      for (TaskId task : tasks) {
        CompilationTask row = store.find(task);
        if (row != null) {
          found.put(task, row);
        }
      }
      post(new Event.ReadBackDone(seq, found));
    } catch (SimulatedStore.Unreadable e) {
      post(new Event.ReadBackFailed(seq, "simulated"));
    }
  }

  private Event load(TaskId task) {
    if (store.readFails()) {
      return new Event.LoadFailed(task, "simulated");
    }
    if (store.row(task) == null) {
      return new Event.SubmissionUnusable(task, "its submission is not in the store");
    }
    Clients.Plan plan = clients.plan(task);
    return new Event.SubmissionLoaded(
        task,
        new RootWork(
            ScriptFunctions.ROOT,
            plan.script(),
            plan.timeLimit(),
            LogLevel.INFO,
            -1,
            store.kept(task)));
  }

  // Checks

  void checkNoSystemErrors(ServerBase node) {
    for (ServerBase.SystemError error : node.takeSystemErrors()) {
      throw new AssertionError(
          "%s, which it could not handle: %s".formatted(error.failure(), error.event()),
          error.failure());
    }
  }

  /// An attempt is durable before its root leaves, and no root leaves twice.
  private void checkHandedOut(Message message) {
    List<RuntimeTask> tasks =
        switch (message) {
          case Message.Submit(RuntimeTask task) -> List.of(task);
          case Message.SubmitBatch(List<RuntimeTask> batch) -> batch;
          default -> List.of();
        };
    for (RuntimeTask task : tasks) {
      if (task.id().address().workerId() != RuntimeAddress.SERVER) {
        continue;
      }
      if (!rootsHandedOut.add(task.id())) {
        throw new AssertionError(task + " was handed out twice");
      }
      clients.checkAttemptIsDurable(task);
      runs.handedOut(task);
    }
  }

  /// Nobody hears of an end that is not durable.
  private void checkEnded(TaskId task) {
    CompilationTask row = store.row(task);
    if (row != null && !row.state().isTerminal()) {
      throw new AssertionError("an end was told of that is not durable: " + row);
    }
  }

  /// No worker id is given twice, in any life.
  void checkIds(Message message) {
    if (message instanceof Message.Connect connect && !workerIds.add(connect.ids().lower())) {
      throw new AssertionError("worker id " + connect.ids().lower() + " was given twice");
    }
  }

  /// Everything is done: the tables are empty and every worker is known to be idle.
  void checkIdle() {
    core.verify();
    core.checkIdle();
    managers.forEach(SimulatedManager::checkIdle);
    if (managers.size() != shape.managers() || core.statistics().workers() != shape.workers()) {
      throw new AssertionError(
          "%d managers with %d workers are to be here, the server knows %s"
              .formatted(shape.managers(), shape.workers(), core.statistics()));
    }
    if (core.statistics().idleWorkers() != core.statistics().workers()) {
      throw new AssertionError("workers are idle and not known to be: " + core.statistics());
    }
  }

  private void collectTaken() {
    taken.addAll(core.taskTable().taken());
    taken.addAll(core.employeeTable().taken());
    managers.forEach(this::collectTaken);
  }

  /// Notes the rows taken by a manager that has ended.
  void collectTaken(SimulatedManager manager) {
    taken.addAll(manager.core().employeeTable().taken());
    manager.workerCores().forEach(worker -> taken.addAll(worker.taskTable().taken()));
    manager.nodes().forEach(this::collectTaken);
  }

  /// Every row of a transition table that was taken in any life.
  Set<TransitionTable.Row<?, ?>> taken() {
    collectTaken();
    return taken;
  }

  DetachedServer core() {
    return core;
  }
}
