package io.quern.task.store;

import io.quern.engine.circuit.Circuit;
import io.quern.engine.compile.CompilationResult;
import io.quern.engine.pass.Progress;
import io.quern.task.CompilationTask;
import io.quern.task.TaskError;
import io.quern.task.TaskEvent;
import io.quern.task.TaskId;
import io.quern.task.TaskJson;
import io.quern.task.TaskRecord;
import io.quern.task.TaskRecord.Accepted;
import io.quern.task.TaskRecord.AcceptedTogether;
import io.quern.task.TaskRecord.Appended;
import io.quern.task.TaskRecord.Ended;
import io.quern.task.TaskRecord.IdempotencyKey;
import io.quern.task.TaskRecord.Kept;
import io.quern.task.TaskRecord.Started;
import io.quern.task.TaskReplay;
import io.quern.task.TaskStore.KeyedTask;
import io.quern.task.TaskStore.Outcome;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Writes a group of records by as few statements as their order allows. Records of different tasks
/// do not touch each other, so only the order within a task counts: round k holds the k-th record
/// of every task (a run of log and progress records counts as one) and is written by one batch for
/// each kind. A new task and what happens to it in the same group count as one record too: its rows
/// are inserted as they are in the end.
final class RecordGroup {
  private final Connection connection;
  private final Function<Circuit, String> qasmWriter;
  private final boolean hasKeysChecked;
  private final @Nullable Outcome[] outcomes;
  private final List<List<Step>> rounds = new ArrayList<>();

  /// Holders of idempotency keys among the records written so far, whose rows may not be there yet.
  private final Map<String, KeyedTask> newKeys = new HashMap<>();

  private RecordGroup(
      Connection connection,
      Function<Circuit, String> qasmWriter,
      List<TaskRecord> records,
      boolean hasKeysChecked) {
    this.connection = connection;
    this.qasmWriter = qasmWriter;
    this.hasKeysChecked = hasKeysChecked;
    this.outcomes = new Outcome[records.size()];
    Map<TaskId, Step> newest = new HashMap<>();
    for (int i = 0; i < records.size(); i++) {
      TaskRecord record = records.get(i);
      Step last = newest.get(record.task());
      if (last != null && last.record instanceof Appended && record instanceof Appended) {
        last.merge(i, record);
        continue;
      }
      if (last != null && last.record instanceof Accepted && !(record instanceof Kept)) {
        last.fold(i, record);
        continue;
      }
      Step step = new Step(i, record, last == null ? 0 : last.round + 1);
      for (TaskId task : tasks(record)) {
        newest.put(task, step);
      }
      if (rounds.size() == step.round) {
        rounds.add(new ArrayList<>());
      }
      rounds.get(step.round).add(step);
    }
  }

  /// Writes the records on a connection without committing.
  ///
  /// @param hasKeysChecked whether it is known that nobody has their idempotency keys; a group with
  ///   one that somebody has fails then
  /// @return one outcome for each record, true once the transaction is committed
  static List<Outcome> write(
      Connection connection,
      Function<Circuit, String> qasmWriter,
      List<TaskRecord> records,
      boolean hasKeysChecked)
      throws SQLException {
    RecordGroup group = new RecordGroup(connection, qasmWriter, records, hasKeysChecked);
    for (List<Step> round : group.rounds) {
      group.write(round);
    }
    return Arrays.stream(group.outcomes).<Outcome>map(Objects::requireNonNull).toList();
  }

  private static List<TaskId> tasks(TaskRecord record) {
    return record instanceof AcceptedTogether together
        ? together.tasks().stream().map(Accepted::task).toList()
        : List.of(record.task());
  }

  private void write(List<Step> round) throws SQLException {
    List<Accepted> accepted = new ArrayList<>();
    List<Step> started = new ArrayList<>();
    List<Step> appended = new ArrayList<>();
    List<Step> ended = new ArrayList<>();
    for (Step step : round) {
      switch (step.record) {
        case Accepted one -> accept(step, List.of(step.whole(one)), accepted);
        case AcceptedTogether several -> accept(step, several.tasks(), accepted);
        case Started _ -> started.add(step);
        case Appended _ -> appended.add(step);
        case Kept kept ->
            settle(
                step,
                KeptRows.write(connection, kept)
                    ? new Outcome.Committed()
                    : new Outcome.NotApplied());
        case Ended _ -> ended.add(step);
      }
    }
    NewTaskRows.insert(connection, accepted);
    updateStarted(started);
    updateAppended(appended);
    updateEnded(ended);
    List<Step> ends =
        round.stream().filter(step -> isCommitted(step) && step.end() != null).toList();
    insertResults(ends);
    PythonRows.insertResults(
        connection, ends.stream().map(Step::end).<Ended>map(Objects::requireNonNull).toList());
    KeptRows.delete(connection, ended.stream().map(step -> step.record.task()).toList());
    insertEvents(round);
  }

