package io.quern.runtime;

import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Says which compilation tasks leave the queue, and when: as many as employees have room for, and
/// of a tenant with nothing out one more, so that it need not wait until others leave a slot.
final class Turns {
  private final TaskQueues queue;
  private final StartingTasks starting;
  private final TenantShares tenants;
  private final Employees employees;
  private final Room room;

  Turns(
      TaskQueues queue,
      StartingTasks starting,
      TenantShares tenants,
      Employees employees,
      Room room) {
    this.queue = queue;
    this.starting = starting;
    this.tenants = tenants;
    this.employees = employees;
    this.room = room;
  }

  /// Takes the tasks whose turn it is from the queue.
  ///
  /// @param nanos how long a root is expected to be out
  /// @param begin puts each among those that are starting
  void take(long nanos, Consumer<TaskEntry> begin) {
    if (queue.hasLabelled()) {
      takeLabelled(begin);
    }
    for (int free = room.ofAll(nanos) - starting.size(); free > 0; free--) {
      TaskEntry entry = queue.poll();
      if (entry == null) {
        return;
      }
      begin.accept(entry);
    }
    // Where such a task is placed it gets the next slot.
    for (TaskEntry entry = pollOfIdleTenant(); entry != null; entry = pollOfIdleTenant()) {
      begin.accept(entry);
    }
  }

  private @Nullable TaskEntry pollOfIdleTenant() {
    return employees.totalWorkers() == 0 ? null : queue.pollOfTenant(tenants::isIdle);
  }

  /// Sets of labels that the same kinds of slots suit wait for the same room and take turns at it.
  private void takeLabelled(Consumer<TaskEntry> begin) {
    Map<List<String>, Integer> onTheWay = starting.byLabels();
    SlotKinds kinds = employees.slotKinds();
    for (RequiredLabels.Group group : queue.required().suited()) {
      for (int free = room.withLabels(group.any(), kinds, onTheWay);
          free > 0 && !group.isEmpty();
          free--) {
        List<String> required = queue.required().next(group);
        TaskEntry entry = queue.poll(required);
        if (entry == null) {
          throw new IllegalStateException("nothing waits that requires " + required);
        }
        onTheWay.merge(required, 1, Integer::sum);
        begin.accept(entry);
      }
    }
  }
}
