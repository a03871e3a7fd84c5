package io.quern.journal;

import io.quern.engine.circuit.Circuit;
import io.quern.task.Blob;
import io.quern.task.CompilationTask;
import io.quern.task.KeptWork;
import io.quern.task.PythonInput;
import io.quern.task.StoredPythonTask;
import io.quern.task.Submission;
import io.quern.task.TaskId;
import io.quern.task.TaskRecord;
import io.quern.task.TaskStore;
import io.quern.task.store.JournalledStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
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

  /// How long a write that failed tells of the next one.
  private static final long TRUST_NANOS = TimeUnit.SECONDS.toNanos(10);

  private final JournalledStore database;
  private final Journal journal;
  private final RefusedRecords refused;
  private final Backlog backlog = new Backlog();
  private final Carrier carrier;
  private final CombinedReads reads;
  private final CommitRules rules;

  /// When a record could not be written last, and why; null if the last one was.
  private volatile @Nullable Unwritten unwritten;

  private record Unwritten(long nanoTime, String reason) {}

  private JournalledTaskStore(
      JournalledStore database,
      Function<Circuit, String> qasmWriter,
      Journal journal,
      RefusedRecords refused) {
    this.database = database;
    this.journal = journal;
    this.refused = refused;
    carrier = new Carrier(database, backlog, refused);
    reads = new CombinedReads(database, backlog, qasmWriter);
    rules = new CommitRules(reads::holder);
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
      store.forEachUnfinished(task -> store.rules.found(task.id(), task.attempt()));
      store.forEachUnfinishedPython(
          each -> store.rules.found(each.task().id(), each.task().attempt()));
      store.carrier.start();
      return store;
    } catch (IOException e) {
      throw new UncheckedIOException("the journal in " + directory + ": " + e.getMessage(), e);
    }
  }

  /// Carries over what an earlier process left.
  private void recover() throws IOException {
    // What is kept aside last was preceded by records that the database has, or are aside too.
    long applied = Math.max(database.appliedPosition(), refused.lastPosition());
    backlog.startBehind(applied);
    refused.records().forEach(backlog::addAside);
    if (refused.size() > 0) {
      log.error(
          "{} durable records are kept aside because the database refused them; tried again now",
          refused.size());
      carrier.offerRefused();
    }
    for (Journal.Group group : journal.read(applied)) {
      // Positions between two groups are those of an orderly end.
      backlog.startBehind(group.position() - 1);
      backlog.add(group.records(), new int[group.records().size()]);
      carrier.carryAll();
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
    if (!backlog.awaitRoom()) {
      return Collections.nCopies(records.size(), new Outcome.Failed("the store is closed"));
    }
    List<Outcome> outcomes = new ArrayList<>(records.size());
    List<Integer> taken = new ArrayList<>(records.size());
    rules.beginGroup();
    for (int i = 0; i < records.size(); i++) {
      Outcome outcome = rules.outcome(records.get(i));
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
      journal.forget(backlog.applied());
      sizes = journal.append(group);
    } catch (IOException | RuntimeException | Error e) {
      // Also errors: a record that there is no memory to encode must not end the writer.
      if (group.size() > 1) {
        indices.forEach(index -> write(records, List.of(index), outcomes));
        return;
      }
      TaskId task = group.getFirst().task();
      log.atError()
          .addKeyValue("task", task)
          .setCause(e)
          .log("a record of task {} is not stored", task);
      rules.undo(group.getFirst());
      String reason = "the journal cannot be written: " + e.getMessage();
      outcomes.set(indices.getFirst(), new Outcome.Failed(reason));
      unwritten = new Unwritten(System.nanoTime(), reason);
      return;
    }
    unwritten = null;
    backlog.add(group, sizes);
  }

  /// Why the last record was not written, for a while: then it is to be tried again. Null if it
  /// was.
  public @Nullable String failure() {
    Unwritten last = unwritten;
    return last == null || System.nanoTime() - last.nanoTime() > TRUST_NANOS ? null : last.reason();
  }

  /// Durable records that the database refuses and that are kept aside.
  public int refusedRecords() {
    return refused.size();
  }

  // Reads of one task

  @Override
  public @Nullable CompilationTask find(TaskId id) {
    return reads.find(id);
  }

  @Override
  public @Nullable Submission findSubmission(TaskId id) {
    return reads.findSubmission(id);
  }

  @Override
  public @Nullable PythonInput findPythonInput(TaskId id) {
    return reads.findPythonInput(id);
  }

  @Override
  public @Nullable Blob findPythonResult(TaskId id) {
    return reads.findPythonResult(id);
  }

  @Override
  public List<PythonRecord> pythonRecords(TaskId id, long after) {
    return reads.pythonRecords(id, after);
  }

  @Override
  public KeptWork findKept(TaskId id) {
    return reads.findKept(id);
  }

  @Override
  public @Nullable StoredResult findResult(TaskId id) {
    return reads.findResult(id);
  }

  @Override
  public List<StoredEvent> events(TaskId id, long from, int limit) {
    return reads.events(id, from, limit);
  }

  @Override
  public @Nullable KeyedTask findByKey(String tenant, String key) {
    return reads.findByKey(tenant, key);
  }

  @Override
  public boolean isExpired(String tenant, TaskId id) {
    return database.isExpired(tenant, id);
  }

  // Reads and changes of many tasks

  /// Tasks with records that the database refuses are as these say.
  @Override
  public void forEachUnfinished(Consumer<CompilationTask> consumer) {
    backlog.awaitCarried();
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
    backlog.awaitCarried();
    Set<TaskId> aside = refused.tasks();
    database.forEachUnfinishedPython(
        each -> {
          if (!aside.contains(each.task().id())) {
            consumer.accept(each);
          }
        });
  }

  @Override
  public List<CompilationTask> list(TaskQuery query) {
    backlog.awaitCarried();
    return database.list(query);
  }

  @Override
  public boolean purge(String tenant, TaskId id) {
    backlog.awaitCarried();
    return database.purge(tenant, id);
  }

  @Override
  public int sweep(Instant now) {
    if (refused.size() > 0) {
      carrier.offerRefused();
    }
    return database.sweep(now);
  }

  /// Carries what waits into the database and ends; further commits fail.
  @Override
  public void close() {
    backlog.close();
    carrier.awaitEnd();
    try {
      if (backlog.count() == 0) {
        journal.clear();
      }
      journal.close();
      refused.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
