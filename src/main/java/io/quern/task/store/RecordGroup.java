package io.quern.task.store;

import io.quern.engine.circuit.Circuit;
import io.quern.engine.compile.CompilationResult;
import io.quern.task.CompilationTask;
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
/// do not touch each other, so only the order within a task counts. What follows each other there
/// counts as one step, and its rows are written as they are in the end; only what a run has
/// finished ([Kept]) is a step of its own, since it counts for the current attempt alone. Round k
/// holds the k-th step of every task and is written by one batch for each kind.
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
      if (last != null && last.mayTake(record)) {
        last.take(i, record);
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
    List<Step> changed = new ArrayList<>();
    for (Step step : round) {
      switch (step.record) {
        case Accepted one -> accept(step, List.of(step.whole(one)), accepted);
        case AcceptedTogether several -> accept(step, several.tasks(), accepted);
        case Started _, Appended _, Ended _ -> changed.add(step);
        case Kept kept ->
            settle(
                step,
                KeptRows.write(connection, kept)
                    ? new Outcome.Committed()
                    : new Outcome.NotApplied());
      }
    }
    NewTaskRows.insert(connection, accepted);
    update(changed);
    List<Step> ends =
        round.stream().filter(step -> isCommitted(step) && step.end() != null).toList();
    insertResults(ends);
    PythonRows.insertResults(
        connection, ends.stream().map(Step::end).<Ended>map(Objects::requireNonNull).toList());
    KeptRows.delete(
        connection,
        changed.stream()
            .filter(step -> step.end() != null)
            .map(step -> step.record.task())
            .toList());
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

  private void update(List<Step> steps) throws SQLException {
    int[] counts =
        Batch.run(
            connection,
            TaskChange.UPDATE,
            steps,
            (update, step) -> {
              TaskChange.of(step.records).bind(update);
              update.setObject(15, step.record.task().value());
            });
    for (int i = 0; i < counts.length; i++) {
      boolean applied = counts[i] > 0 || counts[i] == Statement.SUCCESS_NO_INFO;
      settle(steps.get(i), applied ? new Outcome.Committed() : new Outcome.NotApplied());
    }
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

  // Outcomes

  private void settle(Step step, Outcome outcome) {
    outcomes[step.indices.getFirst()] = outcome;
    for (int index : step.indices.subList(1, step.indices.size())) {
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

  private static @Nullable CompilationResult result(Ended ended) {
    return TaskReplay.result(ended);
  }

  /// What happens to one task, record after record.
  private static final class Step {
    /// The first.
    final TaskRecord record;

    final int round;
    final List<TaskRecord> records = new ArrayList<>(4);
    final List<Integer> indices = new ArrayList<>(4);
    final List<TaskEvent> events = new ArrayList<>();

    /// Of a new task, as it is in the end; null of others.
    @Nullable CompilationTask status;

    /// Of records that came after the end.
    final List<Integer> lateIndices = new ArrayList<>(0);

    Step(int index, TaskRecord record, int round) {
      this.record = record;
      this.round = round;
      take(index, record);
    }

    boolean mayTake(TaskRecord next) {
      return switch (next) {
        case Accepted _, AcceptedTogether _, Kept _ -> false;
        case Started _, Appended _, Ended _ ->
            !(record instanceof AcceptedTogether || record instanceof Kept);
      };
    }

    /// After its end nothing happens to a task.
    void take(int index, TaskRecord next) {
      if (end() != null) {
        lateIndices.add(index);
        return;
      }
      indices.add(index);
      records.add(next);
      events.addAll(next.events());
    }

    /// The new task as it is in the end.
    Accepted whole(Accepted accepted) {
      status = TaskReplay.after(accepted.status(), records.subList(1, records.size()));
      return records.size() == 1 || status == null
          ? accepted
          : new Accepted(status, accepted.submission(), accepted.key(), events, accepted.python());
    }

    /// The task's end; null if this is something else.
    @Nullable Ended end() {
      return !records.isEmpty() && records.getLast() instanceof Ended ended ? ended : null;
    }
  }
}
