package io.quern.bqskit;

import io.quern.bqskit.PythonCompilation.Phase;
import io.quern.bqskit.wire.PickledValue;
import io.quern.bqskit.wire.WireTask;
import io.quern.task.Attempt;
import io.quern.task.DeathCount;
import io.quern.task.TaskEvent;
import io.quern.task.TaskRecord;
import io.quern.task.TaskState;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Which tasks wait for a manager, and what is done until one has them: the input is read if it is
/// not at hand, the start is written, the root runtime task is made and handed out.
final class Starts {

  /// What becomes of tasks here.
  interface Listener {
    /// Its input is lost.
    void unreadable(PythonCompilation compilation, String reason);
  }

  private final long epoch;
  private final Duration storeRetry;
  private final PythonValues python;
  private final PythonCluster cluster;
  private final CompilationJournal journal;
  private final Map<Long, PythonCompilation> byMailbox;
  private final Supplier<Collection<PythonCompilation>> unfinished;
  private final Listener listener;
  private final Consumer<BqskitEffect> effects;

  /// Accepted ones that wait for a manager, oldest first; some may be over.
  private final ArrayDeque<PythonCompilation> ready = new ArrayDeque<>();

  /// Suspects that wait for a manager without one.
  private final ArrayDeque<PythonCompilation> suspects = new ArrayDeque<>();

  /// Started in this round.
  private final List<PythonCluster.Root> roots = new ArrayList<>();

  /// Those whose input could not be read, to be asked for again at [#readAgainAt].
  private final List<PythonCompilation> unread = new ArrayList<>();

  private Instant readAgainAt = Instant.MAX;
  private Instant now = Instant.MIN;
  private long mailboxes;

  /// @param storeRetry pause before a store that failed is asked again
  /// @param byMailbox where those that run are entered
  /// @param unfinished all tasks that are not over
  Starts(
      long epoch,
      Duration storeRetry,
      PythonValues python,
      PythonCluster cluster,
      CompilationJournal journal,
      Map<Long, PythonCompilation> byMailbox,
      Supplier<Collection<PythonCompilation>> unfinished,
      Listener listener,
      Consumer<BqskitEffect> effects) {
    this.epoch = epoch;
    this.storeRetry = storeRetry;
    this.python = python;
    this.cluster = cluster;
    this.journal = journal;
    this.byMailbox = byMailbox;
    this.unfinished = unfinished;
    this.listener = listener;
    this.effects = effects;
  }

  /// The time of the events that are dealt with now.
  void at(Instant time) {
    now = time;
  }

  /// It waits for a manager, from now on or again.
  void waitForManager(PythonCompilation compilation) {
    compilation.phase = Phase.READY;
    if (compilation.isSuspected()) {
      suspects.addLast(compilation);
    } else {
      ready.addLast(compilation);
    }
    beginReady();
  }

  /// Begins what can be begun.
  void beginReady() {
    while (cluster.hasManagers() && !ready.isEmpty()) {
      begin(ready.removeFirst());
    }
    long starting =
        suspects.isEmpty()
            ? 0
            : unfinished.get().stream()
                .filter(each -> each.isSuspected() && each.isOnItsWay())
                .count();
    while (!suspects.isEmpty() && cluster.size() > starting) {
      if (begin(suspects.removeFirst())) {
        starting++;
      }
    }
  }

  private boolean begin(PythonCompilation compilation) {
    if (compilation.isOver()) {
      return false;
    }
    if (compilation.input == null) {
      compilation.phase = Phase.LOADING;
      effects.accept(new BqskitEffect.LoadInput(compilation.id()));
    } else {
      start(compilation);
    }
    return true;
  }

  /// Its input, which was asked for, is there.
  void inputLoaded(@Nullable PythonCompilation compilation, PickledValue input) {
    if (compilation != null && compilation.phase == Phase.LOADING && !compilation.isOver()) {
      compilation.input = input;
      start(compilation);
    }
  }

  /// Its input, which was asked for, cannot be had.
  ///
  /// @param isFinal whether asking again is of no use
  void inputNotLoaded(@Nullable PythonCompilation compilation, String reason, boolean isFinal) {
    if (compilation == null || compilation.phase != Phase.LOADING || compilation.isOver()) {
      return;
    }
    if (isFinal) {
      listener.unreadable(compilation, reason);
    } else {
      // A store that is away for a while must not be asked without end.
      unread.add(compilation);
      if (readAgainAt.equals(Instant.MAX)) {
        readAgainAt = now.plus(storeRetry);
        effects.accept(new BqskitEffect.ArmTimer(readAgainAt));
      }
    }
  }

  /// Asks again for what could not be read, if it is time.
  void timer() {
    if (now.isBefore(readAgainAt)) {
      return;
    }
    readAgainAt = Instant.MAX;
    for (PythonCompilation compilation : unread) {
      if (compilation.phase == Phase.LOADING && !compilation.isOver()) {
        effects.accept(new BqskitEffect.LoadInput(compilation.id()));
      }
    }
    unread.clear();
  }

  /// Has its start written, after which it is handed to a manager.
  void start(PythonCompilation compilation) {
    boolean isFirst = compilation.attempts == 0;
    compilation.attempts++;
    Attempt attempt = new Attempt(epoch, compilation.attempts);
    TaskEvent.Data data =
        isFirst
            ? new TaskEvent.StateChanged(TaskState.QUEUED, TaskState.RUNNING, null)
            : new TaskEvent.Restarted(attempt);
    compilation.phase = compilation.phase == Phase.ACCEPTING ? Phase.ACCEPTING : Phase.STARTING;
    journal.add(
        compilation,
        new TaskRecord.Started(
            compilation.id(),
            attempt,
            now,
            null,
            DeathCount.NONE,
            List.of(compilation.event(now, data))));
  }

  /// Its start is written.
  void startCommitted(PythonCompilation compilation) {
    if (compilation.isOver()) {
      return;
    }
    PickledValue input = compilation.input;
    if (!cluster.hasManagers() || input == null) {
      waitForManager(compilation);
      return;
    }
    mailboxes++;
    compilation.mailbox = mailboxes;
    compilation.phase = Phase.RUNNING;
    byMailbox.put(mailboxes, compilation);
    roots.add(new PythonCluster.Root(root(compilation, input), compilation));
    // Kept by the store; a manager that is lost costs one read.
    compilation.input = null;
  }

  private WireTask root(PythonCompilation compilation, PickledValue input) {
    return compilation.clientId() == null
        ? python.rootOfCall(
            input, compilation.mailbox, compilation.loggingLevel(), compilation.loggingDepth())
        : python.root(
            input, compilation.mailbox, compilation.loggingLevel(), compilation.loggingDepth());
  }

  /// Hands out those whose starts were written in this round, together.
  void handOutRoots() {
    roots.removeIf(root -> root.compilation().isOver());
    if (roots.isEmpty()) {
      return;
    }
    List<PythonCluster.Root> all = List.copyOf(roots);
    roots.clear();
    if (cluster.hasManagers()) {
      cluster.handOutRoots(all);
    } else {
      for (PythonCluster.Root root : all) {
        byMailbox.remove(root.compilation().mailbox);
        waitForManager(root.compilation());
      }
    }
  }
}
