package io.quern.runtime.simulation;

import io.quern.engine.pass.LogLevel;
import io.quern.link.InMemoryLink;
import io.quern.link.Link;
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

/// One process of the service, and its next lives, in simulated time: the server's core, managers,
/// workers and store, with what its shell would do.
final class SimulatedCluster {
  private final Scheduler scheduler;
  private final SimulatedStore store;
  private final Clients clients;
  private final int workers;
  private final Faults faults;
  private final SimulatedLinks links;
  private final Map<LinkId, Link> down = new HashMap<>();

  /// The employees' ends of the links.
  private final Map<LinkId, Link> ends = new HashMap<>();

  private final List<SimulatedManager> managers = new ArrayList<>();
  private final Set<Long> workerIds = new HashSet<>();
  private final Set<RuntimeTaskId> rootsHandedOut = new HashSet<>();
  private final Map<RuntimeTaskId, Instant> ended = new HashMap<>();
  private final FinishedWork finished = new FinishedWork();
  private final Set<TransitionTable.Row<?, ?>> taken = new HashSet<>();
  private List<Event> inbox = new ArrayList<>();
  private DetachedServer core;
  private int life;
  private long linkCounter;
  private boolean isTurnScheduled;
  private boolean hasStopped;
  private @Nullable Instant timer;

  SimulatedCluster(
      Scheduler scheduler, SimulatedStore store, Clients clients, Faults faults, int workers) {
    this.scheduler = scheduler;
    this.store = store;
    this.clients = clients;
    this.workers = workers;
    this.faults = faults;
    links = new SimulatedLinks(scheduler, faults.linkMicros(), faults.areEncoded());
    core = newCore();
    start();
  }

  Scheduler scheduler() {
    return scheduler;
  }

  /// When runtime tasks ended, of all lives.
  Map<RuntimeTaskId, Instant> ended() {
    return ended;
  }

  FinishedWork finished() {
    return finished;
  }

  private DetachedServer newCore() {
    return new DetachedServer(
        store.beginEpoch(),
        new DetachedServer.Settings(
            40,
            Duration.ofMillis(50),
            Duration.ofSeconds(2),
            20,
            0,
            Duration.ofSeconds(30),
            SimulatedManager.GRACE));
  }

  private void start() {
    for (CompilationTask row : store.rows()) {
      if (!row.state().isTerminal()) {
        post(new Event.Recovered(row));
      }
    }
    post(new Event.DoorsOpened());
    for (int i = managers.size(); i < faults.managers(); i++) {
      openManager();
    }
  }

  /// The process dies and is started again; its managers die with it, or live on and come back.
  void crash() {
    boolean isAlone = scheduler.chance(0.6);
    scheduler.fault(isAlone ? FaultKind.SERVER_CRASH : FaultKind.CRASH_OF_ALL);
    List<SimulatedManager> living = isAlone ? List.copyOf(managers) : List.of();
    if (isAlone) {
      managers.clear();
    }
    end();
    living.forEach(manager -> manager.bossEnd().close());
    store.crash();
    clients.connectionLost();
    core = newCore();
    managers.addAll(living);
    start();
    living.forEach(this::returnLater);
  }

  /// The link to a manager breaks; it is there again after a while.
  void cutLink() {
    if (!managers.isEmpty()) {
      scheduler.fault(FaultKind.LINK_CUT);
      SimulatedManager manager = managers.get(scheduler.below(managers.size()));
      manager.bossEnd().close();
      returnLater(manager);
    }
  }

  /// The link between a manager and a node of it breaks.
  void cutNode() {
    if (!managers.isEmpty()) {
      managers.get(scheduler.below(managers.size())).cutNode();
    }
  }

  /// A manager is taken for dead and goes on; later it hears that its link is gone.
  void freezeManager() {
    if (!managers.isEmpty()) {
      scheduler.fault(FaultKind.TAKEN_FOR_DEAD);
      SimulatedManager manager = managers.get(scheduler.below(managers.size()));
      Link end = manager.bossEnd();
      for (Map.Entry<LinkId, Link> each : List.copyOf(down.entrySet())) {
        if (end.equals(ends.get(each.getKey()))) {
          down.remove(each.getKey());
          post(new Event.LinkClosed(each.getKey()));
          scheduler.after(
              scheduler.delay(50_000),
              () -> {
                end.close();
                returnLater(manager);
              });
        }
      }
    }
  }

  private void returnLater(SimulatedManager manager) {
    Link before = manager.bossEnd();
    scheduler.after(
        scheduler.delay(20_000),
        () -> {
          if (managers.contains(manager) && !manager.isDead() && manager.bossEnd().equals(before)) {
            if (hasStopped) {
              returnLater(manager);
              return;
            }
            InMemoryLink.Pair pair = links.pair();
            LinkId id = listenTo(pair);
            manager.returnTo(pair.employee());
            post(new Event.NodeReturned(id));
          }
        });
  }

  private void end() {
    life++;
    collectTaken();
    List.copyOf(managers).forEach(SimulatedManager::die);
    managers.clear();
    down.clear();
    ends.clear();
    inbox = new ArrayList<>();
    isTurnScheduled = false;
    hasStopped = false;
    timer = null;
  }

  /// Asks for an orderly end; once that is reached, the process is started again.
  void drain() {
    scheduler.fault(FaultKind.SERVER_DRAINS);
    post(new Event.DrainStarted(scheduler.now().plus(scheduler.delay(100_000))));
  }

