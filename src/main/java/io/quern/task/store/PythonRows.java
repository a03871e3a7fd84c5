package io.quern.task.store;

import io.quern.task.Blob;
import io.quern.task.CompilationTask;
import io.quern.task.PythonInput;
import io.quern.task.StoredPythonTask;
import io.quern.task.TaskEvent;
import io.quern.task.TaskId;
import io.quern.task.TaskRecord.Accepted;
import io.quern.task.TaskRecord.Ended;
import io.quern.task.TaskStore.PythonRecord;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Reads and writes the pickles of tasks for BQSKit's managers.
final class PythonRows {
  /// Longest log record kept, in bytes; the width of its column.
  static final int RECORD_LIMIT = 1 << 20;

  private PythonRows() {}

  static void insertInputs(Connection connection, List<Accepted> accepted) throws SQLException {
    Batch.run(
        connection,
        "insert into python_input (task, client_id, import_paths, logging_level, logging_depth,"
            + " pickle, pickle_gzip) values (?, ?, ?, ?, ?, ?, ?)",
        accepted.stream().filter(one -> one.python() != null).toList(),
        (insert, one) -> {
          PythonInput input = Objects.requireNonNull(one.python());
          insert.setObject(1, one.task().value());
          insert.setObject(2, input.clientId());
          insert.setString(3, StoredForms.tags(input.importPaths()));
          insert.setInt(4, input.loggingLevel());
          insert.setInt(5, input.loggingDepth());
          PackedBytes.set(insert, 6, input.task());
        });
  }

  static void insertResults(Connection connection, List<Ended> ended) throws SQLException {
    Batch.run(
        connection,
        "insert into python_result (task, pickle, pickle_gzip) values (?, ?, ?)",
        ended.stream().filter(one -> result(one) != null).toList(),
        (insert, one) -> {
          insert.setObject(1, one.task().value());
          PackedBytes.set(insert, 2, Objects.requireNonNull(result(one)));
        });
  }

  private static @Nullable Blob result(Ended ended) {
    return !ended.events().isEmpty()
            && ended.events().getLast().data() instanceof TaskEvent.PythonResult result
        ? result.value()
        : null;
  }

  /// Sets an event's record, or null.
  static void setRecord(PreparedStatement insert, int index, TaskEvent.Data data)
      throws SQLException {
    if (data instanceof TaskEvent.PythonLog line && line.record().size() <= RECORD_LIMIT) {
      insert.setBytes(index, line.record().bytes());
    } else {
      insert.setNull(index, Types.VARBINARY);
    }
  }

  static List<StoredPythonTask> unfinished(Connection connection, UUID after, int limit)
      throws SQLException {
    List<StoredPythonTask> found = new ArrayList<>();
    String sql =
        "select client_id, import_paths, logging_level, logging_depth from python_input"
            + " where task = ?";
    try (PreparedStatement select = connection.prepareStatement(sql)) {
      for (CompilationTask task : TaskRows.unfinishedPython(connection, after, limit)) {
        select.setObject(1, task.id().value());
        try (ResultSet row = select.executeQuery()) {
          if (row.next()) {
            found.add(
                new StoredPythonTask(
                    task,
                    row.getObject(1, UUID.class),
                    StoredForms.readTags(row.getString(2)),
                    row.getInt(3),
                    row.getInt(4)));
          }
        }
      }
    }
    return found;
  }

  static @Nullable PythonInput input(Connection connection, TaskId id) throws SQLException {
    String sql =
        "select client_id, import_paths, logging_level, logging_depth, pickle, pickle_gzip"
            + " from python_input where task = ?";
    try (PreparedStatement select = connection.prepareStatement(sql)) {
      select.setObject(1, id.value());
      try (ResultSet row = select.executeQuery()) {
        Blob pickle = row.next() ? PackedBytes.get(row, 5) : null;
        return pickle == null
            ? null
            : new PythonInput(
                row.getObject(1, UUID.class),
                pickle,
                StoredForms.readTags(row.getString(2)),
                row.getInt(3),
                row.getInt(4));
      }
    }
  }

  static @Nullable Blob result(Connection connection, TaskId id) throws SQLException {
    String sql = "select pickle, pickle_gzip from python_result where task = ?";
    try (PreparedStatement select = connection.prepareStatement(sql)) {
      select.setObject(1, id.value());
      try (ResultSet row = select.executeQuery()) {
        return row.next() ? PackedBytes.get(row, 1) : null;
      }
    }
  }

  static List<PythonRecord> records(Connection connection, TaskId id, long after)
      throws SQLException {
    String sql =
        "select number, record from event where task = ? and number > ? and record is not null"
            + " order by number";
    List<PythonRecord> records = new ArrayList<>();
    try (PreparedStatement select = connection.prepareStatement(sql)) {
      select.setObject(1, id.value());
      select.setLong(2, after);
      try (ResultSet row = select.executeQuery()) {
        while (row.next()) {
          records.add(new PythonRecord(row.getLong(1), Blob.of(row.getBytes(2))));
        }
      }
    }
    return records;
  }
}
