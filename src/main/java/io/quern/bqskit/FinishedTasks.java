package io.quern.bqskit;

import io.quern.bqskit.wire.PickledValue;
import io.quern.task.TaskId;
import io.quern.task.TaskState;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// The tasks that ended last, so that clients need not wait for the store to have their results. Of
/// bounded size; what falls out is in the store.
final class FinishedTasks {
  private static final long ENTRY_BYTES = 256;

  /// @param result null unless it has one
  /// @param failure what a client is told unless it has a result
  /// @param lastLog number of its last log line; 0 if it has none
  record Finished(
      TaskId id, TaskState state, @Nullable PickledValue result, String failure, long lastLog) {
    private long bytes() {
      return ENTRY_BYTES + (result == null ? 0 : result.size()) + failure.length();
    }
  }

  private final long capacity;

  /// Oldest first.
  private final Map<UUID, Finished> tasks = new LinkedHashMap<>();

  private long bytes;

  FinishedTasks(long capacity) {
    this.capacity = capacity;
  }

  void put(UUID clientId, Finished task) {
    if (task.bytes() > capacity / 4) {
      return;
    }
    bytes += task.bytes();
    Finished before = tasks.put(clientId, task);
    bytes -= before == null ? 0 : before.bytes();
    Iterator<Finished> oldest = tasks.values().iterator();
    while (bytes > capacity) {
      bytes -= oldest.next().bytes();
      oldest.remove();
    }
  }

  @Nullable Finished get(UUID clientId) {
    return tasks.get(clientId);
  }
}
