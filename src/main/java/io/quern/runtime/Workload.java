package io.quern.runtime;

import io.quern.protocol.Message;
import io.quern.protocol.RuntimeTask;
import io.quern.protocol.RuntimeTaskId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The runtime tasks an employee was given and has not finished, oldest first. A task is *in hand*
/// while it wants a slot, started or not; while it awaits others it is not.
final class Workload {

  /// A task the employee was given and has not finished.
  static final class Outstanding {
    /// With all that it was told meanwhile, for another run.
    private RuntimeTask task;

    private final long nanos;
    private final long submit;
    private boolean isInHand = true;

    /// Whether it has awaited others, so that it goes on before anything is begun.
    private boolean hasAwaited;

    private boolean isExecuting;

    private Outstanding(RuntimeTask task, long nanos, long submit, boolean isExecuting) {
      this.task = task;
      this.nanos = nanos;
      this.submit = submit;
      this.isExecuting = isExecuting;
    }

    RuntimeTask task() {
      return task;
    }

    RuntimeTaskId id() {
      return task.id();
    }

    /// The number of the submit it came with.
    long submit() {
      return submit;
    }

    /// Whether the employee's own process executes it or descendants of it, as far as is known.
    boolean isExecuting() {
      return isExecuting;
    }

    @Override
    public String toString() {
      return task + (isExecuting ? " (executing)" : "");
    }
  }

  private final Map<RuntimeTaskId, Outstanding> outstanding = new LinkedHashMap<>();
  private int numInHand;
  private long inHandNanos;

  /// Of the tasks in hand, how many require which labels.
  private final Map<List<String>, Integer> inHandByLabels = new HashMap<>();

  private long numFinished;

  /// Takes a task on the books; it is in hand.
  ///
  /// @param nanos how long it is expected to take
  /// @param submit the number of the submit it comes with
  /// @return false if it was here already
  boolean add(RuntimeTask task, long nanos, long submit, boolean isExecuting) {
    Outstanding entry = new Outstanding(task, nanos, submit, isExecuting);
    if (outstanding.putIfAbsent(task.id(), entry) != null) {
      return false;
    }
    numInHand++;
    inHandNanos += nanos;
    countByLabels(task, 1);
    return true;
  }

  /// Takes a finished task off the books; null if it is not here (any more).
  @Nullable Outstanding finish(RuntimeTaskId id) {
    Outstanding entry = outstanding.remove(id);
    if (entry != null) {
      numFinished++;
      takeOutOfHand(entry);
    }
    return entry;
  }

  /// Something is said to those that are meant.
  ///
  /// @return whether it is news for any that is here
  boolean told(Message.Communicate said) {
    boolean isNews = false;
    for (Outstanding entry : outstanding.values()) {
      isNews |= said.isNewsFor(entry.task);
      entry.task = entry.task.told(said);
    }
    return isNews;
  }

  /// What a task has been told that it does not know where it runs, since the link was broken then.
  List<Message.Communicate> newsFor(RuntimeTask asItIsThere) {
    Outstanding entry = outstanding.get(asItIsThere.id());
    return entry == null
        ? List.of()
        : entry.task.heard().stream().filter(said -> said.isNewsFor(asItIsThere)).toList();
  }

  /// Forgets what a cancel covers: its results will not come, and if they do they are late.
  void removeCovered(Message.Cancel cancel) {
    for (Iterator<Outstanding> each = outstanding.values().iterator(); each.hasNext(); ) {
      Outstanding entry = each.next();
      if (entry.task.isCoveredBy(cancel)) {
        takeOutOfHand(entry);
        each.remove();
      }
    }
  }

  /// Notes that a task awaits others.
  void awaitsOthers(RuntimeTaskId id) {
    Outstanding entry = outstanding.get(id);
    if (entry != null) {
      entry.hasAwaited = true;
      takeOutOfHand(entry);
    }
  }

  /// Notes that a task wants a slot again.
  ///
  /// @return whether it is here and did not want one
  boolean wantsSlotAgain(RuntimeTaskId id) {
    Outstanding entry = outstanding.get(id);
    if (entry == null || entry.isInHand) {
      return false;
    }
    entry.isInHand = true;
    numInHand++;
    inHandNanos += entry.nanos;
    countByLabels(entry.task, 1);
    return true;
  }

