package io.quern.task.store;

import io.quern.task.Attempt;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Types;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// One statement for many rows.
final class Batch {

  private Batch() {}

  /// @return the number of rows each one changed
  static <T> int[] run(Connection connection, String sql, List<T> rows, Binder<T> binder)
      throws SQLException {
    if (rows.isEmpty()) {
      return new int[0];
    }
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      for (T row : rows) {
        binder.bind(statement, row);
        statement.addBatch();
      }
      return statement.executeBatch();
    }
  }

  /// Sets parameters `index` (epoch) and `index + 1` (number).
  static void setAttempt(PreparedStatement statement, int index, @Nullable Attempt attempt)
      throws SQLException {
    if (attempt == null) {
      statement.setNull(index, Types.BIGINT);
      statement.setNull(index + 1, Types.INTEGER);
    } else {
      statement.setLong(index, attempt.epoch());
      statement.setInt(index + 1, attempt.number());
    }
  }

  /// Sets the parameters of one row.
  @FunctionalInterface
  interface Binder<T> {
    void bind(PreparedStatement statement, T row) throws SQLException;
  }
}
