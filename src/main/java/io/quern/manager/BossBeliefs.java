package io.quern.manager;

import io.quern.protocol.Message;
import io.quern.protocol.RuntimeTask;
import io.quern.protocol.RuntimeTaskId;
import java.util.List;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// What a boss believes of its manager: how many workers it has, how many of them are idle, and
/// whether tasks wait. It is told once a round, and only what it does not believe already.
final class BossBeliefs {
  private boolean hasStarted;
  private int workers;
  private int idle;
  private boolean isBacklog;

  /// Whether an answer to a credit is due.
  private boolean owesBacklog;

  /// The first task of the newest submit of the boss's; null if none can be named.
  private @Nullable RuntimeTaskId mostRecentReadSubmit;

  /// Whether the boss has been told how many workers there are.
  boolean hasStarted() {
    return hasStarted;
  }

  /// @param areReady whether those that were to be there from the start are
  /// @return what to tell it of the number of workers; null for nothing
  Message.@Nullable Started toTellOfWorkers(int total, boolean areReady) {
    if (!hasStarted && areReady) {
      hasStarted = true;
      idle = total;
    } else if (hasStarted && total != workers) {
      idle = Math.clamp(idle + (long) total - workers, 0, total);
    } else {
      return null;
    }
    workers = total;
    return new Message.Started(total);
  }

  /// @return what to tell it of idle workers; null for nothing
  Message.@Nullable Waiting toTellOfIdle(int now) {
    if (!hasStarted || now == idle) {
      return null;
    }
    idle = now;
    return new Message.Waiting(now, mostRecentReadSubmit);
  }

  /// @param waiting tasks that could run elsewhere
  /// @param nanosEach how long one is expected to take
  /// @return what to tell it of them; null for nothing
  Message.@Nullable Backlog toTellOfBacklog(int waiting, LongSupplier nanosEach) {
    boolean isNews = owesBacklog || (waiting > 0) != isBacklog;
    if (!hasStarted || !isNews) {
      return null;
    }
    owesBacklog = false;
    isBacklog = waiting > 0;
    return new Message.Backlog(waiting, nanosEach.getAsLong());
  }

  /// It has submitted tasks, and takes idle workers for busy with them.
  void submitted(List<RuntimeTask> tasks) {
    mostRecentReadSubmit = tasks.getFirst().id();
    idle -= Math.min(tasks.size(), idle);
  }

  /// It gets tasks back. If the newest submit begins with one of them, there is no receipt for it:
  /// the task may come again, and a receipt would be of two submits.
  void gaveBack(List<RuntimeTaskId> tasks) {
    if (mostRecentReadSubmit != null && tasks.contains(mostRecentReadSubmit)) {
      mostRecentReadSubmit = null;
    }
  }

  /// It has room elsewhere for tasks that wait, and will have to hear how many are left.
  void credited() {
    owesBacklog = true;
  }

  /// It is lost.
  void lost() {
    owesBacklog = false;
    isBacklog = false;
    mostRecentReadSubmit = null;
  }

  /// It is back, and is told this.
  void found(int workers, int idle) {
    this.workers = workers;
    this.idle = idle;
  }
}
