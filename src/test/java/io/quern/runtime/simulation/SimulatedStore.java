package io.quern.runtime.simulation;

import io.quern.task.Attempt;
import io.quern.task.Blob;
import io.quern.task.CompilationTask;
import io.quern.task.DeathCount;
import io.quern.task.KeptWork;
import io.quern.task.TaskEvent;
import io.quern.task.TaskId;
import io.quern.task.TaskRecord;
import io.quern.task.TaskState;
import io.quern.task.TaskStore.KeyedTask;
import io.quern.task.TaskStore.Outcome;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// A store as the contract of [io.quern.task.TaskStore] has it, with a writer that commits in
/// groups, loses what was not committed when the process dies, and fails as often as it is told. It
/// checks by itself what every reader relies on: numbers without gap or double, one terminal event
/// and nothing after it.
final class SimulatedStore {

  /// Thrown by reads that fail.
  static final class Unreadable extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }

  private record Offering(List<TaskRecord> records, Consumer<List<Outcome>> whenCommitted) {}

  private record Key(String tenant, String key) {}

  private final Scheduler scheduler;
  private final Map<TaskId, CompilationTask> rows = new LinkedHashMap<>();
  private final Map<TaskId, List<TaskEvent>> events = new HashMap<>();
  private final Map<TaskId, KeptWork> kept = new HashMap<>();
  private final Map<Key, KeyedTask> keys = new HashMap<>();

  /// The newest line of each run of a runtime task.
  private final Map<String, Integer> lines = new HashMap<>();

  /// The newest event of each task of which its readers have heard.
  private final Map<TaskId, Long> told = new HashMap<>();

  private List<Offering> queue = new ArrayList<>();
  private Faults.OfStore faults;
  private boolean isCommitting;
  private Instant back = Instant.EPOCH;

  /// Whether a commit has met the database away, so that no other can have been under way.
  private boolean wasSeenAway;

  private int life;
  private long epoch;

  SimulatedStore(Scheduler scheduler, Faults.OfStore faults) {
    this.scheduler = scheduler;
    this.faults = faults;
    if (faults.slowMicros() > Faults.OfStore.QUICK_MICROS) {
      scheduler.fault(FaultKind.STORE_SLOW);
    }
  }

  void setFaults(Faults.OfStore faults) {
    this.faults = faults;
  }

  long beginEpoch() {
    return ++epoch;
  }

  /// The process has died: what was offered and not committed is lost, and nobody is told of what
  /// was.
  void crash() {
    life++;
    if (!queue.isEmpty() && scheduler.chance(0.5)) {
      int size = queue.size();
      scheduler.trace(() -> "the dying process still commits " + size + " offerings");
      scheduler.fault(FaultKind.COMMITTED_WHILE_DYING);
      queue.forEach(offering -> offering.records().forEach(this::apply));
    }
    queue = new ArrayList<>();
    isCommitting = false;
    // Readers are connected anew, and begin with what is there.
    rows.values().forEach(row -> told.put(row.id(), row.lastEvent()));
  }

  /// The database ends and is away for a while: commits under way may have been written or not,
  /// which nobody can tell before it is back.
  void databaseCrashes() {
    scheduler.fault(FaultKind.STORE_CRASH);
    back = scheduler.now().plus(scheduler.delay(30_000));
  }

  private boolean isAway() {
    return scheduler.now().isBefore(back);
  }

  boolean offer(List<TaskRecord> records, Consumer<List<Outcome>> whenCommitted) {
    if (scheduler.fault(FaultKind.STORE_FULL, faults.full())) {
      return false;
    }
    queue.add(new Offering(records, whenCommitted));
    startCommit();
    return true;
  }

  private void startCommit() {
    if (isCommitting || queue.isEmpty()) {
      return;
    }
    isCommitting = true;
    int mine = life;
    scheduler.after(
        scheduler.delay(faults.slowMicros()),
        () -> {
          if (mine == life) {
            List<Offering> group = queue;
            queue = new ArrayList<>();
            commit(group);
            isCommitting = false;
            startCommit();
          }
        });
  }

  private void commit(List<Offering> group) {
    boolean fails = scheduler.fault(FaultKind.STORE_FAILS, faults.fails());
    boolean isUnknown =
        !fails && scheduler.fault(FaultKind.STORE_OUTCOME_UNKNOWN, faults.outcomeUnknown());
    if (isAway()) {
      isUnknown = true;
      fails = wasSeenAway || scheduler.chance(0.5);
      wasSeenAway = true;
    } else {
      wasSeenAway = false;
    }
    for (Offering offering : group) {
      List<Outcome> outcomes = new ArrayList<>();
      for (TaskRecord record : offering.records()) {
        if (fails || scheduler.fault(FaultKind.STORE_RECORD_FAILS, faults.recordFails())) {
          outcomes.add(new Outcome.Failed("simulated"));
        } else {
          Outcome outcome = apply(record);
          outcomes.add(isUnknown ? new Outcome.Failed("simulated: unknown") : outcome);
          if (!isUnknown && outcome instanceof Outcome.Committed) {
            record.events().forEach(event -> tell(event.task(), event.number()));
          }
        }
      }
      scheduler.trace(() -> "committed " + summary(offering.records()) + ": " + summary(outcomes));
      offering.whenCommitted().accept(outcomes);
    }
  }

  private void tell(TaskId task, long number) {
    told.merge(task, number, Math::max);
  }

  /// Readers of a task are told to look for events up to a number.
  void announce(TaskId task, long number) {
    CompilationTask row = rows.get(task);
    if (row != null && row.lastEvent() < number) {
      throw new AssertionError("event " + number + " is announced and not stored: " + row);
    }
    tell(task, number);
  }

  /// Nobody waits for an event that is there. (Of the first one a task's submitter hears.)
  void checkTold() {
    for (CompilationTask row : rows.values()) {
      long heard = told.getOrDefault(row.id(), 1L);
      if (row.lastEvent() > heard) {
        throw new AssertionError("readers have heard of event " + heard + " only: " + row);
      }
    }
  }

  private static String summary(List<?> values) {
    StringBuilder text = new StringBuilder();
    for (Object value : values) {
      text.append(' ').append(value.getClass().getSimpleName());
      if (value instanceof TaskRecord record) {
        text.append(' ').append(record.task().value().getLeastSignificantBits());
      }
    }
    return text.toString();
  }

  private Outcome apply(TaskRecord record) {
    return switch (record) {
      case TaskRecord.Accepted accepted -> applyAll(List.of(accepted));
      case TaskRecord.AcceptedTogether together -> applyAll(together.tasks());
      case TaskRecord.Started started ->
          change(
              started,
              row -> {
                checkAttempt(row, started);
                return with(row, TaskState.RUNNING, started.attempt(), started, row.lastEvent());
              });
      case TaskRecord.Appended appended -> change(appended, row -> row);
      case TaskRecord.Kept work -> keep(work);
      case TaskRecord.Ended ended ->
          change(ended, row -> with(row, ended.state(), row.attempt(), null, row.lastEvent()));
    };
  }

  private Outcome keep(TaskRecord.Kept work) {
    CompilationTask row = rows.get(work.task());
    if (row == null || row.state().isTerminal() || !work.attempt().equals(row.attempt())) {
      return new Outcome.NotApplied();
    }
    KeptWork before = kept(work.task());
    KeptWork.StoredCheckpoint checkpoint = before.checkpoint();
    KeptWork.StoredCheckpoint next = work.checkpoint();
    if (next != null && (checkpoint == null || checkpoint.position() < next.position())) {
      checkpoint = next;
    }
    if (next != null) {
      rows.put(work.task(), row.change().deaths(DeathCount.NONE).made());
    }
    Map<String, Blob> blocks = new HashMap<>(before.blocks());
    blocks.putAll(work.blocks());
    kept.put(work.task(), new KeptWork(checkpoint, blocks));
    return new Outcome.Committed();
  }

  /// What runs of a task have finished.
  KeptWork kept(TaskId task) {
    return kept.getOrDefault(task, KeptWork.NOTHING);
  }

  /// Attempts count on through all lives, and every one but the first says that it is a re-run; the
  /// deadline stays where it was when the first began.
  private static void checkAttempt(CompilationTask row, TaskRecord.Started started) {
    Attempt before = row.attempt();
    boolean isSaid =
        started.events().stream().anyMatch(event -> event.data() instanceof TaskEvent.Restarted);
    boolean isNext = started.attempt().number() == (before == null ? 1 : before.number() + 1);
    if (!isNext || isSaid != (before != null)) {
      throw new AssertionError(started + " does not follow " + before);
    }
    if (before != null && !Objects.equals(row.deadline(), started.deadline())) {
      throw new AssertionError(started + " has another deadline than " + row);
    }
  }

  private Outcome applyAll(List<TaskRecord.Accepted> all) {
    Map<TaskId, KeyedTask> holders = new LinkedHashMap<>();
    for (TaskRecord.Accepted each : all) {
      TaskRecord.IdempotencyKey key = each.key();
      KeyedTask holder = key == null ? null : keys.get(new Key(key.tenant(), key.key()));
      if (holder != null) {
        CompilationTask now = rows.get(holder.task().id());
        holders.put(
            each.task(), new KeyedTask(now == null ? holder.task() : now, holder.bodyHash()));
      }
    }
    if (!holders.isEmpty()) {
      return new Outcome.KeyTaken(holders);
    }
    for (TaskRecord.Accepted each : all) {
      if (rows.containsKey(each.task())) {
        return new Outcome.NotApplied();
      }
    }
    for (TaskRecord.Accepted each : all) {
      rows.put(each.task(), with(each.status(), TaskState.QUEUED, null, null, 0));
      append(each);
      TaskRecord.IdempotencyKey key = each.key();
      if (key != null) {
        keys.put(new Key(key.tenant(), key.key()), new KeyedTask(each.status(), key.bodyHash()));
      }
    }
    return new Outcome.Committed();
  }

  private Outcome change(
      TaskRecord record, java.util.function.UnaryOperator<CompilationTask> change) {
    CompilationTask row = rows.get(record.task());
    if (row == null || row.state().isTerminal()) {
      return new Outcome.NotApplied();
    }
    rows.put(record.task(), change.apply(row));
    append(record);
    return new Outcome.Committed();
  }

  private void append(TaskRecord record) {
    for (TaskEvent event : record.events()) {
      CompilationTask row = rows.get(event.task());
      List<TaskEvent> log = events.computeIfAbsent(event.task(), id -> new ArrayList<>());
      if (row == null || event.number() != row.lastEvent() + 1) {
        throw new AssertionError("expected the event after " + row + ", found " + event);
      }
      if (!log.isEmpty() && isTerminal(log.getLast())) {
        throw new AssertionError(event + " follows the terminal " + log.getLast());
      }
      if (event.data() instanceof TaskEvent.LogLine line) {
        checkLine(line.message());
      }
      log.add(event);
      rows.put(event.task(), with(row, row.state(), row.attempt(), null, event.number()));
    }
    CompilationTask row = rows.get(record.task());
    List<TaskEvent> log = events.get(record.task());
    if (row != null && log != null && row.state().isTerminal() != isTerminal(log.getLast())) {
      throw new AssertionError(row + " ends with " + log.getLast());
    }
  }

  /// Lines of one run come in their order, each once; some may be lost with a link.
  private void checkLine(String text) {
    String[] parts = text.split(" of ", 2);
    int number = Integer.parseInt(parts[0]);
    Integer before = lines.put(parts[1], number);
    if (before != null && before >= number) {
      throw new AssertionError("line " + text + " follows line " + before);
    }
  }

  static boolean isTerminal(TaskEvent event) {
    return switch (event.data()) {
      case TaskEvent.ResultReady _, TaskEvent.PythonResult _ -> true;
      case TaskEvent.StateChanged changed -> changed.to().isTerminal();
      case TaskEvent.LogLine _,
          TaskEvent.PythonLog _,
          TaskEvent.Progressed _,
          TaskEvent.Restarted _ ->
          false;
    };
  }

  private static CompilationTask with(
      CompilationTask row,
      TaskState state,
      @Nullable Attempt attempt,
      TaskRecord.@Nullable Started started,
      long lastEvent) {
    return row.change()
        .state(state)
        .deadline(started == null ? row.deadline() : started.deadline())
        .deaths(started == null ? row.deaths() : started.deaths())
        .attempt(attempt)
        .lastEvent(lastEvent)
        .made();
  }

  /// Removes a task behind the server's back.
  void removeForeign(TaskId id) {
    rows.remove(id);
    events.remove(id);
  }

  /// A read by the server, which may fail.
  @Nullable CompilationTask find(TaskId id) {
    if (readFails()) {
      throw new Unreadable();
    }
    return rows.get(id);
  }

  /// The truth, for checks.
  @Nullable CompilationTask row(TaskId id) {
    return rows.get(id);
  }

  List<CompilationTask> rows() {
    return List.copyOf(rows.values());
  }

  List<TaskEvent> log(TaskId id) {
    return List.copyOf(events.getOrDefault(id, List.of()));
  }

  Duration readTime() {
    return scheduler.delay(500);
  }

  boolean readFails() {
    return isAway() || scheduler.fault(FaultKind.STORE_READ_FAILS, faults.readFails());
  }
}
