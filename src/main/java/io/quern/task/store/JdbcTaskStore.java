package io.quern.task.store;

import io.quern.engine.circuit.Circuit;
import io.quern.task.Blob;
import io.quern.task.CompilationTask;
import io.quern.task.KeptWork;
import io.quern.task.PythonInput;
import io.quern.task.StoredPythonTask;
import io.quern.task.Submission;
import io.quern.task.TaskId;
import io.quern.task.TaskRecord;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Function;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/// The task store on a relational database.
///
/// All changes go through one connection, one transaction at a time; reads use a pool. A read
/// returns only what is durable: see [DurabilityBarrier].
public final class JdbcTaskStore implements JournalledStore, AutoCloseable {
  private static final int RECOVERY_PAGE = 1000;

  private final DataSource readers;
  private final DurabilityBarrier barrier = new DurabilityBarrier();
  private final WriteConnection writer;
  private final GroupCommit commits;
  private final Sweeper sweeper;

  /// @param qasmWriter writes a compiled circuit as OpenQASM 2
  public JdbcTaskStore(
      StoreDatabase database, Function<Circuit, String> qasmWriter, Retention retention) {
    this(
        database.writers(),
        database.readers(),
        database.syncStatement(),
        qasmWriter,
        retention,
        RetryDelays.DEFAULT);
  }

  JdbcTaskStore(
      DataSource writers,
      DataSource readers,
      @Nullable String syncStatement,
      Function<Circuit, String> qasmWriter,
      Retention retention,
      RetryDelays delays) {
    this.readers = readers;
    this.writer = new WriteConnection(writers, syncStatement, barrier);
    this.sweeper = new Sweeper(writer, retention);
    this.commits = new GroupCommit(writer, qasmWriter, delays, sweeper);
  }

  @Override
  public long beginEpoch() {
    return write(
        connection -> {
          long epoch = 1;
          try (PreparedStatement newest =
                  connection.prepareStatement("select max(number) from epoch");
              ResultSet row = newest.executeQuery()) {
            if (row.next()) {
              epoch = row.getLong(1) + 1;
            }
          }
          try (PreparedStatement insert =
              connection.prepareStatement("insert into epoch (number, started_at) values (?, ?)")) {
            insert.setLong(1, epoch);
            Times.set(insert, 2, Instant.now());
            insert.executeUpdate();
          }
          return epoch;
        });
  }

  @Override
  public void endEpoch(long epoch) {
    write(
        connection -> {
          try (PreparedStatement end =
              connection.prepareStatement("update epoch set ended_at = ? where number = ?")) {
            Times.set(end, 1, Instant.now());
            end.setLong(2, epoch);
            return end.executeUpdate();
          }
        });
  }

  @Override
  public boolean wasCutShort(long epoch) {
    return read(
        connection -> {
          try (PreparedStatement select =
              connection.prepareStatement(
                  "select 1 from epoch where number = ? and ended_at is null")) {
            select.setLong(1, epoch);
            try (ResultSet row = select.executeQuery()) {
              return row.next();
            }
          }
        });
  }

  @Override
  public List<Outcome> commit(List<TaskRecord> records) {
    return commits.commit(records);
  }

  @Override
  public long appliedPosition() {
    return read(
        connection -> {
          try (PreparedStatement select =
                  connection.prepareStatement("select applied from journal");
              ResultSet row = select.executeQuery()) {
            return row.next() ? row.getLong(1) : 0;
          }
        });
  }

  @Override
  public void apply(List<TaskRecord> records, long first) {
    commits.commit(records, first);
  }

  @Override
  public void forEachUnfinished(Consumer<CompilationTask> consumer) {
    UUID after = new UUID(0, 0);
    List<CompilationTask> page;
    do {
      UUID last = after;
      page = read(connection -> TaskRows.unfinished(connection, last, RECOVERY_PAGE));
      page.forEach(consumer);
      if (!page.isEmpty()) {
        after = page.getLast().id().value();
      }
    } while (page.size() == RECOVERY_PAGE);
  }

