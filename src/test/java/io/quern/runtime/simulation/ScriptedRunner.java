package io.quern.runtime.simulation;

import io.quern.engine.pass.LogLevel;
import io.quern.engine.pass.Progress;
import io.quern.failure.ErrorCode;
import io.quern.protocol.CompilationContext;
import io.quern.protocol.EncodedValue;
import io.quern.protocol.Failure;
import io.quern.protocol.Message;
import io.quern.protocol.RuntimeAddress;
import io.quern.protocol.RuntimeTask;
import io.quern.protocol.RuntimeTaskId;
import io.quern.runtime.Fixtures;
import io.quern.task.Blob;
import io.quern.task.KeptWork;
import io.quern.worker.Delivery;
import io.quern.worker.WorkerEvent;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Stands for a worker's threads: plays [Script]s on one slot in simulated time.
final class ScriptedRunner {

  private static final int MOST_SAID = 3;

  /// A task being played.
  private static final class Playing {
    private final RuntimeTask task;
    private final Script script;
    private boolean isCancelled;
    private boolean isAwaiting;
    private long mailbox;
    private long abandonedMailbox;
    private int step;
    private int got;
    private long sum;

    /// How much it has told its children.
    private int said;

    /// The number of what it was told last.
    private int heard;

    /// Children whose results it has.
    private final BitSet filled = new BitSet();

    /// The slots of the children's mailbox as numbers of children.
    private List<Integer> slots = List.of();

    private @Nullable Failure failure;

    private Playing(RuntimeTask task) {
      this.task = task;
      script = (Script) EncodedValue.decoded(task.argument());
      task.heard().forEach(this::hears);
    }

    private void hears(Message.Communicate said) {
      if (said.number() <= heard || !EncodedValue.decoded(said.content()).equals(said.number())) {
        throw new AssertionError("%s hears %s after number %d".formatted(task, said, heard));
      }
      heard = said.number();
    }
  }

  private final Scheduler scheduler;
  private final SimulatedProcess process;
  private final Runs runs;
  private final Consumer<WorkerEvent> reports;
  private final Consumer<RuntimeTask> endsProcess;
  private final Map<RuntimeTaskId, Playing> tasks = new HashMap<>();
  private final Deque<Playing> line = new ArrayDeque<>();
  private @Nullable Playing onSlot;
  private long workerId;
  private long mailboxes;
  private Instant lastReport = Instant.EPOCH;

  /// @param process where its threads are
  /// @param runs of all workers, told of those here
  /// @param endsProcess is done by tasks that end the process they run in
  ScriptedRunner(
      Scheduler scheduler,
      SimulatedProcess process,
      Runs runs,
      Consumer<WorkerEvent> reports,
      Consumer<RuntimeTask> endsProcess) {
    this.endsProcess = endsProcess;
    this.scheduler = scheduler;
    this.process = process;
    this.runs = runs;
    this.reports = reports;
  }

  void start(long id) {
    workerId = id;
  }

  void execute(RuntimeTask task) {
    Playing playing = new Playing(task);
    tasks.put(task.id(), playing);
    line.addLast(playing);
    next();
  }

  void resume(RuntimeTaskId id, Delivery delivery) {
    Playing playing = tasks.get(id);
    if (playing == null || (playing.isCancelled && !playing.isAwaiting)) {
      return;
    }
    playing.isAwaiting = false;
    take(playing, delivery);
    line.addFirst(playing);
    next();
  }

  /// Takes back what was not begun.
  List<RuntimeTaskId> recall(List<RuntimeTaskId> ids) {
    List<RuntimeTaskId> recalled = new ArrayList<>();
    for (RuntimeTaskId id : ids) {
      Playing playing = tasks.get(id);
      if (playing != null && playing.step == 0 && line.remove(playing)) {
        tasks.remove(id);
        recalled.add(id);
      }
    }
    return recalled;
  }

  /// A task is told something by its parent.
  void tell(RuntimeTaskId id, Message.Communicate said) {
    Playing playing = tasks.get(id);
    if (playing != null) {
      playing.hears(said);
    }
  }

  void interrupt(RuntimeTaskId id) {
    Playing playing = tasks.get(id);
    if (playing == null || playing.isCancelled) {
      return;
    }
    playing.isCancelled = true;
    if (playing.isAwaiting) {
      playing.isAwaiting = false;
      tasks.remove(id);
      runs.ended(id);
      report(new WorkerEvent.Unwound(id));
    }
  }

