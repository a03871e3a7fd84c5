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
///
/// A row is one event, or a run of events that follow each other: most of what a row costs does not
/// depend on its length, and the events of a short task come together. Of a log that has grown too
/// long every event gets a row of its own, up to the last line that is removed.
final class EventRows {
  static final String LOG = "log";
  static final String GAP = "gap";
  static final String RESULT = "result";

  /// Most events in a row, so that the row an event lies in is among the so many before its number.
  private static final int RUN = 32;

  /// Most characters of what follows the first event of a row.
  private static final int RUN_CHARACTERS = 1 << 16;

  /// Rows looked through at a time for log lines.
  private static final int ROWS_AT_ONCE = 1_000;

  private EventRows() {}

  /// Events from a number on, in order.
  static List<StoredEvent> read(Connection connection, TaskId task, long from, int limit)
      throws SQLException {
    List<StoredEvent> events = new ArrayList<>();
    // Without a gap these are all; rows beyond them are long, and the database copies what it
    // finds.
    read(connection, task, from, from + limit, limit, events);
    if (events.isEmpty() || (events.size() < limit && !events.getLast().terminal())) {
      long next = events.isEmpty() ? from : events.getLast().number() + 1;
      read(connection, task, next, Long.MAX_VALUE, limit, events);
    }
    return events;
  }

  /// Adds events of the rows before one, until there are so many.
  private static void read(
      Connection connection, TaskId task, long from, long before, int limit, List<StoredEvent> into)
      throws SQLException {
    String sql =
        "select number, time, type, terminal, data, following from event"
            + " where task = ? and number > ? and number < ? order by number"
            + " fetch first ? rows only";
    try (PreparedStatement select = connection.prepareStatement(sql)) {
      select.setObject(1, task.value());
      select.setLong(2, from - RUN);
      select.setLong(3, before);
      select.setLong(4, (long) limit - into.size() + RUN - 1);
      try (ResultSet row = select.executeQuery()) {
        while (row.next() && into.size() < limit) {
          for (EventRow each : run(row)) {
            if (each.number() >= from && into.size() < limit) {
              into.add(stored(connection, task, each));
            }
          }
        }
      }
    }
  }

  private static StoredEvent stored(Connection connection, TaskId task, EventRow event)
      throws SQLException {
    String data = event.data() == null ? resultData(connection, task) : event.data();
    return new StoredEvent(
        task,
        event.number(),
        event.type(),
        event.isTerminal(),
        TaskJson.event(task, event.number(), event.time(), event.type(), data));
  }

  /// Columns 1 to 6: number, time, type, terminal, data, following.
  private static List<EventRow> run(ResultSet row) throws SQLException {
    EventRow first =
        new EventRow(
            row.getLong(1),
            Times.get(row, 2),
            row.getString(3),
            row.getBoolean(4),
            row.getString(5));
    String following = row.getString(6);
    if (following == null) {
      return List.of(first);
    }
    List<EventRow> run = new ArrayList<>(RUN);
    run.add(first);
    following.lines().forEach(line -> run.add(EventRow.read(first.number() + run.size(), line)));
    return run;
  }

  /// Whether an event of the newest transaction is stored, or was and gave way to a gap in it.
  static boolean contains(Connection connection, TaskId task, long number) throws SQLException {
    List<StoredEvent> found = read(connection, task, number, 1);
    return !found.isEmpty()
        && (found.getFirst().number() == number || found.getFirst().type().equals(GAP));
  }

  private static String resultData(Connection connection, TaskId task) throws SQLException {
    StoredResult result = TaskRows.findResult(connection, task);
    // Gone only if the task was removed between the two queries.
    return result == null ? "null" : TaskJson.resultEventData(task, result);
  }

  static PreparedStatement insertStatement(Connection connection) throws SQLException {
    return connection.prepareStatement(
        "insert into event (task, number, time, type, terminal, data, following, record)"
            + " values (?, ?, ?, ?, ?, ?, ?, ?)");
  }

