package io.quern.manager;

import io.quern.link.GrpcLink;
import io.quern.link.InMemoryLink;
import io.quern.link.Inbox;
import io.quern.link.Link;
import io.quern.protocol.LinkId;
import io.quern.protocol.Message;
import io.quern.protocol.NodeReport;
import io.quern.protocol.encoding.FunctionRegistry;
import io.quern.runtime.Effect;
import io.quern.runtime.Event;
import io.quern.runtime.NodeStatistics;
import io.quern.worker.WorkerEvent;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// The shell of a [Manager] and of its workers in the same JVM: one thread that runs all their
/// cores, while functions run on threads of their own ([WorkerSlot]).
///
/// A runtime task costs two thread switches at most, from the loop to the worker and back; between
/// the cores, which share the loop, messages are plain calls.
public final class ManagerLoop implements AutoCloseable {
  private static final Logger LOG = System.getLogger(ManagerLoop.class.getName());

  /// Events handled before what they caused is placed and sent.
  private static final int ROUND = 512;

  /// A function's thread that reports faster than the loop works waits.
  private static final int INBOX_LIMIT = 65_536;

  private static final LinkId BOSS = new LinkId(0);

  private sealed interface Arrival {
    record FromBoss(Link link, Message message) implements Arrival {}

    record BossClosed(Link link) implements Arrival {}

    record BossReturned(Link link) implements Arrival {}

    record NodeJoined(LinkId id, Link link, NodeReport introduction) implements Arrival {}

    record FromNode(Event event) implements Arrival {}

    record Drain() implements Arrival {}

    record FromWorker(WorkerSlot worker, WorkerEvent event) implements Arrival {}

    record Close() implements Arrival {}
  }

  /// Who this is, as the boss shows it to people.
  ///
  /// @param isWorker whether it was started for its slots alone
  /// @param labels what its slots offer
  public record Self(String name, String engineVersion, boolean isWorker, List<String> labels) {
    public Self {
      labels = List.copyOf(labels);
    }
  }

  private final String name;
  private final InstantSource clock;
  private final FunctionRegistry functions;
  private final Duration grace;
  private final Runnable whenBossIsLost;
  private final Isolation isolation;

  /// The link upwards, the newest.
  private Link boss;

  private @Nullable Instant wakeAt;
  private final int workers;
  private final Manager manager;
  private final Inbox<Arrival> inbox = new Inbox<>(INBOX_LIMIT);
  private final List<WorkerSlot> slots = new ArrayList<>();
  private final Map<LinkId, Link> downlinks = new HashMap<>();

  private final RosterReports roster;
  private final AtomicLong nodeCounter;
  private final CountDownLatch stopped = new CountDownLatch(1);
  private final Thread thread;

  /// What the manager has yet to hear of, in order.
  private List<Event> pending = new ArrayList<>();

  private Instant now = Instant.MIN;

  private boolean isRunning = true;
  private volatile NodeStatistics statistics;

  private ManagerLoop(
      String name,
      Self self,
      int workers,
      Link boss,
      FunctionRegistry functions,
      InstantSource clock,
      Duration grace,
      Runnable whenBossIsLost,
      Isolation isolation) {
    this.isolation = isolation;
    this.grace = grace;
    this.whenBossIsLost = whenBossIsLost;
    this.name = name;
    this.workers = workers;
    this.boss = boss;
    this.clock = clock;
    this.functions = functions;
    nodeCounter = new AtomicLong(workers);
    roster = new RosterReports(self, clock.instant());
    manager =
        new Manager(
            BOSS,
            workers,
            self.labels(),
            function -> !isolation.isCell() && functions.canTravel(function),
            grace,
            isolation.poisonDeaths(),
            isolation.spawner() != null);
    statistics = manager.nodeStatistics();
    thread = Thread.ofPlatform().daemon().name(name).unstarted(this::run);
  }

