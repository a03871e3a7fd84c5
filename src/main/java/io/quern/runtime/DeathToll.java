package io.quern.runtime;

import io.quern.task.DeathCount;

/// Ends of processes that are counted against the tasks they executed, and the tasks that are given
/// up because they may be what ends them.
final class DeathToll {
  private final int limit;
  private long deaths;
  private long poisoned;

  /// @param limit how many processes may end while they execute a task before it is given up; 0 for
  ///   any number, and then none is counted
  DeathToll(int limit) {
    this.limit = limit;
  }

  /// The deaths of a task after the loss of one of its runs.
  DeathCount count(DeathCount before, Death death) {
    if (limit == 0 || death == Death.NONE) {
      return before;
    }
    deaths++;
    return death.addTo(before);
  }

  /// Whether a task is to be given up; it is counted if so.
  boolean givesUp(DeathCount deaths) {
    boolean isTooMany = deaths.isTooMany(limit);
    poisoned += isTooMany ? 1 : 0;
    return isTooMany;
  }

  /// Deaths that were counted, one for each task that a process executed as it ended.
  long deaths() {
    return deaths;
  }

  /// Tasks that were given up.
  long poisoned() {
    return poisoned;
  }
}
