package io.quern.runtime;

import io.quern.protocol.LinkId;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;

/// When nodes will leave, of those that have said so: what a node has not finished by then it hands
/// over, and that is begun anew elsewhere.
final class Departures {

  /// What a task may take of which nothing is known.
  private static final Duration UNKNOWN_LASTS = Duration.ofSeconds(30);

  private final Employees employees;
  private final Supplier<Instant> now;
  private final Map<LinkId, Instant> announced = new HashMap<>();

  Departures(Employees employees, Supplier<Instant> now) {
    this.employees = employees;
    this.now = now;
  }

  /// The node at the other end of a link will leave then.
  void announce(LinkId link, Instant at) {
    announced.put(link, at);
  }

  /// The link has ended.
  void forget(LinkId link) {
    announced.remove(link);
  }

  /// Whether a task may be placed with an employee: it will be there as long as the task takes, or
  /// nobody will.
  ///
  /// @param nanos how long that is, or [CostEstimates#UNKNOWN_NANOS]
  boolean allow(RuntimeEmployee employee, long nanos) {
    if (announced.isEmpty() || isThereFor(employee, nanos)) {
      return true;
    }
    for (RuntimeEmployee each : employees) {
      if (each.takesWork() && isThereFor(each, nanos)) {
        return false;
      }
    }
    return true;
  }

  private boolean isThereFor(RuntimeEmployee employee, long nanos) {
    Instant at = announced.get(employee.link());
    long taken = nanos == CostEstimates.UNKNOWN_NANOS ? UNKNOWN_LASTS.toNanos() : nanos;
    return at == null || !now.get().plusNanos(taken).isAfter(at);
  }
}
