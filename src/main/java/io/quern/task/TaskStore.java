package io.quern.task;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// The durable side of all tasks. Reads see committed data only and may be called from any thread.
public interface TaskStore {

  /// Commits a new epoch and returns it; called once, before any door opens.
  long beginEpoch();

  /// Notes that an epoch ends in an orderly way: whatever it has left unfinished was handed back.
  default void endEpoch(long epoch) {}

  /// Whether an epoch has ended otherwise: the process was killed. False if there was none.
  default boolean wasCutShort(long epoch) {
    return false;
  }

  /// Commits the records in one transaction, in order. A record that fails alone does not sink the
  /// others: the group is then tried again record by record.
  ///
  /// @return one outcome for each record
  List<Outcome> commit(List<TaskRecord> records);

  /// Every task for Quern's own engine that is not terminal, oldest first; read once at the start.
  void forEachUnfinished(Consumer<CompilationTask> consumer);

  /// Every task for BQSKit's managers that is not terminal, oldest first; read once at the start.
  default void forEachUnfinishedPython(Consumer<StoredPythonTask> consumer) {}

  /// What a task for BQSKit's managers was submitted with, or null if it is none.
  default @Nullable PythonInput findPythonInput(TaskId id) {
    return null;
  }

  /// The pickle that such a task returned, or null if it has none.
  default @Nullable Blob findPythonResult(TaskId id) {
    return null;
  }

  /// The log records of such a task behind an event number, in order.
  default List<PythonRecord> pythonRecords(TaskId id, long after) {
    return List.of();
  }

  @Nullable CompilationTask find(TaskId id);

  @Nullable Submission findSubmission(TaskId id);

  /// What runs of the task have finished, as long as it is not terminal.
  KeptWork findKept(TaskId id);

  /// The task's result as the JSON object of the API and its circuit, or null if it has none.
  @Nullable StoredResult findResult(TaskId id);

  /// Whether a task of this tenant was here and has been removed after its retention.
  boolean isExpired(String tenant, TaskId id);

  /// The task stored under an idempotency key.
  @Nullable KeyedTask findByKey(String tenant, String key);

  /// Newest first.
  List<CompilationTask> list(TaskQuery query);

  /// Events from a number on, in order, at most `limit`.
  List<StoredEvent> events(TaskId id, long from, int limit);

  /// Removes a finished task at once; false if it is not finished or not this tenant's.
  boolean purge(String tenant, TaskId id);

  /// Removes finished tasks past their retention and trims old log lines; returns how many tasks
  /// went.
  int sweep(Instant now);

  /// A log record as BQSKit's worker pickled it.
  ///
  /// @param number of its event
  record PythonRecord(long number, Blob record) {}

  /// An event as it is sent.
  ///
  /// @param terminal whether it is the last of its task: a reader that has seen it is done
  /// @param json the whole event object of the API
  record StoredEvent(TaskId task, long number, String type, boolean terminal, String json) {}

  /// @param json the result object without its `circuit` member
  /// @param circuit OpenQASM 2
  record StoredResult(TaskState state, String json, String circuit) {}

  record KeyedTask(CompilationTask task, String bodyHash) {}

  /// Filters of a list; null means any.
  ///
  /// @param before only tasks with a smaller id (the cursor)
  record TaskQuery(
      String tenant,
      @Nullable TaskState state,
      @Nullable String tag,
      @Nullable String name,
      @Nullable Instant submittedAfter,
      @Nullable Instant submittedBefore,
      @Nullable TaskId before,
      int limit) {}

  /// What became of one record.
  sealed interface Outcome {
    record Committed() implements Outcome {}

    /// The task was terminal already (or unknown); nothing was written.
    record NotApplied() implements Outcome {}

    /// At least one idempotency key of the record is taken; nothing was written.
    ///
    /// @param holders who has the key, by the new task that came with it
    record KeyTaken(Map<TaskId, KeyedTask> holders) implements Outcome {
      public KeyTaken {
        holders = Map.copyOf(holders);
      }
    }

    record Failed(String reason) implements Outcome {}
  }
}