  // New tasks

  private void accept(Step step, List<Accepted> tasks, List<Accepted> accepted)
      throws SQLException {
    Map<TaskId, KeyedTask> holders = new HashMap<>();
    for (Accepted task : tasks) {
      KeyedTask holder = holder(task.key());
      if (holder != null) {
        holders.put(task.task(), holder);
      }
    }
    if (!holders.isEmpty()) {
      settle(step, new Outcome.KeyTaken(holders));
      return;
    }
    for (Accepted task : tasks) {
      if (task.key() != null) {
        newKeys.put(mapKey(task.key()), new KeyedTask(task.status(), task.key().bodyHash()));
      }
    }
    accepted.addAll(tasks);
    settle(step, new Outcome.Committed());
  }

  private @Nullable KeyedTask holder(@Nullable IdempotencyKey key) throws SQLException {
    if (key == null || hasKeysChecked) {
      return null;
    }
    KeyedTask sameGroup = newKeys.get(mapKey(key));
    return sameGroup != null ? sameGroup : TaskRows.findByKey(connection, key.tenant(), key.key());
  }

  private static String mapKey(IdempotencyKey key) {
    return key.tenant() + '\n' + key.key();
  }

  // Changes, applied only while the task is not terminal

  private void updateStarted(List<Step> steps) throws SQLException {
    update(
        "update task set state = 'RUNNING', started_at = coalesce(started_at, ?), deadline = ?,"
            + " attempt_epoch = ?, attempt_number = ?, last_event = greatest(last_event, ?),"
            + " progress = null, deaths = ?, deaths_alone = ? where id = ?"
            + " and finished_at is null",
        steps,
        (update, step) -> {
          Started started = (Started) step.record;
          Times.set(update, 1, started.at());
          Times.set(update, 2, started.deadline());
          Batch.setAttempt(update, 3, started.attempt());
          update.setLong(5, lastNumber(step.events));
          update.setInt(6, started.deaths().total());
          update.setInt(7, started.deaths().alone());
          update.setObject(8, started.task().value());
        });
  }

  private void updateAppended(List<Step> steps) throws SQLException {
    update(
        "update task set last_event = greatest(last_event, ?), progress = coalesce(?, progress)"
            + " where id = ? and finished_at is null",
        steps,
        (update, step) -> {
          update.setLong(1, lastNumber(step.events));
          update.setString(2, StoredForms.progress(latestProgress(step.events)));
          update.setObject(3, step.record.task().value());
        });
  }

  private void updateEnded(List<Step> steps) throws SQLException {
    update(
        "update task set state = ?, finished_at = ?, last_event = greatest(last_event, ?),"
            + " progress = coalesce(?, progress), circuit_after = ?, error = ?"
            + " where id = ? and finished_at is null",
        steps,
        (update, step) -> {
          Ended ended = (Ended) step.record;
          CompilationResult result = result(ended);
          update.setString(1, ended.state().name());
          Times.set(update, 2, ended.at());
          update.setLong(3, lastNumber(step.events));
          update.setString(4, StoredForms.progress(latestProgress(step.events)));
          update.setString(5, result == null ? null : StoredForms.statistics(result.after()));
          update.setString(6, StoredForms.error(error(ended)));
          update.setObject(7, ended.task().value());
        });
  }

  private void insertResults(List<Step> ends) throws SQLException {
    List<Step> withResult =
        ends.stream().filter(step -> result(Objects.requireNonNull(step.end())) != null).toList();
    if (withResult.isEmpty()) {
      return;
    }
    String times = "select submitted_at, started_at from task where id = ?";
    try (PreparedStatement select = connection.prepareStatement(times)) {
      Batch.run(
          connection,
          "insert into result (task, report, report_gzip, circuit, circuit_gzip)"
              + " values (?, ?, ?, ?, ?)",
          withResult,
          (insert, step) -> {
            Ended ended = Objects.requireNonNull(step.end());
            CompilationResult result = Objects.requireNonNull(result(ended));
            insert.setObject(1, ended.task().value());
            PackedText.set(insert, 2, report(select, step, ended, result));
            PackedText.set(insert, 4, qasmWriter.apply(result.circuit()));
          });
    }
  }

