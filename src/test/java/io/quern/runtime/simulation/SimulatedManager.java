package io.quern.runtime.simulation;

import io.quern.link.InMemoryLink;
import io.quern.link.Link;
import io.quern.manager.Manager;
import io.quern.protocol.LinkId;
import io.quern.protocol.Message;
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

  /// Links up to here are those of workers.
  private static final long FIRST_NODE = 1_000;

  private final SimulatedCluster cluster;
  private final Scheduler scheduler;
  private final SimulatedLinks links;
  private Link boss;
  private final Manager core;
  private final int workersOfNode;
  private final Consumer<SimulatedManager> whenEnded;
  private final List<SimulatedManager> nodes = new ArrayList<>();
  private long linkCounter = FIRST_NODE;
  private final Map<LinkId, Link> down = new HashMap<>();
  private final List<WorkerNode> workers = new ArrayList<>();
  private final List<Event> inbox = new ArrayList<>();
  private boolean isTurnScheduled;
  private boolean isDead;

  /// @param nodes processes of as many workers each that join it
  SimulatedManager(
      SimulatedCluster cluster,
      SimulatedLinks links,
      Link boss,
      int workers,
      int nodes,
      Consumer<SimulatedManager> whenEnded) {
    workersOfNode = workers;
    this.whenEnded = whenEnded;
    this.cluster = cluster;
    this.scheduler = cluster.scheduler();
    this.links = links;
    this.boss = boss;
    core = new Manager(BOSS, workers, List.of(), function -> true, GRACE);
    listen(boss);
    for (int i = 0; i < nodes; i++) {
      openNode();
    }
  }

  private void listen(Link end) {
    links.listen(
        end,
        message -> {
          if (end.equals(boss)) {
            post(new Event.Received(BOSS, message));
          }
        },
        () -> {
          if (end.equals(boss)) {
            post(new Event.LinkCut(BOSS));
          }
        });
  }

  /// Has a link to its boss again.
  void returnTo(Link end) {
    boss = end;
    listen(end);
    post(new Event.NodeReturned(BOSS));
  }

  boolean isDead() {
    return isDead;
  }

  Link bossEnd() {
    return boss;
  }

  /// The link to a node breaks; it is there again after a while.
  void cutNode() {
    if (!nodes.isEmpty()) {
      scheduler.fault(FaultKind.NODE_CUT_OFF);
      SimulatedManager node = nodes.get(scheduler.below(nodes.size()));
      node.boss.close();
      scheduler.after(
          scheduler.delay(20_000),
          () -> {
            if (!isDead && !node.isDead) {
              InMemoryLink.Pair pair = links.pair();
              LinkId id = listenToNode(pair);
              node.returnTo(pair.employee());
              post(new Event.NodeReturned(id));
            }
          });
    }
  }

  private LinkId listenToNode(InMemoryLink.Pair pair) {
    LinkId id = new LinkId(++linkCounter);
    down.put(id, pair.boss());
    links.listen(
        pair.boss(),
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
    InMemoryLink.Pair pair = links.pair();
    LinkId id = listenToNode(pair);
    nodes.add(
        new SimulatedManager(cluster, links, pair.employee(), workersOfNode, 0, this::nodeEnded));
    post(new Event.NodeOpened(id));
  }

  private void nodeEnded(SimulatedManager node) {
    nodes.remove(node);
    scheduler.after(
        scheduler.delay(20_000),
        () -> {
          if (!isDead) {
            openNode();
          }
        });
  }

  void loseNode() {
    if (!nodes.isEmpty()) {
      scheduler.fault(FaultKind.NODE_LOST);
      nodes.get(scheduler.below(nodes.size())).closeLink();
    }
  }

  /// Asks it to finish what it has begun and to leave.
  void drain() {
    post(new Event.DrainStarted(scheduler.now()));
  }

  /// Dies at once: nothing of it is heard any more, and its nodes lose their boss.
  void die() {
    isDead = true;
    workers.forEach(worker -> worker.runner.die());
    List.copyOf(nodes).forEach(node -> node.boss.close());
  }

  void closeLink() {
    if (!isDead) {
      die();
      boss.close();
      whenEnded.accept(this);
    }
  }

  List<SimulatedManager> nodes() {
    return List.copyOf(nodes);
  }

  private void post(Event event) {
    if (isDead) {
      return;
    }
    inbox.add(event);
    if (!isTurnScheduled) {
      isTurnScheduled = true;
      scheduler.after(scheduler.delay(10), this::turn);
    }
  }

  private void turn() {
    isTurnScheduled = false;
    if (isDead) {
      return;
    }
    List<Event> events = List.copyOf(inbox);
    inbox.clear();
    core.handleMessages(events, scheduler.now()).forEach(this::perform);
    cluster.checkNoSystemErrors(core);
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
          Link end = down.get(link);
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
      case Effect.ArmTimer(Instant at) -> scheduler.at(at, () -> post(new Event.TimerFired()));
      case Effect.Stopped() -> closeLink();
      case Effect.CutOff _ -> {}
      case Effect.Persist _,
          Effect.ReadBack _,
          Effect.LoadSubmission _,
          Effect.Reply _,
          Effect.ReplyStatus _,
          Effect.ReplyExplanation _,
          Effect.ReplyFailure _,
          Effect.Notify _ ->
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
        new ScriptedRunner(scheduler, cluster.ended(), cluster.finished(), this::handle);
    private final Link up;

    private WorkerNode(LinkId id) {
      InMemoryLink.Pair pair = links.pair();
      up = pair.employee();
      down.put(id, pair.boss());
      links.listen(
          pair.boss(),
          message -> post(new Event.Received(id, message)),
          () -> post(new Event.LinkClosed(id)));
      links.listen(
          pair.employee(),
          message -> handle(new WorkerEvent.FromBoss(message)),
          () -> handle(new WorkerEvent.FromBoss(new Message.Shutdown())));
      post(new Event.LinkOpened(id));
    }

    private void handle(WorkerEvent event) {
      if (isDead) {
        return;
      }
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
          case WorkerEffect.Interrupt interrupt -> runner.interrupt(interrupt.task());
        }
      }
      core.verify();
    }
  }
}
