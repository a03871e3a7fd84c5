package io.quern.runtime;

import io.quern.protocol.Message;
import io.quern.protocol.RuntimeTask;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Runtime tasks that no employee has room for yet.
///
/// Batches are taken newest first, so deep work is finished before more is begun and few tasks are
/// in mid-air at a time; within a batch the order is the submitter's. Root tasks come last, oldest
/// first.
final class ReadyTasks {
  private final Deque<Deque<RuntimeTask>> batches = new ArrayDeque<>();
  private final Deque<RuntimeTask> roots = new ArrayDeque<>();
  private int size;

  void add(List<RuntimeTask> batch) {
    Deque<RuntimeTask> children = new ArrayDeque<>(batch.size());
    for (RuntimeTask task : batch) {
      (task.breadcrumbs().depth() == 0 ? roots : children).add(task);
    }
    if (!children.isEmpty()) {
      batches.push(children);
    }
    size += batch.size();
  }

  int size() {
    return size;
  }

  boolean isEmpty() {
    return size == 0;
  }

  @Nullable RuntimeTask peek() {
    Deque<RuntimeTask> newest = batches.peek();
    return newest == null ? roots.peek() : newest.peek();
  }

  RuntimeTask remove() {
    Deque<RuntimeTask> newest = batches.peek();
    RuntimeTask task;
    if (newest == null) {
      task = roots.remove();
    } else {
      task = newest.remove();
      if (newest.isEmpty()) {
        batches.pop();
      }
    }
    size--;
    return task;
  }

  void removeCovered(Message.Cancel cancel) {
    for (Iterator<Deque<RuntimeTask>> each = batches.iterator(); each.hasNext(); ) {
      Deque<RuntimeTask> batch = each.next();
      batch.removeIf(task -> task.isCoveredBy(cancel));
      if (batch.isEmpty()) {
        each.remove();
      }
    }
    roots.removeIf(task -> task.isCoveredBy(cancel));
    size = roots.size() + batches.stream().mapToInt(Deque::size).sum();
  }

  /// All of them, for checks.
  List<RuntimeTask> all() {
    List<RuntimeTask> all = new ArrayList<>(size);
    batches.forEach(all::addAll);
    all.addAll(roots);
    return all;
  }
}
