package io.quern.runtime;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// Every compilation task that waits for its turn: in one queue those that any worker may run, and
/// in a queue for each set of labels those that require it, so that neither waits behind the other.
final class TaskQueues {
  private final TaskQueue unlabelled = new TaskQueue();
  private final Map<List<String>, TaskQueue> labelled = new LinkedHashMap<>();
  private int size;

  private TaskQueue queueOf(TaskEntry entry) {
    List<String> required = entry.scheduling().requires();
    return required.isEmpty()
        ? unlabelled
        : labelled.computeIfAbsent(required, labels -> new TaskQueue());
  }

  void add(TaskEntry entry) {
    TaskQueue queue = queueOf(entry);
    int before = queue.size();
    queue.add(entry);
    size += queue.size() - before;
  }

  void addFirst(TaskEntry entry) {
    TaskQueue queue = queueOf(entry);
    int before = queue.size();
    queue.addFirst(entry);
    size += queue.size() - before;
  }

  /// The next of those that any worker may run.
  @Nullable TaskEntry poll() {
    return counted(unlabelled.poll());
  }

  /// The next of those that require exactly these labels.
  @Nullable TaskEntry poll(List<String> required) {
    TaskQueue queue = labelled.get(required);
    TaskEntry next = queue == null ? null : counted(queue.poll());
    if (queue != null && queue.isEmpty()) {
      labelled.remove(required);
    }
    return next;
  }

  /// Of those that any worker may run, the first of a tenant that fits.
  @Nullable TaskEntry pollOfTenant(Predicate<String> fits) {
    return counted(unlabelled.pollOfTenant(fits));
  }

  private @Nullable TaskEntry counted(@Nullable TaskEntry taken) {
    size -= taken == null ? 0 : 1;
    return taken;
  }

  void remove(TaskEntry entry) {
    List<String> required = entry.scheduling().requires();
    TaskQueue queue = required.isEmpty() ? unlabelled : labelled.get(required);
    if (queue != null) {
      int before = queue.size();
      queue.remove(entry);
      size += queue.size() - before;
      if (queue != unlabelled && queue.isEmpty()) {
        labelled.remove(required);
      }
    }
  }

  boolean contains(TaskEntry entry) {
    List<String> required = entry.scheduling().requires();
    TaskQueue queue = required.isEmpty() ? unlabelled : labelled.get(required);
    return queue != null && queue.contains(entry);
  }

  boolean isEmpty() {
    return size == 0;
  }

  int size() {
    return size;
  }

  /// The sets of labels that waiting tasks require.
  List<List<String>> required() {
    return labelled.isEmpty() ? List.of() : new ArrayList<>(labelled.keySet());
  }

  /// The queue a waiting task stands in.
  TaskQueue of(TaskEntry entry) {
    return queueOf(entry);
  }
}
