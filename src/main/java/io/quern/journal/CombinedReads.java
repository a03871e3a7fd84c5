package io.quern.journal;

import io.quern.engine.circuit.Circuit;
import io.quern.engine.compile.CompilationResult;
import io.quern.task.Blob;
import io.quern.task.CompilationTask;
import io.quern.task.KeptWork;
import io.quern.task.PythonInput;
import io.quern.task.Submission;
import io.quern.task.TaskEvent;
import io.quern.task.TaskId;
import io.quern.task.TaskJson;
import io.quern.task.TaskRecord;
import io.quern.task.TaskRecord.Accepted;
import io.quern.task.TaskReplay;
import io.quern.task.TaskStore.KeyedTask;
import io.quern.task.TaskStore.PythonRecord;
import io.quern.task.TaskStore.StoredEvent;
import io.quern.task.TaskStore.StoredResult;
import io.quern.task.store.JournalledStore;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Reads of one task, as it is with what is durable and not in the database yet: first the backlog
/// is looked at, then the database, so that everything committed is seen.
///
/// Thread-safe.
final class CombinedReads {
  private final JournalledStore database;
  private final Backlog backlog;
  private final Function<Circuit, String> qasmWriter;

  /// @param qasmWriter writes a compiled circuit as OpenQASM 2
  CombinedReads(JournalledStore database, Backlog backlog, Function<Circuit, String> qasmWriter) {
    this.database = database;
    this.backlog = backlog;
    this.qasmWriter = qasmWriter;
  }

  /// The acceptance of a task that the database does not have; null if it has it.
  private static @Nullable Accepted acceptance(List<TaskRecord> waiting) {
    return !waiting.isEmpty() && waiting.getFirst() instanceof Accepted accepted ? accepted : null;
  }

  /// The end of a task that the database does not have; null if there is none.
  private static TaskRecord.@Nullable Ended end(List<TaskRecord> waiting) {
    return !waiting.isEmpty() && waiting.getLast() instanceof TaskRecord.Ended ended ? ended : null;
  }

  @Nullable CompilationTask find(TaskId id) {
    return find(id, backlog.of(id));
  }

  private @Nullable CompilationTask find(TaskId id, List<TaskRecord> waiting) {
    return TaskReplay.after(acceptance(waiting) == null ? database.find(id) : null, waiting);
  }

  @Nullable Submission findSubmission(TaskId id) {
    Accepted accepted = acceptance(backlog.of(id));
    return accepted == null ? database.findSubmission(id) : accepted.submission();
  }

  @Nullable PythonInput findPythonInput(TaskId id) {
    Accepted accepted = acceptance(backlog.of(id));
    return accepted == null ? database.findPythonInput(id) : accepted.python();
  }

  @Nullable Blob findPythonResult(TaskId id) {
    TaskRecord.Ended ended = end(backlog.of(id));
    if (ended == null) {
      return database.findPythonResult(id);
    }
    return ended.events().getLast().data() instanceof TaskEvent.PythonResult result
        ? result.value()
        : null;
  }

  List<PythonRecord> pythonRecords(TaskId id, long after) {
    List<TaskRecord> waiting = backlog.of(id);
    boolean isNew = acceptance(waiting) != null;
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

  KeptWork findKept(TaskId id) {
    List<TaskRecord> waiting = backlog.of(id);
    boolean hasKept = waiting.stream().anyMatch(record -> record instanceof TaskRecord.Kept);
    if (!hasKept && acceptance(waiting) != null) {
      return KeptWork.NOTHING;
    }
    if (hasKept) {
      backlog.awaitCarried();
    }
    return database.findKept(id);
  }

  @Nullable StoredResult findResult(TaskId id) {
    List<TaskRecord> waiting = backlog.of(id);
    TaskRecord.Ended ended = end(waiting);
    return ended == null ? database.findResult(id) : result(ended, find(id, waiting));
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

  List<StoredEvent> events(TaskId id, long from, int limit) {
    List<TaskRecord> waiting = backlog.of(id);
    boolean isNew = acceptance(waiting) != null;
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

  /// The task under an idempotency key.
  @Nullable KeyedTask findByKey(String tenant, String key) {
    return findByKey(tenant, key, database::findByKey);
  }

  /// The task under an idempotency key, without waiting for a commit that is under way.
  @Nullable KeyedTask holder(TaskRecord.IdempotencyKey key) {
    return findByKey(key.tenant(), key.key(), database::appliedHolder);
  }

  private @Nullable KeyedTask findByKey(
      String tenant, String key, BiFunction<String, String, @Nullable KeyedTask> inDatabase) {
    Accepted holder = backlog.holder(tenant, key);
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
}
