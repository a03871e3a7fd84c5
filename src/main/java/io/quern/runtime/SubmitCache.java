package io.quern.runtime;

import io.quern.protocol.RuntimeTaskId;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/// Submits to an employee that it may not have read, oldest first, and the newest it has read.
///
/// An employee says how many of its slots are idle together with a *read receipt*: the first task
/// of the newest submit it had seen. What was submitted after that is on its way to those slots.
final class SubmitCache {

  private record Submit(long number, RuntimeTaskId first, int count) {}

  private final Deque<Submit> submits = new ArrayDeque<>();
  private long newest;

  /// Notes a submit of so many tasks.
  ///
  /// @return its number
  long add(RuntimeTaskId first, int count) {
    submits.add(new Submit(++newest, first, count));
    return newest;
  }

  /// The number of the newest submit; 0 before the first.
  long newest() {
    return newest;
  }

  /// The employee has read a submit: links keep order, so what was sent before it was read before
  /// it.
  void readUpTo(long number) {
    while (!submits.isEmpty() && submits.element().number < number) {
      submits.remove();
    }
  }

  /// The employee has given a task back and may be given it again, with which a receipt that names
  /// it would be of two submits. So none is of a submit that begins with it from now on, and the
  /// submits up to that one count as read.
  void givenBack(RuntimeTaskId first) {
    if (isReceipt(first)) {
      readUpTo(first);
      submits.remove();
    }
  }

  /// Whether this is a receipt of a submit that is remembered.
  boolean isReceipt(RuntimeTaskId first) {
    return submits.stream().anyMatch(each -> each.first.equals(first));
  }

  private void readUpTo(RuntimeTaskId first) {
    while (!submits.element().first.equals(first)) {
      submits.remove();
    }
  }

  /// Tasks of submits after the one a receipt names.
  ///
  /// @param receipt null if the employee has read none, otherwise of a submit that is remembered
  int numTasksSince(@Nullable RuntimeTaskId receipt) {
    if (receipt != null) {
      readUpTo(receipt);
    }
    int unread = 0;
    for (Submit each : submits) {
      unread += each.first.equals(receipt) ? 0 : each.count;
    }
    return unread;
  }

  /// Forgets all: what the employee says on its next link is of submits on that link.
  void clear() {
    submits.clear();
  }
}
