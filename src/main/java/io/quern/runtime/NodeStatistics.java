package io.quern.runtime;

import io.quern.protocol.LinkId;
import io.quern.protocol.NodeReport;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What a server or manager has below it, and does, at one moment.
///
/// @param workers slots in all
/// @param idleWorkers slots without work
/// @param waiting runtime tasks that wait for a slot, those that require labels too
/// @param rerun runtime tasks begun again because an employee was lost
/// @param employees direct reports, in order of joining
/// @param dropped messages dropped since the start, by reason
public record NodeStatistics(
    int workers,
    int idleWorkers,
    int waiting,
    long rerun,
    List<Employee> employees,
    Map<DropReason, Long> dropped) {
  public NodeStatistics {
    employees = List.copyOf(employees);
    dropped = Map.copyOf(dropped);
  }

  /// A direct report.
  ///
  /// @param firstId of its workers
  /// @param tasks given to it and not finished
  /// @param inHand those of them that want a slot
  /// @param backlog its own that wait and could run elsewhere
  /// @param roster what it last said of itself and of whom it has below; null if nothing
  public record Employee(
      LinkId link,
      EmployeePhase phase,
      long firstId,
      int workers,
      int idleWorkers,
      int tasks,
      int inHand,
      int backlog,
      @Nullable NodeReport roster) {}
}
