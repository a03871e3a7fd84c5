package io.quern.manager;

import io.quern.link.Dialler;
import io.quern.link.GrpcLink;
import io.quern.link.LinkContext;
import io.quern.link.LinkSecurity;
import io.quern.link.LinkServer;
import io.quern.protocol.encoding.Hello;
import io.quern.runtime.NodeStatistics;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// A process that manages: it has a boss, which it dials or waits for, workers of its own, and
/// nodes that join it or that it dials.
///
/// When the link to its boss breaks, its [ManagerLoop] goes on and comes back with all it has; only
/// a boss that knows nothing of it (or tells it to stop) makes it begin anew. Nodes below are let
/// go then and come back by themselves.
public final class ManagerNode implements AutoCloseable {
  private static final Logger LOG = System.getLogger(ManagerNode.class.getName());

  /// How long nodes below may take to come back when their link broke, unless something else is
  /// said.
  public static final Duration DEFAULT_GRACE = Duration.ofSeconds(3);

  /// @param name for threads and logs
  /// @param isWorker whether it was started for its slots alone
  /// @param workers slots in this process
  /// @param boss `host:port` to dial; null to wait for a boss that dials
  /// @param listen where bosses and nodes may dial in; null for nowhere
  /// @param managers nodes to dial, as their boss
  /// @param grace how long nodes below may take to come back when their link broke; with zero the
  ///   manager too begins anew when it loses its boss
  /// @param childToken what processes started by this one show at a door of their own, on loopback;
  ///   null for no such door
  public record Settings(
      String name,
      boolean isWorker,
      int workers,
      @Nullable String boss,
      @Nullable InetSocketAddress listen,
      List<String> managers,
      Duration grace,
      @Nullable String childToken) {
    public Settings {
      managers = List.copyOf(managers);
      if (boss == null && listen == null) {
        throw new IllegalArgumentException(
            "a manager needs a boss to dial, or a port on which one can dial it");
      }
      if (grace.isNegative()) {
        throw new IllegalArgumentException("a grace of zero or more expected, found " + grace);
      }
    }

    /// With the usual grace.
    public Settings(
        String name,
        boolean isWorker,
        int workers,
        @Nullable String boss,
        @Nullable InetSocketAddress listen,
        List<String> managers) {
      this(name, isWorker, workers, boss, listen, managers, DEFAULT_GRACE, null);
    }
  }

  private final Settings settings;
  private final LinkContext context;
  private final InstantSource clock;
  private final Isolation isolation;
  private final Runnable whenUnneeded;
  private final List<Dialler> diallers = new ArrayList<>();
  private final CountDownLatch drained = new CountDownLatch(1);
  private @Nullable LinkServer port;
  private @Nullable LinkServer childPort;
  private @Nullable ManagerLoop loop;
  private @Nullable GrpcLink bossLink;
  private boolean isLeaving;

  private ManagerNode(
      Settings settings,
      LinkContext context,
      InstantSource clock,
      Isolation isolation,
      Runnable whenUnneeded) {
    this.isolation = isolation;
    this.whenUnneeded = whenUnneeded;
    this.settings = settings;
    this.context = context;
    this.clock = clock;
  }

  /// Opens the port if there is to be one, and begins to dial.
  ///
  /// @throws IOException if the port cannot be opened
  public static ManagerNode start(Settings settings, LinkContext context, InstantSource clock)
      throws IOException {
    return start(settings, context, clock, Isolation.NONE, () -> {});
  }

  /// Opens the port if there is to be one, and begins to dial.
  ///
  /// @param whenUnneeded called, of a process that was started for one task, when its boss needs it
  ///   no more or is gone
  /// @throws IOException if the port cannot be opened
  public static ManagerNode start(
      Settings settings,
      LinkContext context,
      InstantSource clock,
      Isolation isolation,
      Runnable whenUnneeded)
      throws IOException {
    ManagerNode node = new ManagerNode(settings, context, clock, isolation, whenUnneeded);
    node.open();
    return node;
  }

