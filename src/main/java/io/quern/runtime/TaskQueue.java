package io.quern.runtime;

import io.quern.task.TaskId;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/// Compilation tasks that wait for their turn: first come, first served; one that was taken and
/// could not run goes back to the head. Every operation takes constant time.
final class TaskQueue {
  private final SequencedMap<TaskId, TaskEntry> entries = new LinkedHashMap<>();

  void add(TaskEntry entry) {
    entries.putLast(entry.id(), entry);
  }

  void addFirst(TaskEntry entry) {
    entries.putFirst(entry.id(), entry);
  }

  @Nullable TaskEntry poll() {
    Map.Entry<TaskId, TaskEntry> first = entries.pollFirstEntry();
    return first == null ? null : first.getValue();
  }

  void remove(TaskEntry entry) {
    entries.remove(entry.id());
  }

  boolean contains(TaskEntry entry) {
    return entries.get(entry.id()) == entry;
  }

  boolean isEmpty() {
    return entries.isEmpty();
  }

  int size() {
    return entries.size();
  }
}
