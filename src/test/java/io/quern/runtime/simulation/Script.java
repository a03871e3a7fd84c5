package io.quern.runtime.simulation;

import java.util.ArrayList;
import java.util.List;

/// What a simulated runtime task does, in place of a function's code.
///
/// @param id its own part of the value
/// @param children what it submits
/// @param abandoned what it submits as well and cancels at once or at its end
/// @param takesNext whether it collects results as they come, not all at once
/// @param fails whether it throws when its children are done
/// @param forgives whether it returns its own value when a child fails
/// @param lines log lines it writes
/// @param workMicros mean time between its steps
/// @param isStubborn whether it goes on after its time limit
/// @param isDeadly whether it ends the process that begins it
record Script(
    int id,
    List<Script> children,
    List<Script> abandoned,
    boolean takesNext,
    boolean fails,
    boolean forgives,
    int lines,
    int workMicros,
    boolean isStubborn,
    boolean isDeadly) {

  static Script random(Scheduler scheduler, int depth) {
    List<Script> children = new ArrayList<>();
    List<Script> abandoned = new ArrayList<>();
    if (depth > 0 && scheduler.chance(0.7)) {
      for (int i = scheduler.between(1, depth == 2 ? 8 : 4); i > 0; i--) {
        children.add(random(scheduler, depth - 1));
      }
      if (scheduler.chance(0.2)) {
        for (int i = scheduler.between(1, 3); i > 0; i--) {
          abandoned.add(random(scheduler, depth - 1));
        }
      }
    }
    return new Script(
        scheduler.below(1_000),
        children,
        abandoned,
        scheduler.chance(0.4),
        scheduler.chance(depth == 2 ? 0.05 : 0.02),
        scheduler.chance(0.5),
        scheduler.chance(0.3) ? scheduler.between(1, 4) : 0,
        scheduler.chance(0.8) ? 300 : 30_000,
        scheduler.chance(0.2),
        false);
  }

  /// The same, but that it, or one of its children, ends whoever runs it.
  Script deadly(Scheduler scheduler) {
    boolean isItself = children.isEmpty() || scheduler.chance(0.5);
    List<Script> others = new ArrayList<>(children);
    if (!isItself) {
      int victim = scheduler.below(others.size());
      others.set(victim, others.get(victim).deadly(scheduler));
    }
    return new Script(
        id,
        others,
        abandoned,
        takesNext,
        fails,
        forgives,
        lines,
        workMicros,
        isStubborn,
        isItself || isDeadly);
  }

  /// Whether it is worth keeping what it returns.
  boolean isBlock() {
    return id % 2 == 0 && children.isEmpty() && abandoned.isEmpty() && !fails && !isDeadly;
  }

  /// Whether it ends in failure, whatever the order of events.
  boolean mustFail() {
    return fails || isDeadly || (!forgives && children.stream().anyMatch(Script::mustFail));
  }

  /// Whether it, or a task it awaits, ends whoever runs it. Then it may be given up too: in a
  /// process of its own it has its descendants beside it.
  boolean mayBePoisoned() {
    return isDeadly || children.stream().anyMatch(Script::mayBePoisoned);
  }

  /// What it returns if it does.
  long value() {
    if (children.stream().anyMatch(Script::mustFail)) {
      return id;
    }
    return id + children.stream().mapToLong(Script::value).sum();
  }

  int size() {
    return 1
        + children.stream().mapToInt(Script::size).sum()
        + abandoned.stream().mapToInt(Script::size).sum();
  }
}
