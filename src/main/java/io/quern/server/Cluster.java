package io.quern.server;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Who works for the server, and who is to.
public interface Cluster {

  /// The server and everybody below it at one moment.
  Tree tree();

  /// Dials a manager for as long as the server runs.
  ///
  /// @throws IllegalArgumentException if the address is no `host:port`
  /// @return whether it was not dialled before
  boolean connectToManager(String address);

  /// The same for a `bqskit-manager`.
  ///
  /// @throws IllegalArgumentException if the address is neither `host` nor `host:port`, or this
  ///   cluster has none of them
  default boolean connectToBqskitManager(String address) {
    throw new IllegalArgumentException("expected a cluster with bqskit-managers");
  }

  /// @param name of the server's machine; null if that is not shown
  /// @param version of its engine
  /// @param since when it started; null while it does not run
  /// @param isDraining whether it starts nothing any more
  /// @param listening where managers may join; null for nowhere
  /// @param slots of all managers
  /// @param idle those without work
  /// @param queued tasks that wait for a worker
  /// @param running tasks handed out
  /// @param managers its direct reports
  /// @param dialled addresses of managers, and what there is to say of each
  record Tree(
      @Nullable String name,
      String version,
      @Nullable Instant since,
      boolean isDraining,
      @Nullable String listening,
      int slots,
      int idle,
      int queued,
      int running,
      List<ClusterNode> managers,
      List<Dialled> dialled) {

    /// The same without names and addresses of machines: how much there is and how busy it is, but
    /// not where.
    public Tree withoutMachines() {
      return new Tree(
          null,
          version,
          since,
          isDraining,
          null,
          slots,
          idle,
          queued,
          running,
          managers.stream().map(ClusterNode::withoutMachines).toList(),
          List.of());
    }
  }

  /// @param address `host:port`
  /// @param state `connected to NAME`, or why not
  record Dialled(String address, boolean isConnected, String state) {}
}
