package io.quern.runtime;

import io.quern.protocol.LinkId;
import io.quern.protocol.Message;
import io.quern.protocol.RuntimeTask;
import io.quern.protocol.RuntimeTaskId;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Supplier;

/// Calls back what employees were given ahead and do not get on with. What was given ahead is short
/// by estimate; if an employee finishes nothing for a while, the estimate was wrong, and what it
/// has not begun is better off where somebody is free first.
final class Recalls {
  private final WorkAhead ahead;
  private final CostEstimates costs;
  private final Timers timers;
  private final Supplier<Instant> now;
  private final BiConsumer<LinkId, Message> send;

  /// Who is looked at again when its patience is over.
  private final Set<RuntimeEmployee> watched = new HashSet<>();

  Recalls(
      WorkAhead ahead,
      CostEstimates costs,
      Timers timers,
      Supplier<Instant> now,
      BiConsumer<LinkId, Message> send) {
    this.ahead = ahead;
    this.costs = costs;
    this.timers = timers;
    this.now = now;
    this.send = send;
  }

  /// Looks after a while whether an employee gets on with what it has, if that is more than it has
  /// slots.
  void watch(RuntimeEmployee employee) {
    if (employee.numInHand() > employee.slots().total() && watched.add(employee)) {
      long before = employee.workload().numFinished();
      timers.schedule(now.get().plus(ahead.patience()), () -> look(employee, before));
    }
  }

  private void look(RuntimeEmployee employee, long finishedBefore) {
    watched.remove(employee);
    if (!employee.takesWork()) {
      return;
    }
    if (employee.workload().numFinished() == finishedBefore) {
      recall(employee);
    } else {
      watch(employee);
    }
  }

  private void recall(RuntimeEmployee employee) {
    List<RuntimeTask> executing = employee.executing();
    executing.forEach(task -> costs.takesAtLeast(task.function(), ahead.patience().toNanos()));
    List<RuntimeTaskId> unstarted = employee.workload().unstarted(executing);
    if (!unstarted.isEmpty()) {
      send.accept(employee.link(), new Message.Recall(unstarted));
    }
  }
}
