package io.quern.manager;

import io.quern.protocol.Message;
import io.quern.protocol.RuntimeAddress;
import io.quern.protocol.RuntimeTask;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Tasks of a manager's workers that its boss has placed elsewhere or will, by return address: the
/// boss may run one again under another attempt and still owes its result.
final class LentTasks {
  private final Map<RuntimeAddress, RuntimeTask> tasks = new LinkedHashMap<>();

  void add(List<RuntimeTask> submitted) {
    submitted.forEach(task -> tasks.put(task.id().address(), task));
  }

  /// A result is there.
  void remove(RuntimeAddress address) {
    tasks.remove(address);
  }

  /// Something is said to those that are meant.
  ///
  /// @return whether it is news for any of them
  boolean told(Message.Communicate said) {
    boolean isNews = false;
    for (Map.Entry<RuntimeAddress, RuntimeTask> each : tasks.entrySet()) {
      isNews |= said.isNewsFor(each.getValue());
      each.setValue(each.getValue().told(said));
    }
    return isNews;
  }

  /// Forgets what nobody awaits any more.
  ///
  /// @return whether there was any of that
  boolean removeEndedBy(Message.Cancel cancel) {
    return !tasks.isEmpty() && tasks.values().removeIf(task -> isEndedBy(cancel, task));
  }

  /// Whether nobody awaits a task any more. A cancel of one attempt of the task itself comes from
  /// the boss, who has it run again.
  private static boolean isEndedBy(Message.Cancel cancel, RuntimeTask task) {
    return cancel.covers(task.id())
        ? cancel.upToAttempt() == Integer.MAX_VALUE
        : task.isCoveredBy(cancel);
  }

  boolean isEmpty() {
    return tasks.isEmpty();
  }

  Set<RuntimeAddress> addresses() {
    return Collections.unmodifiableSet(tasks.keySet());
  }

  /// All of them, oldest first.
  Collection<RuntimeTask> all() {
    return Collections.unmodifiableCollection(tasks.values());
  }
}
