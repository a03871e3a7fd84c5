package io.quern.task.store;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.locks.ReentrantLock;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The one connection that changes the store, lent to one thread at a time. It is opened again
/// after it was lost.
final class WriteConnection implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(WriteConnection.class);
  private static final int VALIDATION_SECONDS = 5;

  private final DataSource source;
  private final @Nullable String syncStatement;
  private final DurabilityBarrier barrier;
  private final ReentrantLock lock = new ReentrantLock();

  // Guarded by lock.
  private @Nullable Connection connection;
  private boolean closed;

  /// @param syncStatement run after each commit to force it to the medium; null to leave that to
  ///   the operating system
  WriteConnection(DataSource source, @Nullable String syncStatement, DurabilityBarrier barrier) {
    this.source = source;
    this.syncStatement = syncStatement;
    this.barrier = barrier;
  }

  /// Runs work in a transaction of its own.
  ///
  /// @throws SQLException if the work failed; nothing of it was stored
  /// @throws StoreUnavailableException if there is no connection; nothing was stored
  /// @throws UnknownOutcomeException if the commit failed
  <T extends @Nullable Object> T inTransaction(SqlWork<T> work) throws SQLException {
    lock.lock();
    try {
      Connection open = open();
      T result;
      try {
        result = work.run(open);
      } catch (SQLException | RuntimeException | Error e) {
        // An error too, such as want of memory: the next commit would take half a record with it.
        rollBack(open);
        if (connection == null) {
          throw new StoreUnavailableException("the connection to the store was lost", e);
        }
        throw e;
      }
      commit(open);
      return result;
    } finally {
      lock.unlock();
    }
  }

  private Connection open() {
    Connection open = connection;
    if (open != null) {
      return open;
    }
    if (closed) {
      throw new StoreUnavailableException("the store is closed", new IllegalStateException());
    }
    try {
      open = source.getConnection();
      open.setAutoCommit(false);
      connection = open;
      return open;
    } catch (SQLException e) {
      throw new StoreUnavailableException("the store cannot be opened", e);
    }
  }

  private void commit(Connection open) {
    barrier.beginCommit();
    try {
      open.commit();
      if (syncStatement != null) {
        try (Statement statement = open.createStatement()) {
          statement.execute(syncStatement);
        }
        open.commit();
      }
    } catch (SQLException e) {
      discard(open);
      throw new UnknownOutcomeException(e);
    } finally {
      barrier.endCommit();
    }
  }

  private void rollBack(Connection open) {
    try {
      open.rollback();
      if (open.isValid(VALIDATION_SECONDS)) {
        return;
      }
    } catch (SQLException e) {
      log.warn("a transaction could not be rolled back; its connection is given up", e);
    }
    discard(open);
  }

  /// A transaction that was not committed ends with its connection.
  private void discard(Connection open) {
    connection = null;
    try {
      open.close();
    } catch (SQLException e) {
      log.debug("a lost connection could not be closed", e);
    }
  }

  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      if (connection != null) {
        discard(connection);
      }
    } finally {
      lock.unlock();
    }
  }
}