  /// Starts a manager with so many workers under the boss at the other end of a link.
  ///
  /// @param name for threads and logs
  /// @param functions whose tasks may leave the process and whose results may be kept
  public static ManagerLoop start(
      String name,
      Self self,
      int workers,
      Link boss,
      FunctionRegistry functions,
      InstantSource clock,
      Isolation isolation) {
    return start(name, self, workers, boss, functions, clock, Duration.ZERO, () -> {}, isolation);
  }

  /// Starts a manager that goes on when the link to its boss breaks, and starts no processes.
  public static ManagerLoop start(
      String name,
      Self self,
      int workers,
      Link boss,
      FunctionRegistry functions,
      InstantSource clock,
      Duration grace,
      Runnable whenBossIsLost) {
    return start(
        name, self, workers, boss, functions, clock, grace, whenBossIsLost, Isolation.NONE);
  }

  /// Starts a manager that goes on when the link to its boss breaks.
  ///
  /// @param grace how long nodes may take to come back when their link broke; zero for one that
  ///   ends with the link to its boss
  /// @param whenBossIsLost told each time the link to the boss has ended
  public static ManagerLoop start(
      String name,
      Self self,
      int workers,
      Link boss,
      FunctionRegistry functions,
      InstantSource clock,
      Duration grace,
      Runnable whenBossIsLost,
      Isolation isolation) {
    ManagerLoop loop =
        new ManagerLoop(
            name, self, workers, boss, functions, clock, grace, whenBossIsLost, isolation);
    loop.hear(boss);
    loop.thread.start();
    return loop;
  }

  private void hear(Link link) {
    link.receive(
        new Link.Receiver() {
          @Override
          public void received(Message message) {
            inbox.put(new Arrival.FromBoss(link, message));
          }

          @Override
          public void closed() {
            inbox.put(new Arrival.BossClosed(link));
          }
        });
  }

  /// Gives a manager whose boss was lost the link to its boss again.
  public void returnTo(Link link) {
    inbox.put(new Arrival.BossReturned(link));
    hear(link);
    closeIfStopped(link);
  }

  private void run() {
    try {
      while (isRunning) {
        inbox.await(Math.min(nanosToTimer(), nanosToReport()));
        try {
          Instant due = wakeAt;
          if (due != null && !tick().isBefore(due)) {
            wakeAt = null;
            pending.add(new Event.TimerFired());
          }
          while (isRunning && inbox.drain(ROUND, this::arrive) + pending.size() > 0) {
            turn();
          }
          report(tick());
        } catch (RuntimeException | Error e) {
          // Whatever it is, other tasks must go on; what was being handled is lost.
          LOG.log(Level.ERROR, name + " failed in its loop", e);
        }
      }
    } finally {
      slots.forEach(WorkerSlot::close);
      // Nodes lose their boss and look for it anew.
      downlinks.values().stream()
          .filter(link -> !(link instanceof InMemoryLink))
          .forEach(Link::close);
      boss.close();
      stopped.countDown();
      // What was handed over too late; what comes from now on is closed by who hands it over.
      inbox.drain(Integer.MAX_VALUE, ManagerLoop::turnAway);
    }
  }

  private static void turnAway(Arrival arrival) {
    switch (arrival) {
      case Arrival.NodeJoined(LinkId _, Link link, NodeReport _) -> link.close();
      case Arrival.BossReturned(Link link) -> link.close();
      case Arrival.FromBoss _,
          Arrival.BossClosed _,
          Arrival.FromNode _,
          Arrival.Drain _,
          Arrival.FromWorker _,
          Arrival.Close _ -> {}
    }
  }

  /// A link nobody reads any more would keep its other end waiting for ever.
  private void closeIfStopped(Link link) {
    if (stopped.getCount() == 0) {
      link.close();
    }
  }

  /// The time, which for the core never goes back.
  private Instant tick() {
    Instant time = clock.instant();
    if (time.isAfter(now)) {
      now = time;
    }
    return now;
  }

  private long nanosToTimer() {
    Instant due = wakeAt;
    return due == null
        ? Long.MAX_VALUE
        : Math.max(0, Duration.between(clock.instant(), due).toNanos());
  }

