package io.quern.server;

import io.quern.runtime.ServerStatistics;
import java.util.function.Supplier;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;

/// Up while the loop runs, out of service while it drains: whether tasks are taken. It does not ask
/// for workers, of whatever kind: a task that is taken while there are none waits for the first.
final class RuntimeHealth implements HealthIndicator {
  private final QuernServer server;
  private final Supplier<Cluster.Tree> cluster;

  /// @param cluster who works for the server, over any wire
  RuntimeHealth(QuernServer server, Supplier<Cluster.Tree> cluster) {
    this.server = server;
    this.cluster = cluster;
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
    } else {
      health = Health.up();
    }
    Cluster.Tree tree = cluster.get();
    return health
        .withDetail("queued", statistics.queued())
        .withDetail("running", statistics.running())
        .withDetail("workers", statistics.workers())
        .withDetail("idle_workers", statistics.idleWorkers())
        .withDetail("managers", tree.managers().stream().map(RuntimeHealth::text).toList())
        .withDetail(
            "dialled",
            tree.dialled().stream().map(each -> each.address() + ": " + each.state()).toList())
        .build();
  }

  private static String text(ClusterNode node) {
    String where = node.address() == null ? "" : " at " + node.address();
    return "%s %s%s: %s, %d slots"
        .formatted(node.role(), node.name(), where, node.state(), node.slots());
  }
}
