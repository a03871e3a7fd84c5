package io.quern.runtime.simulation;

import io.quern.manager.Manager;
import io.quern.protocol.LinkId;
import io.quern.protocol.Message;
import io.quern.protocol.RuntimeTask;
import io.quern.protocol.RuntimeTaskId;
import io.quern.runtime.Effect;
import io.quern.runtime.Event;
import io.quern.worker.Worker;
import io.quern.worker.WorkerEffect;
import io.quern.worker.WorkerEvent;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/// The shell of a manager and its workers, played in simulated time. Unlike in the real one there
/// is a delay on every link, also between manager and workers.
final class SimulatedManager {
  private static final LinkId BOSS = new LinkId(0);

  /// How long a lost link may take to be made anew.
  static final Duration GRACE = Duration.ofMillis(60);

  private static final int CELL_STARTS_MICROS = 20_000;

  /// Links up to here are those of workers.
  private static final long FIRST_NODE = 1_000;

  private final SimulatedCluster cluster;
  private final Scheduler scheduler;
  private final SimulatedLinks links;
  private final SimulatedProcess process;
  private SimulatedLinks.End boss;
  private final Manager core;
  private final int workersOfNode;
  private final boolean isInside;
  private final Consumer<SimulatedManager> whenEnded;
  private final boolean isCell;
  private final List<SimulatedManager> nodes = new ArrayList<>();

  /// Processes in which suspects run alone.
  private final List<SimulatedManager> cells = new ArrayList<>();

  private long linkCounter = FIRST_NODE;
  private final Map<LinkId, SimulatedLinks.End> down = new HashMap<>();
  private final List<WorkerNode> workers = new ArrayList<>();
  private final List<Event> inbox = new ArrayList<>();
  private boolean isTurnScheduled;

  /// @param nodes processes of as many workers each that join it
  /// @param isInside whether it is in its boss's process, and so cannot outlive it
  /// @param isCell whether it was started for tasks that may end it
  SimulatedManager(
      SimulatedCluster cluster,
      SimulatedLinks links,
      SimulatedLinks.End boss,
      int workers,
      int nodes,
      boolean isInside,
      boolean isCell,
      Consumer<SimulatedManager> whenEnded) {
    this.isCell = isCell;
    workersOfNode = workers;
    this.isInside = isInside;
    this.whenEnded = whenEnded;
    this.cluster = cluster;
    this.scheduler = cluster.scheduler();
    process = new SimulatedProcess(scheduler);
    this.links = links;
    this.boss = boss;
    core =
        new Manager(
            BOSS,
            workers,
            List.of(),
            function -> !isCell,
            isInside ? Duration.ZERO : GRACE,
            SimulatedCluster.POISON_DEATHS,
            !isCell);
    listen(boss);
    for (int i = 0; i < nodes; i++) {
      openNode();
    }
  }

  private void listen(SimulatedLinks.End end) {
    end.receive(
        process,
        message -> {
          if (end.equals(boss)) {
            post(new Event.Received(BOSS, message));
          }
        },
        () -> {
          if (end.equals(boss)) {
            if (isCell) {
              leave();
            } else {
              post(new Event.LinkCut(BOSS));
            }
          }
        });
  }

  /// Has a link to its boss again.
  void returnTo(SimulatedLinks.End end) {
    turn();
    boss = end;
    listen(end);
    post(new Event.NodeReturned(BOSS));
  }

  boolean isInside() {
    return isInside;
  }

  SimulatedProcess process() {
    return process;
  }

  SimulatedLinks.End bossEnd() {
    return boss;
  }

  /// The link to a node breaks; it is there again after a while.
  void cutNode() {
    if (!nodes.isEmpty()) {
      scheduler.fault(FaultKind.NODE_CUT_OFF);
      SimulatedManager node = nodes.get(scheduler.below(nodes.size()));
      node.boss.cut();
      returnLater(node);
    }
  }

