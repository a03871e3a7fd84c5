package io.quern.task.store;

import io.quern.task.Blob;
import io.quern.task.KeptWork;
import io.quern.task.KeptWork.StoredCheckpoint;
import io.quern.task.TaskId;
import io.quern.task.TaskRecord.Kept;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Checkpoints and finished blocks of tasks that are not over.
final class KeptRows {

  private KeptRows() {}

  /// Writes what a run has finished, if it is the task's current one.
  ///
  /// @return false if it is not, and nothing was written
  static boolean write(Connection connection, Kept kept) throws SQLException {
    if (!isCurrent(connection, kept)) {
      return false;
    }
    StoredCheckpoint checkpoint = kept.checkpoint();
    if (checkpoint != null) {
      write(connection, kept.task(), checkpoint);
      try (PreparedStatement anew =
          connection.prepareStatement(
              "update task set deaths = 0, deaths_alone = 0 where id = ? and deaths > 0")) {
        anew.setObject(1, kept.task().value());
        anew.executeUpdate();
      }
    }
    List<Map.Entry<String, Blob>> blocks = List.copyOf(kept.blocks().entrySet());
    Batch.run(
        connection,
        "delete from block_result where task = ? and content_key = ?",
        blocks,
        (delete, block) -> {
          delete.setObject(1, kept.task().value());
          delete.setString(2, block.getKey());
        });
    Batch.run(
        connection,
        "insert into block_result (task, content_key, result) values (?, ?, ?)",
        blocks,
        (insert, block) -> {
          insert.setObject(1, kept.task().value());
          insert.setString(2, block.getKey());
          insert.setBytes(3, block.getValue().bytes());
        });
    return true;
  }

  private static boolean isCurrent(Connection connection, Kept kept) throws SQLException {
    try (PreparedStatement select =
        connection.prepareStatement(
            "select 1 from task where id = ? and finished_at is null and attempt_epoch = ?"
                + " and attempt_number = ?")) {
      select.setObject(1, kept.task().value());
      Batch.setAttempt(select, 2, kept.attempt());
      try (ResultSet row = select.executeQuery()) {
        return row.next();
      }
    }
  }

  private static void write(Connection connection, TaskId task, StoredCheckpoint checkpoint)
      throws SQLException {
    StoredCheckpoint before = find(connection, task, false);
    if (before != null
        && before.position() >= checkpoint.position()
        && before.engineVersion().equals(checkpoint.engineVersion())) {
      return;
    }
    String sql =
        before == null
            ? "insert into checkpoint (passes, engine_version, state, task) values (?, ?, ?, ?)"
            : "update checkpoint set passes = ?, engine_version = ?, state = ? where task = ?";
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      statement.setInt(1, checkpoint.position());
      statement.setString(2, checkpoint.engineVersion());
      statement.setBytes(3, checkpoint.state().bytes());
      statement.setObject(4, task.value());
      statement.executeUpdate();
    }
  }

  private static @Nullable StoredCheckpoint find(
      Connection connection, TaskId task, boolean withState) throws SQLException {
    try (PreparedStatement select =
        connection.prepareStatement(
            "select passes, engine_version"
                + (withState ? ", state" : "")
                + " from checkpoint where task = ?")) {
      select.setObject(1, task.value());
      try (ResultSet row = select.executeQuery()) {
        return row.next()
            ? new StoredCheckpoint(
                row.getInt(1), row.getString(2), Blob.of(withState ? row.getBytes(3) : new byte[0]))
            : null;
      }
    }
  }

  static KeptWork find(Connection connection, TaskId task) throws SQLException {
    Map<String, Blob> blocks = new HashMap<>();
    try (PreparedStatement select =
        connection.prepareStatement(
            "select content_key, result from block_result where task = ?")) {
      select.setObject(1, task.value());
      try (ResultSet row = select.executeQuery()) {
        while (row.next()) {
          blocks.put(row.getString(1), Blob.of(row.getBytes(2)));
        }
      }
    }
    return new KeptWork(find(connection, task, true), blocks);
  }

  /// Removes what tasks that are over had kept.
  static void delete(Connection connection, List<TaskId> tasks) throws SQLException {
    for (String table : List.of("checkpoint", "block_result")) {
      Batch.run(
          connection,
          "delete from " + table + " where task = ?",
          tasks,
          (delete, task) -> delete.setObject(1, task.value()));
    }
  }
}