  private void takeOutOfHand(Outstanding entry) {
    if (entry.isInHand) {
      entry.isInHand = false;
      numInHand--;
      inHandNanos -= entry.nanos;
      countByLabels(entry.task, -1);
    }
  }

  private void countByLabels(RuntimeTask task, int diff) {
    List<String> required = task.compilation().scheduling().requires();
    if (!required.isEmpty()) {
      inHandByLabels.merge(required, diff, (a, b) -> a + b == 0 ? null : a + b);
    }
  }

  /// Notes what the employee's own process executes.
  void executing(Message.Executing said) {
    said.begun().forEach(id -> executing(id, true));
    said.ceased().forEach(id -> executing(id, false));
  }

  private void executing(RuntimeTaskId id, boolean isExecuting) {
    Outstanding entry = outstanding.get(id);
    if (entry != null) {
      entry.isExecuting = isExecuting;
    }
  }

  boolean isEmpty() {
    return outstanding.isEmpty();
  }

  int size() {
    return outstanding.size();
  }

  boolean has(RuntimeTaskId id) {
    return outstanding.containsKey(id);
  }

  /// Whether a task is here and awaits others.
  boolean isAwaiting(RuntimeTaskId id) {
    Outstanding entry = outstanding.get(id);
    return entry != null && !entry.isInHand;
  }

  int numInHand() {
    return numInHand;
  }

  /// How long the tasks in hand are expected to take.
  long inHandNanos() {
    return inHandNanos;
  }

  /// Of the tasks in hand, how many require which labels.
  Map<List<String>, Integer> inHandByLabels() {
    return inHandByLabels;
  }

  /// Tasks that left the books finished, so far.
  long numFinished() {
    return numFinished;
  }

  /// Tasks of one compilation.
  int numTasksOf(RuntimeTaskId root) {
    int sum = 0;
    for (Outstanding each : outstanding.values()) {
      sum += each.task.compilation().root().equals(root) ? 1 : 0;
    }
    return sum;
  }

  Set<RuntimeTaskId> ids() {
    return outstanding.keySet();
  }

  /// All of it at this moment, oldest first.
  List<Outstanding> all() {
    return List.copyOf(outstanding.values());
  }

  /// What a worker executes: it begins its tasks in their order, and goes on with one that has
  /// awaited before it begins another.
  List<RuntimeTask> onSlot() {
    List<RuntimeTask> tasks = new ArrayList<>(1);
    boolean hasFirst = false;
    for (Outstanding each : outstanding.values()) {
      if (each.isInHand && (each.hasAwaited || !hasFirst)) {
        hasFirst |= !each.hasAwaited;
        tasks.add(each.task);
      }
    }
    return tasks;
  }

  /// What a process said it executes, or was given for an idle slot.
  List<RuntimeTask> executing() {
    List<RuntimeTask> tasks = new ArrayList<>();
    for (Outstanding each : outstanding.values()) {
      if (each.isExecuting) {
        tasks.add(each.task);
      }
    }
    return tasks;
  }

  /// What may not have been begun.
  ///
  /// @param executed what is executed for certain
  List<RuntimeTaskId> unstarted(List<RuntimeTask> executed) {
    Set<RuntimeTaskId> executing = new HashSet<>();
    executed.forEach(task -> executing.add(task.id()));
    List<RuntimeTaskId> tasks = new ArrayList<>();
    for (Outstanding each : outstanding.values()) {
      if (each.isInHand && !each.hasAwaited && !executing.contains(each.id())) {
        tasks.add(each.id());
      }
    }
    return tasks;
  }

  /// Checks the counts against the tasks.
  ///
  /// @throws AssertionError if they differ
  void verify(Object whose) {
    long nanos = 0;
    int inHand = 0;
    for (Outstanding entry : outstanding.values()) {
      if (entry.isInHand) {
        nanos += entry.nanos;
        inHand++;
      }
    }
    if (nanos != inHandNanos || inHand != numInHand) {
      throw new AssertionError(
          "%s counts %d tasks in hand (%d ns), the books say %d (%d ns)"
              .formatted(whose, numInHand, inHandNanos, inHand, nanos));
    }
  }

  @Override
  public String toString() {
    return outstanding.values().toString();
  }
}
