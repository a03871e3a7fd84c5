package io.quern.task.store;

import io.quern.engine.compile.CircuitStatistics;
import io.quern.task.Attempt;
import io.quern.task.CompilationTask;
import io.quern.task.DeathCount;
import io.quern.task.Engine;
import io.quern.task.Scheduling;
import io.quern.task.Submission;
import io.quern.task.TaskId;
import io.quern.task.TaskState;
import io.quern.task.TaskStore.KeyedTask;
import io.quern.task.TaskStore.StoredResult;
import io.quern.task.TaskStore.TaskQuery;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Reads tasks, their submissions and results.
final class TaskRows {
  private static final String COLUMNS =
      "t.id, t.tenant, t.name, t.tags, t.state, t.level, t.seed, t.progress, t.circuit_before,"
          + " t.circuit_after, t.submitted_at, t.started_at, t.finished_at, t.deadline,"
          + " t.attempt_epoch, t.attempt_number, t.last_event, t.error, t.engine, t.priority,"
          + " t.requires, t.deaths, t.deaths_alone";

  static final String UNFINISHED =
      "select "
          + COLUMNS
          + " from task t where t.finished_at is null and t.id > ? and t.engine = ?"
          + " order by t.finished_at, t.id fetch first ? rows only";

  /// An id is made shortly before its task is submitted, by the same machine's clock. An hour is
  /// more than a submission takes or a clock is set back by.
  private static final Duration ID_SLACK = Duration.ofHours(1);

  private TaskRows() {}

  static @Nullable CompilationTask find(Connection connection, TaskId id) throws SQLException {
    String sql = "select " + COLUMNS + " from task t where t.id = ?";
    try (PreparedStatement select = connection.prepareStatement(sql)) {
      select.setObject(1, id.value());
      try (ResultSet row = select.executeQuery()) {
        return row.next() ? task(row) : null;
      }
    }
  }

  static @Nullable KeyedTask findByKey(Connection connection, String tenant, String key)
      throws SQLException {
    String sql =
        "select "
            + COLUMNS
            + ", k.body_hash from idempotency_key k join task t on t.id = k.task"
            + " where k.tenant = ? and k.key_text = ?";
    try (PreparedStatement select = connection.prepareStatement(sql)) {
      select.setString(1, tenant);
      select.setString(2, key);
      try (ResultSet row = select.executeQuery()) {
        return row.next() ? new KeyedTask(task(row), row.getString("body_hash")) : null;
      }
    }
  }

  static @Nullable Submission findSubmission(Connection connection, TaskId id) throws SQLException {
    String sql = "select options, circuit, circuit_gzip from submission where task = ?";
    try (PreparedStatement select = connection.prepareStatement(sql)) {
      select.setObject(1, id.value());
      try (ResultSet row = select.executeQuery()) {
        return row.next()
            ? StoredForms.readSubmission(row.getString(1), PackedText.get(row, 2))
            : null;
      }
    }
  }

  static @Nullable StoredResult findResult(Connection connection, TaskId id) throws SQLException {
    String sql =
        "select t.state, r.report, r.report_gzip, r.circuit, r.circuit_gzip"
            + " from result r join task t on t.id = r.task where r.task = ?";
    try (PreparedStatement select = connection.prepareStatement(sql)) {
      select.setObject(1, id.value());
      try (ResultSet row = select.executeQuery()) {
        return row.next()
            ? new StoredResult(
                TaskState.valueOf(row.getString(1)), PackedText.get(row, 2), PackedText.get(row, 4))
            : null;
      }
    }
  }

  /// Unfinished tasks with an id greater than one, oldest first.
  static List<CompilationTask> unfinished(Connection connection, UUID after, int limit)
      throws SQLException {
    return unfinished(connection, Engine.QUERN, after, limit);
  }

  /// The same of those for BQSKit's managers.
  static List<CompilationTask> unfinishedPython(Connection connection, UUID after, int limit)
      throws SQLException {
    return unfinished(connection, Engine.BQSKIT, after, limit);
  }

  private static List<CompilationTask> unfinished(
      Connection connection, Engine engine, UUID after, int limit) throws SQLException {
    try (PreparedStatement select =
        new Sql(UNFINISHED, List.of(after, engine.name(), limit)).prepare(connection)) {
      return tasks(select);
    }
  }

