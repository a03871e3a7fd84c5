package io.quern.link;

import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLongArray;

/// How many peers were turned away or cut off, by reason; thread-safe.
public final class RefusalCounts {
  private final AtomicLongArray counts = new AtomicLongArray(RefusalReason.values().length);

  void add(RefusalReason reason) {
    counts.incrementAndGet(reason.ordinal());
  }

  public long of(RefusalReason reason) {
    return counts.get(reason.ordinal());
  }

  public Map<RefusalReason, Long> all() {
    Map<RefusalReason, Long> all = new EnumMap<>(RefusalReason.class);
    for (RefusalReason each : RefusalReason.values()) {
      all.put(each, of(each));
    }
    return all;
  }
}
