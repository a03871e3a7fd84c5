package io.quern.task.store;

import static io.quern.task.store.TaskFixtures.NOON;
import static io.quern.task.store.TaskFixtures.TENANT;
import static io.quern.task.store.TaskFixtures.accepted;
import static io.quern.task.store.TaskFixtures.done;
import static io.quern.task.store.TaskFixtures.submission;
import static org.assertj.core.api.Assertions.assertThat;

import io.quern.task.CompilationTask;
import io.quern.task.TaskId;
import io.quern.task.TaskRecord;
import io.quern.task.TaskState;
import io.quern.task.TaskStore.TaskQuery;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Lists of a store with 4,000 tasks of two tenants, one a second.
class TaskListTest {
  private static final int TASKS = 4000;

  @TempDir static Path directory;
  private static StoreFixture fixture;

  @BeforeAll
  static void fill() {
    fixture = StoreFixture.open(directory);
    List<TaskRecord> records = new ArrayList<>();
    for (int i = 0; i < TASKS; i++) {
      TaskId id = id(i);
      List<String> tags = i % 10 == 0 ? List.of("tenth", "demo") : List.of("demo");
      records.add(
          accepted(
              id, tenant(i), submission("OPENQASM 2.0;", "name-" + i % 100, tags), null, time(i)));
      if (i % 3 == 0) {
        records.add(done(id, 2, time(i)));
      }
    }
    fixture.store.commit(records);
  }

  @AfterAll
  static void close() {
    fixture.close();
  }

  private static Instant time(int i) {
    return NOON.plusSeconds(i);
  }

  private static String tenant(int i) {
    return i % 2 == 0 ? TENANT : "tenant-2";
  }

  private static TaskId id(int i) {
    long millis = time(i).toEpochMilli();
    return new TaskId(new UUID(millis << 16 | 0x7000, 0x8000_0000_0000_0000L | i));
  }

  private static final class Query {
    private @Nullable TaskState state;
    private @Nullable String tag;
    private @Nullable String name;
    private @Nullable Instant after;
    private @Nullable Instant before;

    TaskQuery build(@Nullable TaskId cursor, int limit) {
      return new TaskQuery(TENANT, state, tag, name, after, before, cursor, limit);
    }
  }

  /// Reads all pages and compares them with the filter applied to everything.
  private static void expect(Query query, Predicate<Integer> filter) {
    List<TaskId> expected = new ArrayList<>();
    for (int i = TASKS - 1; i >= 0; i--) {
      if (tenant(i).equals(TENANT) && filter.test(i)) {
        expected.add(id(i));
      }
    }
    List<TaskId> listed = new ArrayList<>();
    List<CompilationTask> page;
    @Nullable TaskId cursor = null;
    do {
      page = fixture.store.list(query.build(cursor, 37));
      page.forEach(task -> listed.add(task.id()));
      cursor = page.isEmpty() ? null : page.getLast().id();
    } while (cursor != null);
    assertThat(listed).isNotEmpty().isEqualTo(expected);
  }

  @Test
  void pagesComeNewestFirstWithoutGapOrDouble() {
    expect(new Query(), _ -> true);
  }

  @Test
  void listIsFilteredByState() {
    Query query = new Query();
    query.state = TaskState.DONE;
    expect(query, i -> i % 3 == 0);
  }

  @Test
  void listIsFilteredByTag() {
    Query query = new Query();
    query.tag = "tenth";
    expect(query, i -> i % 10 == 0);
  }

  @Test
  void listIsFilteredByName() {
    Query query = new Query();
    query.name = "name-42";
    expect(query, i -> i % 100 == 42);
  }

  @Test
  void listIsFilteredByTimeFromInclusiveToExclusive() {
    Query query = new Query();
    query.after = time(1000);
    query.before = time(1200);
    expect(query, i -> i >= 1000 && i < 1200);
  }

  @Test
  void filtersCombine() {
    Query query = new Query();
    query.state = TaskState.QUEUED;
    query.tag = "tenth";
    query.name = "name-40";
    query.after = time(500);
    expect(query, i -> i % 3 != 0 && i % 100 == 40 && i >= 500);
  }

  @Test
  void unknownTagAndForeignTenantListNothing() {
    Query query = new Query();
    query.tag = "never";
    assertThat(fixture.store.list(query.build(null, 10))).isEmpty();
    assertThat(
            fixture.store.list(new TaskQuery("tenant-3", null, null, null, null, null, null, 10)))
        .isEmpty();
  }

  /// A list must not sort what it does not show: the plan reads an index in its order.
  @ParameterizedTest
  @CsvSource(
      nullValues = "-",
      value = {
        "-, -, -, TASK_BY_TENANT",
        "DONE, -, -, TASK_BY_STATE",
        "-, demo, -, TASK_BY_TAG",
        "-, -, name-42, TASK_BY_NAME",
        "DONE, -, name-42, TASK_BY_NAME",
        "DONE, demo, name-42, TASK_BY_TAG"
      })
  void pageIsReadFromAnIndexInItsOrder(
      @Nullable TaskState state, @Nullable String tag, @Nullable String name, String index)
      throws SQLException {
    Query query = new Query();
    query.state = state;
    query.tag = tag;
    query.name = name;
    for (TaskId cursor : Arrays.asList(null, id(2000))) {
      String plan = explain(TaskRows.listStatement(query.build(cursor, 50)));
      assertThat(plan).contains("/* index sorted */").contains(index);
    }
  }

  @Test
  void unfinishedTasksAreReadFromAnIndexInItsOrder() throws SQLException {
    String plan = explain(new Sql(TaskRows.UNFINISHED, List.of(new UUID(0, 0), 50)));
    assertThat(plan).contains("/* index sorted */").contains("TASK_BY_END");
  }

  private static String explain(Sql sql) throws SQLException {
    try (Connection connection = fixture.database.readers().getConnection();
        PreparedStatement statement =
            new Sql("explain " + sql.text(), sql.parameters()).prepare(connection);
        ResultSet plan = statement.executeQuery()) {
      plan.next();
      return plan.getString(1);
    }
  }
}
