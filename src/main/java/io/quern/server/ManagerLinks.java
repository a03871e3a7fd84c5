package io.quern.server;

import io.quern.link.Dialler;
import io.quern.link.GrpcLink;
import io.quern.link.LinkAddress;
import io.quern.link.LinkContext;
import io.quern.link.LinkServer;
import io.quern.node.LinkProperties;
import io.quern.protocol.encoding.Hello;
import io.quern.runtime.ServerStatistics;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/// The server's links to managers on other machines: the port on which they join, and the addresses
/// it dials for as long as it runs.
///
/// It starts as soon as the server has, and stops after it, so that managers can finish while it
/// drains. A port that is taken, or an address that does not answer, stops nothing: both are tried
/// again.
public final class ManagerLinks implements Cluster, SmartLifecycle {
  private static final Logger log = LoggerFactory.getLogger(ManagerLinks.class);
  private static final Duration PORT_RETRY = Duration.ofSeconds(2);

  private final LinkProperties properties;
  private final LinkContext context;
  private final List<String> configured;
  private final QuernServer server;
  private final List<Dialler> diallers = new CopyOnWriteArrayList<>();
  private volatile @Nullable LinkServer port;
  private volatile @Nullable Thread opener;
  private volatile boolean isRunning;

  /// @param configured `host:port` of managers to dial
  ManagerLinks(
      LinkProperties properties, LinkContext context, List<String> configured, QuernServer server) {
    this.properties = properties;
    this.context = context;
    this.configured = List.copyOf(configured);
    this.server = server;
  }

  @Override
  public void start() {
    isRunning = true;
    if (properties.port() >= 0 && !openPort(true)) {
      opener = Thread.ofVirtual().name("quern-link-port").start(this::keepTrying);
    }
    connectToManagers(configured);
    server.managersMayJoin();
  }

  private boolean openPort(boolean isFirst) {
    InetSocketAddress address =
        LinkAddress.of(properties.address(), properties.port(), context.security().joinToken());
    try {
      LinkServer opened = LinkServer.start(context, address, new Door());
      port = opened;
      log.info(
          "managers may join at {}:{} ({})",
          address.getAddress().getHostAddress(),
          opened.port(),
          context.security());
      return true;
    } catch (IOException e) {
      if (isFirst) {
        log.warn("managers cannot join: {}; tried again until they can", e.getMessage());
      }
      return false;
    }
  }

  private void keepTrying() {
    try {
      while (isRunning) {
        Thread.sleep(PORT_RETRY);
        if (openPort(false)) {
          server.managersMayJoin();
          return;
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private final class Door implements LinkServer.Acceptor {
    @Override
    public @Nullable String refusal(Hello peer) {
      if (peer.isBoss()) {
        return "a server has no boss";
      }
      return server.isRunning() ? null : "the server is starting or stopping";
    }

    @Override
    public void accept(GrpcLink link) {
      take(link);
    }
  }

  private void take(GrpcLink link) {
    log.atInfo()
        .addKeyValue("manager", link.name())
        .log(
            "{} joins: {} cores, {} MB",
            link.name(),
            link.peer().cores(),
            link.peer().memory() >> 20);
    server.open(link);
  }

  /// Dials every address, and keeps dialling those that do not answer.
  void connectToManagers(List<String> addresses) {
    addresses.forEach(this::connectToManager);
  }

  /// Dials an address for as long as the server runs; one that is being dialled already is left as
  /// it is.
  @Override
  public boolean connectToManager(String address) {
    synchronized (diallers) {
      String normal = Dialler.checked(address);
      if (diallers.stream().anyMatch(each -> each.address().equals(normal))) {
        return false;
      }
      diallers.add(Dialler.start(context, normal, true, this::take, this::tellAwaited));
      tellAwaited();
      return true;
    }
  }

  /// One at a time, so that the newest number is told last.
  private void tellAwaited() {
    synchronized (diallers) {
      server.awaiting(
          Math.toIntExact(diallers.stream().filter(each -> !each.isConnected()).count()));
    }
  }

  @Override
  public Tree tree() {
    ServerStatistics statistics = server.statistics();
    ServerStatistics numbers = statistics == null ? ServerStatistics.NONE : statistics;
    LinkServer open = port;
    return new Tree(
        context.name(),
        context.engineVersion(),
        server.startedAt(),
        server.isDraining(),
        open == null ? null : open.address(),
        numbers.workers(),
        numbers.idleWorkers(),
        numbers.queued(),
        numbers.running(),
        server.cluster(),
        diallers.stream()
            .map(each -> new Dialled(each.address(), each.isConnected(), each.state()))
            .toList());
  }

  /// The port on which managers join; 0 if it is not open.
  public int port() {
    LinkServer open = port;
    return open == null ? 0 : open.port();
  }

  LinkContext context() {
    return context;
  }

  @Override
  public void stop() {
    isRunning = false;
    Thread trying = opener;
    if (trying != null) {
      trying.interrupt();
    }
    diallers.forEach(Dialler::close);
    diallers.clear();
    LinkServer open = port;
    if (open != null) {
      open.close();
      port = null;
    }
  }

  @Override
  public boolean isRunning() {
    return isRunning;
  }

  /// Stops after the server; starts after it too, which it needs.
  @Override
  public int getPhase() {
    return -1;
  }
}
