package io.quern.task.store;

import static io.quern.task.store.TaskFixtures.NOON;
import static io.quern.task.store.TaskFixtures.TENANT;
import static io.quern.task.store.TaskFixtures.cancelled;
import static io.quern.task.store.TaskFixtures.changed;
import static io.quern.task.store.TaskFixtures.done;
import static io.quern.task.store.TaskFixtures.failed;
import static io.quern.task.store.TaskFixtures.line;
import static io.quern.task.store.TaskFixtures.newId;
import static io.quern.task.store.TaskFixtures.progress;
import static org.assertj.core.api.Assertions.assertThat;

import io.quern.engine.pass.LogLevel;
import io.quern.task.Attempt;
import io.quern.task.Blob;
import io.quern.task.DeathCount;
import io.quern.task.KeptWork;
import io.quern.task.KeptWork.StoredCheckpoint;
import io.quern.task.TaskEvent;
import io.quern.task.TaskId;
import io.quern.task.TaskRecord;
import io.quern.task.TaskRecord.Appended;
import io.quern.task.TaskRecord.Ended;
import io.quern.task.TaskRecord.IdempotencyKey;
import io.quern.task.TaskRecord.Kept;
import io.quern.task.TaskRecord.Started;
import io.quern.task.TaskReplay;
import io.quern.task.TaskState;
import io.quern.task.TaskStore.StoredEvent;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Groups of records leave what the same records leave one after the other.
class RecordGroupTest {
  private static final int SEEDS = 12;
  private static final int TASKS = 3;
  private static final int RECORDS = 24;

  @TempDir Path directory;

  @Test
  void groupsLeaveWhatTheirRecordsLeaveOneByOne() throws SQLException {
    try (StoreFixture fixture = StoreFixture.open(directory);
        Connection connection = fixture.database.writers().getConnection()) {
      // One transaction for all: commits would take most of the time.
      connection.setAutoCommit(false);
      for (int seed = 1; seed <= SEEDS; seed++) {
        compare(connection, seed);
      }
    }
  }

  private static void compare(Connection connection, int seed) throws SQLException {
    Life grouped = new Life(seed);
    Life single = new Life(seed);
    Random sizes = new Random(-seed);
    List<String> outcomes = new ArrayList<>();
    while (outcomes.size() < RECORDS) {
      int to = Math.min(RECORDS, outcomes.size() + 1 + sizes.nextInt(RECORDS));
      outcomes.addAll(write(connection, grouped.records.subList(outcomes.size(), to)));
    }
    List<String> expected = new ArrayList<>();
    for (TaskRecord record : single.records) {
      expected.addAll(write(connection, List.of(record)));
    }

    assertThat(outcomes).as("outcomes, seed %d", seed).isEqualTo(expected);
    for (int task = 0; task < TASKS; task++) {
      assertThat(grouped.seen(connection, task))
          .as("task %d, seed %d", task, seed)
          .isEqualTo(single.seen(connection, task));
      assertThat(TaskRows.find(connection, grouped.ids.get(task)))
          .as("task %d told by its records, seed %d", task, seed)
          .isEqualTo(TaskReplay.after(null, grouped.applied(task, outcomes)));
      assertThat(grouped.pages(connection, task, sizes))
          .as("events of task %d in pages, seed %d", task, seed)
          .isEqualTo(grouped.numbers(task, outcomes));
    }
  }

  private static List<String> write(Connection connection, List<TaskRecord> records)
      throws SQLException {
    return RecordGroup.write(connection, TaskFixtures.QASM, records, false).stream()
        .map(outcome -> outcome.getClass().getSimpleName())
        .toList();
  }

  /// What happens to some tasks: the same for the same seed, but for their ids.
  private static final class Life {
    final List<TaskId> ids = new ArrayList<>();
    final List<TaskRecord> records = new ArrayList<>();
    private final Random random;
    private final boolean[] isAccepted = new boolean[TASKS];
    private final int[] lastEvents = new int[TASKS];
    private final int[] attempts = new int[TASKS];

    Life(int seed) {
      random = new Random(seed);
      for (int task = 0; task < TASKS; task++) {
        ids.add(newId());
      }
      while (records.size() < RECORDS) {
        int task = random.nextInt(TASKS);
        // Some records come before their task, and count for nothing.
        records.add(!isAccepted[task] && random.nextInt(4) > 0 ? accept(task) : next(task));
      }
    }

    private TaskRecord accept(int task) {
      isAccepted[task] = true;
      lastEvents[task] = 1;
      // The first task's id keeps the keys of two lives apart.
      IdempotencyKey key = new IdempotencyKey(TENANT, ids.getFirst() + " has it", "hash");
      return TaskFixtures.accepted(
          ids.get(task),
          TENANT,
          TaskFixtures.submission("OPENQASM 2.0;", "bell", List.of("demo")),
          random.nextInt(4) == 0 ? key : null,
          NOON);
    }