  private synchronized void open() throws IOException {
    InetSocketAddress listen = settings.listen();
    if (listen != null) {
      port = listenOnce(context, listen);
    }
    String childToken = settings.childToken();
    if (childToken != null) {
      childPort =
          listenOnce(
              context.with(new LinkSecurity(null, null, false, false, childToken)),
              new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    }
    String boss = settings.boss();
    if (boss != null) {
      diallers.add(Dialler.start(context, boss, false, this::takeBoss));
    }
    connectToManagers(settings.managers());
  }

  /// Opens a port on which one boss at a time may dial in, and workers and managers at any time.
  private LinkServer listenOnce(LinkContext context, InetSocketAddress address) throws IOException {
    return LinkServer.start(context, address, new Door());
  }

  /// Dials managers as their boss, for as long as this process runs.
  private void connectToManagers(List<String> addresses) {
    for (String each : addresses) {
      diallers.add(Dialler.start(context, each, true, this::connectToWorkers));
    }
  }

  /// Decides about who dials in.
  private final class Door implements LinkServer.Acceptor {
    @Override
    public @Nullable String refusal(Hello peer) {
      synchronized (ManagerNode.this) {
        if (isLeaving) {
          return settings.name() + " is leaving";
        }
        if (peer.isBoss()) {
          return bossLink == null ? null : settings.name() + " has a boss";
        }
        return loop == null ? settings.name() + " has no boss yet" : null;
      }
    }

    @Override
    public void accept(GrpcLink link) {
      if (link.peer().isBoss()) {
        takeBoss(link);
      } else {
        connectToWorkers(link);
      }
    }
  }

  private void takeBoss(GrpcLink link) {
    ManagerLoop started;
    synchronized (this) {
      if (bossLink != null || isLeaving) {
        link.close();
        return;
      }
      if (loop != null) {
        LOG.log(Level.INFO, "{0}: back at {1}", settings.name(), link.name());
        bossLink = link;
        loop.returnTo(link);
        return;
      }
      LOG.log(Level.INFO, "{0}: working for {1}", settings.name(), link.name());
      started =
          ManagerLoop.start(
              settings.name(),
              new ManagerLoop.Self(
                  context.name(), context.engineVersion(), settings.isWorker(), context.labels()),
              settings.workers(),
              link,
              context.functions(),
              clock,
              settings.grace(),
              this::bossLost,
              isolation);
      loop = started;
      bossLink = link;
    }
    Thread.ofVirtual().name(settings.name() + "-watch").start(() -> watch(started, link));
  }

  /// The loop goes on without its boss.
  private synchronized void bossLost() {
    GrpcLink lost = bossLink;
    bossLink = null;
    if (isolation.isCell()) {
      whenUnneeded.run();
    }
    context.returns(true);
    if (lost != null && !isLeaving) {
      LOG.log(
          Level.WARNING, "{0}: lost {1}, goes on until it is back", settings.name(), lost.name());
    }
  }

  private void watch(ManagerLoop ended, GrpcLink link) {
    try {
      ended.awaitStopped(Duration.ofNanos(Long.MAX_VALUE));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    synchronized (this) {
      if (isolation.isCell()) {
        whenUnneeded.run();
      }
      if (loop == ended) {
        loop = null;
        bossLink = null;
        context.returns(false);
      }
      if (isLeaving) {
        drained.countDown();
      } else {
        LOG.log(Level.WARNING, "{0}: lost {1}", settings.name(), link.name());
      }
    }
  }

  /// Takes a link to a process of workers or to a manager, which works for this one from now on.
  private void connectToWorkers(GrpcLink link) {
    ManagerLoop current;
    synchronized (this) {
      current = isLeaving ? null : loop;
    }
    if (current == null) {
      link.close();
    } else {
      current.join(link, link.introduction(clock.instant().toEpochMilli()));
    }
  }

  /// Where others can dial in; 0 for nowhere.
  public synchronized int port() {
    return port == null ? 0 : port.port();
  }

  /// Where processes started by this one dial in; null for nowhere.
  public synchronized @Nullable String childAddress() {
    return childPort == null ? null : childPort.address();
  }

  /// Who the boss is at this moment; null for nobody.
  public synchronized @Nullable String boss() {
    return bossLink == null ? null : bossLink.name();
  }

  /// What the diallers have to say, one line each.
  public synchronized List<String> links() {
    return diallers.stream().map(each -> each.address() + ": " + each.state()).toList();
  }

  /// The numbers of this moment; null without a boss.
  public synchronized @Nullable NodeStatistics statistics() {
    return loop == null ? null : loop.statistics();
  }

  /// Hands back what was not begun, finishes what was, and ends.
  ///
  /// @return whether everything was finished in that time
  public boolean drain(Duration atMost) throws InterruptedException {
    ManagerLoop current;
    synchronized (this) {
      isLeaving = true;
      current = loop;
    }
    if (current == null) {
      return true;
    }
    current.drain();
    return drained.await(atMost.toNanos(), TimeUnit.NANOSECONDS);
  }

  @Override
  public void close() {
    ManagerLoop current;
    LinkServer open;
    LinkServer openForChildren;
    synchronized (this) {
      isLeaving = true;
      current = loop;
      open = port;
      openForChildren = childPort;
      diallers.forEach(Dialler::close);
    }
    if (current != null) {
      current.close();
    }
    if (open != null) {
      open.close();
    }
    if (openForChildren != null) {
      openForChildren.close();
    }
  }
}
