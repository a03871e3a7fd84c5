package io.quern.manager;

import io.quern.protocol.Message;
import io.quern.protocol.RuntimeTask;
import io.quern.protocol.RuntimeTaskId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Tasks of the boss's that are here, oldest first, and what the boss knows of those that stay.
final class TasksOfBoss {

  private static final class Entry {
    private RuntimeTask task;
    private final long since;
    private boolean wasTold;
    private boolean isExecuting;
    private boolean isRecalled;

    private Entry(RuntimeTask task, long since) {
      this.task = task;
      this.since = since;
    }
  }

  private final Map<RuntimeTaskId, Entry> entries = new LinkedHashMap<>();

  /// Counts the looks at what is executed.
  private long look;

  void add(RuntimeTask task) {
    entries.put(task.id(), new Entry(task, look));
  }

  @Nullable RuntimeTask remove(RuntimeTaskId id) {
    Entry removed = entries.remove(id);
    return removed == null ? null : removed.task;
  }

  /// Something is said to those that are meant.
  void told(Message.Communicate said) {
    entries.values().forEach(each -> each.task = each.task.told(said));
  }

  void removeCovered(Message.Cancel cancel) {
    entries.values().removeIf(each -> each.task.isCoveredBy(cancel));
  }

  boolean contains(RuntimeTaskId id) {
    return entries.containsKey(id);
  }

  /// The boss wants it back, if it was not begun.
  void recall(RuntimeTaskId id) {
    Entry entry = entries.get(id);
    if (entry != null) {
      entry.isRecalled = true;
    }
  }

  boolean isRecalled(RuntimeTaskId id) {
    Entry entry = entries.get(id);
    return entry != null && entry.isRecalled;
  }

  boolean isEmpty() {
    return entries.isEmpty();
  }

  int size() {
    return entries.size();
  }

  Set<RuntimeTaskId> ids() {
    return entries.keySet();
  }

  List<RuntimeTask> all() {
    List<RuntimeTask> all = new ArrayList<>(entries.size());
    entries.values().forEach(each -> all.add(each.task));
    return all;
  }

  /// The boss knows nothing of what it was told.
  void forgetTold() {
    entries.values().forEach(each -> each.wasTold = false);
  }

  /// What the boss is to be told after a further look. Of tasks that were not here at the look
  /// before nothing is said, so short ones cost nothing.
  ///
  /// @param executed what this process executes, with all ancestors
  /// @return null for nothing
  Message.@Nullable Executing toTell(Set<RuntimeTaskId> executed) {
    List<RuntimeTaskId> begun = new ArrayList<>();
    List<RuntimeTaskId> ceased = new ArrayList<>();
    for (Map.Entry<RuntimeTaskId, Entry> each : entries.entrySet()) {
      Entry entry = each.getValue();
      if (entry.since == look) {
        break;
      }
      boolean isExecuting = executed.contains(each.getKey());
      if (!entry.wasTold || entry.isExecuting != isExecuting) {
        entry.wasTold = true;
        entry.isExecuting = isExecuting;
        (isExecuting ? begun : ceased).add(each.getKey());
      }
    }
    look++;
    return begun.isEmpty() && ceased.isEmpty() ? null : new Message.Executing(begun, ceased);
  }
}
