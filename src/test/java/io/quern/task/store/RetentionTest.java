package io.quern.task.store;

import static io.quern.task.store.TaskFixtures.NOON;
import static io.quern.task.store.TaskFixtures.TENANT;
import static io.quern.task.store.TaskFixtures.accepted;
import static io.quern.task.store.TaskFixtures.done;
import static io.quern.task.store.TaskFixtures.lines;
import static io.quern.task.store.TaskFixtures.newId;
import static io.quern.task.store.TaskFixtures.progress;
import static org.assertj.core.api.Assertions.assertThat;

import io.quern.task.TaskEvent;
import io.quern.task.TaskId;
import io.quern.task.TaskRecord;
import io.quern.task.TaskRecord.Appended;
import io.quern.task.TaskRecord.IdempotencyKey;
import io.quern.task.TaskStore.StoredEvent;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class RetentionTest {
  private static final int LOG_LINES = 20;
  private static final Duration WEEK = Duration.ofDays(7);
  private static final Duration MONTH = Duration.ofDays(30);
  private static final Pattern GAP = Pattern.compile("\"from\":(\\d+),\"to\":(\\d+)");

  @TempDir Path directory;
  private StoreFixture fixture;
  private JdbcTaskStore store;

  @BeforeEach
  void open() {
    fixture = StoreFixture.open(directory, new Retention(WEEK, MONTH, LOG_LINES));
    store = fixture.store;
  }

  @AfterEach
  void close() {
    fixture.close();
  }

  /// The numbers a reader accounts for: an event's own, or those a gap stands for.
  private static List<Long> accountedFor(List<StoredEvent> events) {
    List<Long> numbers = new ArrayList<>();
    for (StoredEvent event : events) {
      if (event.type().equals("gap")) {
        Matcher gap = GAP.matcher(event.json());
        assertThat(gap.find()).isTrue();
        long to = Long.parseLong(gap.group(2));
        assertThat(event.number()).isEqualTo(to);
        LongStream.rangeClosed(Long.parseLong(gap.group(1)), to).forEach(numbers::add);
      } else {
        numbers.add(event.number());
      }
    }
    return numbers;
  }

  private List<StoredEvent> events(TaskId id) {
    return store.events(id, 1, 10_000);
  }

  @Test
  void finishedTaskGoesAfterItsRetentionAndItsIdIsRememberedForAWhile() {
    TaskId old = newId();
    TaskId young = newId();
    TaskId running = newId();
    IdempotencyKey key = new IdempotencyKey(TENANT, "key-1", "hash-1");
    store.commit(
        List.of(
            accepted(old, key),
            done(old, 2, NOON),
            accepted(young),
            done(young, 2, NOON.plusSeconds(10)),
            accepted(running)));

    assertThat(store.sweep(NOON.plus(WEEK))).isZero();
    assertThat(store.sweep(NOON.plus(WEEK).plusSeconds(5))).isEqualTo(1);

    assertThat(store.find(old)).isNull();
    assertThat(store.findResult(old)).isNull();
    assertThat(store.findSubmission(old)).isNull();
    assertThat(events(old)).isEmpty();
    assertThat(store.findByKey(TENANT, "key-1")).isNull();
    assertThat(store.isExpired(TENANT, old)).isTrue();
    assertThat(store.isExpired("tenant-2", old)).isFalse();
    assertThat(store.find(young)).isNotNull();
    assertThat(store.isExpired(TENANT, young)).isFalse();
    assertThat(store.find(running)).isNotNull();

    store.sweep(NOON.plus(WEEK).plus(MONTH).plusSeconds(6));
    assertThat(store.isExpired(TENANT, old)).isFalse();
    assertThat(store.isExpired(TENANT, young)).isTrue();
    assertThat(store.find(running)).as("unfinished tasks never expire").isNotNull();
  }

  @Test
  void manyTasksAreRemovedInSeveralTransactions() {
    List<TaskRecord> records = new ArrayList<>();
    for (int i = 0; i < 1000; i++) {
      TaskId id = newId();
      records.add(accepted(id));
      records.add(done(id, 2, NOON));
    }
    store.commit(records);

    assertThat(store.sweep(NOON.plus(WEEK).plusSeconds(1))).isEqualTo(1000);
    assertThat(store.sweep(NOON.plus(WEEK).plusSeconds(1))).isZero();
  }

  @Test
  void oldLogLinesGiveWayToOneGap() {
    TaskId id = newId();
    store.commit(List.of(accepted(id), lines(id, 2, LOG_LINES + 11)));

    store.sweep(NOON);

    List<StoredEvent> events = events(id);
    assertThat(events.get(0).type()).isEqualTo("state");
    assertThat(events.get(1))
        .satisfies(
            gap -> {
              assertThat(gap.type()).isEqualTo("gap");
              assertThat(gap.number()).isEqualTo(11);
              assertThat(gap.json()).endsWith("\"type\":\"gap\",\"data\":{\"from\":2,\"to\":11}}");
            });
    assertThat(events.subList(2, events.size()))
        .hasSize(LOG_LINES)
        .allMatch(event -> event.type().equals("log"));
    assertThat(store.events(id, 7, 1))
        .as("a reader that resumes inside the gap")
        .isEqualTo(List.of(events.get(1)));
  }

  @Test
  void gapGrowsWithLaterTrimming() {
    TaskId id = newId();
    store.commit(List.of(accepted(id), lines(id, 2, LOG_LINES + 11)));
    store.sweep(NOON);
    store.commit(List.of(lines(id, LOG_LINES + 12, LOG_LINES + 31)));
    store.sweep(NOON);

    assertThat(events(id).stream().filter(event -> event.type().equals("gap")))
        .singleElement()
        .satisfies(gap -> assertThat(gap.json()).contains("{\"from\":2,\"to\":31}"));
  }

  @Test
  void logThatGrowsFastIsTrimmedWithoutWaitingForASweep() {
    TaskId id = newId();
    store.commit(List.of(accepted(id)));
    long next = 2;
    for (int i = 0; i < 100; i++) {
      store.commit(List.of(lines(id, next, next + 6)));
      next += 7;
      assertThat(events(id).stream().filter(event -> event.type().equals("log")).count())
          .isLessThanOrEqualTo(2 * LOG_LINES + 7);
    }
    assertThat(accountedFor(events(id))).isEqualTo(LongStream.range(1, next).boxed().toList());
  }

  @Test
  void logsAnEarlierProcessLeftTooLongAreTrimmed() {
    TaskId id = newId();
    store.commit(List.of(accepted(id), lines(id, 2, LOG_LINES + 11)));
    fixture.close();
    open();

    store.sweep(NOON);
    assertThat(events(id)).hasSize(LOG_LINES + 2);
  }

  /// Every task with more events than lines are kept is looked at after a restart.
  @Test
  void logOfWhichNothingIsRemovedStaysPacked() throws SQLException {
    TaskId id = newId();
    List<TaskEvent> events = new ArrayList<>(lines(id, 2, LOG_LINES + 1).events());
    for (int i = 0; i < 15; i++) {
      events.add(progress(id, LOG_LINES + 2 + i, i));
    }
    store.commit(List.of(accepted(id), new Appended(id, events)));
    List<StoredEvent> before = events(id);
    int rows = rows(id);
    assertThat(rows).isLessThan(before.size());
    fixture.close();
    open();

    store.sweep(NOON);

    assertThat(rows(id)).isEqualTo(rows);
    assertThat(events(id)).isEqualTo(before);
  }

  @Test
  void onlyRowsWithLinesThatAreRemovedAreTakenApart() throws SQLException {
    TaskId id = newId();
    store.commit(List.of(accepted(id), lines(id, 2, 6)));
    store.commit(List.of(lines(id, 7, 6 + LOG_LINES)));
    int newest = rows(id);

    store.sweep(NOON);

    assertThat(newest).as("one row for each commit").isEqualTo(2);
    assertThat(rows(id)).as("the first event, the gap, and the lines that stay").isEqualTo(3);
    assertThat(accountedFor(events(id)))
        .isEqualTo(LongStream.rangeClosed(1, 6 + LOG_LINES).boxed().toList());
  }

  private int rows(TaskId id) throws SQLException {
    try (Connection connection = fixture.database.readers().getConnection();
        PreparedStatement select =
            connection.prepareStatement("select count(*) from event where task = ?")) {
      select.setObject(1, id.value());
      try (ResultSet row = select.executeQuery()) {
        row.next();
        return row.getInt(1);
      }
    }
  }

  static LongStream seeds() {
    return LongStream.rangeClosed(1, 20);
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void onlyLogLinesAreTrimmedAndEveryNumberIsAccountedFor(long seed) {
    Random random = new Random(seed);
    TaskId id = newId();
    store.commit(List.of(accepted(id)));
    List<Long> kept = new ArrayList<>(List.of(1L));
    long next = 2;
    for (int i = 0; i < 30; i++) {
      if (random.nextInt(3) == 0) {
        kept.add(next);
        store.commit(List.of(new Appended(id, List.of(progress(id, next, i)))));
        next++;
      } else {
        long to = next + random.nextInt(15);
        store.commit(List.of(lines(id, next, to)));
        next = to + 1;
      }
      if (random.nextInt(4) == 0) {
        store.sweep(NOON);
      }
    }
    store.commit(List.of(done(id, next)));
    kept.add(next);
    store.sweep(NOON);

    List<StoredEvent> events = events(id);
    assertThat(accountedFor(events)).isEqualTo(LongStream.rangeClosed(1, next).boxed().toList());
    assertThat(events.stream().map(StoredEvent::number)).containsAll(kept);
    assertThat(events.stream().filter(event -> event.type().equals("log")).count())
        .isLessThanOrEqualTo(LOG_LINES);
    List<Boolean> gaps = events.stream().map(event -> event.type().equals("gap")).toList();
    for (int i = 1; i < gaps.size(); i++) {
      assertThat(gaps.get(i - 1) && gaps.get(i)).as("neighbouring gaps are one").isFalse();
    }
    for (long from = 1; from <= next + 1; from++) {
      long first = from;
      int limit = 1 + random.nextInt(40);
      assertThat(store.events(id, from, limit))
          .isEqualTo(events.stream().filter(e -> e.number() >= first).limit(limit).toList());
    }
  }
}
