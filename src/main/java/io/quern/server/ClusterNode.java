package io.quern.server;

import io.quern.protocol.NodeReport;
import io.quern.runtime.EmployeePhase;
import io.quern.runtime.NodeStatistics;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// A manager, or a process of workers, in the tree under the server.
///
/// @param name what it calls itself; null if that is not shown
/// @param role `manager`, `bqskit-manager`, or `worker` for a process that is there for its slots
///   alone
/// @param address where its boss sees it; null in the server's own process, or if it is not shown
/// @param state `connecting`, `started`, `leaving` or `gone`, as its boss sees it
/// @param version of its engine
/// @param labels what the slots in its process offer
/// @param since when it joined its boss
/// @param slots at it and below
/// @param idle those without work
/// @param tasks runtime tasks of its boss's that it has not finished
/// @param waiting runtime tasks that wait there for a slot
/// @param below its direct reports in other processes
public record ClusterNode(
    @Nullable String name,
    String role,
    @Nullable String address,
    String state,
    String version,
    List<String> labels,
    Instant since,
    int slots,
    int idle,
    int tasks,
    int waiting,
    List<ClusterNode> below) {

  /// The same without names and addresses of machines.
  ClusterNode withoutMachines() {
    return new ClusterNode(
        null,
        role,
        null,
        state,
        version,
        labels,
        since,
        slots,
        idle,
        tasks,
        waiting,
        below.stream().map(ClusterNode::withoutMachines).toList());
  }

  /// A direct report of the server's.
  ///
  /// @param introduction how it introduced itself; null in the server's own process
  static ClusterNode of(
      NodeStatistics.Employee employee, @Nullable NodeReport introduction, Instant since) {
    NodeReport said = employee.roster();
    NodeReport base =
        introduction == null
            ? NodeReport.joined("in this process", "", "", List.of(), since.toEpochMilli())
            : introduction;
    return of(
        base.now(said, employee.workers(), employee.idleWorkers(), employee.tasks()),
        employee.phase(),
        employee.workers());
  }

  private static ClusterNode of(NodeReport node, EmployeePhase phase, int slots) {
    return new ClusterNode(
        node.name(),
        node.isWorker() ? "worker" : "manager",
        node.address().isEmpty() ? null : node.address(),
        phase.name().toLowerCase(Locale.ROOT),
        node.engineVersion(),
        node.labels(),
        Instant.ofEpochMilli(node.sinceMillis()),
        slots,
        node.idle(),
        node.tasks(),
        node.waiting(),
        node.below().stream()
            .map(each -> of(each, EmployeePhase.STARTED, each.totalSlots()))
            .toList());
  }
}