  /// What a link that was given up still says goes for nothing, though it led to the same boss.
  @SuppressWarnings("ReferenceEquality") // a link is itself, whatever it leads to
  private void arrive(Arrival arrival) {
    switch (arrival) {
      case Arrival.FromBoss(Link link, Message message) -> {
        if (link.equals(boss)) {
          pending.add(new Event.Received(BOSS, message));
        }
      }
      case Arrival.BossClosed(Link link) -> {
        if (link.equals(boss)) {
          pending.add(grace.isPositive() ? new Event.LinkCut(BOSS) : new Event.LinkClosed(BOSS));
          whenBossIsLost.run();
        }
      }
      case Arrival.BossReturned(Link link) -> {
        // What is said in answer to the link before is not for this one.
        turn();
        boss = link;
        roster.startAnew();
        pending.add(new Event.NodeReturned(BOSS));
      }
      case Arrival.FromWorker(WorkerSlot slot, WorkerEvent event) -> slot.handle(event);
      case Arrival.NodeJoined(LinkId id, Link link, NodeReport introduction) -> {
        downlinks.put(id, link);
        roster.joined(id, introduction);
        pending.add(opened(id, link));
        if (link instanceof GrpcLink remote && remote.peer().timeLeftMillis() > 0) {
          pending.add(
              new Event.NodeLeaves(id, clock.instant().plusMillis(remote.peer().timeLeftMillis())));
        }
      }
      case Arrival.FromNode(Event event) -> {
        if (event instanceof Event.LinkClosed(LinkId id)) {
          downlinks.remove(id);
          roster.left(id);
        } else if (event instanceof Event.LinkCut(LinkId id, Duration _)) {
          downlinks.remove(id);
          roster.left(id);
        }
        pending.add(event);
      }
      case Arrival.Drain() -> pending.add(new Event.DrainStarted(tick()));
      case Arrival.Close() -> isRunning = false;
    }
  }

  private static Event opened(LinkId id, Link link) {
    if (!(link instanceof GrpcLink remote)) {
      return new Event.NodeOpened(id);
    } else if (remote.peer().isCell()) {
      return new Event.CellOpened(id);
    }
    return remote.peer().isReturning() ? new Event.NodeReturned(id) : new Event.NodeOpened(id);
  }

  private void turn() {
    List<Event> events = pending;
    pending = new ArrayList<>();
    tick();
    List<Message> upwards = new ArrayList<>();
    for (Effect effect : manager.handleMessages(events, now)) {
      if (effect instanceof Effect.Send(LinkId link, Message message) && link.equals(BOSS)) {
        upwards.add(message);
      } else if (effect instanceof Effect.Send) {
        perform(effect);
      } else {
        sendUp(upwards);
        perform(effect);
      }
    }
    sendUp(upwards);
    statistics = manager.nodeStatistics();
    roster.changed();
    report(now);
    manager
        .takeSystemErrors()
        .forEach(
            error -> LOG.log(Level.ERROR, name + " dropped " + error.event(), error.failure()));
  }

  private long nanosToReport() {
    return manager.hasStarted() ? roster.nanosToNext(clock.instant()) : Long.MAX_VALUE;
  }

  /// Tells the boss who is below, if that has changed and it was not told a moment ago.
  private void report(Instant time) {
    if (manager.hasStarted()) {
      NodeReport report = roster.toTell(time, statistics, manager.numTasksOfBoss());
      if (report != null) {
        boss.send(new Message.Roster(report));
      }
    }
  }

  /// What a round has for the boss goes together.
  private void sendUp(List<Message> messages) {
    if (!messages.isEmpty()) {
      boss.sendAll(List.copyOf(messages));
      messages.clear();
    }
  }

