package io.quern.runtime;

import io.quern.protocol.Message;
import io.quern.protocol.RuntimeTask;
import io.quern.protocol.RuntimeTaskId;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/// Runtime tasks that wait at a server or manager for a slot: those that any slot suits, those that
/// require labels, and suspects that are to run alone. The three wait apart, so that none waits
/// behind another kind.
public final class WaitingTasks {
  private final ReadyTasks ready = new ReadyTasks();
  private final LabelledTasks labelled = new LabelledTasks();
  private final Cells cells;
  private final Predicate<RuntimeTask> takesIntoCell;
  private final CostEstimates costs;

  /// @param cells where suspects wait
  /// @param takesIntoCell whether a suspect is to run alone in a process that is started for it
  WaitingTasks(Cells cells, Predicate<RuntimeTask> takesIntoCell, CostEstimates costs) {
    this.cells = cells;
    this.takesIntoCell = takesIntoCell;
    this.costs = costs;
  }

  /// @param mayLeave whether they may be handed to the boss if others have more room
  void add(List<RuntimeTask> tasks, boolean mayLeave) {
    List<RuntimeTask> others = tasks;
    if (anyIsSpecial(tasks)) {
      others = new ArrayList<>();
      for (RuntimeTask task : tasks) {
        if (task.isSuspect() && takesIntoCell.test(task)) {
          cells.add(task);
        } else if (requiresLabels(task)) {
          labelled.add(task, mayLeave);
        } else {
          others.add(task);
        }
      }
    }
    ready.add(others, mayLeave);
  }

  private static boolean anyIsSpecial(List<RuntimeTask> tasks) {
    for (RuntimeTask task : tasks) {
      if (task.isSuspect() || requiresLabels(task)) {
        return true;
      }
    }
    return false;
  }

  private static boolean requiresLabels(RuntimeTask task) {
    return !task.compilation().scheduling().requires().isEmpty();
  }

  /// Those that any slot suits.
  ReadyTasks ready() {
    return ready;
  }

  LabelledTasks labelled() {
    return labelled;
  }

  boolean isEmpty() {
    return ready.isEmpty() && labelled.isEmpty() && cells.isEmpty();
  }

  /// Whether nothing waits for a slot of somebody who is here already.
  boolean isNothingToAssign() {
    return ready.isEmpty() && labelled.isEmpty();
  }

  int size() {
    return ready.size() + labelled.size() + cells.size();
  }

  /// How many wait that any slot suits.
  public int numReady() {
    return ready.size();
  }

  /// How many may be handed to the boss.
  public int numMayLeave() {
    return ready.sizeMayLeave() + labelled.sizeMayLeave();
  }

  /// How many are of one compilation.
  int numTasksOf(RuntimeTaskId root) {
    int sum = 0;
    for (RuntimeTask each : all()) {
      sum += each.compilation().root().equals(root) ? 1 : 0;
    }
    return sum;
  }

  /// How long the next one is expected to take.
  public long nanosOfNext() {
    RuntimeTask next = ready.isEmpty() ? labelled.peek() : ready.peek();
    return next == null ? 1 : costs.nanos(next.function());
  }

  /// A tenant whose tasks have come back has a slot already: others that wait are before it.
  void letOthersGoFirst(String tenant) {
    ready.letOthersGoFirst(tenant);
  }

  /// Takes tasks that may leave.
  public List<RuntimeTask> takeForBoss(int limit) {
    List<RuntimeTask> taken = new ArrayList<>(ready.removeForBoss(limit));
    if (taken.size() < limit && !labelled.isEmpty()) {
      taken.addAll(labelled.removeForBoss(limit - taken.size()));
    }
    return taken;
  }

  /// Takes every task that fits.
  public List<RuntimeTask> take(Predicate<RuntimeTask> fits) {
    List<RuntimeTask> taken = ready.removeAll(fits);
    if (!labelled.isEmpty()) {
      taken.addAll(labelled.removeAll(fits));
    }
    taken.addAll(cells.removeAll(fits));
    return taken;
  }

  /// Something is said to those that are meant; they take it along.
  void told(Message.Communicate said) {
    ready.told(said);
    labelled.told(said);
    cells.told(said);
  }

  void removeCovered(Message.Cancel cancel) {
    ready.removeCovered(cancel);
    labelled.removeCovered(cancel);
    cells.removeCovered(cancel);
  }

  List<RuntimeTask> all() {
    List<RuntimeTask> all = ready.all();
    all.addAll(labelled.all());
    all.addAll(cells.all());
    return all;
  }
}
