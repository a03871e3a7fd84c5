package io.quern.task.store;

import io.quern.task.TaskReplay;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import org.jspecify.annotations.Nullable;

/// Instants in `timestamp(6) with time zone` columns. Cut to microseconds here, as databases would
/// round: an instant must not move up between what is sent live and what is read again.
final class Times {
  private Times() {}

  static void set(PreparedStatement statement, int index, @Nullable Instant instant)
      throws SQLException {
    if (instant == null) {
      statement.setNull(index, Types.TIMESTAMP_WITH_TIMEZONE);
    } else {
      statement.setObject(index, column(instant));
    }
  }

  static OffsetDateTime column(Instant instant) {
    return TaskReplay.asStored(instant).atOffset(ZoneOffset.UTC);
  }

  static Instant get(ResultSet row, int index) throws SQLException {
    return row.getObject(index, OffsetDateTime.class).toInstant();
  }

  static @Nullable Instant getNullable(ResultSet row, int index) throws SQLException {
    OffsetDateTime time = row.getObject(index, OffsetDateTime.class);
    return time == null ? null : time.toInstant();
  }
}
