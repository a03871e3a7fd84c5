package io.quern.runtime;

import io.quern.protocol.IdBlock;
import io.quern.protocol.Message;
import io.quern.protocol.RuntimeAddress;
import io.quern.protocol.RuntimeTask;
import io.quern.task.Attempt;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// What is open from an earlier life of the service while those who have it may come back: roots
/// that were out, runtime tasks that are wanted and that somebody absent may have, and results
/// whose readers are not back yet. All of it waits for the grace, from when managers can join.
final class Recovery {

  /// Runs of one runtime task that one life of the service begins at most.
  private static final long ATTEMPTS_OF_A_LIFE = 1 << 14;

  /// Runs of one runtime task between two returns of managers that want it done.
  private static final long ATTEMPTS_OF_A_RETURN = 8;

  private final long epoch;
  private final Duration grace;
  private final Timers timers;
  private final Supplier<Instant> now;
  private final Runnable whenOver;
  private boolean isOpen;

  /// Ends it; null until managers can join.
  private Timers.@Nullable Timer end;

  /// How often a manager came back in this life and wanted done what nobody knew of.
  private long returns;

  /// Tasks whose roots were out.
  private final List<TaskEntry> absent = new ArrayList<>();

  /// What managers that are back want done and nobody has brought yet.
  private final Map<RuntimeAddress, RuntimeTask> orphans = new LinkedHashMap<>();

  /// Results whose readers are not back yet.
  private final Map<RuntimeAddress, Slip> early = new LinkedHashMap<>();

  /// @param epoch this life of the service
  /// @param grace how long those who have something may take to come back; zero for not at all
  /// @param whenOver runs when the grace is over; it calls [#close]
  Recovery(long epoch, Duration grace, Timers timers, Supplier<Instant> now, Runnable whenOver) {
    this.epoch = epoch;
    this.grace = grace;
    this.timers = timers;
    this.now = now;
    this.whenOver = whenOver;
  }

  /// A task's root was out; whoever has it may come back with it.
  ///
  /// @return false if nobody is waited for
  boolean expect(TaskEntry entry, Attempt attempt) {
    if (!grace.isPositive()) {
      return false;
    }
    entry.returning = attempt;
    absent.add(entry);
    return true;
  }

  /// Everything that was open is known.
  void open() {
    isOpen = grace.isPositive();
  }

  /// Managers can join, in one more way: they have the whole grace from now on, however long the
  /// start took.
  void managersMayJoin() {
    if (isOpen) {
      timers.cancel(end);
      end = timers.schedule(now.get().plus(grace), whenOver);
    }
  }

  /// Whether those who have something may still come back.
  boolean isOpen() {
    return isOpen;
  }

  /// Whoever was to come back has, or is taken for gone.
  ///
  /// @return the tasks whose roots nobody has brought
  List<TaskEntry> close() {
    isOpen = false;
    List<TaskEntry> lost = absent.stream().filter(entry -> entry.returning != null).toList();
    lost.forEach(entry -> entry.returning = null);
    absent.clear();
    early.values().forEach(Slip::done);
    early.clear();
    return lost;
  }

  /// Takes what is wanted and nobody has brought.
  List<RuntimeTask> takeOrphans() {
    List<RuntimeTask> all = orphans.values().stream().map(this::inThisLife).toList();
    orphans.clear();
    return all;
  }

  /// Whether a root that a manager brings is still the attempt of its task that was out.
  boolean isExpected(TaskEntry entry, RuntimeTask root) {
    Attempt attempt = entry.returning;
    return attempt != null
        && attempt.number() == root.id().attempt()
        && attempt.epoch() == root.id().address().mailbox() >>> 32;
  }

  /// Somebody brings a runtime task.
  ///
  /// @return whether one of those that are back waits for it
  boolean isFound(RuntimeAddress address) {
    return orphans.remove(address) != null;
  }

  /// Keeps a result until its reader is back.
  void keep(Slip result) {
    Slip other = early.put(result.task().address(), result);
    if (other != null) {
      other.done();
    }
  }

  /// A manager that is back wants tasks done that nobody knows of. While holders may come back,
  /// they are waited for.
  ///
  /// @param deliver gets results of these tasks that are here already
  /// @return what is to run
  List<RuntimeTask> wanted(List<RuntimeTask> tasks, Consumer<Slip> deliver) {
    returns++;
    List<RuntimeTask> toRun = new ArrayList<>();
    for (RuntimeTask task : tasks) {
      Slip result = early.remove(task.id().address());
      if (result != null) {
        deliver.accept(result);
      } else if (isOpen) {
        orphans.put(task.id().address(), task);
      } else {
        toRun.add(inThisLife(task));
      }
    }
    return toRun;
  }

  void removeCovered(Message.Cancel cancel) {
    orphans.values().removeIf(task -> task.isCoveredBy(cancel));
  }

  /// A task that was lost, in its next run. Where earlier lives may have had it run, what came back
  /// of it need not be the last of those runs.
  RuntimeTask inNextRun(RuntimeTask task) {
    boolean isOfEarlierLife = IdBlock.epochOf(task.id().address().workerId()) < epoch;
    return isOfEarlierLife ? inThisLife(task) : task.again();
  }

  /// A run of a task that earlier lives of the service may have had run: whatever attempts they
  /// gave it, and whatever cancels of those are still under way, this one is another.
  private RuntimeTask inThisLife(RuntimeTask task) {
    long first =
        Math.min(
            epoch * ATTEMPTS_OF_A_LIFE + returns * ATTEMPTS_OF_A_RETURN, Integer.MAX_VALUE / 2);
    return task.atAttempt(Math.max(task.id().attempt() + 1, (int) first));
  }
}
