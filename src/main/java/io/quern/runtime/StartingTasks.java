package io.quern.runtime;

import io.quern.task.TaskId;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Compilation tasks on their way from the queue to an employee: their submissions are being read,
/// or their attempts are being stored. The room they were picked for is taken until then.
final class StartingTasks {

  /// What labels each requires.
  private final Map<TaskId, List<String>> required = new HashMap<>();

  void begin(TaskEntry entry) {
    required.put(entry.id(), entry.scheduling().requires());
  }

  /// A task has begun, or does not begin this time.
  void end(TaskId task) {
    required.remove(task);
  }

  boolean contains(TaskId task) {
    return required.containsKey(task);
  }

  boolean isEmpty() {
    return required.isEmpty();
  }

  int size() {
    return required.size();
  }

  /// How many there are of those that require labels, by what they require.
  Map<List<String>, Integer> byLabels() {
    Map<List<String>, Integer> sizes = new HashMap<>();
    for (List<String> each : required.values()) {
      if (!each.isEmpty()) {
        sizes.merge(each, 1, Integer::sum);
      }
    }
    return sizes;
  }
}
