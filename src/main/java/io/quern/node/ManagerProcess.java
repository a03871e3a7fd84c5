package io.quern.node;

import io.quern.link.LinkAddress;
import io.quern.link.LinkContext;
import io.quern.manager.ManagerNode;
import io.quern.runtime.NodeStatistics;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.time.InstantSource;
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
  private final LinkContext context;
  private final ConfigurableApplicationContext application;
  private volatile @Nullable ManagerNode node;

  ManagerProcess(
      ManagerProperties properties,
      LinkProperties links,
      LinkContext context,
      ConfigurableApplicationContext application) {
    this.properties = properties;
    this.links = links;
    this.context = context;
    this.application = application;
  }

  @Override
  public void start() {
    InetSocketAddress listen =
        properties.listen() < 0
            ? null
            : LinkAddress.of(links.address(), properties.listen(), context.security().joinToken());
    String server = properties.server();
    try {
      ManagerNode started =
          ManagerNode.start(
              new ManagerNode.Settings(
                  properties.role() == ManagerProperties.Role.WORKER
                      ? "quern-worker"
                      : "quern-manager",
                  properties.role() == ManagerProperties.Role.WORKER,
                  properties.slots(),
                  server == null || server.isBlank() ? null : server,
                  listen,
                  properties.managers()),
              context,
              InstantSource.system());
      node = started;
      log.info(
          "{} workers; boss: {}; listening: {}; managers: {}; links: {}",
          properties.slots(),
          server == null || server.isBlank() ? "whoever dials in" : server,
          listen == null ? "no" : listen.getAddress().getHostAddress() + ":" + started.port(),
          properties.managers().isEmpty() ? "none" : properties.managers(),
          context.security());
    } catch (IOException e) {
      throw new UncheckedIOException("the port for links cannot be opened: " + e.getMessage(), e);
    }
    if (properties.timeLimit().isPositive()) {
      Thread.ofPlatform().name("quern-time-limit").start(this::endInTime);
    }
  }

  /// Leaves early enough that the drain ends with the limit.
  private void endInTime() {
    long nanos = properties.timeLimit().minus(properties.drain()).toNanos();
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
  }

  @Override
  public boolean isRunning() {
    return node != null;
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
