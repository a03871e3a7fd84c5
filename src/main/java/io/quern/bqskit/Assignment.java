package io.quern.bqskit;

import io.quern.bqskit.wire.WireTask;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Random;

/// Decides which manager runs which task, as the original does: idle workers first, evenly and in
/// random order; what is left goes to those with the fewest tasks.
final class Assignment {

  private record Load(int tasks, int tieBreak, PythonManager manager) {}

  private Assignment() {}

  /// @param managers those that may be handed tasks, at least one
  /// @param random breaks ties
  /// @return batches, for managers with most idle workers first; none of them is empty
  static Map<PythonManager, List<WireTask>> assign(
      List<WireTask> tasks, List<PythonManager> managers, Random random) {
    if (managers.size() == 1) {
      return Map.of(managers.getFirst(), tasks);
    }
    Map<PythonManager, List<WireTask>> batches = new LinkedHashMap<>();
    managers.stream()
        .sorted(Comparator.comparingInt(PythonManager::idle).reversed())
        .forEach(manager -> batches.put(manager, new ArrayList<>()));
    int next = 0;
    List<PythonManager> idle = new ArrayList<>();
    for (PythonManager manager : managers) {
      idle.addAll(Collections.nCopies(manager.idle(), manager));
    }
    Collections.shuffle(idle, random);
    for (PythonManager manager : idle) {
      if (next == tasks.size()) {
        break;
      }
      batches.getOrDefault(manager, new ArrayList<>()).add(tasks.get(next++));
    }
    if (next < tasks.size()) {
      PriorityQueue<Load> loads =
          new PriorityQueue<>(
              Comparator.comparingInt(Load::tasks).thenComparingInt(Load::tieBreak));
      batches.forEach(
          (manager, batch) ->
              loads.add(new Load(manager.tasks() + batch.size(), random.nextInt(), manager)));
      while (next < tasks.size()) {
        Load least = loads.remove();
        batches.getOrDefault(least.manager(), new ArrayList<>()).add(tasks.get(next++));
        loads.add(new Load(least.tasks() + 1, least.tieBreak(), least.manager()));
      }
    }
    batches.values().removeIf(List::isEmpty);
    return batches;
  }
}
