package io.quern.task.store;

import static io.quern.task.store.TaskFixtures.NOON;
import static io.quern.task.store.TaskFixtures.TENANT;
import static io.quern.task.store.TaskFixtures.accepted;
import static io.quern.task.store.TaskFixtures.cancelled;
import static io.quern.task.store.TaskFixtures.changed;
import static io.quern.task.store.TaskFixtures.done;
import static io.quern.task.store.TaskFixtures.failed;
import static io.quern.task.store.TaskFixtures.kept;
import static io.quern.task.store.TaskFixtures.line;
import static io.quern.task.store.TaskFixtures.lines;
import static io.quern.task.store.TaskFixtures.newId;
import static io.quern.task.store.TaskFixtures.progress;
import static io.quern.task.store.TaskFixtures.queued;
import static io.quern.task.store.TaskFixtures.started;
import static io.quern.task.store.TaskFixtures.submission;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quern.engine.pass.LogLevel;
import io.quern.engine.pass.Progress;
import io.quern.failure.ErrorCode;
import io.quern.task.Attempt;
import io.quern.task.CompilationTask;
import io.quern.task.DeathCount;
import io.quern.task.Submission;
import io.quern.task.TaskError;
import io.quern.task.TaskEvent;
import io.quern.task.TaskId;
import io.quern.task.TaskRecord;
import io.quern.task.TaskRecord.Appended;
import io.quern.task.TaskRecord.IdempotencyKey;
import io.quern.task.TaskRecord.Started;
import io.quern.task.TaskState;
import io.quern.task.TaskStore.Outcome;
import io.quern.task.TaskStore.StoredEvent;
import io.quern.task.TaskStore.StoredResult;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JdbcTaskStoreTest {
  private static final Outcome COMMITTED = new Outcome.Committed();
  private static final Outcome NOT_APPLIED = new Outcome.NotApplied();

  @TempDir Path directory;
  private StoreFixture fixture;
  private JdbcTaskStore store;

  @BeforeEach
  void open() {
    fixture = StoreFixture.open(directory);
    store = fixture.store;
  }

  @AfterEach
  void close() {
    fixture.close();
  }

  private void reopen() {
    fixture.close();
    open();
  }

  private List<Long> numbers(TaskId id) {
    return store.events(id, 1, 1000).stream().map(StoredEvent::number).toList();
  }

  private CompilationTask task(TaskId id) {
    return Objects.requireNonNull(store.find(id));
  }

  @Test
  void epochsGrowAcrossRestarts() {
    assertThat(store.beginEpoch()).isEqualTo(1);
    assertThat(store.beginEpoch()).isEqualTo(2);
    reopen();
    assertThat(store.beginEpoch()).isEqualTo(3);
  }

  @Test
  void epochThatWasNotEndedWasCutShort() {
    assertThat(store.wasCutShort(store.beginEpoch() - 1)).as("there was none").isFalse();
    store.endEpoch(1);
    store.beginEpoch();
    reopen();
    assertThat(store.wasCutShort(1)).isFalse();
    assertThat(store.wasCutShort(2)).isTrue();
  }

  @Test
  void deathsAreStoredWithTheAttemptAndCountedAnewFromACheckpoint() {
    TaskId id = newId();
    store.commit(List.of(accepted(id), started(id, 1, 2)));
    assertThat(task(id).deaths()).isEqualTo(DeathCount.NONE);
    Started again = started(id, 2, 3);
    store.commit(
        List.of(
            new Started(
                id,
                again.attempt(),
                again.at(),
                again.deadline(),
                new DeathCount(2, 1),
                again.events())));
    reopen();
    assertThat(task(id).deaths()).isEqualTo(new DeathCount(2, 1));
    store.commit(List.of(kept(id, 1, 1, "1", "a")));
    assertThat(task(id).deaths()).as("of an attempt that is over").isEqualTo(new DeathCount(2, 1));
    store.commit(List.of(kept(id, 2, 1, "1", "a")));
    assertThat(task(id).deaths()).isEqualTo(DeathCount.NONE);
  }

  @Test
  void acceptedTaskIsFoundAsItWasAlsoAfterReopening() {
    TaskId id = newId();
    Submission submission =
        submission("OPENQASM 2.0; // \u03c8", "qft on a line", List.of("a", "b"));

    assertThat(store.commit(List.of(accepted(id, TENANT, submission, null, NOON))))
        .containsExactly(COMMITTED);

    reopen();
    assertThat(store.find(id)).isEqualTo(queued(id, TENANT, submission, NOON));
    assertThat(store.findSubmission(id)).isEqualTo(submission);
    assertThat(store.findResult(id)).isNull();
    assertThat(store.events(id, 1, 10))
        .singleElement()
        .satisfies(
            event -> {
              assertThat(event.terminal()).isFalse();
              assertThat(event.json())
                  .isEqualTo(
                      "{\"task\":\""
                          + id
                          + "\",\"number\":1,\"time\":\"2026-11-23T12:00:00.123Z\","
                          + "\"type\":\"state\",\"data\":{\"from\":null,\"to\":\"QUEUED\"}}");
            });
  }

  @Test
  void eventsThatAreStoredTogetherAreReadFromAnyOfThemOn() throws SQLException {
    TaskId id = newId();
    List<TaskEvent> later = new ArrayList<>();
    for (long number = 3; number <= 40; number++) {
      later.add(number % 20 == 0 ? line(id, number) : progress(id, number, (int) number));
    }
    store.commit(List.of(accepted(id), started(id, 1, 2), new Appended(id, later), done(id, 41)));

    List<StoredEvent> all = store.events(id, 1, 100);
    assertThat(all).extracting(StoredEvent::number).containsExactlyElementsOf(upTo(41));
    assertThat(all.get(38).json()).contains("\"blocks_done\":39");
    assertThat(all.getLast().terminal()).isTrue();
    assertThat(all.subList(0, 40)).noneMatch(StoredEvent::terminal);
    for (int from = 1; from <= 42; from++) {
      for (int limit : new int[] {1, 7, 100}) {
        assertThat(store.events(id, from, limit))
            .isEqualTo(all.subList(from - 1, Math.min(41, from - 1 + limit)));
      }
    }
    try (Connection connection = fixture.database.readers().getConnection()) {
      assertThat(EventRows.contains(connection, id, 41)).isTrue();
      assertThat(EventRows.contains(connection, id, 42)).isFalse();
      try (Statement statement = connection.createStatement();
          ResultSet row = statement.executeQuery("select count(*) from event")) {
        row.next();
        assertThat(row.getInt(1)).as("rows for 41 events").isEqualTo(2);
      }
    }
  }

  @Test
  void eventAsLongAsItsColumnIsStoredAfterAShortOne() {
    TaskId id = newId();
    String logger = "l".repeat((1 << 20) - 60);
    TaskEvent.LogLine longLine = new TaskEvent.LogLine(LogLevel.INFO, logger, "long");
    TaskEvent event = new TaskEvent(id, 3, NOON, longLine);

    assertThat(store.commit(List.of(accepted(id), new Appended(id, List.of(line(id, 2), event)))))
        .containsExactly(COMMITTED, COMMITTED);
    assertThat(store.events(id, 3, 1).getFirst().json()).contains(logger);
  }

  private static List<Long> upTo(long last) {
    return LongStream.rangeClosed(1, last).boxed().toList();
  }

  @Test
  void longCircuitsArePackedAndReadBack() {
    TaskId id = newId();
    String circuit = "OPENQASM 2.0;\n" + "cx q[0],q[1]; // \u03c8\n".repeat(200_000);
    Submission submission = submission(circuit, null, List.of());

    store.commit(List.of(accepted(id, TENANT, submission, null, NOON)));

    assertThat(store.findSubmission(id)).isEqualTo(submission);
  }

  @Test
  void statusFollowsStartProgressAndResult() {
    TaskId id = newId();
    store.commit(List.of(accepted(id), started(id, 1, 2)));
    assertThat(task(id))
        .returns(TaskState.RUNNING, CompilationTask::state)
        .returns(new Attempt(1, 1), CompilationTask::attempt)
        .returns(NOON.plusSeconds(1), CompilationTask::startedAt)
        .returns(NOON.plusSeconds(600), CompilationTask::deadline);

    store.commit(List.of(new Appended(id, List.of(progress(id, 3, 17)))));
    assertThat(task(id))
        .returns(new Progress("SabreRouting", 4, 7, 17, 40), CompilationTask::progress)
        .returns(3L, CompilationTask::lastEvent);

    store.commit(List.of(done(id, 4)));
    assertThat(task(id))
        .returns(TaskState.DONE, CompilationTask::state)
        .returns(TaskFixtures.AFTER, CompilationTask::after)
        .returns(NOON.plusSeconds(2), CompilationTask::finishedAt)
        .returns(4L, CompilationTask::lastEvent);
    StoredResult result = Objects.requireNonNull(store.findResult(id));
    assertThat(result.state()).isEqualTo(TaskState.DONE);
    assertThat(result.circuit()).isEqualTo(TaskFixtures.COMPILED);
    assertThat(result.json()).contains("\"seconds\":{\"queued\":1,\"running\":1}");
    assertThat(store.events(id, 4, 10))
        .singleElement()
        .satisfies(
            event -> {
              assertThat(event.terminal()).isTrue();
              assertThat(event.type()).isEqualTo("result");
              assertThat(event.json()).contains("\"circuit\":\"OPENQASM 2.0;\\n");
            });
  }

  @Test
  void secondAttemptKeepsTheFirstStartAndDropsProgress() {
    TaskId id = newId();
    store.commit(
        List.of(
            accepted(id),
            started(id, 1, 2),
            new Appended(id, List.of(progress(id, 3, 17))),
            started(id, 2, 4)));

    assertThat(task(id))
        .returns(NOON.plusSeconds(1), CompilationTask::startedAt)
        .returns(new Attempt(1, 2), CompilationTask::attempt)
        .returns(null, CompilationTask::progress);
  }

  @Test
  void failedTaskKeepsItsError() {
    TaskId id = newId();
    store.commit(List.of(accepted(id), started(id, 1, 2), failed(id, 3)));

    assertThat(task(id).error())
        .isEqualTo(new TaskError(ErrorCode.PASS_FAILED, "it broke", "SabreRouting", 17, "why"));
    assertThat(store.events(id, 3, 1).getFirst().json())
        .contains(
            "\"error\":{\"type\":\"/problems/pass-failed\",\"detail\":\"it broke\","
                + "\"pass\":\"SabreRouting\",\"block\":17,\"cause\":\"why\"}");
  }

  @Test
  void nothingIsAppliedAfterTheEndWhicheverCameFirst() {
    TaskId id = newId();
    store.commit(List.of(accepted(id), started(id, 1, 2)));

    assertThat(
            store.commit(
                List.of(done(id, 3), cancelled(id, 4), lines(id, 4, 5), started(id, 2, 6))))
        .containsExactly(COMMITTED, NOT_APPLIED, NOT_APPLIED, NOT_APPLIED);
    assertThat(store.commit(List.of(cancelled(id, 4)))).containsExactly(NOT_APPLIED);
    assertThat(task(id).state()).isEqualTo(TaskState.DONE);
    assertThat(numbers(id)).containsExactly(1L, 2L, 3L);
  }

  @Test
  void recordsOfUnknownTasksAreNotApplied() {
    assertThat(store.commit(List.of(lines(newId(), 1, 2), done(newId(), 1))))
        .containsExactly(NOT_APPLIED, NOT_APPLIED);
  }

  @Test
  void badRecordDoesNotSinkItsGroup() {
    TaskId good = newId();
    TaskId bad = newId();
    TaskId other = newId();
    List<TaskRecord> group =
        List.of(
            accepted(good),
            accepted(bad),
            lines(good, 2, 3),
            // Number 1 is taken: the unique key of (task, number) is violated.
            lines(bad, 1, 1),
            accepted(other),
            lines(good, 4, 4));

    List<Outcome> outcomes = store.commit(group);

    assertThat(outcomes.get(3)).isInstanceOf(Outcome.Failed.class);
    outcomes = new ArrayList<>(outcomes);
    outcomes.remove(3);
    assertThat(outcomes).hasSize(5).allMatch(COMMITTED::equals);
    assertThat(numbers(good)).containsExactly(1L, 2L, 3L, 4L);
    assertThat(numbers(bad)).containsExactly(1L);
    assertThat(task(bad).lastEvent()).isEqualTo(1);
    assertThat(store.find(other)).isNotNull();
  }

  @Test
  void failedRecordLeavesNothingOfItself() {
    TaskId id = newId();
    String tooLong = "x".repeat(5000);
    Submission submission = submission("OPENQASM 2.0;", tooLong, List.of());

    assertThat(store.commit(List.of(accepted(id, TENANT, submission, null, NOON))))
        .singleElement()
        .isInstanceOf(Outcome.Failed.class);
    assertThat(store.find(id)).isNull();
    assertThat(store.events(id, 1, 1)).isEmpty();
  }

  @Test
  void unfinishedTasksComeOldestFirst() {
    List<TaskId> ids = IntStream.range(0, 2500).mapToObj(_ -> newId()).toList();
    List<TaskRecord> group = new ArrayList<>();
    ids.reversed().forEach(id -> group.add(accepted(id)));
    group.add(done(ids.get(7), 2));
    store.commit(group);

    List<TaskId> unfinished = new ArrayList<>();
    store.forEachUnfinished(task -> unfinished.add(task.id()));

    List<TaskId> expected = new ArrayList<>(ids);
    expected.remove(7);
    assertThat(unfinished).isEqualTo(expected);
  }

  @Test
  void eventsAreReadInPages() {
    TaskId id = newId();
    store.commit(List.of(accepted(id), lines(id, 2, 50), lines(id, 51, 100)));

    assertThat(store.events(id, 40, 20).stream().map(StoredEvent::number))
        .containsExactlyElementsOf(LongStream.range(40, 60).boxed().toList());
    assertThat(store.events(id, 101, 20)).isEmpty();
  }

  @Test
  void purgeTakesFinishedTasksOfTheirOwnerOnly() {
    TaskId id = newId();
    IdempotencyKey key = new IdempotencyKey(TENANT, "key-1", "hash-1");
    store.commit(List.of(accepted(id, key)));
    assertThat(store.purge(TENANT, id)).isFalse();

    store.commit(List.of(done(id, 2)));
    assertThat(store.purge("tenant-2", id)).isFalse();
    assertThat(store.find(id)).isNotNull();

    assertThat(store.purge(TENANT, id)).isTrue();
    assertThat(store.find(id)).isNull();
    assertThat(store.findSubmission(id)).isNull();
    assertThat(store.findResult(id)).isNull();
    assertThat(store.events(id, 1, 10)).isEmpty();
    assertThat(store.findByKey(TENANT, "key-1")).isNull();
    assertThat(store.isExpired(TENANT, id)).isFalse();
    assertThat(store.purge(TENANT, id)).isFalse();
  }

  @Test
  void directoryThatIsAFileIsToldSo() {
    Path file = directory.resolve("quern.mv.db");
    assertThatThrownBy(() -> StoreDatabase.open(StoreDatabase.Settings.of(file)))
        .isInstanceOf(StoreOpenException.class)
        .hasMessageContaining(file.toString());
  }

  @Test
  void instantsAreCutNotRounded() {
    TaskId id = newId();
    TaskEvent event =
        new TaskEvent(
            id, 2, NOON.plusNanos(876_543_999), changed(id, 2, null, TaskState.QUEUED).data());
    store.commit(List.of(accepted(id), new Appended(id, List.of(event))));

    assertThat(store.events(id, 2, 1).getFirst().json())
        .contains("\"time\":\"2026-11-23T12:00:00.999Z\"");
  }
}
