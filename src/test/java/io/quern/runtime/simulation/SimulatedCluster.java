package io.quern.runtime.simulation;

import io.quern.protocol.LinkId;
import io.quern.protocol.Message;
import io.quern.runtime.DetachedServer;
import io.quern.runtime.Event;
import io.quern.runtime.ServerBase;
import io.quern.runtime.TransitionTable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The server, its next lives, and who works for it, in simulated time, and what befalls them.
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
  private final List<SimulatedManager> managers = new ArrayList<>();
  private final Set<Long> workerIds = new HashSet<>();
  private final Set<TransitionTable.Row<?, ?>> taken = new HashSet<>();
  private SimulatedServer server;

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
    server = newServer(false);
    start();
  }

  Scheduler scheduler() {
    return scheduler;
  }

  Runs runs() {
    return runs;
  }

  private SimulatedServer newServer(boolean wasCutShort) {
    return new SimulatedServer(
        scheduler, store, clients, runs, wasCutShort, this::restart, this::cutOff);
  }

  private void start() {
    server.start();
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
    server = newServer(true);
    managers.addAll(living);
    start();
    living.forEach(this::returnLater);
  }

  /// The server stands still; its managers may wait for it or give their links up.
  void pause() {
    scheduler.fault(FaultKind.SERVER_PAUSED);
    server.process().pause(scheduler.delay(30_000));
    managers.stream()
        .filter(SimulatedManager::isInside)
        .forEach(manager -> manager.process().pause(server.process().rest()));
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
      server.process().after(Duration.ofMillis(30), () -> takeForDead(manager));
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
    if (server.giveUp(end)) {
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

  /// The server closes a link; whoever has it as its link to the server dials again.
  private void cutOff(SimulatedLinks.End employee) {
    employee.close();
    managers.stream()
        .filter(manager -> manager.bossEnd().equals(employee))
        .forEach(this::returnLater);
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
              if (server.hasStopped() || server.process().isPaused()) {
                returnLater(manager);
                return;
              }
              SimulatedLinks.Pair pair = links.pair();
              LinkId id = server.listenTo(pair);
              manager.returnTo(pair.employee());
              server.post(new Event.NodeReturned(id));
            });
  }

  private void end() {
    server.die();
    collectTaken();
    List.copyOf(managers).forEach(SimulatedManager::die);
    managers.clear();
  }

  /// Asks for an orderly end; once that is reached, the process is started again.
  void drain() {
    scheduler.fault(FaultKind.SERVER_DRAINS);
    server.post(new Event.DrainStarted(scheduler.now().plus(scheduler.delay(100_000))));
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

  /// A manager finishes what it has begun and leaves; it may have said so before.
  void drainManager() {
    SimulatedManager manager = anyManager();
    if (manager == null) {
      return;
    }
    scheduler.fault(FaultKind.MANAGER_DRAINS);
    Duration left = scheduler.chance(0.5) ? scheduler.delay(50_000) : Duration.ZERO;
    if (left.isPositive()) {
      server.hearsOfDeparture(manager.bossEnd(), scheduler.now().plus(left));
    }
    manager.process().after(left, manager::drain);
  }

  /// A manager has ended, in whatever way; after a while there is another.
  private void managerEnded(SimulatedManager manager) {
    if (managers.remove(manager)) {
      collectTaken(manager);
      server
          .process()
          .after(
              scheduler.delay(REOPEN_MICROS),
              () -> {
                if (!server.hasStopped()) {
                  openManager();
                }
              });
    }
  }

  private void openManager() {
    boolean isInside =
        shape.isFirstInside() && managers.stream().noneMatch(SimulatedManager::isInside);
    SimulatedLinks.Pair pair = isInside ? links.inside() : links.pair();
    LinkId id = server.listenTo(pair);
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
    server.post(isInside ? new Event.LinkOpened(id) : new Event.NodeOpened(id));
  }

  /// Gives the server's loop an event of this life.
  void post(Event event) {
    server.post(event);
  }

  private void restart() {
    end();
    store.crash();
    clients.connectionLost();
    server = newServer(false);
    start();
  }

  // Checks

  static void checkNoSystemErrors(ServerBase node) {
    for (ServerBase.SystemError error : node.takeSystemErrors()) {
      throw new AssertionError(
          "%s, which it could not handle: %s".formatted(error.failure(), error.event()),
          error.failure());
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
    DetachedServer core = core();
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
    taken.addAll(core().taskTable().taken());
    taken.addAll(core().employeeTable().taken());
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
    return server.core();
  }
}