  /// Closes a link to a node, which dials again.
  private void cutOff(LinkId link) {
    SimulatedLinks.End end = down.get(link);
    if (end != null) {
      end.close();
      nodes.stream().filter(node -> node.boss.leadsTo(end)).forEach(this::returnLater);
    }
  }

  private void returnLater(SimulatedManager node) {
    SimulatedLinks.End before = node.boss;
    node.process.after(
        scheduler.delay(20_000),
        () -> {
          if (!node.boss.equals(before)) {
            return;
          }
          if (process.isPaused()) {
            returnLater(node);
          } else if (!process.isDead()) {
            SimulatedLinks.Pair pair = links.pair();
            LinkId id = listenToNode(pair);
            node.returnTo(pair.employee());
            post(new Event.NodeReturned(id));
          }
        });
  }

  private LinkId listenToNode(SimulatedLinks.Pair pair) {
    LinkId id = new LinkId(++linkCounter);
    down.put(id, pair.boss());
    pair.boss()
        .receive(
            process,
            message -> {
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

  /// A process of workers joins.
  private void openNode() {
    SimulatedLinks.Pair pair = links.pair();
    LinkId id = listenToNode(pair);
    nodes.add(
        new SimulatedManager(
            cluster, links, pair.employee(), workersOfNode, 0, false, false, this::nodeEnded));
    post(new Event.NodeOpened(id));
  }

  /// A process for a suspect joins, and ends with this one.
  private void openCell() {
    SimulatedLinks.Pair pair = links.pair();
    LinkId id = listenToNode(pair);
    cells.add(
        new SimulatedManager(
            cluster, links, pair.employee(), workersOfNode, 0, false, true, this::cellEnded));
    post(new Event.CellOpened(id));
  }

  private void cellEnded(SimulatedManager cell) {
    cells.remove(cell);
    cluster.collectTaken(cell);
  }

  /// A task ends the process that runs it. In a cell there is nothing else but what the suspect has
  /// begun.
  private void endedBy(RuntimeTask task) {
    if (isCell) {
      scheduler.fault(FaultKind.CELL_POISONED);
      workers.forEach(worker -> worker.runner.checkAllOf(task.compilation()));
      kill();
    } else if (isInside) {
      scheduler.fault(FaultKind.PROCESS_POISONED);
      cluster.crash();
    } else {
      scheduler.fault(FaultKind.PROCESS_POISONED);
      kill();
    }
  }

  private void nodeEnded(SimulatedManager node) {
    nodes.remove(node);
    cluster.collectTaken(node);
    process.after(scheduler.delay(20_000), this::openNode);
  }

  void loseNode() {
    if (!nodes.isEmpty()) {
      scheduler.fault(FaultKind.NODE_LOST);
      nodes.get(scheduler.below(nodes.size())).kill();
    }
  }

  /// Asks it to finish what it has begun and to leave.
  void drain() {
    post(new Event.DrainStarted(scheduler.now()));
  }

  /// Dies at once: it does nothing any more, and its nodes lose their boss.
  void die() {
    process.die();
    workers.forEach(worker -> worker.runner.die());
    for (SimulatedManager node : nodes) {
      node.process.forsake();
      node.boss.cut();
    }
    List.copyOf(cells).forEach(SimulatedManager::kill);
  }

  /// Is killed: part of what it sent last is lost.
  void kill() {
    if (!process.isDead()) {
      die();
      boss.cut();
      whenEnded.accept(this);
    }
  }

  private void leave() {
    if (!process.isDead()) {
      die();
      boss.close();
      whenEnded.accept(this);
    }
  }

  List<SimulatedManager> nodes() {
    return List.copyOf(nodes);
  }

  private void post(Event event) {
    if (process.isDead()) {
      return;
    }
    inbox.add(event);
    if (!isTurnScheduled) {
      isTurnScheduled = true;
      process.after(scheduler.delay(10), this::turn);
    }
  }

  private void turn() {
    isTurnScheduled = false;
    List<Event> events = List.copyOf(inbox);
    inbox.clear();
    core.handleMessages(events, scheduler.now()).forEach(this::perform);
    SimulatedCluster.checkNoSystemErrors(core);
    core.verify();
  }

  private void perform(Effect effect) {
    switch (effect) {
      case Effect.Send(LinkId link, Message message) -> {
        if (link.equals(BOSS)) {
          boss.send(message);
        } else {
          if (link.value() <= FIRST_NODE) {
            cluster.checkIds(message);
          }
          SimulatedLinks.End end = down.get(link);
          if (end != null) {
            end.send(message);
          }
        }
      }
      case Effect.Spawn(int count) -> {
        for (int i = 1; i <= count; i++) {
          workers.add(new WorkerNode(new LinkId(i)));
        }
      }
      case Effect.ArmTimer(Instant at) -> process.at(at, () -> post(new Event.TimerFired()));
      case Effect.Stopped() -> leave();
      case Effect.CutOff cut -> {
        SimulatedServer.checkHonest(cut);
        cutOff(cut.link());
      }
      case Effect.SpawnCell() -> process.after(scheduler.delay(CELL_STARTS_MICROS), this::openCell);
      case Effect.Persist _,
          Effect.ReadBack _,
          Effect.LoadSubmission _,
          Effect.Reply _,
          Effect.ReplyStatus _,
          Effect.ReplyExplanation _,
          Effect.ReplyFailure _,
          Effect.Notify _,
          Effect.Announce _ ->
          throw new AssertionError("a manager asked for " + effect);
    }
  }

  /// Checks that nothing is left to do.
  void checkIdle() {
    core.verify();
    core.checkIdle();
    for (WorkerNode worker : workers) {
      if (worker.core.numTasks() != 0) {
        throw new AssertionError("a worker still has " + worker.core.numTasks() + " tasks");
      }
    }
    nodes.forEach(SimulatedManager::checkIdle);
    if (!cells.isEmpty()) {
      throw new AssertionError(
          cells.size() + " processes wait for suspects, of which there are none");
    }
  }

  Manager core() {
    return core;
  }

  List<Worker> workerCores() {
    return workers.stream().map(worker -> worker.core).toList();
  }

  /// A worker with its own link and its runner.
  private final class WorkerNode {
    private final Worker core = new Worker();
    private final ScriptedRunner runner =
        new ScriptedRunner(
            scheduler, process, cluster.runs(), this::handle, SimulatedManager.this::endedBy);
    private final SimulatedLinks.End up;

    private WorkerNode(LinkId id) {
      SimulatedLinks.Pair pair = links.inside();
      up = pair.employee();
      down.put(id, pair.boss());
      pair.boss()
          .receive(
              process,
              message -> post(new Event.Received(id, message)),
              () -> post(new Event.LinkClosed(id)));
      pair.employee()
          .receive(
              process,
              message -> handle(new WorkerEvent.FromBoss(message)),
              () -> handle(new WorkerEvent.FromBoss(new Message.Shutdown())));
      post(new Event.LinkOpened(id));
    }

    private void handle(WorkerEvent event) {
      for (WorkerEffect effect : core.handle(event)) {
        switch (effect) {
          case WorkerEffect.SendUp(Message message) -> {
            if (message instanceof Message.Started) {
              runner.start(core.id());
            }
            up.send(message);
          }
          case WorkerEffect.Execute execute -> runner.execute(execute.task());
          case WorkerEffect.Resume resume -> runner.resume(resume.task(), resume.delivery());
          case WorkerEffect.Recall recall ->
              handle(new WorkerEvent.Recalled(runner.recall(recall.tasks())));
          case WorkerEffect.Tell(RuntimeTaskId task, Message.Communicate said) ->
              runner.tell(task, said);
          case WorkerEffect.Interrupt interrupt -> runner.interrupt(interrupt.task());
        }
      }
      core.verify();
    }
  }
}
