package io.quern.bqskit;

import io.quern.bqskit.BqskitStatistics.Manager;
import io.quern.server.Cluster;
import io.quern.server.ClusterNode;
import java.util.ArrayList;
import java.util.List;

/// Quern's own managers and BQSKit's, as one cluster.
final class WholeCluster implements Cluster {
  /// What is said of a `bqskit-manager`, which does not say its version.
  private static final String VERSION = "bqskit";

  private final Cluster own;
  private final BqskitFront front;

  /// @param own Quern's own managers
  WholeCluster(Cluster own, BqskitFront front) {
    this.own = own;
    this.front = front;
  }

  @Override
  public Tree tree() {
    Tree tree = own.tree();
    BqskitStatistics statistics = front.statistics();
    List<Manager> connected = statistics == null ? List.of() : statistics.managers();
    List<ClusterNode> managers = new ArrayList<>(tree.managers());
    connected.forEach(each -> managers.add(node(each)));
    List<Dialled> dialled = new ArrayList<>(tree.dialled());
    for (String address : front.dialled()) {
      boolean isConnected = connected.stream().anyMatch(each -> each.name().equals(address));
      dialled.add(
          new Dialled(
              address,
              isConnected,
              isConnected ? "connected to a bqskit-manager" : "no bqskit-manager answers"));
    }
    return new Tree(
        tree.name(),
        tree.version(),
        tree.since(),
        tree.isDraining(),
        tree.listening(),
        tree.slots(),
        tree.idle(),
        tree.queued(),
        tree.running(),
        List.copyOf(managers),
        List.copyOf(dialled));
  }

  private static ClusterNode node(Manager manager) {
    return new ClusterNode(
        manager.name(),
        "bqskit-manager",
        manager.name(),
        manager.isStarted() ? "started" : "connecting",
        VERSION,
        List.of(),
        manager.since(),
        manager.workers(),
        manager.idle(),
        manager.tasks(),
        0,
        List.of());
  }

  @Override
  public boolean connectToManager(String address) {
    return own.connectToManager(address);
  }

  @Override
  public boolean connectToBqskitManager(String address) {
    return front.connectToManager(address);
  }
}