  /// Adds the rows of one task's events.
  static void addBatch(PreparedStatement insert, List<TaskEvent> events) throws SQLException {
    int next = 0;
    while (next < events.size()) {
      TaskEvent first = events.get(next++);
      StringBuilder following = new StringBuilder();
      int length = 1;
      while (next < events.size()
          && length < RUN
          && mayFollow(events.get(next - 1), events.get(next))) {
        String line = EventRow.of(events.get(next)).line();
        if (following.length() + line.length() >= RUN_CHARACTERS) {
          break;
        }
        following.append(line).append('\n');
        next++;
        length++;
      }
      bind(insert, first.task(), EventRow.of(first), length == 1 ? null : following.toString());
      PythonRows.setRecord(insert, 8, first.data());
      insert.addBatch();
    }
  }

  /// A row has one pickled log record at most.
  private static boolean mayFollow(TaskEvent event, TaskEvent next) {
    return next.number() == event.number() + 1
        && !(event.data() instanceof TaskEvent.PythonLog)
        && !(next.data() instanceof TaskEvent.PythonLog);
  }

  /// Binds everything but the record.
  private static void bind(
      PreparedStatement insert, TaskId task, EventRow row, @Nullable String following)
      throws SQLException {
    insert.setObject(1, task.value());
    insert.setLong(2, row.number());
    Times.set(insert, 3, row.time());
    insert.setString(4, row.type());
    insert.setBoolean(5, row.isTerminal());
    insert.setString(6, row.data());
    insert.setString(7, following);
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
    unpack(connection, task, newestToRemove);
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

  /// The number of the newest log line behind the newest `keep`; null if there are no more.
  private static @Nullable Long newestBeyond(Connection connection, TaskId task, int keep)
      throws SQLException {
    String sql =
        "select number, type, following from event where task = ? and number < ?"
            + " and (type = 'log' or following is not null) order by number desc"
            + " fetch first ? rows only";
    long before = Long.MAX_VALUE;
    int left = keep;
    int rows;
    try (PreparedStatement select = connection.prepareStatement(sql)) {
      select.setObject(1, task.value());
      select.setInt(3, ROWS_AT_ONCE);
      do {
        rows = 0;
        select.setLong(2, before);
        try (ResultSet row = select.executeQuery()) {
          while (row.next()) {
            rows++;
            before = row.getLong(1);
            List<String> types = types(row.getString(2), row.getString(3));
            for (int i = types.size() - 1; i >= 0; i--) {
              if (types.get(i).equals(LOG) && left-- == 0) {
                return before + i;
              }
            }
          }
        }
      } while (rows == ROWS_AT_ONCE);
    }
    return null;
  }

  /// Of the events of a row, in order.
  private static List<String> types(String first, @Nullable String following) {
    if (following == null) {
      return List.of(first);
    }
    List<String> types = new ArrayList<>(RUN);
    types.add(first);
    following.lines().forEach(line -> types.add(EventRow.typeOf(line)));
    return types;
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
    insertSingly(
        connection,
        task,
        gaps.stream()
            .map(
                gap ->
                    new EventRow(
                        gap.to(), gap.time(), GAP, false, TaskJson.gapData(gap.from(), gap.to())))
            .toList());
  }

  /// Gives every event of the rows that begin at a number or before it a row of its own.
  private static void unpack(Connection connection, TaskId task, long last) throws SQLException {
    String sql =
        "select number, time, type, terminal, data, following from event"
            + " where task = ? and number <= ? and following is not null";
    List<Long> packed = new ArrayList<>();
    List<EventRow> single = new ArrayList<>();
    try (PreparedStatement select = connection.prepareStatement(sql)) {
      select.setObject(1, task.value());
      select.setLong(2, last);
      try (ResultSet row = select.executeQuery()) {
        while (row.next()) {
          packed.add(row.getLong(1));
          single.addAll(run(row));
        }
      }
    }
    delete(connection, task, packed);
    insertSingly(connection, task, single);
  }

  private static void insertSingly(Connection connection, TaskId task, List<EventRow> rows)
      throws SQLException {
    try (PreparedStatement insert = insertStatement(connection)) {
      for (EventRow row : rows) {
        bind(insert, task, row, null);
        insert.setNull(8, Types.VARBINARY);
        insert.addBatch();
      }
      insert.executeBatch();
    }
  }

  /// Numbers left out.
  private record Gap(long from, long to, Instant time) {}
}
