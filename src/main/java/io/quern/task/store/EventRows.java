package io.quern.task.store;

import io.quern.task.TaskEvent;
import io.quern.task.TaskId;
import io.quern.task.TaskJson;
import io.quern.task.TaskStore.StoredEvent;
import io.quern.task.TaskStore.StoredResult;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Reads and writes event logs, and trims their log lines.
final class EventRows {
  static final String LOG = "log";
  static final String GAP = "gap";
  static final String RESULT = "result";

  private EventRows() {}

  static List<StoredEvent> read(Connection connection, TaskId task, long from, int limit)
      throws SQLException {
    String sql =
        "select number, time, type, terminal, data from event"
            + " where task = ? and number >= ? order by number fetch first ? rows only";
    List<StoredEvent> events = new ArrayList<>();
    try (PreparedStatement select = connection.prepareStatement(sql)) {
      select.setObject(1, task.value());
      select.setLong(2, from);
      select.setInt(3, limit);
      try (ResultSet row = select.executeQuery()) {
        while (row.next()) {
          long number = row.getLong(1);
          Instant time = Times.get(row, 2);
          String type = row.getString(3);
          String data = row.getString(5);
          if (data == null) {
            data = resultData(connection, task);
          }
          String json = TaskJson.event(task, number, time, type, data);
          events.add(new StoredEvent(task, number, type, row.getBoolean(4), json));
        }
      }
    }
    return events;
  }

  private static String resultData(Connection connection, TaskId task) throws SQLException {
    StoredResult result = TaskRows.findResult(connection, task);
    // Gone only if the task was removed between the two queries.
    return result == null ? "null" : TaskJson.resultEventData(task, result);
  }

  static PreparedStatement insertStatement(Connection connection) throws SQLException {
    return connection.prepareStatement(
        "insert into event (task, number, time, type, terminal, data, record)"
            + " values (?, ?, ?, ?, ?, ?, ?)");
  }

  static void addBatch(PreparedStatement insert, TaskEvent event) throws SQLException {
    TaskEvent.Data data = event.data();
    boolean isResult = data instanceof TaskEvent.ResultReady;
    insert.setObject(1, event.task().value());
    insert.setLong(2, event.number());
    Times.set(insert, 3, event.time());
    insert.setString(4, data.type());
    insert.setBoolean(5, event.isTerminal());
    if (isResult) {
      insert.setNull(6, Types.VARCHAR);
    } else {
      insert.setString(6, TaskJson.eventData(data));
    }
    PythonRows.setRecord(insert, 7, data);
    insert.addBatch();
  }

  /// Removes the oldest log lines beyond the newest `keep`. Each unbroken run of them becomes one
  /// `gap` event with the number of the run's last line, so a reader that resumes inside the run
  /// meets the gap and goes on behind it.
  ///
  /// @return how many lines went
  static int trimLog(Connection connection, TaskId task, int keep) throws SQLException {
    Long newestToRemove = newestBeyond(connection, task, keep);
    if (newestToRemove == null) {
      return 0;
    }
    List<Gap> gaps = new ArrayList<>();
    List<Long> absorbed = new ArrayList<>();
    int removed = 0;
    // Of the older gaps only one that ends right before the first line can grow.
    String select =
        "select number, time, type, data from event where task = ? and number <= ?"
            + " and number >= (select min(number) - 1 from event where task = ? and type = 'log')"
            + " and type in ('log', 'gap') order by number";
    try (PreparedStatement rows = connection.prepareStatement(select)) {
      rows.setObject(1, task.value());
      rows.setLong(2, newestToRemove);
      rows.setObject(3, task.value());
      try (ResultSet row = rows.executeQuery()) {
        while (row.next()) {
          long number = row.getLong(1);
          boolean isLine = row.getString(3).equals(LOG);
          long from = isLine ? number : StoredForms.readGapStart(row.getString(4));
          Gap last = gaps.isEmpty() ? null : gaps.getLast();
          if (last != null && last.to() == from - 1) {
            gaps.set(gaps.size() - 1, new Gap(last.from(), number, Times.get(row, 2)));
          } else {
            gaps.add(new Gap(from, number, Times.get(row, 2)));
          }
          absorbed.add(number);
          removed += isLine ? 1 : 0;
        }
      }
    }
    delete(connection, task, absorbed);
    insertGaps(connection, task, gaps);
    return removed;
  }

  private static @Nullable Long newestBeyond(Connection connection, TaskId task, int keep)
      throws SQLException {
    String sql =
        "select number from event where task = ? and type = 'log' order by number desc"
            + " offset ? rows fetch first 1 row only";
    try (PreparedStatement select = connection.prepareStatement(sql)) {
      select.setObject(1, task.value());
      select.setInt(2, keep);
      try (ResultSet row = select.executeQuery()) {
        return row.next() ? row.getLong(1) : null;
      }
    }
  }

  private static void delete(Connection connection, TaskId task, List<Long> numbers)
      throws SQLException {
    String sql = "delete from event where task = ? and number = ?";
    try (PreparedStatement delete = connection.prepareStatement(sql)) {
      for (long number : numbers) {
        delete.setObject(1, task.value());
        delete.setLong(2, number);
        delete.addBatch();
      }
      delete.executeBatch();
    }
  }

  private static void insertGaps(Connection connection, TaskId task, List<Gap> gaps)
      throws SQLException {
    try (PreparedStatement insert = insertStatement(connection)) {
      for (Gap gap : gaps) {
        insert.setObject(1, task.value());
        insert.setLong(2, gap.to());
        Times.set(insert, 3, gap.time());
        insert.setString(4, GAP);
        insert.setBoolean(5, false);
        insert.setString(6, TaskJson.gapData(gap.from(), gap.to()));
        insert.setNull(7, Types.VARBINARY);
        insert.addBatch();
      }
      insert.executeBatch();
    }
  }

  /// Numbers left out.
  private record Gap(long from, long to, Instant time) {}
}
