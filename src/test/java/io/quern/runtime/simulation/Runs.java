package io.quern.runtime.simulation;

import io.quern.protocol.RuntimeTask;
import io.quern.protocol.RuntimeTaskId;
import io.quern.task.KeptWork;
import io.quern.task.TaskId;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Every run of a runtime task that any worker has begun in any life, and what holds for them: no
/// run is begun twice, none long after an ancestor ended, and none whose result was stored.
final class Runs {
  /// How long after the end of a task its descendants may still be begun: what a cancel takes.
  private static final Duration CANCEL_TAKES = Duration.ofMillis(800);

  private final Scheduler scheduler;
  private final Set<RuntimeTaskId> begun = new HashSet<>();
  private final Map<RuntimeTaskId, Instant> ended = new HashMap<>();
  private final Set<TaskId> compilations = new HashSet<>();
  private final Map<TaskId, Instant> over = new HashMap<>();

  /// Roots that are out, or were.
  private final Set<RuntimeTaskId> handedOut = new HashSet<>();

  /// With what roots were handed out.
  private final Map<RuntimeTaskId, KeptWork> finishedBefore = new HashMap<>();

  Runs(Scheduler scheduler) {
    this.scheduler = scheduler;
  }

  /// A root is handed out: once, unless it came back.
  void handedOut(RuntimeTask root) {
    if (!handedOut.add(root.id())) {
      throw new AssertionError(root + " was handed out twice");
    }
    finishedBefore.put(root.id(), root.kept());
  }

  /// Tasks came back that were not begun.
  void handedBack(List<RuntimeTaskId> tasks) {
    tasks.forEach(handedOut::remove);
  }

  /// A worker begins with a task.
  ///
  /// @param isForsaken whether nobody can tell it any more that the task has been cancelled
  void begun(RuntimeTask task, boolean isForsaken) {
    if (!begun.add(task.id())) {
      throw new AssertionError(task + " is begun a second time under the same attempt");
    }
    compilations.add(task.compilation().task());
    if (!isForsaken && isLongAgo(over.get(task.compilation().task()))) {
      throw new AssertionError(task + " is begun long after its compilation was over");
    }
    for (RuntimeTaskId ancestor : task.breadcrumbs().ancestors()) {
      if (!isForsaken && isLongAgo(ended.get(ancestor))) {
        throw new AssertionError(task + " is begun long after its ancestor " + ancestor + " ended");
      }
    }
    checkUnfinished(task);
  }

  private boolean isLongAgo(@Nullable Instant time) {
    return time != null && time.plus(CANCEL_TAKES).isBefore(scheduler.now());
  }

  /// Nothing that was finished before a root was handed out is begun under it.
  private void checkUnfinished(RuntimeTask task) {
    KeptWork kept = finishedBefore.get(task.compilation().root());
    if (kept == null || task.breadcrumbs().depth() == 0) {
      return;
    }
    if (kept.checkpoint() != null) {
      throw new AssertionError(task + " is begun though a checkpoint lies behind it");
    }
    if (task.breadcrumbs().depth() == 1 && !kept.blocks().isEmpty()) {
      String key = ScriptFunctions.REGISTRY.contentKey(task.function(), task.argument());
      if (key != null && kept.blocks().containsKey(key)) {
        throw new AssertionError(task + " is begun though its result was stored");
      }
    }
  }

  /// The end of a compilation is told.
  void over(TaskId task) {
    over.put(task, scheduler.now());
  }

  void ended(RuntimeTaskId task) {
    ended.put(task, scheduler.now());
  }

  /// Runs of runtime tasks that were begun.
  int numTasks() {
    return begun.size();
  }

  /// Compilation tasks whose root was begun.
  int numCompilations() {
    return compilations.size();
  }
}
