package io.quern.runtime;

import java.util.BitSet;
import java.util.List;
import java.util.Map;

/// How many more runtime tasks employees could be given now: one for each idle slot, or as many
/// short ones as they may hold ahead.
final class Room {
  private final Employees employees;
  private final Departures departures;
  private final WaitingTasks waiting;
  private final WorkAhead ahead;

  Room(Employees employees, Departures departures, WaitingTasks waiting, WorkAhead ahead) {
    this.employees = employees;
    this.departures = departures;
    this.waiting = waiting;
    this.ahead = ahead;
  }

  /// Room for tasks that take so long beyond those that wait here.
  int ofAll(long nanos) {
    long room = -waiting.numReady();
    for (RuntimeEmployee each : employees) {
      room += each.takesWork() ? at(each, nanos) : 0;
    }
    return Math.clamp(room, 0, Integer.MAX_VALUE);
  }

  /// Room that employees other than the one that asks have for tasks like those that wait with it.
  long beside(RuntimeEmployee asking) {
    long room = 0;
    for (RuntimeEmployee each : employees) {
      if (each != asking && each.takesWork()) {
        room += at(each, asking.backlog().nanosEach());
      }
    }
    return room;
  }

  private long at(RuntimeEmployee employee, long nanos) {
    if (!departures.allow(employee, nanos)) {
      return 0;
    }
    return Math.max(employee.slots().idle(), leftAhead(employee) / nanos);
  }

  /// How much more work an employee may hold, in nanoseconds.
  private long leftAhead(RuntimeEmployee employee) {
    return ahead.nanos() * employee.slots().total() - employee.workload().inHandNanos();
  }

  /// Room for tasks that require these labels: slots may be busy with others, since what requires
  /// labels comes first where a slot becomes free.
  ///
  /// @param kinds as there are now
  /// @param onTheWay how many are on the way here, by what they require
  int withLabels(List<String> required, SlotKinds kinds, Map<List<String>, Integer> onTheWay) {
    BitSet suiting = kinds.suiting(required);
    int room =
        -kinds.competing(waiting.labelled().sizes(), suiting) - kinds.competing(onTheWay, suiting);
    for (RuntimeEmployee each : employees) {
      room += each.takesWork() ? each.roomFor(required) : 0;
    }
    return Math.max(0, room);
  }
}
