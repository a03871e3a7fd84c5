package io.quern.runtime;

import io.quern.task.TaskId;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// Compilation tasks that wait for their turn. Tenants take turns; of one tenant the higher
/// priority is served first, and of one priority the first come; one that was taken and could not
/// run goes back to the head. Every operation takes constant time, but for [#position].
final class TaskQueue {

  /// What waits of one tenant: by priority, the highest first.
  private static final class Lane {
    private final TreeMap<Integer, SequencedMap<TaskId, TaskEntry>> levels =
        new TreeMap<>(Comparator.reverseOrder());
    private int size;

    private SequencedMap<TaskId, TaskEntry> levelOf(TaskEntry entry) {
      return levels.computeIfAbsent(
          entry.scheduling().priority(), priority -> new LinkedHashMap<>());
    }

    private boolean contains(TaskEntry entry) {
      SequencedMap<TaskId, TaskEntry> level = levels.get(entry.scheduling().priority());
      return level != null && level.get(entry.id()) == entry;
    }

    private boolean remove(TaskEntry entry) {
      SequencedMap<TaskId, TaskEntry> level = levels.get(entry.scheduling().priority());
      if (level == null || level.remove(entry.id()) == null) {
        return false;
      }
      if (level.isEmpty()) {
        levels.remove(entry.scheduling().priority());
      }
      size--;
      return true;
    }
  }

  /// By tenant; the first lane is the next one served.
  private final SequencedMap<String, Lane> lanes = new LinkedHashMap<>();

  private int size;

  void add(TaskEntry entry) {
    Lane lane = lane(entry);
    if (lane.levelOf(entry).putLast(entry.id(), entry) == null) {
      lane.size++;
      size++;
    }
  }

  void addFirst(TaskEntry entry) {
    Lane lane = lane(entry);
    if (lane.levelOf(entry).putFirst(entry.id(), entry) == null) {
      lane.size++;
      size++;
    }
  }

  private Lane lane(TaskEntry entry) {
    return lanes.computeIfAbsent(entry.tenant(), tenant -> new Lane());
  }

  @Nullable TaskEntry poll() {
    Map.Entry<String, Lane> lane = lanes.firstEntry();
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
    Lane lane = lanes.remove(tenant);
    if (lane == null) {
      return null;
    }
    TaskEntry first = lane.levels.firstEntry().getValue().firstEntry().getValue();
    lane.remove(first);
    if (lane.size > 0) {
      lanes.putLast(tenant, lane);
    }
    size--;
    return first;
  }

  void remove(TaskEntry entry) {
    Lane lane = lanes.get(entry.tenant());
    if (lane != null && lane.remove(entry)) {
      size--;
      if (lane.size == 0) {
        lanes.remove(entry.tenant());
      }
    }
  }

  boolean contains(TaskEntry entry) {
    Lane lane = lanes.get(entry.tenant());
    return lane != null && lane.contains(entry);
  }

  boolean isEmpty() {
    return size == 0;
  }

  int size() {
    return size;
  }

  /// How many of a tenant's tasks wait.
  int size(String tenant) {
    Lane lane = lanes.get(tenant);
    return lane == null ? 0 : lane.size;
  }

  /// Tenants of whom something waits.
  int numTenants() {
    return lanes.size();
  }

  /// How many tasks of its tenant's are served before a waiting one; takes time in proportion to
  /// them.
  int position(TaskEntry entry) {
    Lane lane = lanes.get(entry.tenant());
    int before = 0;
    if (lane != null) {
      for (Map.Entry<Integer, SequencedMap<TaskId, TaskEntry>> level : lane.levels.entrySet()) {
        if (level.getKey() > entry.scheduling().priority()) {
          before += level.getValue().size();
        } else {
          for (TaskEntry each : level.getValue().values()) {
            if (each == entry) {
              return before;
            }
            before++;
          }
        }
      }
    }
    return before;
  }
}
