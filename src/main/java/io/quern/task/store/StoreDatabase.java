package io.quern.task.store;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.h2.api.ErrorCode;
import org.h2.jdbcx.JdbcDataSource;
import org.jspecify.annotations.Nullable;

/// The database file of the store, open and with the newest schema: connections for its one writer
/// and a pool for readers.
///
/// H2 writes a transaction to the file before `commit` returns only with `WRITE_DELAY=0`; its
/// default loses the last half second when the process is killed.
public final class StoreDatabase implements AutoCloseable {
  /// Name of the database inside its directory.
  static final String NAME = "quern";

  private static final String MIGRATIONS = "classpath:db/migration/h2";
  private static final Duration READ_TIMEOUT = Duration.ofSeconds(30);

  private final DataSource writers;
  private final HikariDataSource readers;
  private final H2Housekeeping housekeeping;
  private final @Nullable String syncStatement;

  private StoreDatabase(
      DataSource writers,
      HikariDataSource readers,
      H2Housekeeping housekeeping,
      @Nullable String syncStatement) {
    this.writers = writers;
    this.readers = readers;
    this.housekeeping = housekeeping;
    this.syncStatement = syncStatement;
  }

  /// Opens or creates the database in a directory and brings its schema up to date.
  ///
  /// @throws StoreOpenException if it cannot be opened
  public static StoreDatabase open(Settings settings) {
    Path directory = settings.directory().toAbsolutePath().normalize();
    try {
      Files.createDirectories(directory);
    } catch (IOException e) {
      throw new StoreOpenException(
          "the directory of the store, " + directory + ", cannot be created: " + e.getMessage(), e);
    }
    DataSource source = h2(directory, settings.cacheKilobytes());
    H2Housekeeping housekeeping;
    try (Connection _ = source.getConnection()) {
      migrate(source, directory);
      housekeeping = new H2Housekeeping(source, H2Housekeeping.RETENTION);
    } catch (SQLException e) {
      throw openFailure(directory, e);
    }
    housekeeping.start();
    String syncStatement = settings.sync() == Sync.FSYNC ? "checkpoint sync" : null;
    return new StoreDatabase(
        source, pool(source, settings.readConnections()), housekeeping, syncStatement);
  }

  private static DataSource h2(Path directory, int cacheKilobytes) {
    JdbcDataSource source = new JdbcDataSource();
    // Stays open without connections until close(), so that losing the last one costs no recovery.
    source.setURL(
        "jdbc:h2:file:"
            + directory.resolve(NAME)
            + ";WRITE_DELAY=0;DB_CLOSE_DELAY=-1;DB_CLOSE_ON_EXIT=FALSE;LOCK_TIMEOUT=10000"
            + ";CACHE_SIZE="
            + cacheKilobytes);
    source.setUser("quern");
    source.setPassword("");
    return source;
  }

  private static void migrate(DataSource source, Path directory) {
    try {
      Flyway.configure()
          .dataSource(source)
          .locations(MIGRATIONS)
          .cleanDisabled(true)
          .load()
          .migrate();
    } catch (FlywayException e) {
      throw new StoreOpenException(
          "the schema of the store in "
              + directory
              + " cannot be brought up to date: "
              + e.getMessage(),
          e);
    }
  }

  private static StoreOpenException openFailure(Path directory, SQLException e) {
    if (e.getErrorCode() == ErrorCode.DATABASE_ALREADY_OPEN_1) {
      return new StoreOpenException(
          "the store in "
              + directory
              + " is in use by another process; stop it, or choose another directory with"
              + " quern.store.path",
          e);
    }
    return new StoreOpenException(
        "the store in " + directory + " cannot be opened: " + e.getMessage(), e);
  }

  private static HikariDataSource pool(DataSource source, int size) {
    HikariConfig config = new HikariConfig();
    config.setPoolName("quern-store-readers");
    config.setDataSource(source);
    config.setMaximumPoolSize(size);
    config.setMinimumIdle(1);
    config.setConnectionTimeout(READ_TIMEOUT.toMillis());
    return new HikariDataSource(config);
  }

  /// A connection for the writer, outside the pool.
  DataSource writers() {
    return writers;
  }

  /// The readers' pool; its connections commit by themselves.
  public DataSource readers() {
    return readers;
  }

  /// Run after each commit to force it to the medium, if that is configured.
  @Nullable String syncStatement() {
    return syncStatement;
  }

  /// Closes the database in an orderly way, so that the next start needs no recovery.
  @Override
  public void close() {
    readers.close();
    try {
      housekeeping.close();
      try (Connection connection = writers.getConnection();
          Statement statement = connection.createStatement()) {
        statement.execute("shutdown");
      }
    } catch (SQLException e) {
      throw new IllegalStateException("the store was not closed in an orderly way", e);
    }
  }

  /// When a commit counts as durable.
  public enum Sync {
    /// When the operating system has it: survives the end of the process in any way. The medium has
    /// it some seconds later.
    PROCESS,
    /// When the medium has it: survives loss of power too.
    FSYNC
  }

  /// @param directory where the database file lies
  /// @param readConnections most reads at the same time
  /// @param cacheKilobytes H2's page cache
  public record Settings(Path directory, Sync sync, int readConnections, int cacheKilobytes) {
    /// The defaults for a directory.
    public static Settings of(Path directory) {
      return new Settings(directory, Sync.PROCESS, 16, 65_536);
    }
  }
}
