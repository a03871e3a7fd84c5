package io.quern.runtime;

import io.quern.protocol.LinkId;
import io.quern.protocol.Message;
import io.quern.protocol.RuntimeAddress;
import io.quern.protocol.RuntimeTask;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Cancels on their way through the employees. While one is, it is a tombstone: whatever descends
/// from the cancelled task is dropped. Since links keep order, nothing of it can come from an
/// employee after its acknowledgement, so tombstones need not outlive the last one.
final class Cancellations {

  private static final class Cancellation {
    private final Message.Cancel cancel;
    private final Set<LinkId> missing;
    private final @Nullable Runnable whenDone;

    private Cancellation(Message.Cancel cancel, Set<LinkId> missing, @Nullable Runnable whenDone) {
      this.cancel = cancel;
      this.missing = missing;
      this.whenDone = whenDone;
    }
  }

  private final Map<Long, Cancellation> tombstones = new HashMap<>();
  private long counter;

  /// A cancel that no other is mistaken for.
  Message.Cancel make(RuntimeAddress address, int upToAttempt) {
    return new Message.Cancel(address, upToAttempt, ++counter);
  }

  /// A cancel is being told to employees.
  ///
  /// @param whenDone runs once all of them have acknowledged it
  void begin(Message.Cancel cancel, Set<LinkId> employees, @Nullable Runnable whenDone) {
    tombstones.put(cancel.number(), new Cancellation(cancel, new HashSet<>(employees), whenDone));
  }

  /// An employee has acknowledged a cancel, or nobody has to.
  void acknowledged(long number, @Nullable LinkId employee) {
    Cancellation cancellation = tombstones.get(number);
    if (cancellation != null) {
      acknowledge(cancellation, employee);
    }
  }

  /// An employee is gone, or away: its acknowledgements will not come.
  void forget(LinkId employee) {
    for (Cancellation each : List.copyOf(tombstones.values())) {
      acknowledge(each, employee);
    }
  }

  private void acknowledge(Cancellation cancellation, @Nullable LinkId employee) {
    if (employee != null) {
      cancellation.missing.remove(employee);
    }
    if (cancellation.missing.isEmpty()) {
      tombstones.remove(cancellation.cancel.number());
      if (cancellation.whenDone != null) {
        cancellation.whenDone.run();
      }
    }
  }

  /// Whether a task, or an ancestor of it, is being cancelled.
  boolean cover(RuntimeTask task) {
    for (Cancellation each : tombstones.values()) {
      if (task.isCoveredBy(each.cancel)) {
        return true;
      }
    }
    return false;
  }

  boolean isEmpty() {
    return tombstones.isEmpty();
  }

  int size() {
    return tombstones.size();
  }
}
