package io.quern.runtime;

import io.quern.protocol.Message;
import io.quern.protocol.RuntimeTask;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/// Runtime tasks that only workers with certain labels may run and that wait for one of these:
/// apart from all others, so that neither kind waits behind the other.
final class LabelledTasks {
  private final Map<List<String>, ReadyTasks> pools = new LinkedHashMap<>();

  void add(RuntimeTask task) {
    pools
        .computeIfAbsent(task.compilation().scheduling().requires(), labels -> new ReadyTasks())
        .add(List.of(task), false);
  }

  boolean isEmpty() {
    return pools.isEmpty();
  }

  /// How many wait in all.
  int size() {
    int sum = 0;
    for (ReadyTasks pool : pools.values()) {
      sum += pool.size();
    }
    return sum;
  }

  /// How many wait that require exactly these.
  int size(List<String> required) {
    ReadyTasks pool = pools.get(required);
    return pool == null ? 0 : pool.size();
  }

  /// The pools in which something waits, by what it requires.
  Map<List<String>, ReadyTasks> pools() {
    return pools;
  }

  /// Lets go of pools in which nothing waits any more.
  void trim() {
    pools.values().removeIf(ReadyTasks::isEmpty);
  }

  void removeCovered(Message.Cancel cancel) {
    pools.values().forEach(pool -> pool.removeCovered(cancel));
    trim();
  }

  List<RuntimeTask> removeAll(Predicate<RuntimeTask> fits) {
    List<RuntimeTask> taken = new ArrayList<>();
    pools.values().forEach(pool -> taken.addAll(pool.removeAll(fits)));
    trim();
    return taken;
  }

  List<RuntimeTask> all() {
    List<RuntimeTask> all = new ArrayList<>();
    pools.values().forEach(pool -> all.addAll(pool.all()));
    return all;
  }
}
