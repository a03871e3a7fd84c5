package io.quern.task.store;

import io.quern.task.TaskEvent;
import io.quern.task.TaskId;
import io.quern.task.TaskRecord;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/// Removes what is kept no longer, in small transactions between which the writer goes on.
final class Sweeper {
  /// Tasks and events removed by one transaction, about 100 ms of work at most.
  private static final int TASKS_AT_ONCE = 200;

  private static final int EVENTS_AT_ONCE = 20_000;

  private final WriteConnection writer;
  private final Retention retention;

  /// Newest event number of tasks that may have too many log lines, at their last trimming.
  private final Map<TaskId, Long> trimmedAt = new ConcurrentHashMap<>();

  private boolean knowsLongLogs;

  Sweeper(WriteConnection writer, Retention retention) {
    this.writer = writer;
    this.retention = retention;
  }

  /// Remembers tasks whose logs grow long.
  void noteCommitted(TaskRecord record) {
    for (TaskEvent event : record.events()) {
      if (event.number() > retention.logLines() && isLine(event.data())) {
        trimmedAt.putIfAbsent(event.task(), 0L);
      }
    }
  }

  private static boolean isLine(TaskEvent.Data data) {
    return data instanceof TaskEvent.LogLine || data instanceof TaskEvent.PythonLog;
  }

  /// Trims, within the transaction that writes them, logs that have grown by as many lines as are
  /// kept since they were last trimmed: no log gets longer than twice the bound however long the
  /// next sweep takes to come.
  void trimOverlong(Connection connection, List<TaskRecord> records) throws SQLException {
    for (TaskRecord record : records) {
      if (record instanceof TaskRecord.Appended && !record.events().isEmpty()) {
        long newest = record.events().getLast().number();
        Long last = trimmedAt.get(record.task());
        if (last != null && newest - last > 2L * retention.logLines()) {
          EventRows.trimLog(connection, record.task(), retention.logLines());
          trimmedAt.put(record.task(), newest - retention.logLines());
        }
      }
    }
  }

  /// @return how many tasks went
  synchronized int sweep(Instant now) throws SQLException {
    trimLogs();
    forgetExpired(now);
    int removed = 0;
    int batch;
    do {
      batch = writer.inTransaction(connection -> expire(connection, now));
      removed += batch;
    } while (batch > 0);
    return removed;
  }

  private void trimLogs() throws SQLException {
    if (!knowsLongLogs) {
      for (UUID task : writer.inTransaction(this::tasksWithLongLogs)) {
        trimmedAt.putIfAbsent(new TaskId(task), 0L);
      }
      knowsLongLogs = true;
    }
    for (TaskId task : List.copyOf(trimmedAt.keySet())) {
      // Removed first: a line committed meanwhile brings the task back.
      trimmedAt.remove(task);
      writer.inTransaction(connection -> EventRows.trimLog(connection, task, retention.logLines()));
    }
  }

  /// What an earlier process left untrimmed.
  private List<UUID> tasksWithLongLogs(Connection connection) throws SQLException {
    try (PreparedStatement select =
        connection.prepareStatement("select id from task where last_event > ?")) {
      select.setInt(1, retention.logLines());
      return ids(select);
    }
  }

  private void forgetExpired(Instant now) throws SQLException {
    writer.inTransaction(
        connection -> {
          try (PreparedStatement delete =
              connection.prepareStatement("delete from expired_task where expired_at < ?")) {
            Times.set(delete, 1, now.minus(retention.expired()));
            return delete.executeUpdate();
          }
        });
  }

  /// Removes the tasks that ended first, if they ended long enough ago.
  private int expire(Connection connection, Instant now) throws SQLException {
    List<UUID> tasks = new ArrayList<>();
    long events = 0;
    String sql =
        "select id, last_event from task where finished_at < ? order by finished_at, id"
            + " fetch first ? rows only";
    try (PreparedStatement select = connection.prepareStatement(sql)) {
      Times.set(select, 1, now.minus(retention.finished()));
      select.setInt(2, TASKS_AT_ONCE);
      try (ResultSet row = select.executeQuery()) {
        while (row.next() && (tasks.isEmpty() || events < EVENTS_AT_ONCE)) {
          tasks.add(row.getObject(1, UUID.class));
          events += row.getLong(2);
        }
      }
    }
    if (tasks.isEmpty()) {
      return 0;
    }
    try (PreparedStatement remember =
            connection.prepareStatement(
                "insert into expired_task (task, tenant, expired_at)"
                    + " select id, tenant, cast(? as timestamp(6) with time zone) from task"
                    + " where id = ?");
        PreparedStatement delete = connection.prepareStatement("delete from task where id = ?")) {
      for (UUID task : tasks) {
        Times.set(remember, 1, now);
        remember.setObject(2, task);
        remember.addBatch();
        delete.setObject(1, task);
        delete.addBatch();
      }
      remember.executeBatch();
      delete.executeBatch();
    }
    return tasks.size();
  }

  private static List<UUID> ids(PreparedStatement select) throws SQLException {
    List<UUID> ids = new ArrayList<>();
    try (ResultSet row = select.executeQuery()) {
      while (row.next()) {
        ids.add(row.getObject(1, UUID.class));
      }
    }
    return ids;
  }
}
