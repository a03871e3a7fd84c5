package io.quern.runtime;

import io.quern.protocol.LinkId;
import io.quern.protocol.RuntimeTask;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// Says which employee gets which of the runtime tasks that wait, in one round.
final class Assignment {
  private final Employees employees;
  private final Departures departures;
  private final CostEstimates costs;
  private final WorkAhead ahead;
  private final Predicate<RuntimeTask> isUrgent;
  private final Predicate<LinkId> placesTasks;

  /// Whose turn it is among employees that are alike.
  private int rotation;

  /// @param isUrgent whether a task may be given ahead to a busy employee, where it gets the next
  ///   slot, whatever else that holds ahead
  /// @param placesTasks whether an employee has workers below it that it places tasks on itself
  Assignment(
      Employees employees,
      Departures departures,
      CostEstimates costs,
      WorkAhead ahead,
      Predicate<RuntimeTask> isUrgent,
      Predicate<LinkId> placesTasks) {
    this.employees = employees;
    this.departures = departures;
    this.costs = costs;
    this.ahead = ahead;
    this.isUrgent = isUrgent;
    this.placesTasks = placesTasks;
  }

  /// An employee while tasks are assigned.
  private static final class Candidate {
    private final RuntimeEmployee employee;
    private final int order;
    private final List<RuntimeTask> assigned = new ArrayList<>();
    private int idle;
    private long nanos;

    private Candidate(RuntimeEmployee employee, int order) {
      this.employee = employee;
      this.order = order;
      idle = employee.numIdleWorkers();
      nanos = employee.workload().inHandNanos();
    }

    private int numTasks() {
      return employee.numTasks() + assigned.size();
    }
  }

  /// Takes tasks that can be placed now and says where: idle workers first, the employee with most
  /// of them before the others, in turns; then the employees with the fewest tasks, as far as they
  /// may work ahead. What is left waits here, where it can still go to whoever is free first.
  Map<RuntimeEmployee, List<RuntimeTask>> assignTasks(ReadyTasks tasks, LabelledTasks labelled) {
    List<Candidate> candidates = new ArrayList<>(employees.size());
    int position = 0;
    rotation++;
    for (RuntimeEmployee each : employees) {
      if (each.takesWork()) {
        candidates.add(new Candidate(each, Math.floorMod(position++ - rotation, employees.size())));
      }
    }
    assignLabelled(labelled, candidates);
    PriorityQueue<Candidate> byIdle =
        new PriorityQueue<>(
            (a, b) ->
                a.idle != b.idle
                    ? Integer.compare(b.idle, a.idle)
                    : Integer.compare(a.order, b.order));
    byIdle.addAll(candidates);
    for (RuntimeTask next = tasks.peek();
        next != null && !byIdle.isEmpty() && byIdle.element().idle > 0;
        next = tasks.peek()) {
      Candidate best = byIdle.remove();
      if (!departures.allow(best.employee, costs.nanos(next.function()))) {
        continue;
      }
      best.idle--;
      give(best, tasks.remove(costs));
      byIdle.add(best);
    }
    PriorityQueue<Candidate> byTasks =
        new PriorityQueue<>(
            (a, b) ->
                a.numTasks() != b.numTasks()
                    ? Integer.compare(a.numTasks(), b.numTasks())
                    : Integer.compare(a.order, b.order));
    byTasks.addAll(candidates);
    for (RuntimeTask next = tasks.peek(); next != null && !byTasks.isEmpty(); next = tasks.peek()) {
      Candidate best = byTasks.remove();
      if (!departures.allow(best.employee, costs.nanos(next.function()))) {
        continue;
      }
      if (mayWorkAhead(best.employee, best.nanos, costs.nanos(next.function()))
          || isUrgent.test(next)) {
        give(best, tasks.remove(costs));
        byTasks.add(best);
      }
    }
    Map<RuntimeEmployee, List<RuntimeTask>> assignments = new LinkedHashMap<>();
    for (Candidate each : candidates) {
      if (!each.assigned.isEmpty()) {
        assignments.put(each.employee, each.assigned);
      }
    }
    return assignments;
  }

  /// Takes tasks that require labels, which come first, since fewer slots suit them: to whoever has
  /// idle slots, and of those with nodes below also to whoever will have one that suits.
  private void assignLabelled(LabelledTasks labelled, List<Candidate> candidates) {
    if (labelled.isEmpty()) {
      return;
    }
    labelled
        .pools()
        .forEach(
            (required, pool) -> {
              Map<Candidate, Integer> room = new LinkedHashMap<>();
              for (Candidate each : candidates) {
                room.put(each, each.employee.roomFor(required));
              }
              for (Candidate best = roomiest(room);
                  best != null && !pool.isEmpty();
                  best = roomiest(room)) {
                room.merge(best, -1, Integer::sum);
                best.idle -= Math.min(1, best.idle);
                give(best, pool.remove(costs));
              }
            });
    labelled.trim();
  }

  private @Nullable Candidate roomiest(Map<Candidate, Integer> room) {
    Candidate best = null;
    for (Map.Entry<Candidate, Integer> each : room.entrySet()) {
      Candidate candidate = each.getKey();
      boolean fits =
          each.getValue() > 0
              && (candidate.idle > 0 || placesTasks.test(candidate.employee.link()));
      if (fits
          && (best == null
              || (candidate.idle > 0) && best.idle == 0
              || (candidate.idle > 0) == (best.idle > 0)
                  && each.getValue() > room.getOrDefault(best, 0))) {
        best = candidate;
      }
    }
    return best;
  }

  private void give(Candidate candidate, RuntimeTask task) {
    candidate.assigned.add(task);
    candidate.nanos += costs.nanos(task.function());
  }

  private boolean mayWorkAhead(RuntimeEmployee employee, long inHandNanos, long nanos) {
    return inHandNanos + nanos <= ahead.nanos() * employee.slots().total();
  }
}