  /// One manager is gone, and after a while there is another.
  void loseManager() {
    if (!managers.isEmpty()) {
      scheduler.fault(FaultKind.MANAGER_LOST);
      managers.get(scheduler.below(managers.size())).closeLink();
    }
  }

  /// A process of workers under some manager is gone, and after a while there is another.
  void loseNode() {
    if (!managers.isEmpty()) {
      managers.get(scheduler.below(managers.size())).loseNode();
    }
  }

  /// A manager finishes what it has begun and leaves.
  void drainManager() {
    if (!managers.isEmpty()) {
      scheduler.fault(FaultKind.MANAGER_DRAINS);
      managers.get(scheduler.below(managers.size())).drain();
    }
  }

  /// A manager has ended, in whatever way; after a while there is another.
  private void managerEnded(SimulatedManager manager) {
    if (managers.remove(manager)) {
      collectTaken(manager);
      later(
          scheduler.delay(20_000),
          life,
          () -> {
            if (!hasStopped) {
              openManager();
            }
          });
    }
  }

  private LinkId listenTo(InMemoryLink.Pair pair) {
    LinkId id = new LinkId(++linkCounter);
    down.put(id, pair.boss());
    ends.put(id, pair.employee());
    int mine = life;
    links.listen(
        pair.boss(),
        message -> {
          if (message instanceof Message.Drain drain) {
            drain.unstarted().forEach(rootsHandedOut::remove);
          }
          if (mine == life && down.containsKey(id)) {
            post(new Event.Received(id, message));
          }
        },
        () -> {
          if (mine == life && down.remove(id) != null) {
            post(scheduler.chance(0.3) ? new Event.LinkClosed(id) : new Event.LinkCut(id));
          }
        });
    return id;
  }

  private void openManager() {
    InMemoryLink.Pair pair = links.pair();
    LinkId id = listenTo(pair);
    managers.add(
        new SimulatedManager(
            this, links, pair.employee(), workers, faults.nodes(), this::managerEnded));
    post(new Event.NodeOpened(id));
  }

  /// Gives the server's loop an event of this life.
  void post(Event event) {
    inbox.add(event);
    if (!isTurnScheduled) {
      isTurnScheduled = true;
      int mine = life;
      scheduler.after(
          scheduler.delay(20),
          () -> {
            if (mine == life) {
              turn();
            }
          });
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
    int mine = life;
    for (Effect effect : effects) {
      perform(effect, mine);
    }
  }

  /// Does later what may wait, unless the process is dead by then.
  private void later(Duration delay, int mine, Runnable action) {
    scheduler.after(
        delay,
        () -> {
          if (mine == life) {
            action.run();
          }
        });
  }

  private void perform(Effect effect, int mine) {
    switch (effect) {
      case Effect.Send(LinkId link, Message message) -> {
        checkHandedOut(message);
        Link end = down.get(link);
        if (end != null) {
          end.send(message);
        }
      }
      case Effect.Persist(long seq, List<TaskRecord> records) -> {
        boolean isTaken =
            store.offer(
                records,
                outcomes -> {
                  if (mine == life) {
                    post(new Event.Committed(seq, outcomes));
                  }
                });
        if (!isTaken) {
          post(new Event.Refused(seq));
        }
      }
      case Effect.ReadBack(long seq, List<TaskId> tasks) ->
          later(store.readTime(), mine, () -> readBack(seq, tasks));
      case Effect.LoadSubmission(TaskId task) ->
          later(store.readTime(), mine, () -> post(load(task)));
      case Effect.Reply(ReplyTo to, List<SubmitAnswer> answers) -> clients.answered(to, answers);
      case Effect.ReplyStatus(ReplyTo to, TaskId task) ->
          later(store.readTime(), mine, () -> clients.statusAnswered(to, task, store.row(task)));
      case Effect.ReplyExplanation answer -> clients.explained(answer.to(), answer.explanation());
      case Effect.ReplyFailure failure -> clients.failed(failure.to());
      case Effect.ArmTimer(Instant at) -> arm(at, mine);
      case Effect.Notify notify -> checkEnded(notify.task());
      case Effect.Stopped() -> {
        scheduler.trace("stopped; started again");
        hasStopped = true;
        later(Duration.ofMillis(1), mine, this::restart);
      }
      case Effect.CutOff _ -> {}
      case Effect.Spawn _ -> throw new AssertionError("a server asked for workers");
    }
  }

  private void restart() {
    end();
    store.crash();
    clients.connectionLost();
    core = newCore();
    start();
  }

  private void arm(Instant at, int mine) {
    timer = at;
    scheduler.at(
        at,
        () -> {
          if (mine == life && at.equals(timer)) {
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
      throw new AssertionError("could not handle " + error.event(), error.failure());
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
      clients.checkAttemptIsDurable(store, task);
      finished.handedOut(task);
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
    if (core.statistics().idleWorkers() != core.statistics().workers()) {
      throw new AssertionError("workers are idle and not known to be: " + core.statistics());
    }
  }

  private void collectTaken() {
    taken.addAll(core.taskTable().taken());
    taken.addAll(core.employeeTable().taken());
    managers.forEach(this::collectTaken);
  }

  private void collectTaken(SimulatedManager manager) {
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

  boolean hasManager() {
    return !managers.isEmpty();
  }
}