  /// Its process has ended, and with it what it had begun.
  void die() {
    tasks.forEach(
        (id, playing) -> {
          if (playing.step > 0) {
            runs.ended(id);
          }
        });
  }

  /// @throws AssertionError if it has anything of another compilation
  void checkAllOf(CompilationContext compilation) {
    for (Playing each : tasks.values()) {
      if (!each.task.compilation().root().equals(compilation.root())) {
        throw new AssertionError(each.task + " ran beside a suspect of " + compilation);
      }
    }
  }

  private void next() {
    if (onSlot == null) {
      onSlot = line.pollFirst();
      goOn();
    }
  }

  private void goOn() {
    Playing playing = onSlot;
    if (playing != null) {
      process.after(scheduler.delay(playing.script.workMicros()), () -> play(playing));
    }
  }

  private void leaveSlot() {
    onSlot = null;
    next();
  }

  private void play(Playing playing) {
    RuntimeTaskId id = playing.task.id();
    if (playing.isCancelled) {
      end(playing, new WorkerEvent.Unwound(id));
      return;
    }
    Script script = playing.script;
    switch (playing.step++) {
      case 0 -> {
        runs.begun(playing.task, process.isForsaken());
        if (script.isDeadly()) {
          endsProcess.accept(playing.task);
          return;
        }
        for (int i = 0; i < script.lines(); i++) {
          RuntimeTaskId root = playing.task.compilation().root();
          report(
              new WorkerEvent.Said(
                  scheduler.chance(0.5)
                      ? new Message.Log(root, LogLevel.INFO, "script", i + " of " + id)
                      : new Message.ProgressMade(
                          root, new Progress("pass-" + scheduler.below(3), 1, 1, i, 4))));
        }
        goOn();
      }
      case 1 -> {
        List<Script> abandoned =
            script.abandoned().stream().filter(each -> storedValue(playing, each) == null).toList();
        if (!abandoned.isEmpty() && playing.task.kept().checkpoint() == null) {
          playing.abandonedMailbox = spawn(playing, abandoned);
          if (scheduler.chance(0.5)) {
            report(new WorkerEvent.CancelAsked(id, playing.abandonedMailbox));
          }
        }
        takeUpEarlierWork(playing);
        if (!playing.slots.isEmpty()) {
          playing.mailbox =
              spawn(playing, playing.slots.stream().map(script.children()::get).toList());
          saySomething(playing);
        }
        goOn();
      }
      default -> collect(playing);
    }
  }

  /// What an earlier run has finished need not be begun again.
  private void takeUpEarlierWork(Playing playing) {
    List<Script> children = playing.script.children();
    KeptWork kept = playing.task.kept();
    List<Integer> missing = new ArrayList<>();
    for (int k = 0; k < children.size(); k++) {
      Script child = children.get(k);
      Blob value = storedValue(playing, child);
      if (kept.checkpoint() != null) {
        takeOne(playing, k, child.mustFail() ? 0L : child.value());
      } else if (value != null) {
        takeOne(
            playing,
            k,
            EncodedValue.decoded(
                ScriptFunctions.REGISTRY.storedResult(ScriptFunctions.BLOCK, value)));
      } else {
        missing.add(k);
      }
    }
    playing.slots = missing;
  }

  private static @Nullable Blob storedValue(Playing playing, Script child) {
    Map<String, Blob> blocks = playing.task.kept().blocks();
    return blocks.isEmpty() || !child.isBlock() ? null : blocks.get(key(child));
  }

  private static String key(Script block) {
    return Objects.requireNonNull(
        ScriptFunctions.REGISTRY.contentKey(ScriptFunctions.BLOCK, block));
  }

  /// What is worth keeping is said before the result is, as a runner does it.
  private void keep(Playing playing, long value) {
    RuntimeTask task = playing.task;
    if (task.breadcrumbs().depth() == 0) {
      report(
          new WorkerEvent.Said(
              new Message.Checkpoint(task.id(), 1, "1", Blob.of(new byte[] {1, 2, 3}))));
    } else if (task.function().isKept()) {
      report(
          new WorkerEvent.Said(
              new Message.BlockDone(
                  task.compilation().root(),
                  key(playing.script),
                  ScriptFunctions.REGISTRY.encodeResult(ScriptFunctions.BLOCK, value))));
    }
  }

