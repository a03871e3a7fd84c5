package io.quern.bqskit;

import io.quern.bqskit.PythonCompilation.Phase;
import io.quern.bqskit.wire.PickledValue;
import io.quern.bqskit.wire.WireTask;
import io.quern.task.Attempt;
import io.quern.task.DeathCount;
import io.quern.task.TaskEvent;
import io.quern.task.TaskId;
import io.quern.task.TaskRecord;
import io.quern.task.TaskState;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;

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
  private final Compilations compilations;
  private final Listener listener;
  private final Supplier<Instant> now;
  private final Consumer<BqskitEffect> effects;

  /// Accepted ones that wait for a manager, oldest first; some may be over.
  private final ArrayDeque<PythonCompilation> ready = new ArrayDeque<>();

  /// Suspects that wait for a manager without one.
  private final ArrayDeque<PythonCompilation> suspects = new ArrayDeque<>();

  /// Started in this round.
  private final List<Handouts.Root> roots = new ArrayList<>();

  /// Those whose input could not be read, to be asked for again at [#readAgainAt].
  private final List<PythonCompilation> unread = new ArrayList<>();

  private Instant readAgainAt = Instant.MAX;

  /// @param now the time of the event that is dealt with
  Starts(
      BqskitServer.Settings settings,
      PythonValues python,
      PythonCluster cluster,
      CompilationJournal journal,
      Compilations compilations,
      Listener listener,
      Supplier<Instant> now,
      Consumer<BqskitEffect> effects) {
    epoch = settings.epoch();
    storeRetry = settings.storeRetry();
    this.python = python;
    this.cluster = cluster;
    this.journal = journal;
    this.compilations = compilations;
    this.listener = listener;
    this.now = now;
    this.effects = effects;
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
    long starting = suspects.isEmpty() ? 0 : compilations.suspectsOnTheirWay();
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

  /// The input of a task, which was asked for, is there.
  void inputLoaded(TaskId task, PickledValue input) {
    PythonCompilation compilation = compilations.find(task);
    if (compilation != null && compilation.phase == Phase.LOADING && !compilation.isOver()) {
      compilation.input = input;
      start(compilation);
    }
  }

  /// The input of a task, which was asked for, cannot be had.
  ///
  /// @param isFinal whether asking again is of no use
  void inputNotLoaded(TaskId task, String reason, boolean isFinal) {
    PythonCompilation compilation = compilations.find(task);
    if (compilation == null || compilation.phase != Phase.LOADING || compilation.isOver()) {
      return;
    }
    if (isFinal) {
      listener.unreadable(compilation, reason);
    } else {
      // A store that is away for a while must not be asked without end.
      unread.add(compilation);
      if (readAgainAt.equals(Instant.MAX)) {
        readAgainAt = now.get().plus(storeRetry);
        effects.accept(new BqskitEffect.ArmTimer(readAgainAt));
      }
    }
  }

  /// Asks again for what could not be read, if it is time.
  void timer() {
    if (now.get().isBefore(readAgainAt)) {
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
    Instant time = now.get();
    TaskEvent.Data data =
        isFirst
            ? new TaskEvent.StateChanged(TaskState.QUEUED, TaskState.RUNNING, null)
            : new TaskEvent.Restarted(attempt);
    if (compilation.phase != Phase.ACCEPTING) {
      compilation.phase = Phase.STARTING;
    }
    journal.add(
        compilation,
        new TaskRecord.Started(
            compilation.id(),
            attempt,
            time,
            null,
            DeathCount.NONE,
            List.of(compilation.event(time, data))));
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
    compilations.giveMailbox(compilation);
    compilation.phase = Phase.RUNNING;
    roots.add(new Handouts.Root(root(compilation, input), compilation));
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
    List<Handouts.Root> all = List.copyOf(roots);
    roots.clear();
    if (cluster.hasManagers()) {
      cluster.handOutRoots(all);
    } else {
      for (Handouts.Root root : all) {
        compilations.takeMailbox(root.compilation());
        waitForManager(root.compilation());
      }
    }
  }
}
