package io.quern.node;

import io.quern.link.LinkAddress;
import io.quern.link.LinkContext;
import io.quern.manager.Isolation;
import io.quern.manager.ManagerNode;
import io.quern.runtime.NodeStatistics;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.SmartLifecycle;

/// Starts the manager with its process and drains it when the process is told to end.
public final class ManagerProcess implements SmartLifecycle {
  private static final Logger log = LoggerFactory.getLogger(ManagerProcess.class);

  private final ManagerProperties properties;
  private final LinkProperties links;
  private final PoisonProperties poison;
  private final LinkContext context;
  private final ConfigurableApplicationContext application;
  private final List<String> forWorkers;
  private volatile @Nullable ManagerNode node;
  private volatile @Nullable WorkerProcesses workers;
  private volatile @Nullable CellProcesses cells;

  /// @param forWorkers settings that worker processes started here need too
  ManagerProcess(
      ManagerProperties properties,
      LinkProperties links,
      PoisonProperties poison,
      LinkContext context,
      List<String> forWorkers,
      ConfigurableApplicationContext application) {
    this.forWorkers = forWorkers;
    this.properties = properties;
    this.links = links;
    this.poison = poison;
    this.context = context;
    this.application = application;
  }

  @Override
  public void start() {
    String childToken = newToken();
    if (properties.timeLimit().isPositive()) {
      context.leavesAt(System.nanoTime() + Math.max(0, nanosUntilDrain()));
    }
    InetSocketAddress listen = listen();
    String server = properties.server();
    boolean hasServer = server != null && !server.isBlank();
    if (!hasServer && properties.listen() < 0) {
      throw new BadSettingException(
          properties.role() == ManagerProperties.Role.WORKER
              ? "a worker needs a manager to dial (--manager HOST:PORT, quern.manager.server)"
              : "a manager needs a boss to dial (--server HOST:PORT, quern.manager.server) or a"
                  + " port on which one can dial it (--listen PORT, quern.manager.listen)");
    }
    try {
      ManagerNode started =
          ManagerNode.start(
              new ManagerNode.Settings(
                  properties.role() == ManagerProperties.Role.WORKER
                      ? "quern-worker"
                      : "quern-manager",
                  properties.role() == ManagerProperties.Role.WORKER,
                  properties.slots(),
                  hasServer ? server : null,
                  listen,
                  properties.managers(),
                  properties.reattachGrace(),
                  properties.workerProcesses() > 0 ? childToken : null),
              context,
              InstantSource.system(),
              isolation(),
              ManagerProcess::leave);
      node = started;
      log.info(
          "{} workers; boss: {}; listening: {}; managers: {}; links: {}",
          properties.slots(),
          hasServer ? server : "whoever dials in",
          listen == null ? "no" : listen.getAddress().getHostAddress() + ":" + started.port(),
          properties.managers().isEmpty() ? "none" : properties.managers(),
          context.security());
      String childAddress = started.childAddress();
      if (childAddress != null) {
        workers =
            WorkerProcesses.start(
                properties.workerProcesses(),
                childAddress,
                properties.labels(),
                forWorkers,
                childToken);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("the port for links cannot be opened: " + e.getMessage(), e);
    }
    if (properties.endWithParent()) {
      Thread.ofPlatform().daemon().name("quern-parent").start(ManagerProcess::endWithParent);
    }
    if (properties.timeLimit().isPositive()) {
      Thread.ofPlatform().name("quern-time-limit").start(this::endInTime);
    }
  }

  private Isolation isolation() {
    CellProcesses spawner = null;
    if (!properties.cell() && poison.deaths() > 0) {
      spawner = new CellProcesses(context, context.labels(), forWorkers);
      cells = spawner;
    }
    return new Isolation(poison.deaths(), spawner, properties.cell());
  }

  /// Of a process that was started for one task, when its manager needs it no more or is gone.
  private static void leave() {
    Runtime.getRuntime().halt(0);
  }

  /// Where others dial in; null for nowhere.
  private @Nullable InetSocketAddress listen() {
    return properties.listen() < 0
        ? null
        : LinkAddress.of(links.address(), properties.listen(), context.security().joinToken());
  }

  /// A secret for the processes started here, of this start alone.
  private static String newToken() {
    byte[] bytes = new byte[32];
    new SecureRandom().nextBytes(bytes);
    return HexFormat.of().formatHex(bytes);
  }

  /// Ends at once when the manager that started this process is gone: nobody waits for what it
  /// does.
  private static void endWithParent() {
    try {
      while (System.in.read() >= 0) {
        // Nothing is sent; the end is what is waited for.
      }
    } catch (IOException e) {
      log.debug("The pipe from the manager broke", e);
    }
    Runtime.getRuntime().halt(0);
  }

  private long nanosUntilDrain() {
    return properties.timeLimit().minus(properties.drain()).toNanos();
  }

  /// Leaves early enough that the drain ends with the limit.
  private void endInTime() {
    long nanos = nanosUntilDrain();
    long end = System.nanoTime() + Math.max(nanos, 0);
    for (long left = nanos; left > 0 && node != null; left = end - System.nanoTime()) {
      LockSupport.parkNanos(this, left);
    }
    if (node != null) {
      log.info("the time limit of {} is reached", properties.timeLimit());
      application.close();
    }
  }

  @Override
  public void stop() {
    ManagerNode running = node;
    node = null;
    if (running == null) {
      return;
    }
    log.info("draining: what was begun may go on for {}", properties.drain());
    try {
      if (!running.drain(properties.drain())) {
        log.info("what is not finished runs elsewhere");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    running.close();
    WorkerProcesses own = workers;
    if (own != null) {
      own.close();
      workers = null;
    }
    CellProcesses alone = cells;
    if (alone != null) {
      alone.close();
      cells = null;
    }
  }

  @Override
  public boolean isRunning() {
    return node != null;
  }

  /// Worker processes started here that live; null if none were to be.
  @Nullable Integer workerProcesses() {
    WorkerProcesses own = workers;
    return own == null ? null : own.size();
  }

  /// How often one of them was started again.
  int workerRestarts() {
    WorkerProcesses own = workers;
    return own == null ? 0 : own.restarts();
  }

  /// Who the boss is; null for nobody.
  @Nullable String boss() {
    ManagerNode running = node;
    return running == null ? null : running.boss();
  }

  /// What there is to say of each address that is dialled.
  List<String> dialled() {
    ManagerNode running = node;
    return running == null ? List.of() : running.links();
  }

  /// The numbers of this moment; null without a boss.
  @Nullable NodeStatistics statistics() {
    ManagerNode running = node;
    return running == null ? null : running.statistics();
  }
}