  private long spawn(Playing playing, List<Script> scripts) {
    long mailbox = ++mailboxes;
    List<RuntimeTask> children = new ArrayList<>();
    for (int slot = 0; slot < scripts.size(); slot++) {
      children.add(
          new RuntimeTask(
              new RuntimeTaskId(new RuntimeAddress(workerId, mailbox, slot), 1),
              playing.task.breadcrumbs().then(playing.task.id()),
              playing.task.compilation(),
              scripts.get(slot).isBlock() ? ScriptFunctions.BLOCK : ScriptFunctions.CHILD,
              scripts.get(slot)));
    }
    report(new WorkerEvent.Spawned(playing.task.id(), mailbox, children));
    return mailbox;
  }

  /// Some tasks tell their children a few things.
  private void saySomething(Playing playing) {
    if (playing.script.id() % 3 == 0 && playing.said < MOST_SAID) {
      int number = ++playing.said;
      report(
          new WorkerEvent.Communicated(
              playing.task.id(),
              new Message.Communicate(
                  new RuntimeAddress(workerId, playing.mailbox, RuntimeAddress.ALL_SLOTS),
                  ScriptFunctions.CHILD,
                  number,
                  number)));
    }
  }

  /// Awaits what is missing, or ends.
  private void collect(Playing playing) {
    Script script = playing.script;
    RuntimeTaskId id = playing.task.id();
    if (playing.failure == null && playing.got < script.children().size()) {
      playing.isAwaiting = true;
      saySomething(playing);
      report(new WorkerEvent.Awaiting(id, playing.mailbox, script.takesNext()));
      leaveSlot();
    } else if (playing.failure != null && !script.forgives()) {
      end(playing, new WorkerEvent.Threw(id, playing.failure, 1_000));
    } else if (script.fails()) {
      Failure failure = new Failure(ErrorCode.PASS_FAILED, "as scripted", null, null, null);
      end(playing, new WorkerEvent.Threw(id, failure, 1_000));
    } else {
      long value = playing.failure == null ? script.id() + playing.sum : script.id();
      if (playing.failure == null) {
        keep(playing, value);
      }
      end(playing, returned(playing, value));
    }
  }

  private WorkerEvent returned(Playing playing, long value) {
    RuntimeTaskId id = playing.task.id();
    long nanos = playing.script.workMicros() * 3_000L;
    if (playing.task.breadcrumbs().depth() > 0) {
      return new WorkerEvent.Returned(id, value, nanos);
    }
    Instant deadline = playing.task.compilation().deadline();
    boolean isLate = deadline != null && !scheduler.now().isBefore(deadline);
    return new WorkerEvent.Returned(id, Fixtures.result(value, isLate), nanos);
  }

  private void take(Playing playing, Delivery delivery) {
    switch (delivery) {
      case Delivery.All(List<Object> results) -> {
        for (int slot = 0; slot < results.size(); slot++) {
          takeOne(playing, playing.slots.get(slot), EncodedValue.decoded(results.get(slot)));
        }
      }
      case Delivery.Some(List<Delivery.Item> items) ->
          items.forEach(
              item ->
                  takeOne(
                      playing,
                      playing.slots.get(item.slot()),
                      EncodedValue.decoded(item.result())));
      case Delivery.Failed(int slot, Failure failure) -> {
        Script child = playing.script.children().get(playing.slots.get(slot));
        boolean isPoisoned = child.mayBePoisoned() && failure.code() == ErrorCode.POISONED;
        if (!child.mustFail() && !isPoisoned) {
          throw new AssertionError("child " + slot + " of " + playing.task + " must not fail");
        }
        playing.failure = failure;
      }
    }
  }

  private static void takeOne(Playing playing, int slot, Object result) {
    if (playing.filled.get(slot)) {
      throw new AssertionError("slot %d of %s was filled twice".formatted(slot, playing.task));
    }
    playing.filled.set(slot);
    Script child = playing.script.children().get(slot);
    long expected = child.value();
    if (!result.equals(expected) && !child.mayBePoisoned()) {
      throw new AssertionError(
          "slot %d of %s got %s, expected %d".formatted(slot, playing.task, result, expected));
    }
    playing.got++;
    playing.sum += expected;
  }

  private void end(Playing playing, WorkerEvent event) {
    tasks.remove(playing.task.id());
    runs.ended(playing.task.id());
    report(event);
    leaveSlot();
  }

  /// Reports keep their order and take a moment.
  private void report(WorkerEvent event) {
    Instant time = scheduler.now().plus(scheduler.delay(20));
    lastReport = time.isBefore(lastReport) ? lastReport : time;
    process.at(lastReport, () -> reports.accept(event));
  }
}
