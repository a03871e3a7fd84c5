package io.quern.journal;

import io.quern.engine.circuit.Circuit;
import io.quern.engine.compile.CompilationResult;
import io.quern.failure.ErrorCode;
import io.quern.failure.QuernException;
import io.quern.task.Attempt;
import io.quern.task.Blob;
import io.quern.task.CompilationTask;
import io.quern.task.KeptWork;
import io.quern.task.PythonInput;
import io.quern.task.StoredPythonTask;
import io.quern.task.Submission;
import io.quern.task.TaskEvent;
import io.quern.task.TaskId;
import io.quern.task.TaskJson;
import io.quern.task.TaskRecord;
import io.quern.task.TaskRecord.Accepted;
import io.quern.task.TaskRecord.IdempotencyKey;
import io.quern.task.TaskReplay;
import io.quern.task.TaskStore;
import io.quern.task.store.JournalledStore;
import io.quern.task.store.RefusedRecordException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A store with a journal before its database: a commit is one write to a file, and a thread
/// carries the records into the database behind it, many in one transaction.
///
/// A database with a tree of pages for every table and index writes some of each of them for every
/// commit, which costs a hundred times what a record does. So what must be durable at once goes to
/// the journal, and the database sees larger groups.
///
/// Reads of one task look at what waits first, then into the database, so they see everything that
/// was committed. Reads of many tasks wait until the database has what was committed before.
///
/// Thread-safe; the order of commits is that of their callers, of which there is one.
public final class JournalledTaskStore implements TaskStore, AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(JournalledTaskStore.class);

  /// Records carried into the database by one transaction.
  private static final int GROUP_RECORDS = 4_096;

  /// What they may take of the journal. The database writes its pages in the middle of a
  /// transaction that has changed some 20 MB of them, and then writes most of them once more.
  private static final long GROUP_BYTES = 3L << 19;

  /// How long a group may grow while nobody waits for it: a task that begins and ends within it
  /// costs the database one row of each kind and no change.
  private static final long GATHER_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

  /// Records that may wait for the database, and what they may take of the journal; then commits
  /// wait.
  private static final int MOST_PENDING = 16_384;

  private static final long MOST_PENDING_BYTES =
      Math.min(64L << 20, Runtime.getRuntime().maxMemory() / 16);

  private static final long RETRY_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

  /// How long a read of many tasks waits for a database that works, and for one that is away.
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private static final Duration PATIENCE_WHILE_AWAY = Duration.ofSeconds(2);

  /// How long a write that failed tells of the next one.
  private static final long TRUST_NANOS = TimeUnit.SECONDS.toNanos(10);

  /// So often is a record refused before it is kept aside.
  private static final int REFUSALS = 3;

  private final JournalledStore database;
  private final Function<Circuit, String> qasmWriter;
  private final Journal journal;
  private final RefusedRecords refused;
  private final Thread carrier;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition committed = lock.newCondition();
  private final Condition carried = lock.newCondition();

  // Guarded by the lock.

  private final PendingTasks pending = new PendingTasks();
  private final WaitingRecords waiting = new WaitingRecords();
  private final Map<String, Accepted> pendingKeys = new HashMap<>();

  /// Position of the last record the database has; those after it wait.
  private long applied;

  /// Position of the last record somebody waits for.
  private long wanted;

  private boolean isClosed;

  /// When the database took nothing for the first time in a row; 0 if it took what came last.
  private long awaySince;

  /// When a record could not be written last, and why; null if the last one was.
  private volatile @Nullable Unwritten unwritten;

  private record Unwritten(long nanoTime, String reason) {}

  /// Tasks that are not terminal, with their current attempts; used by the committing thread alone.
  private final Map<TaskId, @Nullable Attempt> unfinished = new HashMap<>();

  private JournalledTaskStore(
      JournalledStore database,
      Function<Circuit, String> qasmWriter,
      Journal journal,
      RefusedRecords refused) {
    this.refused = refused;
    this.database = database;
    this.qasmWriter = qasmWriter;
    this.journal = journal;
    carrier = Thread.ofPlatform().name("quern-store-carrier").unstarted(this::carry);
  }

  /// Opens the journal and carries into the database what an earlier process left in it.
  ///
  /// @param directory where the journal's files are
  /// @param qasmWriter writes a compiled circuit as OpenQASM 2
  /// @param version of the form of records
  /// @param force whether a record counts as durable only when the medium has it
  /// @throws UncheckedIOException if the journal cannot be read
  public static JournalledTaskStore open(
      JournalledStore database,
      Path directory,
      Function<Circuit, String> qasmWriter,
      String version,
      boolean force) {
    try {
      Journal journal = Journal.open(directory, version, force);
      RefusedRecords refused = RefusedRecords.open(directory, version);
      JournalledTaskStore store = new JournalledTaskStore(database, qasmWriter, journal, refused);
      store.recover();
      store.forEachUnfinished(task -> store.unfinished.put(task.id(), task.attempt()));
      store.forEachUnfinishedPython(
          each -> store.unfinished.put(each.task().id(), each.task().attempt()));
      store.carrier.start();
      return store;
    } catch (IOException e) {
      throw new UncheckedIOException("the journal in " + directory + ": " + e.getMessage(), e);
    }
  }

  /// Carries over what an earlier process left.
  private void recover() throws IOException {
    // What is kept aside last was preceded by records that the database has, or are aside too.
    applied = Math.max(database.appliedPosition(), refused.lastPosition());
    for (TaskRecord record : refused.records()) {
      pending.add(record);
      accepted(record).forEach(this::addKey);
    }
    if (refused.size() > 0) {
      log.error(
          "{} durable records are kept aside because the database refused them; tried again now",
          refused.size());
      offerRefused();
    }
    for (Journal.Group group : journal.read(applied)) {
      // Positions between two groups are those of an orderly end.
      applied = group.position() - 1;
      for (TaskRecord record : group.records()) {
        pending.add(record);
        waiting.add(record, 0);
        accepted(record).forEach(this::addKey);
      }
      while (!waiting.isEmpty()) {
        carryOver(waiting.first(GROUP_RECORDS, GROUP_BYTES), REFUSALS);
      }
    }
    journal.clear();
  }

  @Override
  public long beginEpoch() {
    return database.beginEpoch();
  }

  @Override
  public void endEpoch(long epoch) {
    database.endEpoch(epoch);
  }

  @Override
  public boolean wasCutShort(long epoch) {
    return database.wasCutShort(epoch);
  }

  // Commits

  @Override
  public List<Outcome> commit(List<TaskRecord> records) {
    if (!awaitRoom()) {
      return Collections.nCopies(records.size(), new Outcome.Failed("the store is closed"));
    }
    List<Outcome> outcomes = new ArrayList<>(records.size());
    List<Integer> taken = new ArrayList<>(records.size());
    Map<String, Accepted> newKeys = new HashMap<>();
    for (int i = 0; i < records.size(); i++) {
      Outcome outcome = outcome(records.get(i), newKeys);
      outcomes.add(outcome);
      if (outcome instanceof Outcome.Committed) {
        taken.add(i);
      }
    }
    write(records, taken, outcomes);
    return List.copyOf(outcomes);
  }

  /// Writes the records that count; those that cannot be written get another outcome. One that
  /// cannot be written by itself does not keep out the others.
  private void write(List<TaskRecord> records, List<Integer> indices, List<Outcome> outcomes) {
    if (indices.isEmpty()) {
      return;
    }
    List<TaskRecord> group = indices.stream().<TaskRecord>map(records::get).toList();
    int[] sizes;
    try {
      journal.forget(appliedPosition());
      sizes = journal.append(group);
    } catch (IOException | RuntimeException | Error e) {
      // Also errors: a record that there is no memory to encode must not end the writer.
      if (group.size() > 1) {
        indices.forEach(index -> write(records, List.of(index), outcomes));
        return;
      }
      log.error("a record of task {} is not stored", group.getFirst().task(), e);
      undo(group.getFirst());
      String reason = "the journal cannot be written: " + e.getMessage();
      outcomes.set(indices.getFirst(), new Outcome.Failed(reason));
      unwritten = new Unwritten(System.nanoTime(), reason);
      return;
    }
    unwritten = null;
    lock.lock();
    try {
      for (int i = 0; i < sizes.length; i++) {
        TaskRecord record = group.get(i);
        pending.add(record);
        waiting.add(record, sizes[i]);
        accepted(record).forEach(this::addKey);
      }
      committed.signal();
    } finally {
      lock.unlock();
    }
  }

  /// Why the last record was not written, for a while: then it is to be tried again. Null if it
  /// was.
  public @Nullable String failure() {
    Unwritten last = unwritten;
    return last == null || System.nanoTime() - last.nanoTime() > TRUST_NANOS ? null : last.reason();
  }

  private static List<Accepted> accepted(TaskRecord record) {
    return switch (record) {
      case Accepted one -> List.of(one);
      case TaskRecord.AcceptedTogether several -> several.tasks();
      case TaskRecord.Started _, TaskRecord.Appended _, TaskRecord.Kept _, TaskRecord.Ended _ ->
          List.of();
    };
  }

  private void addKey(Accepted task) {
    if (task.key() != null) {
      pendingKeys.put(mapKey(task.key()), task);
    }
  }

  private static String mapKey(IdempotencyKey key) {
    return key.tenant() + '\n' + key.key();
  }

  /// What becomes of a record if it is written.
  ///
  /// @param newKeys of the records before it in the same group
  private Outcome outcome(TaskRecord record, Map<String, Accepted> newKeys) {
    return switch (record) {
      case Accepted _, TaskRecord.AcceptedTogether _ -> accept(accepted(record), newKeys);
      case TaskRecord.Started started -> {
        boolean isThere = unfinished.containsKey(record.task());
        if (isThere) {
          unfinished.put(record.task(), started.attempt());
        }
        yield applied(isThere);
      }
      case TaskRecord.Appended _ -> applied(unfinished.containsKey(record.task()));
      case TaskRecord.Kept kept -> applied(kept.attempt().equals(unfinished.get(record.task())));
      case TaskRecord.Ended _ -> {
        boolean isFirst = unfinished.containsKey(record.task());
        unfinished.remove(record.task());
        yield applied(isFirst);
      }
    };
  }

  private static Outcome applied(boolean isApplied) {
    return isApplied ? new Outcome.Committed() : new Outcome.NotApplied();
  }

  private Outcome accept(List<Accepted> tasks, Map<String, Accepted> newKeys) {
    Map<TaskId, KeyedTask> holders = new HashMap<>();
    for (Accepted task : tasks) {
      KeyedTask holder = task.key() == null ? null : holder(task.key(), newKeys);
      if (holder != null) {
        holders.put(task.task(), holder);
      }
    }
    if (!holders.isEmpty()) {
      return new Outcome.KeyTaken(holders);
    }
    for (Accepted task : tasks) {
      unfinished.put(task.task(), null);
      if (task.key() != null) {
        newKeys.put(mapKey(task.key()), task);
      }
    }
    return new Outcome.Committed();
  }

  private @Nullable KeyedTask holder(IdempotencyKey key, Map<String, Accepted> newKeys) {
    Accepted sameGroup = newKeys.get(mapKey(key));
    return sameGroup == null
        ? keyed(key.tenant(), key.key(), database::appliedHolder)
        : new KeyedTask(sameGroup.status(), Objects.requireNonNull(sameGroup.key()).bodyHash());
  }

  private void undo(TaskRecord record) {
    accepted(record).forEach(task -> unfinished.remove(task.task()));
    if (record instanceof TaskRecord.Ended) {
      unfinished.put(record.task(), null);
    }
  }

  /// Waits while the database is far behind; false if the store is closed.
  private boolean awaitRoom() {
    lock.lock();
    try {
      while ((waiting.count() >= MOST_PENDING || waiting.bytes() >= MOST_PENDING_BYTES)
          && !isClosed) {
        carried.awaitUninterruptibly();
      }
      return !isClosed;
    } finally {
      lock.unlock();
    }
  }

  // From the journal into the database

  private void carry() {
    boolean isAgain = false;
    int refusals = 0;
    List<TaskRecord> group = takeGroup();
    while (!group.isEmpty()) {
      try {
        if (isAgain) {
          // A part of the group may have got there. What is kept aside has no position there.
          release((int) Math.max(0, database.appliedPosition() - applied), false);
          isAgain = false;
        } else {
          carryOver(group, refusals + 1);
          refusals = 0;
          noteAway(false);
        }
      } catch (RefusedRecordException e) {
        refusals++;
        log.warn("refused {} times: {}", refusals, e.getMessage());
        if (!awaitRetry()) {
          return;
        }
      } catch (IOException | RuntimeException | Error e) {
        log.error(
            "the database takes nothing; {} records wait in the journal", waitingRecords(), e);
        noteAway(true);
        isAgain = true;
        if (!awaitRetry()) {
          return;
        }
      }
      group = takeGroup();
    }
  }

  /// Has the database take the first of the records that wait, as far as none is refused.
  ///
  /// @param attempt counts how often the first one was tried
  /// @throws RefusedRecordException if the first one is refused and is to be tried again
  private void carryOver(List<TaskRecord> group, int attempt) throws IOException {
    int count = 0;
    while (count < group.size() && !refused.concerns(group.get(count))) {
      count++;
    }
    if (count == 0) {
      keepAside(group.getFirst());
      return;
    }
    long first = applied + 1;
    try {
      database.apply(group.subList(0, count), first);
      release(count, false);
    } catch (RefusedRecordException e) {
      int before = (int) (e.position() - first);
      release(before, false);
      if (before > 0) {
        return;
      }
      if (attempt < REFUSALS) {
        throw e;
      }
      log.error(
          "the database refuses a durable record of task {}: it is kept aside and tried again",
          group.getFirst().task(),
          e);
      keepAside(group.getFirst());
    }
  }

  private void keepAside(TaskRecord record) throws IOException {
    refused.add(applied + 1, record);
    release(1, true);
  }

  /// Offers the database once more what it has refused.
  private void offerRefused() {
    try {
      for (TaskRecord record : refused.tryAgain(this::takes)) {
        lock.lock();
        try {
          forget(record);
        } finally {
          lock.unlock();
        }
      }
    } catch (IOException | RuntimeException e) {
      log.error("the records kept aside cannot be carried into the database now", e);
    }
  }

  private boolean takes(TaskRecord record) {
    return !(database.commit(List.of(record)).getFirst() instanceof Outcome.Failed);
  }

  /// Durable records that the database refuses and that are kept aside.
  public int refusedRecords() {
    return refused.size();
  }

  private void noteAway(boolean isAway) {
    lock.lock();
    try {
      awaySince = !isAway ? 0 : awaySince == 0 ? Math.max(1, System.nanoTime()) : awaySince;
      carried.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private int waitingRecords() {
    lock.lock();
    try {
      return waiting.count();
    } finally {
      lock.unlock();
    }
  }

  /// Waits for records; nothing if the store is closed and the database has all of them.
  private List<TaskRecord> takeGroup() {
    lock.lock();
    try {
      while (waiting.isEmpty() && !isClosed) {
        committed.awaitUninterruptibly();
      }
      long left = GATHER_NANOS;
      while (left > 0
          && waiting.count() < GROUP_RECORDS
          && waiting.bytes() < GROUP_BYTES
          && wanted <= applied
          && !isClosed) {
        try {
          left = committed.awaitNanos(left);
        } catch (InterruptedException _) {
          // Ended by close() only: an interrupt must not lose what waits.
          left = 0;
        }
      }
      return waiting.first(GROUP_RECORDS, GROUP_BYTES);
    } finally {
      lock.unlock();
    }
  }

  /// The first records that waited wait no more.
  ///
  /// @param isKeptAside whether the database does not have them, so that reads still look for them
  private void release(int count, boolean isKeptAside) {
    lock.lock();
    try {
      for (int i = 0; i < count; i++) {
        TaskRecord record = waiting.remove();
        if (!isKeptAside) {
          forget(record);
        }
      }
      applied += count;
      carried.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /// Reads find it in the database from now on.
  private void forget(TaskRecord record) {
    pending.remove(record);
    for (Accepted task : accepted(record)) {
      if (task.key() != null) {
        pendingKeys.remove(mapKey(task.key()));
      }
    }
  }

  private boolean awaitRetry() {
    lock.lock();
    try {
      for (long left = RETRY_NANOS; left > 0 && !isClosed; ) {
        left = committed.awaitNanos(left);
      }
      return !isClosed;
    } catch (InterruptedException _) {
      return true;
    } finally {
      lock.unlock();
    }
  }

  // Reads

  private long appliedPosition() {
    lock.lock();
    try {
      return applied;
    } finally {
      lock.unlock();
    }
  }

  private List<TaskRecord> pending(TaskId id) {
    lock.lock();
    try {
      return pending.of(id);
    } finally {
      lock.unlock();
    }
  }

  /// Returns when the database has everything that was committed before the call.
  ///
  /// @throws QuernException if it does not take it in time
  private void awaitCarried() {
    long begun = System.nanoTime();
    lock.lock();
    try {
      long last = applied + waiting.count();
      wanted = Math.max(wanted, last);
      committed.signal();
      while (applied < last) {
        long since = awaySince == 0 ? begun : Math.max(begun, awaySince);
        Duration patience = awaySince == 0 ? PATIENCE : PATIENCE_WHILE_AWAY;
        long left = since + patience.toNanos() - System.nanoTime();
        if (left <= 0) {
          throw new QuernException(
              ErrorCode.STORE_UNAVAILABLE,
              "the database has not taken what is durable for " + patience.toSeconds() + " s");
        }
        carried.awaitNanos(left);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    } finally {
      lock.unlock();
    }
  }

  /// Tasks with records that the database refuses are as these say.
  @Override
  public void forEachUnfinished(Consumer<CompilationTask> consumer) {
    awaitCarried();
    Set<TaskId> aside = refused.tasks();
    database.forEachUnfinished(
        task -> {
          if (!aside.contains(task.id())) {
            consumer.accept(task);
          }
        });
    for (TaskId each : aside) {
      CompilationTask task = find(each);
      if (task != null && !task.state().isTerminal()) {
        consumer.accept(task);
      }
    }
  }

  @Override
  public void forEachUnfinishedPython(Consumer<StoredPythonTask> consumer) {
    awaitCarried();
    Set<TaskId> aside = refused.tasks();
    database.forEachUnfinishedPython(
        each -> {
          if (!aside.contains(each.task().id())) {
            consumer.accept(each);
          }
        });
  }

  @Override
  public @Nullable PythonInput findPythonInput(TaskId id) {
    List<TaskRecord> waiting = pending(id);
    return !waiting.isEmpty() && waiting.getFirst() instanceof Accepted accepted
        ? accepted.python()
        : database.findPythonInput(id);
  }

  @Override
  public @Nullable Blob findPythonResult(TaskId id) {
    List<TaskRecord> waiting = pending(id);
    if (waiting.isEmpty() || !(waiting.getLast() instanceof TaskRecord.Ended ended)) {
      return database.findPythonResult(id);
    }
    return ended.events().getLast().data() instanceof TaskEvent.PythonResult result
        ? result.value()
        : null;
  }

  @Override
  public List<PythonRecord> pythonRecords(TaskId id, long after) {
    List<TaskRecord> waiting = pending(id);
    boolean isNew = !waiting.isEmpty() && waiting.getFirst() instanceof Accepted;
    List<PythonRecord> records =
        new ArrayList<>(isNew ? List.of() : database.pythonRecords(id, after));
    long last = records.isEmpty() ? after : records.getLast().number();
    for (TaskRecord record : waiting) {
      for (TaskEvent event : record.events()) {
        if (event.number() > last && event.data() instanceof TaskEvent.PythonLog line) {
          records.add(new PythonRecord(event.number(), line.record()));
          last = event.number();
        }
      }
    }
    return records;
  }

  @Override
  public @Nullable CompilationTask find(TaskId id) {
    return find(id, pending(id));
  }

  private @Nullable CompilationTask find(TaskId id, List<TaskRecord> waiting) {
    boolean isNew = !waiting.isEmpty() && waiting.getFirst() instanceof Accepted;
    return TaskReplay.after(isNew ? null : database.find(id), waiting);
  }

  @Override
  public @Nullable Submission findSubmission(TaskId id) {
    List<TaskRecord> waiting = pending(id);
    return !waiting.isEmpty() && waiting.getFirst() instanceof Accepted accepted
        ? accepted.submission()
        : database.findSubmission(id);
  }

  @Override
  public KeptWork findKept(TaskId id) {
    List<TaskRecord> waiting = pending(id);
    boolean hasKept = waiting.stream().anyMatch(record -> record instanceof TaskRecord.Kept);
    if (!hasKept && !waiting.isEmpty() && waiting.getFirst() instanceof Accepted) {
      return KeptWork.NOTHING;
    }
    if (hasKept) {
      awaitCarried();
    }
    return database.findKept(id);
  }

  @Override
  public @Nullable StoredResult findResult(TaskId id) {
    List<TaskRecord> waiting = pending(id);
    return !waiting.isEmpty() && waiting.getLast() instanceof TaskRecord.Ended ended
        ? result(ended, find(id, waiting))
        : database.findResult(id);
  }

  private @Nullable StoredResult result(TaskRecord.Ended ended, @Nullable CompilationTask task) {
    CompilationResult result = TaskReplay.result(ended);
    if (result == null || task == null) {
      return null;
    }
    Instant submitted = TaskReplay.asStored(task.submittedAt());
    Instant started = TaskReplay.asStored(Objects.requireNonNullElse(task.startedAt(), submitted));
    return new StoredResult(
        ended.state(),
        TaskJson.resultWithoutCircuit(
            task.id(),
            ended.state(),
            result,
            Duration.between(submitted, started),
            Duration.between(started, ended.at())),
        qasmWriter.apply(result.circuit()));
  }

  @Override
  public boolean isExpired(String tenant, TaskId id) {
    return database.isExpired(tenant, id);
  }

  @Override
  public @Nullable KeyedTask findByKey(String tenant, String key) {
    return keyed(tenant, key, database::findByKey);
  }

  private @Nullable KeyedTask keyed(
      String tenant, String key, BiFunction<String, String, @Nullable KeyedTask> inDatabase) {
    Accepted holder;
    lock.lock();
    try {
      holder = pendingKeys.get(mapKey(new IdempotencyKey(tenant, key, "")));
    } finally {
      lock.unlock();
    }
    if (holder == null || holder.key() == null) {
      KeyedTask stored = inDatabase.apply(tenant, key);
      if (stored == null) {
        return null;
      }
      CompilationTask now = find(stored.task().id());
      return now == null ? stored : new KeyedTask(now, stored.bodyHash());
    }
    CompilationTask now = find(holder.task());
    return new KeyedTask(now == null ? holder.status() : now, holder.key().bodyHash());
  }

  @Override
  public List<CompilationTask> list(TaskQuery query) {
    awaitCarried();
    return database.list(query);
  }

  @Override
  public List<StoredEvent> events(TaskId id, long from, int limit) {
    List<TaskRecord> waiting = pending(id);
    boolean isNew = !waiting.isEmpty() && waiting.getFirst() instanceof Accepted;
    List<StoredEvent> events =
        new ArrayList<>(isNew ? List.of() : database.events(id, from, limit));
    long next = events.isEmpty() ? from : events.getLast().number() + 1;
    for (TaskRecord record : waiting) {
      for (TaskEvent event : record.events()) {
        if (event.number() >= next && events.size() < limit) {
          events.add(stored(event, waiting));
          next = event.number() + 1;
        }
      }
    }
    return events;
  }

  private StoredEvent stored(TaskEvent event, List<TaskRecord> waiting) {
    String data;
    if (event.data() instanceof TaskEvent.ResultReady) {
      StoredResult result =
          result((TaskRecord.Ended) waiting.getLast(), find(event.task(), waiting));
      data = result == null ? "null" : TaskJson.resultEventData(event.task(), result);
    } else {
      data = TaskJson.eventData(event.data());
    }
    String type = event.data().type();
    return new StoredEvent(
        event.task(),
        event.number(),
        type,
        event.isTerminal(),
        TaskJson.event(event.task(), event.number(), event.time(), type, data));
  }

  @Override
  public boolean purge(String tenant, TaskId id) {
    awaitCarried();
    return database.purge(tenant, id);
  }

  @Override
  public int sweep(Instant now) {
    if (refused.size() > 0) {
      offerRefused();
    }
    return database.sweep(now);
  }

  /// Carries what waits into the database and ends; further commits fail.
  @Override
  public void close() {
    lock.lock();
    try {
      isClosed = true;
      committed.signalAll();
      carried.signalAll();
    } finally {
      lock.unlock();
    }
    boolean wasInterrupted = false;
    while (carrier.isAlive()) {
      try {
        carrier.join();
      } catch (InterruptedException _) {
        wasInterrupted = true;
      }
    }
    if (wasInterrupted) {
      Thread.currentThread().interrupt();
    }
    try {
      if (waiting.isEmpty()) {
        journal.clear();
      }
      journal.close();
      refused.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
