package io.quern.task.store;

import java.sql.Connection;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/// Statements to run on a connection, without commit or rollback.
@FunctionalInterface
interface SqlWork<T extends @Nullable Object> {
  T run(Connection connection) throws SQLException;
}
