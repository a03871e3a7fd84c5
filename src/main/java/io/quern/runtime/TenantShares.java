package io.quern.runtime;

import java.util.HashMap;
import java.util.Map;

/// How many compilation tasks of each tenant are out, so that a tenant with none gets the next turn
/// however busy others keep the workers.
final class TenantShares {
  private final Map<String, Integer> out = new HashMap<>();
  private final Map<String, Integer> placed = new HashMap<>();

  /// Whether nothing of the tenant is out.
  boolean isIdle(String tenant) {
    return !out.containsKey(tenant);
  }

  /// Whether no employee has anything of the tenant.
  boolean isUnplaced(String tenant) {
    return !placed.containsKey(tenant);
  }

  /// Notes what became of a task's being out.
  void changed(TaskEntry entry, boolean wasOut) {
    if (entry.isOut() != wasOut) {
      add(out, entry.tenant(), wasOut ? -1 : 1);
    }
    if (entry.isPlaced && !entry.is(TaskPhase.RUNNING)) {
      entry.isPlaced = false;
      add(placed, entry.tenant(), -1);
    }
  }

  void placed(TaskEntry entry) {
    if (!entry.isPlaced) {
      entry.isPlaced = true;
      add(placed, entry.tenant(), 1);
    }
  }

  private static void add(Map<String, Integer> counts, String tenant, int diff) {
    counts.merge(tenant, diff, (a, b) -> a + b == 0 ? null : a + b);
  }
}