  private void perform(Effect effect) {
    switch (effect) {
      case Effect.Send(LinkId link, Message message) -> {
        Link down = downlinks.get(link);
        if (down != null) {
          down.send(message);
        }
      }
      case Effect.Spawn(int count) -> spawnWorkers(count);
      case Effect.SpawnCell() -> {
        Isolation.Spawner spawner = isolation.spawner();
        if (spawner != null) {
          spawner.spawn(
              workers, link -> join(link, link.introduction(clock.instant().toEpochMilli())));
        }
      }
      case Effect.Stopped() -> isRunning = false;
      case Effect.ArmTimer(Instant at) -> wakeAt = at;
      case Effect.CutOff(LinkId link, String reason, boolean isForged) -> {
        LOG.log(Level.WARNING, name + " cuts off " + link + ": " + reason);
        Link down = downlinks.get(link);
        if (down != null && isForged) {
          down.cutOff(reason);
        } else if (down != null) {
          down.close();
        }
      }
      case Effect.Persist _,
          Effect.ReadBack _,
          Effect.LoadSubmission _,
          Effect.Reply _,
          Effect.ReplyStatus _,
          Effect.ReplyExplanation _,
          Effect.ReplyFailure _,
          Effect.Notify _,
          Effect.Announce _ ->
          throw new IllegalStateException("a manager asked for " + effect);
    }
  }

  private void spawnWorkers(int count) {
    for (int i = 1; i <= count; i++) {
      LinkId link = new LinkId(i);
      InMemoryLink.Pair pair = InMemoryLink.pair();
      WorkerSlot slot =
          new WorkerSlot(
              name + "-worker-" + i, workers, functions, clock, pair.employee(), this::heard);
      slots.add(slot);
      downlinks.put(link, pair.boss());
      pair.boss().receive(new Upward(link));
      pair.employee().receive(slot);
      pending.add(new Event.LinkOpened(link));
    }
  }

  /// A function of a worker reports; called by its thread, which waits if the loop is behind.
  private void heard(WorkerSlot worker, WorkerEvent event) {
    Arrival arrival = new Arrival.FromWorker(worker, event);
    while (!inbox.offer(arrival) && stopped.getCount() > 0) {
      LockSupport.parkNanos(this, TimeUnit.MICROSECONDS.toNanos(100));
    }
  }

  /// Lets a node of workers join, or a manager, under this one.
  ///
  /// @param introduction what is known of it so far
  public void join(Link link, NodeReport introduction) {
    LinkId id = new LinkId(nodeCounter.incrementAndGet());
    inbox.put(new Arrival.NodeJoined(id, link, introduction));
    link.receive(
        new Link.Receiver() {
          @Override
          public void received(Message message) {
            inbox.put(new Arrival.FromNode(new Event.Received(id, message)));
          }

          @Override
          public void closed() {
            inbox.put(
                new Arrival.FromNode(
                    link.mayReturn()
                        ? new Event.LinkCut(id, link.silence())
                        : new Event.LinkClosed(id)));
          }
        });
    closeIfStopped(link);
  }

  /// Begins nothing new, finishes what was begun, and ends then.
  public void drain() {
    inbox.put(new Arrival.Drain());
  }

  /// Waits until the loop has ended.
  public boolean awaitStopped(Duration atMost) throws InterruptedException {
    return stopped.await(atMost.toNanos(), TimeUnit.NANOSECONDS);
  }

  /// The numbers of this moment.
  public NodeStatistics statistics() {
    return statistics;
  }

  /// Ends the manager: its tasks are told that they are cancelled. Returns when the loop has ended.
  @Override
  public void close() {
    inbox.put(new Arrival.Close());
    boolean wasInterrupted = false;
    while (stopped.getCount() > 0) {
      try {
        stopped.await();
      } catch (InterruptedException e) {
        wasInterrupted = true;
      }
    }
    if (wasInterrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /// Hears a worker on behalf of the manager.
  private final class Upward implements Link.Receiver {
    private final LinkId link;

    private Upward(LinkId link) {
      this.link = link;
    }

    @Override
    public void received(Message message) {
      pending.add(new Event.Received(link, message));
    }

    @Override
    public void closed() {
      pending.add(new Event.LinkClosed(link));
    }
  }
}
