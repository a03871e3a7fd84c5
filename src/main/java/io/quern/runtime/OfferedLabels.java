package io.quern.runtime;

import io.quern.failure.ErrorCode;
import io.quern.protocol.NodeReport;
import io.quern.task.TaskError;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Until when labels that nobody offers can be expected: while a manager that the server dials has
/// not answered, for a while after the start, and for a while after the last manager that offered
/// them has left. After that a task that requires them can never run.
final class OfferedLabels {

  /// Managers remembered; who loses more of them at once has other worries.
  private static final int MAX_LOST = 1_024;

  private record Lost(NodeReport node, Instant at) {}

  private final Duration grace;
  private final Timers timers;
  private final Deque<Lost> lost = new ArrayDeque<>();
  private Instant startedAt = Instant.MAX;
  private int awaited;
  private @Nullable Instant armed;

  /// Whether what can be expected may have changed since the last look.
  private boolean hasChanged;

  /// @param grace how long whoever has left may take to come back
  OfferedLabels(Duration grace, Timers timers) {
    this.grace = grace;
    this.timers = timers;
  }

  void started(Instant now) {
    startedAt = now;
    hasChanged = true;
  }

  /// So many managers that the server dials have not answered yet.
  void awaited(int managers) {
    awaited = managers;
    hasChanged = true;
  }

  boolean isAwaiting() {
    return awaited > 0;
  }

  /// A manager has left.
  ///
  /// @param node what it last said of itself; null if nothing
  void lost(@Nullable NodeReport node, Instant now) {
    hasChanged = true;
    if (node != null && !node.allLabels().isEmpty()) {
      lost.addLast(new Lost(node, now));
      if (lost.size() > MAX_LOST) {
        lost.removeFirst();
      }
    }
  }

  /// Takes sets of labels that nobody offers and that nobody can be expected to offer. Those of
  /// which somebody may are looked at again when that time is over.
  List<List<String>> takeHopeless(RequiredLabels required, Instant now) {
    if (hasChanged) {
      hasChanged = false;
      required.lookAgain();
    }
    List<List<String>> hopeless = new ArrayList<>();
    for (List<String> each : required.takeFresh()) {
      Instant until = expectedUntil(each, now);
      if (until.isAfter(now)) {
        lookAgainAt(until);
      } else {
        hopeless.add(each);
      }
    }
    return hopeless;
  }

  /// Until when somebody may come who offers what nobody offers now.
  private Instant expectedUntil(List<String> required, Instant now) {
    while (!lost.isEmpty() && !lost.getFirst().at().plus(grace).isAfter(now)) {
      lost.removeFirst();
    }
    if (awaited > 0) {
      return Instant.MAX;
    }
    Instant last = startedAt;
    for (Lost each : lost) {
      if (each.node().slotsWith(required) > 0) {
        last = each.at();
      }
    }
    return last.equals(Instant.MAX) ? last : last.plus(grace);
  }

  private void lookAgainAt(Instant until) {
    Instant before = armed;
    if (until.isBefore(Instant.MAX) && (before == null || until.isBefore(before))) {
      armed = until;
      timers.schedule(
          until,
          () -> {
            armed = null;
            hasChanged = true;
          });
    }
  }

  /// Why a task that requires labels fails.
  TaskError failure(List<String> required, Set<String> offered) {
    return new TaskError(
        ErrorCode.NO_WORKER,
        "expected a worker with every label of "
            + required
            + ", found "
            + (offered.isEmpty() ? "none with any label" : "workers with " + offered),
        null,
        null,
        null);
  }
}
