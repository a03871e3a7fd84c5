package io.quern.runtime;

import io.quern.task.TaskId;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// Compilation tasks that wait for their turn. Tenants take turns; of one tenant the first come is
/// the first served, and one that was taken and could not run goes back to the head. Every
/// operation takes constant time.
final class TaskQueue {
  /// By tenant; the first lane is the next one served.
  private final SequencedMap<String, SequencedMap<TaskId, TaskEntry>> lanes = new LinkedHashMap<>();

  private int size;

  void add(TaskEntry entry) {
    if (lanes
            .computeIfAbsent(entry.tenant(), tenant -> new LinkedHashMap<>())
            .putLast(entry.id(), entry)
        == null) {
      size++;
    }
  }

  void addFirst(TaskEntry entry) {
    if (lanes
            .computeIfAbsent(entry.tenant(), tenant -> new LinkedHashMap<>())
            .putFirst(entry.id(), entry)
        == null) {
      size++;
    }
  }

  @Nullable TaskEntry poll() {
    Map.Entry<String, SequencedMap<TaskId, TaskEntry>> lane = lanes.firstEntry();
    return lane == null ? null : pollOf(lane.getKey());
  }

  /// The first task of a tenant that fits.
  @Nullable TaskEntry pollOfTenant(Predicate<String> fits) {
    for (String tenant : lanes.keySet()) {
      if (fits.test(tenant)) {
        return pollOf(tenant);
      }
    }
    return null;
  }

  private @Nullable TaskEntry pollOf(String tenant) {
    SequencedMap<TaskId, TaskEntry> lane = lanes.remove(tenant);
    Map.Entry<TaskId, TaskEntry> first = lane == null ? null : lane.pollFirstEntry();
    if (lane == null || first == null) {
      return null;
    }
    if (!lane.isEmpty()) {
      lanes.putLast(tenant, lane);
    }
    size--;
    return first.getValue();
  }

  void remove(TaskEntry entry) {
    SequencedMap<TaskId, TaskEntry> lane = lanes.get(entry.tenant());
    if (lane != null && lane.remove(entry.id()) != null) {
      size--;
      if (lane.isEmpty()) {
        lanes.remove(entry.tenant());
      }
    }
  }

  boolean contains(TaskEntry entry) {
    SequencedMap<TaskId, TaskEntry> lane = lanes.get(entry.tenant());
    return lane != null && lane.get(entry.id()) == entry;
  }

  boolean isEmpty() {
    return size == 0;
  }

  int size() {
    return size;
  }
}
