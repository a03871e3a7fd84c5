package io.quern.runtime;

import io.quern.protocol.Message;
import io.quern.protocol.RuntimeTask;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// Runtime tasks that only workers with certain labels may run and that wait for one of these:
/// apart from all others, so that neither kind waits behind the other.
final class LabelledTasks {
  private final Map<List<String>, ReadyTasks> pools = new LinkedHashMap<>();

  /// @param mayLeave whether it may be handed to the boss, whose other employees may have what it
  ///   requires
  void add(RuntimeTask task, boolean mayLeave) {
    pools
        .computeIfAbsent(task.compilation().scheduling().requires(), labels -> new ReadyTasks())
        .add(List.of(task), mayLeave);
  }

  /// One of those that wait; null if none does.
  @Nullable RuntimeTask peek() {
    for (ReadyTasks pool : pools.values()) {
      RuntimeTask next = pool.peek();
      if (next != null) {
        return next;
      }
    }
    return null;
  }

  /// How many may be handed to the boss.
  int sizeMayLeave() {
    int sum = 0;
    for (ReadyTasks pool : pools.values()) {
      sum += pool.sizeMayLeave();
    }
    return sum;
  }

  List<RuntimeTask> removeForBoss(int limit) {
    List<RuntimeTask> taken = new ArrayList<>();
    for (ReadyTasks pool : pools.values()) {
      taken.addAll(pool.removeForBoss(limit - taken.size()));
    }
    trim();
    return taken;
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

  /// How many wait, by what they require.
  Map<List<String>, Integer> sizes() {
    Map<List<String>, Integer> sizes = new HashMap<>();
    pools.forEach((required, pool) -> sizes.put(required, pool.size()));
    return sizes;
  }

  /// The pools in which something waits, by what it requires.
  Map<List<String>, ReadyTasks> pools() {
    return pools;
  }

  /// Lets go of pools in which nothing waits any more.
  void trim() {
    pools.values().removeIf(ReadyTasks::isEmpty);
  }

  /// Something is said to those that are meant.
  void told(Message.Communicate said) {
    pools.values().forEach(pool -> pool.told(said));
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
