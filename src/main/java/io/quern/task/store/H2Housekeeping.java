package io.quern.task.store;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.h2.engine.SessionLocal;
import org.h2.jdbc.JdbcConnection;
import org.h2.mvstore.MVStore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What H2 itself does in the background only when commits may be late (`WRITE_DELAY` above 0): it
/// writes what still lives in nearly dead parts of the file anew, so that their space can be used
/// again. Without it the file keeps every page ever written beside one that still lives.
///
/// H2 overwrites freed space only after a retention time, so that what is overwritten is on the
/// medium by then. A sync well within that time makes sure it is, which allows a shorter one.
final class H2Housekeeping implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(H2Housekeeping.class);
  private static final Duration INTERVAL = Duration.ofSeconds(1);
  private static final int RUNS_PER_SYNC = 5;

  /// Twice the time between two syncs.
  static final Duration RETENTION = INTERVAL.multipliedBy(2 * RUNS_PER_SYNC);

  /// Share of live pages to reach, in percent.
  private static final int FILL_RATE = 70;

  private static final int BYTES_AT_ONCE = 4 << 20;

  /// Bounds the time the writer may have to wait for one run.
  private static final int STEPS_PER_RUN = 4;

  private final DataSource source;
  private final Duration retention;
  private final ScheduledExecutorService executor;
  private Connection connection;
  private MVStore store;
  private long syncedVersion;
  private int runs;

  /// @param retention time freed space is left alone
  H2Housekeeping(DataSource source, Duration retention) throws SQLException {
    this.source = source;
    this.retention = retention;
    this.connection = connect();
    this.store = store(connection);
    this.executor =
        Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("quern-store-housekeeping").daemon().factory());
  }

  private Connection connect() throws SQLException {
    Connection open = source.getConnection();
    try (Statement statement = open.createStatement()) {
      statement.execute("set retention_time " + retention.toMillis());
    }
    return open;
  }

  private static MVStore store(Connection connection) throws SQLException {
    SessionLocal session = (SessionLocal) connection.unwrap(JdbcConnection.class).getSession();
    return session.getDatabase().getStore().getMvStore();
  }

  void start() {
    executor.scheduleWithFixedDelay(
        this::runLogged, INTERVAL.toNanos(), INTERVAL.toNanos(), TimeUnit.NANOSECONDS);
  }

  private void runLogged() {
    try {
      run();
    } catch (SQLException | RuntimeException e) {
      log.warn("housekeeping of the store's file failed; it is tried again", e);
    }
  }

  void run() throws SQLException {
    if (store.isClosed()) {
      // H2 closes a database that could not write; the next connection opens it again.
      connection = connect();
      store = store(connection);
    }
    for (int step = 0; step < STEPS_PER_RUN; step++) {
      if (!store.compact(FILL_RATE, BYTES_AT_ONCE)) {
        break;
      }
    }
    runs++;
    long version = store.getCurrentVersion();
    if (runs % RUNS_PER_SYNC == 0 && version != syncedVersion) {
      try (Statement statement = connection.createStatement()) {
        statement.execute("checkpoint sync");
      }
      syncedVersion = version;
    }
  }

  /// Share of live pages in the parts of the file that are in use, in percent.
  int fillRate() {
    return store.getFileStore().getChunksFillRate();
  }

  @Override
  public void close() throws SQLException {
    executor.close();
    connection.close();
  }
}
