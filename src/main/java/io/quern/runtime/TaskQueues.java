package io.quern.runtime;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// Every compilation task that waits for its turn: in one queue those that any worker may run, and
/// in a queue for each set of labels those that require it, so that neither waits behind the other.
final class TaskQueues {
  private final TaskQueue unlabelled = new TaskQueue();
  private final Map<List<String>, TaskQueue> labelled = new HashMap<>();
  private final RequiredLabels required = new RequiredLabels();
  private int size;

  private TaskQueue queueOf(TaskEntry entry) {
    List<String> labels = entry.scheduling().requires();
    return labels.isEmpty() ? unlabelled : labelled.computeIfAbsent(labels, _ -> new TaskQueue());
  }

  void add(TaskEntry entry) {
    TaskQueue queue = queueOf(entry);
    int before = queue.size();
    queue.add(entry);
    size += queue.size() - before;
    wait(entry);
  }

  void addFirst(TaskEntry entry) {
    TaskQueue queue = queueOf(entry);
    int before = queue.size();
    queue.addFirst(entry);
    size += queue.size() - before;
    wait(entry);
  }

  private void wait(TaskEntry entry) {
    if (!entry.scheduling().requires().isEmpty()) {
      required.add(entry.scheduling().requires());
    }
  }

  /// The next of those that any worker may run.
  @Nullable TaskEntry poll() {
    return counted(unlabelled.poll());
  }

  /// The next of those that require exactly these labels.
  @Nullable TaskEntry poll(List<String> labels) {
    TaskQueue queue = labelled.get(labels);
    TaskEntry next = queue == null ? null : counted(queue.poll());
    if (queue != null && queue.isEmpty()) {
      letGo(labels);
    }
    return next;
  }

  private void letGo(List<String> labels) {
    labelled.remove(labels);
    required.remove(labels);
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
    List<String> labels = entry.scheduling().requires();
    TaskQueue queue = labels.isEmpty() ? unlabelled : labelled.get(labels);
    if (queue != null) {
      int before = queue.size();
      queue.remove(entry);
      size += queue.size() - before;
      if (queue != unlabelled && queue.isEmpty()) {
        letGo(labels);
      }
    }
  }

  boolean contains(TaskEntry entry) {
    List<String> labels = entry.scheduling().requires();
    TaskQueue queue = labels.isEmpty() ? unlabelled : labelled.get(labels);
    return queue != null && queue.contains(entry);
  }

  boolean isEmpty() {
    return size == 0;
  }

  int size() {
    return size;
  }

  /// Whether some task waits that requires labels.
  boolean hasLabelled() {
    return !labelled.isEmpty();
  }

  /// The sets of labels that waiting tasks require.
  RequiredLabels required() {
    return required;
  }

  /// The queue a waiting task stands in.
  TaskQueue of(TaskEntry entry) {
    return queueOf(entry);
  }
}