  /// A page of a list. Each filter has an index that ends with the id, so a page is read in order
  /// from where it begins; the planner sees that only if the order names every column of the index,
  /// those that are fixed by the filter too.
  static List<CompilationTask> list(Connection connection, TaskQuery query) throws SQLException {
    try (PreparedStatement select = listStatement(query).prepare(connection)) {
      return tasks(select);
    }
  }

  static Sql listStatement(TaskQuery query) {
    StringBuilder sql = new StringBuilder("select ").append(COLUMNS);
    List<Object> parameters = new ArrayList<>();
    String id;
    String order;
    if (query.tag() == null) {
      id = "t.id";
      order = query.name() != null ? "t.tenant, t.name" : "t.tenant";
      sql.append(" from task t where t.tenant = ?");
      parameters.add(query.tenant());
    } else {
      id = "g.task";
      order = "g.tenant, g.tag";
      sql.append(" from task_tag g join task t on t.id = g.task where g.tenant = ? and g.tag = ?");
      parameters.add(query.tenant());
      parameters.add(query.tag());
    }
    if (query.state() != null) {
      sql.append(" and t.state = ?");
      parameters.add(query.state().name());
      order = order.equals("t.tenant") ? "t.tenant, t.state" : order;
    }
    if (query.name() != null) {
      sql.append(" and t.name = ?");
      parameters.add(query.name());
    }
    Instant after = query.submittedAfter();
    if (after != null) {
      sql.append(" and t.submitted_at >= ? and ").append(id).append(" >= ?");
      parameters.add(Times.column(after));
      parameters.add(firstIdOf(after.minus(ID_SLACK)));
    }
    Instant before = query.submittedBefore();
    if (before != null) {
      sql.append(" and t.submitted_at < ? and ").append(id).append(" < ?");
      parameters.add(Times.column(before));
      parameters.add(firstIdOf(before.plus(ID_SLACK)));
    }
    if (query.before() != null) {
      sql.append(" and ").append(id).append(" < ?");
      parameters.add(query.before().value());
    }
    sql.append(" order by ")
        .append(order)
        .append(", ")
        .append(id)
        .append(" desc fetch first ? rows only");
    parameters.add(query.limit());
    return new Sql(sql.toString(), parameters);
  }

  /// The smallest UUID of version 7 of a millisecond: its first 48 bits are the time (RFC 9562,
  /// section 5.7).
  private static UUID firstIdOf(Instant instant) {
    long millis = Math.clamp(instant.toEpochMilli(), 0, (1L << 48) - 1);
    return new UUID(millis << 16, 0);
  }

  private static List<CompilationTask> tasks(PreparedStatement select) throws SQLException {
    List<CompilationTask> tasks = new ArrayList<>();
    try (ResultSet row = select.executeQuery()) {
      while (row.next()) {
        tasks.add(task(row));
      }
    }
    return tasks;
  }

  private static CompilationTask task(ResultSet row) throws SQLException {
    String before = row.getString(9);
    String after = row.getString(10);
    CircuitStatistics statisticsAfter = after == null ? null : StoredForms.readStatistics(after);
    long epoch = row.getLong(15);
    Attempt attempt = row.wasNull() ? null : new Attempt(epoch, row.getInt(16));
    return new CompilationTask(
        new TaskId(row.getObject(1, UUID.class)),
        row.getString(2),
        row.getString(3),
        StoredForms.readTags(row.getString(4)),
        TaskState.valueOf(row.getString(5)),
        row.getInt(6),
        row.getLong(7),
        new Scheduling(row.getInt(20), StoredForms.readTags(row.getString(21))),
        StoredForms.readProgress(row.getString(8)),
        before == null ? null : StoredForms.readStatistics(before),
        statisticsAfter,
        Times.get(row, 11),
        Times.getNullable(row, 12),
        Times.getNullable(row, 13),
        Times.getNullable(row, 14),
        attempt,
        row.getLong(17),
        StoredForms.readError(row.getString(18)),
        Engine.valueOf(row.getString(19)),
        new DeathCount(row.getInt(22), row.getInt(23)));
  }
}