  @Override
  public void forEachUnfinishedPython(Consumer<StoredPythonTask> consumer) {
    UUID after = new UUID(0, 0);
    List<StoredPythonTask> page;
    do {
      UUID last = after;
      page = read(connection -> PythonRows.unfinished(connection, last, RECOVERY_PAGE));
      page.forEach(consumer);
      if (!page.isEmpty()) {
        after = page.getLast().task().id().value();
      }
    } while (page.size() == RECOVERY_PAGE);
  }

  @Override
  public @Nullable PythonInput findPythonInput(TaskId id) {
    return read(connection -> PythonRows.input(connection, id));
  }

  @Override
  public @Nullable Blob findPythonResult(TaskId id) {
    return read(connection -> PythonRows.result(connection, id));
  }

  @Override
  public List<PythonRecord> pythonRecords(TaskId id, long after) {
    return read(connection -> PythonRows.records(connection, id, after));
  }

  @Override
  public @Nullable CompilationTask find(TaskId id) {
    return read(connection -> TaskRows.find(connection, id));
  }

  @Override
  public @Nullable Submission findSubmission(TaskId id) {
    return read(connection -> TaskRows.findSubmission(connection, id));
  }

  @Override
  public KeptWork findKept(TaskId id) {
    return read(connection -> KeptRows.find(connection, id));
  }

  @Override
  public @Nullable StoredResult findResult(TaskId id) {
    return read(connection -> TaskRows.findResult(connection, id));
  }

  @Override
  public boolean isExpired(String tenant, TaskId id) {
    return read(
        connection -> {
          try (PreparedStatement select =
              connection.prepareStatement(
                  "select 1 from expired_task where task = ? and tenant = ?")) {
            select.setObject(1, id.value());
            select.setString(2, tenant);
            try (ResultSet row = select.executeQuery()) {
              return row.next();
            }
          }
        });
  }

  @Override
  public @Nullable KeyedTask appliedHolder(String tenant, String key) {
    try (Connection connection = readers.getConnection()) {
      return TaskRows.findByKey(connection, tenant, key);
    } catch (SQLException e) {
      throw failure(e);
    }
  }

  @Override
  public @Nullable KeyedTask findByKey(String tenant, String key) {
    return read(connection -> TaskRows.findByKey(connection, tenant, key));
  }

  @Override
  public List<CompilationTask> list(TaskQuery query) {
    return read(connection -> TaskRows.list(connection, query));
  }

  @Override
  public List<StoredEvent> events(TaskId id, long from, int limit) {
    return read(connection -> EventRows.read(connection, id, from, limit));
  }

  @Override
  public boolean purge(String tenant, TaskId id) {
    return write(
        connection -> {
          try (PreparedStatement delete =
              connection.prepareStatement(
                  "delete from task where id = ? and tenant = ? and finished_at is not null")) {
            delete.setObject(1, id.value());
            delete.setString(2, tenant);
            return delete.executeUpdate() > 0;
          }
        });
  }

  @Override
  public int sweep(Instant now) {
    try {
      return sweeper.sweep(now);
    } catch (SQLException e) {
      throw failure(e);
    }
  }

  /// Whether the database answers.
  public boolean isReachable() {
    try (Connection connection = readers.getConnection()) {
      return connection.isValid(1);
    } catch (SQLException _) {
      return false;
    }
  }

  @Override
  public void close() {
    commits.close();
    writer.close();
  }

  private <T extends @Nullable Object> T read(SqlWork<T> work) {
    T result;
    try (Connection connection = readers.getConnection()) {
      result = work.run(connection);
    } catch (SQLException e) {
      throw failure(e);
    }
    barrier.await();
    return result;
  }

  private <T extends @Nullable Object> T write(SqlWork<T> work) {
    try {
      return writer.inTransaction(work);
    } catch (SQLException e) {
      throw failure(e);
    }
  }

  private static StoreUnavailableException failure(SQLException e) {
    return new StoreUnavailableException("the store does not answer", e);
  }
}
