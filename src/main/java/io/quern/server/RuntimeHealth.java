package io.quern.server;

import io.quern.runtime.ServerStatistics;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;

/// Up while the loop runs and has workers; out of service while it drains.
final class RuntimeHealth implements HealthIndicator {
  private final QuernServer server;

  RuntimeHealth(QuernServer server) {
    this.server = server;
  }

  @Override
  public Health health() {
    ServerStatistics statistics = server.statistics();
    if (statistics == null || !server.isAlive()) {
      return Health.down().withDetail("reason", "the server's loop does not run").build();
    }
    Health.Builder health;
    if (server.isDraining()) {
      health = Health.outOfService().withDetail("reason", "draining");
    } else if (statistics.workers() == 0) {
      health = Health.outOfService().withDetail("reason", "no workers");
    } else {
      health = Health.up();
    }
    return health
        .withDetail("queued", statistics.queued())
        .withDetail("running", statistics.running())
        .withDetail("workers", statistics.workers())
        .withDetail("idle_workers", statistics.idleWorkers())
        .build();
  }
}