  private static String report(
      PreparedStatement times, Step step, Ended ended, CompilationResult result)
      throws SQLException {
    CompilationTask whole = step.status;
    if (whole != null) {
      return report(ended, result, whole.submittedAt(), whole.startedAt());
    }
    times.setObject(1, ended.task().value());
    try (ResultSet row = times.executeQuery()) {
      row.next();
      return report(ended, result, Times.get(row, 1), Times.getNullable(row, 2));
    }
  }

  private static String report(
      Ended ended, CompilationResult result, Instant submittedAt, @Nullable Instant startedAt) {
    Instant submitted = TaskReplay.asStored(submittedAt);
    Instant started = startedAt == null ? submitted : TaskReplay.asStored(startedAt);
    return TaskJson.resultWithoutCircuit(
        ended.task(),
        ended.state(),
        result,
        Duration.between(submitted, started),
        Duration.between(started, ended.at()));
  }

  private void insertEvents(List<Step> round) throws SQLException {
    try (PreparedStatement insert = EventRows.insertStatement(connection)) {
      boolean any = false;
      for (Step step : round) {
        if (isCommitted(step)) {
          EventRows.addBatch(insert, step.events);
          any |= !step.events.isEmpty();
        }
      }
      if (any) {
        insert.executeBatch();
      }
    }
  }

  // Statements

  private void update(String sql, List<Step> steps, Batch.Binder<Step> binder) throws SQLException {
    int[] counts = Batch.run(connection, sql, steps, binder);
    for (int i = 0; i < counts.length; i++) {
      boolean applied = counts[i] > 0 || counts[i] == Statement.SUCCESS_NO_INFO;
      settle(steps.get(i), applied ? new Outcome.Committed() : new Outcome.NotApplied());
    }
  }

  private void settle(Step step, Outcome outcome) {
    for (int index : step.indices) {
      outcomes[index] = outcome;
    }
    for (int index : step.foldedIndices) {
      outcomes[index] = outcome instanceof Outcome.Committed ? outcome : new Outcome.NotApplied();
    }
    for (int index : step.lateIndices) {
      outcomes[index] = new Outcome.NotApplied();
    }
  }

  private boolean isCommitted(Step step) {
    return outcomes[step.indices.getFirst()] instanceof Outcome.Committed;
  }

  // What events say

  static long lastNumber(List<TaskEvent> events) {
    return events.isEmpty() ? 0 : events.getLast().number();
  }

  private static @Nullable Progress latestProgress(List<TaskEvent> events) {
    Progress latest = null;
    for (TaskEvent event : events) {
      if (event.data() instanceof TaskEvent.Progressed(Progress progress)) {
        latest = progress;
      }
    }
    return latest;
  }

  private static @Nullable CompilationResult result(Ended ended) {
    return TaskReplay.result(ended);
  }

  private static @Nullable TaskError error(Ended ended) {
    return !ended.events().isEmpty()
            && ended.events().getLast().data() instanceof TaskEvent.StateChanged change
        ? change.error()
        : null;
  }

  /// One record, or a run of appended ones of one task, or a new task and what happened to it.
  private static final class Step {
    final TaskRecord record;
    final int round;
    final List<Integer> indices = new ArrayList<>();
    final List<TaskEvent> events = new ArrayList<>();

    /// Of the records that a new task was followed by.
    final List<Integer> foldedIndices = new ArrayList<>(0);

    final List<TaskRecord> folded = new ArrayList<>(0);

    /// Of a new task, as it is in the end; null of others.
    @Nullable CompilationTask status;

    /// Of records that came after the end.
    final List<Integer> lateIndices = new ArrayList<>(0);

    Step(int index, TaskRecord record, int round) {
      this.record = record;
      this.round = round;
      merge(index, record);
    }

    /// What happens to a new task before it is written. After its end nothing happens any more.
    void fold(int index, TaskRecord later) {
      if (end() != null) {
        lateIndices.add(index);
        return;
      }
      foldedIndices.add(index);
      folded.add(later);
      events.addAll(later.events());
    }

    /// The new task as it is in the end.
    Accepted whole(Accepted accepted) {
      status = TaskReplay.after(accepted.status(), folded);
      return folded.isEmpty() || status == null
          ? accepted
          : new Accepted(status, accepted.submission(), accepted.key(), events, accepted.python());
    }

    /// The task's end; null if this is something else.
    @Nullable Ended end() {
      TaskRecord last = folded.isEmpty() ? record : folded.getLast();
      return last instanceof Ended ended ? ended : null;
    }

    void merge(int index, TaskRecord appended) {
      indices.add(index);
      events.addAll(appended.events());
    }
  }
}
