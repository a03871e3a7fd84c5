package io.quern.task.store;

import io.quern.engine.circuit.Circuit;
import io.quern.task.TaskEvent;
import io.quern.task.TaskId;
import io.quern.task.TaskRecord;
import io.quern.task.TaskStore.Outcome;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Commits a group of records and finds out for certain what became of each.
///
/// - A group that fails is halved and tried again, down to the record that cannot be stored: that
///   one fails alone. The order of records is kept.
/// - A lost connection is opened again and the group tried again, for a bounded time.
/// - A commit that fails leaves open whether it took place. It is read back, for as long as that
///   takes: nobody is told anything before it is known.
final class GroupCommit implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(GroupCommit.class);

  /// For records that are in no journal.
  private static final long NO_POSITION = -1;

  private final WriteConnection writer;
  private final Function<Circuit, String> qasmWriter;
  private final RetryDelays delays;
  private final Sweeper sweeper;
  private volatile boolean closed;

  GroupCommit(
      WriteConnection writer,
      Function<Circuit, String> qasmWriter,
      RetryDelays delays,
      Sweeper sweeper) {
    this.writer = writer;
    this.qasmWriter = qasmWriter;
    this.delays = delays;
    this.sweeper = sweeper;
  }

  /// @return one outcome for each record
  List<Outcome> commit(List<TaskRecord> records) {
    try {
      return commit(records, NO_POSITION);
    } catch (StoreUnavailableException e) {
      log.error("{} records are not stored", records.size(), e);
      return Collections.nCopies(records.size(), new Outcome.Failed(message(e)));
    }
  }

  /// Commits records of a journal, each together with its position.
  ///
  /// @param first position of the first record
  /// @return one outcome for each record
  /// @throws StoreUnavailableException if the database cannot be reached; some records may be
  ///   stored, with their positions
  List<Outcome> commit(List<TaskRecord> records, long first) {
    if (records.isEmpty()) {
      return List.of();
    }
    List<Outcome> outcomes;
    try {
      outcomes = commitWhole(records, first);
    } catch (StoreUnavailableException | RefusedRecordException e) {
      throw e;
    } catch (SQLException | RuntimeException | Error e) {
      if (records.size() > 1) {
        log.warn("a group of {} records fails and is halved: {}", records.size(), e.getMessage());
        int half = records.size() / 2;
        List<Outcome> both = new ArrayList<>(commit(records.subList(0, half), first));
        long next = first == NO_POSITION ? NO_POSITION : first + half;
        both.addAll(commit(records.subList(half, records.size()), next));
        return both;
      }
      if (first != NO_POSITION) {
        throw new RefusedRecordException(first, e);
      }
      TaskId task = records.getFirst().task();
      log.atError()
          .addKeyValue("task", task)
          .setCause(e)
          .log("a record of task {} cannot be stored", task);
      return List.of(new Outcome.Failed(message(e)));
    }
    for (int i = 0; i < records.size(); i++) {
      if (outcomes.get(i) instanceof Outcome.Committed) {
        sweeper.noteCommitted(records.get(i));
      }
    }
    return outcomes;
  }

  /// One transaction, tried again while the connection is lost.
  private List<Outcome> commitWhole(List<TaskRecord> records, long first) throws SQLException {
    long start = System.nanoTime();
    int failures = 0;
    while (true) {
      // Kept from the last try: if its commit took place, these are true.
      List<Outcome> prepared = new ArrayList<>();
      try {
        return writer.inTransaction(
            connection -> {
              // A journal has looked for their keys before it took them.
              boolean hasKeysChecked = first != NO_POSITION;
              prepared.addAll(RecordGroup.write(connection, qasmWriter, records, hasKeysChecked));
              sweeper.trimOverlong(connection, records);
              if (first != NO_POSITION) {
                setApplied(connection, first + records.size() - 1);
              }
              return prepared;
            });
      } catch (UnknownOutcomeException e) {
        log.warn("the outcome of a commit of {} records is unknown", records.size(), e);
        if (tookPlace(records, prepared)) {
          return prepared;
        }
        if (closed) {
          throw new StoreUnavailableException("the store was closed after a failed commit", e);
        }
        failures++;
        delays.pause(failures);
      } catch (StoreUnavailableException e) {
        failures++;
        if (closed || System.nanoTime() - start > delays.patience().toNanos()) {
          throw e;
        }
        delays.pause(failures);
      }
    }
  }

  private static void setApplied(Connection connection, long position) throws SQLException {
    try (PreparedStatement update = connection.prepareStatement("update journal set applied = ?")) {
      update.setLong(1, position);
      update.executeUpdate();
    }
  }

  /// Reads back whether a transaction took place. One record tells of all: they were written
  /// together.
  private boolean tookPlace(List<TaskRecord> records, List<Outcome> prepared) {
    for (int i = 0; i < records.size(); i++) {
      TaskRecord record = records.get(i);
      if (prepared.get(i) instanceof Outcome.Committed
          && (isAcceptance(record) || !record.events().isEmpty())) {
        return readBack(record);
      }
    }
    // Nothing of it can be seen, so writing it once more changes nothing.
    return false;
  }

  private boolean readBack(TaskRecord record) {
    int failures = 0;
    while (true) {
      try {
        return writer.inTransaction(connection -> isStored(connection, record));
      } catch (SQLException | StoreUnavailableException | UnknownOutcomeException e) {
        if (closed) {
          throw new StoreUnavailableException(
              "the store was closed before the outcome of a commit was known", e);
        }
        failures++;
        delays.pause(failures);
      }
    }
  }

  private static boolean isAcceptance(TaskRecord record) {
    return record instanceof TaskRecord.Accepted || record instanceof TaskRecord.AcceptedTogether;
  }

  private static boolean isStored(Connection connection, TaskRecord record) throws SQLException {
    if (isAcceptance(record)) {
      return TaskRows.find(connection, record.task()) != null;
    }
    TaskEvent last = record.events().getLast();
    return EventRows.contains(connection, last.task(), last.number());
  }

  /// Ends waiting for a database that does not come back.
  @Override
  public void close() {
    closed = true;
  }

  /// The database's words without the statement and its values, which are for the log only.
  private static String message(Throwable e) {
    if (e instanceof SQLException sql) {
      return "the database refuses the record (SQL state " + sql.getSQLState() + ")";
    }
    return e.getMessage() == null ? e.toString() : e.getMessage();
  }
}
