package io.quern.journal;

import io.quern.task.TaskId;
import io.quern.task.TaskRecord;
import io.quern.task.TaskRecord.Accepted;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Records that are durable and not in the database yet, by task; new tasks by their idempotency
/// keys too.
///
/// Whoever reads a task looks here first and then into the database: a record leaves only after the
/// database has it, so it is found in one of the two, or in both. Carrying out a record once more
/// changes nothing.
///
/// Not thread-safe.
final class PendingTasks {
  private final Map<TaskId, List<TaskRecord>> byTask = new HashMap<>();
  private final Map<KeyName, Accepted> byKey = new HashMap<>();

  void add(TaskRecord record) {
    if (record instanceof TaskRecord.AcceptedTogether together) {
      together.tasks().forEach(this::add);
      return;
    }
    byTask.computeIfAbsent(record.task(), _ -> new ArrayList<>(4)).add(record);
    if (record instanceof Accepted accepted && accepted.key() != null) {
      byKey.put(KeyName.of(accepted.key()), accepted);
    }
  }

  /// The database has it. Records of one task leave in the order in which they came.
  void remove(TaskRecord record) {
    if (record instanceof TaskRecord.AcceptedTogether together) {
      together.tasks().forEach(this::remove);
      return;
    }
    List<TaskRecord> records = byTask.get(record.task());
    if (records != null) {
      records.removeFirst();
      if (records.isEmpty()) {
        byTask.remove(record.task());
      }
    }
    if (record instanceof Accepted accepted && accepted.key() != null) {
      byKey.remove(KeyName.of(accepted.key()));
    }
  }

  /// What waits of a task, oldest first.
  List<TaskRecord> of(TaskId task) {
    List<TaskRecord> records = byTask.get(task);
    return records == null ? List.of() : List.copyOf(records);
  }

  /// The new task under an idempotency key; null if there is none.
  @Nullable Accepted holder(String tenant, String key) {
    return byKey.get(new KeyName(tenant, key));
  }
}
