package io.quern.task.store;

import static io.quern.task.store.TaskFixtures.accepted;
import static io.quern.task.store.TaskFixtures.cancelled;
import static io.quern.task.store.TaskFixtures.done;
import static io.quern.task.store.TaskFixtures.lines;
import static io.quern.task.store.TaskFixtures.newId;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariDataSource;
import io.quern.failure.ErrorCode;
import io.quern.failure.QuernException;
import io.quern.task.TaskId;
import io.quern.task.TaskRecord;
import io.quern.task.TaskStore.Outcome;
import io.quern.task.TaskStore.StoredEvent;
import io.quern.task.store.FaultyDataSource.Fault;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Connections lost around a commit: what is reported must be what happened.
class CommitFaultsTest {
  private static final Outcome COMMITTED = new Outcome.Committed();
  private static final RetryDelays QUICK =
      new RetryDelays(Duration.ofNanos(1), Duration.ofMillis(1), Duration.ofHours(1));

  @TempDir Path directory;
  private StoreDatabase database;
  private FaultyDataSource source;
  private JdbcTaskStore store;

  @Test
  void readOfADatabaseThatIsGoneSaysThatTheStoreIsUnavailable() {
    ((HikariDataSource) database.readers()).close();
    assertThatThrownBy(() -> store.find(newId()))
        .isInstanceOfSatisfying(
            QuernException.class,
            failure -> assertThat(failure.code()).isEqualTo(ErrorCode.STORE_UNAVAILABLE))
        .hasMessageContaining("the store does not answer")
        .hasCauseInstanceOf(SQLException.class);
  }

  @BeforeEach
  void open() {
    database = StoreDatabase.open(StoreDatabase.Settings.of(directory));
    source = new FaultyDataSource(database.writers());
    store = storeWith(QUICK);
  }

  private JdbcTaskStore storeWith(RetryDelays delays) {
    return storeWith(delays, Retention.DEFAULT);
  }

  private JdbcTaskStore storeWith(RetryDelays delays, Retention retention) {
    return new JdbcTaskStore(
        source, database.readers(), null, TaskFixtures.QASM, retention, delays);
  }

  @AfterEach
  void close() {
    store.close();
    database.close();
  }

  @ParameterizedTest
  @EnumSource(Fault.class)
  void recordsAreStoredOnceWhicheverWayTheConnectionIsLost(Fault fault) {
    TaskId id = newId();
    TaskId ended = newId();
    store.commit(List.of(accepted(ended), done(ended, 2)));
    // Not given to the writer's open connection, but to the next one.
    if (fault == Fault.AT_CONNECT) {
      source.plan(Fault.AT_STATEMENT);
    }
    source.plan(fault);

    List<Outcome> outcomes =
        store.commit(List.of(accepted(id), lines(id, 2, 5), cancelled(ended, 3)));

    assertThat(source.isExhausted()).as("the fault struck").isTrue();
    assertThat(source.connections()).isEqualTo(2);
    assertThat(outcomes).containsExactly(COMMITTED, COMMITTED, new Outcome.NotApplied());
    assertThat(store.events(id, 1, 10).stream().map(StoredEvent::number))
        .containsExactly(1L, 2L, 3L, 4L, 5L);
  }

  @Test
  void errorLeavesNothingOfItsRecordBehind() {
    TaskId first = newId();
    TaskId second = newId();
    store.commit(List.of(accepted(first), accepted(second)));
    try (JdbcTaskStore failing =
        new JdbcTaskStore(
            source,
            database.readers(),
            null,
            _ -> {
              throw new OutOfMemoryError("planned");
            },
            Retention.DEFAULT,
            QUICK)) {
      assertThat(failing.commit(List.of(done(first, 2), lines(second, 2, 2))))
          .containsExactly(new Outcome.Failed("planned"), COMMITTED);
    }
    assertThat(store.events(first, 1, 10)).hasSize(1);
    assertThat(store.commit(List.of(done(first, 2)))).containsExactly(COMMITTED);
  }

  @Test
  void outcomeIsReadBackThroughFurtherFaults() {
    TaskId id = newId();
    source.plan(Fault.AFTER_COMMIT, Fault.AT_CONNECT, Fault.AT_STATEMENT, Fault.AT_CONNECT);

    assertThat(store.commit(List.of(accepted(id)))).containsExactly(COMMITTED);

    assertThat(source.isExhausted()).isTrue();
    assertThat(store.events(id, 1, 10)).hasSize(1);
  }

  @Test
  void endOfATaskIsReadBackByItsLastEvent() {
    TaskId id = newId();
    store.commit(List.of(accepted(id)));
    source.plan(Fault.AFTER_COMMIT);

    assertThat(store.commit(List.of(done(id, 2)))).containsExactly(COMMITTED);
    assertThat(store.findResult(id)).isNotNull();
  }

  @Test
  void linesTrimmedByTheirOwnCommitAreFoundStored() {
    store.close();
    store = storeWith(QUICK, new Retention(Duration.ZERO, Duration.ZERO, 20));
    TaskId id = newId();
    store.commit(List.of(accepted(id), lines(id, 2, 25)));
    source.plan(Fault.AFTER_COMMIT);

    assertThat(store.commit(List.of(lines(id, 26, 29), lines(id, 30, 90))))
        .containsExactly(COMMITTED, COMMITTED);
    assertThat(store.events(id, 2, 100).stream().map(StoredEvent::number))
        .as("a gap up to 70, and the 20 newest")
        .containsExactlyElementsOf(LongStream.rangeClosed(70, 90).boxed().toList());
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void recordWithoutEventsIsWrittenAgainAfterAnUnknownOutcome(boolean tookPlace) {
    TaskId id = newId();
    store.commit(List.of(accepted(id)));
    source.plan(tookPlace ? Fault.AFTER_COMMIT : Fault.BEFORE_COMMIT);
    TaskRecord empty = new TaskRecord.Appended(id, List.of());

    assertThat(store.commit(List.of(empty))).containsExactly(COMMITTED);
    assertThat(store.events(id, 1, 10)).hasSize(1);
  }

  @Test
  void databaseThatStaysAwayFailsTheRecordsOnceAndForAll() {
    store.close();
    store = storeWith(new RetryDelays(Duration.ofNanos(1), Duration.ofNanos(1), Duration.ZERO));
    TaskId id = newId();
    source.plan(Fault.AT_CONNECT, Fault.AT_CONNECT);

    assertThat(store.commit(List.of(accepted(id)))).hasOnlyElementsOfType(Outcome.Failed.class);
    assertThat(store.find(id)).isNull();

    assertThat(store.commit(List.of(accepted(newId()))))
        .hasOnlyElementsOfType(Outcome.Failed.class);
    assertThat(store.commit(List.of(accepted(id)))).containsExactly(COMMITTED);
  }

  @Test
  void closedStoreRefuses() {
    store.close();
    assertThat(store.commit(List.of(accepted(newId()))))
        .hasOnlyElementsOfType(Outcome.Failed.class);
  }
}