    private TaskRecord next(int task) {
      TaskId id = ids.get(task);
      return switch (random.nextInt(12)) {
        case 0, 1, 2 -> start(task, id);
        case 3, 4 -> keep(task, id);
        case 5 -> end(id, ++lastEvents[task]);
        default -> append(task, id);
      };
    }

    private Started start(int task, TaskId id) {
      int attempt = ++attempts[task];
      List<TaskEvent> events = new ArrayList<>();
      if (attempt > 1) {
        TaskEvent.Restarted restarted = new TaskEvent.Restarted(new Attempt(1, attempt));
        events.add(new TaskEvent(id, ++lastEvents[task], NOON, restarted));
      }
      events.add(changed(id, ++lastEvents[task], TaskState.QUEUED, TaskState.RUNNING));
      int deaths = random.nextInt(3);
      return new Started(
          id,
          new Attempt(1, attempt),
          NOON.plusSeconds(attempt),
          random.nextBoolean() ? NOON.plusSeconds(600 + attempt) : null,
          new DeathCount(deaths, random.nextInt(deaths + 1)),
          events);
    }

    private Appended append(int task, TaskId id) {
      List<TaskEvent> events = new ArrayList<>();
      for (int count = random.nextInt(20); count > 0; count--) {
        int number = ++lastEvents[task];
        events.add(
            switch (random.nextInt(12)) {
              case 0 -> new TaskEvent(id, number, NOON, pythonLine(number));
              case 1, 2 -> progress(id, number, number);
              default -> line(id, number);
            });
      }
      return new Appended(id, events);
    }

    private static TaskEvent.Data pythonLine(int number) {
      Blob record = Blob.of(new byte[] {(byte) number});
      return new TaskEvent.PythonLog(LogLevel.INFO, "a\tb", "one\ntwo", record);
    }

    @SuppressWarnings("NullAway") // what the constructor says of null is not in its class file
    private Kept keep(int task, TaskId id) {
      // Of an attempt that is over, too.
      int attempt = Math.max(1, attempts[task] - random.nextInt(2));
      Blob blob = Blob.of(new byte[] {(byte) records.size()});
      String version = random.nextInt(4) == 0 ? "2" : "1";
      return new Kept(
          id,
          new Attempt(1, attempt),
          random.nextInt(3) == 0 ? null : new StoredCheckpoint(random.nextInt(5), version, blob),
          Map.of("block " + random.nextInt(3), blob));
    }

    private Ended end(TaskId id, int number) {
      return switch (random.nextInt(3)) {
        case 0 -> done(id, number);
        case 1 -> failed(id, number);
        default -> cancelled(id, number);
      };
    }

    /// Everything that can be read of a task, without its id.
    List<String> seen(Connection connection, int task) throws SQLException {
      TaskId id = ids.get(task);
      List<String> seen = new ArrayList<>();
      seen.add(text(TaskRows.find(connection, id)));
      seen.add(text(TaskRows.findResult(connection, id)));
      KeptWork kept = KeptRows.find(connection, id);
      seen.add(text(kept.checkpoint()) + new TreeMap<>(kept.blocks()));
      PythonRows.records(connection, id, 0).forEach(record -> seen.add(text(record)));
      EventRows.read(connection, id, 1, 1000).forEach(event -> seen.add(text(event)));
      return seen.stream().map(one -> one.replace(id.toString(), "id")).toList();
    }

    private static String text(@Nullable Object object) {
      return String.valueOf(object);
    }

    /// Numbers of a task's events, read in pages.
    List<Long> pages(Connection connection, int task, Random sizes) throws SQLException {
      List<Long> numbers = new ArrayList<>();
      List<StoredEvent> page;
      do {
        long from = numbers.isEmpty() ? 1 : numbers.getLast() + 1;
        page = EventRows.read(connection, ids.get(task), from, 1 + sizes.nextInt(40));
        page.forEach(event -> numbers.add(event.number()));
      } while (!page.isEmpty());
      return numbers;
    }

    List<TaskRecord> applied(int task, List<String> outcomes) {
      List<TaskRecord> applied = new ArrayList<>();
      for (int i = 0; i < RECORDS; i++) {
        if (records.get(i).task().equals(ids.get(task)) && outcomes.get(i).equals("Committed")) {
          applied.add(records.get(i));
        }
      }
      return applied;
    }

    List<Long> numbers(int task, List<String> outcomes) {
      return applied(task, outcomes).stream()
          .flatMap(record -> record.events().stream())
          .map(TaskEvent::number)
          .toList();
    }
  }
}
