package io.quern.runtime;

import io.quern.failure.ErrorCode;
import io.quern.protocol.Failure;
import io.quern.protocol.RuntimeAddress;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// How many employees ended while they had a runtime task in hand: a task that ends whoever runs it
/// must not end everybody.
final class Deaths {
  private final int limit;
  private final Map<RuntimeAddress, Integer> counts = new HashMap<>();

  /// @param limit 0 for none
  Deaths(int limit) {
    this.limit = limit;
  }

  /// Counts one more; the failure if it is one too many.
  @Nullable Failure count(RuntimeAddress task) {
    if (limit == 0) {
      return null;
    }
    int deaths = counts.merge(task, 1, Integer::sum);
    if (deaths < limit) {
      return null;
    }
    counts.remove(task);
    return failure(deaths);
  }

  static Failure failure(int deaths) {
    return new Failure(
        ErrorCode.POISONED,
        deaths + " processes ended while they ran it, so it is not tried again",
        null,
        null,
        null);
  }

  /// The task is over.
  void forget(RuntimeAddress task) {
    if (!counts.isEmpty()) {
      counts.remove(task);
    }
  }
}
