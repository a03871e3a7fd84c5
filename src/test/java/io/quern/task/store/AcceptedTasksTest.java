package io.quern.task.store;

import static io.quern.task.store.TaskFixtures.TENANT;
import static io.quern.task.store.TaskFixtures.accepted;
import static io.quern.task.store.TaskFixtures.newId;
import static org.assertj.core.api.Assertions.assertThat;

import io.quern.task.CompilationTask;
import io.quern.task.TaskId;
import io.quern.task.TaskRecord;
import io.quern.task.TaskRecord.AcceptedTogether;
import io.quern.task.TaskRecord.IdempotencyKey;
import io.quern.task.TaskStore.KeyedTask;
import io.quern.task.TaskStore.Outcome;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// New tasks: their idempotency keys, and batches of which all are stored or none.
class AcceptedTasksTest {
  private static final Outcome COMMITTED = new Outcome.Committed();

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

  private CompilationTask task(TaskId id) {
    return Objects.requireNonNull(store.find(id));
  }

  @Test
  void idempotencyKeyIsUniqueWithinItsTenant() {
    TaskId first = newId();
    IdempotencyKey key = new IdempotencyKey(TENANT, "key-1", "hash-1");
    assertThat(store.commit(List.of(accepted(first, key)))).containsExactly(COMMITTED);

    TaskId second = newId();
    IdempotencyKey reused = new IdempotencyKey(TENANT, "key-1", "hash-2");
    assertThat(store.commit(List.of(accepted(second, reused))))
        .containsExactly(
            new Outcome.KeyTaken(Map.of(second, new KeyedTask(task(first), "hash-1"))));
    assertThat(store.find(second)).isNull();

    TaskId foreign = newId();
    IdempotencyKey elsewhere = new IdempotencyKey("tenant-2", "key-1", "hash-2");
    assertThat(store.commit(List.of(accepted(foreign, elsewhere)))).containsExactly(COMMITTED);
    assertThat(Objects.requireNonNull(store.findByKey(TENANT, "key-1")).task().id())
        .isEqualTo(first);
    assertThat(store.findByKey(TENANT, "key-2")).isNull();
  }

  @Test
  void keyIsTakenWithinOneGroupToo() {
    TaskId first = newId();
    IdempotencyKey key = new IdempotencyKey(TENANT, "key-1", "hash-1");

    TaskId second = newId();
    List<Outcome> outcomes = store.commit(List.of(accepted(first, key), accepted(second, key)));

    assertThat(outcomes.get(0)).isEqualTo(COMMITTED);
    assertThat(outcomes.get(1))
        .isEqualTo(new Outcome.KeyTaken(Map.of(second, new KeyedTask(task(first), "hash-1"))));
  }

  @Test
  void repeatedBatchIsToldTheHolderOfEachKey() {
    List<IdempotencyKey> keys =
        List.of(
            new IdempotencyKey(TENANT, "key-1", "hash-1"),
            new IdempotencyKey(TENANT, "key-2", "hash-1"));
    List<TaskRecord.Accepted> first = keys.stream().map(key -> accepted(newId(), key)).toList();
    List<TaskRecord.Accepted> again = keys.stream().map(key -> accepted(newId(), key)).toList();
    store.commit(List.of(new AcceptedTogether(first)));

    assertThat(store.commit(List.of(new AcceptedTogether(again))))
        .containsExactly(
            new Outcome.KeyTaken(
                Map.of(
                    again.get(0).task(), new KeyedTask(task(first.get(0).task()), "hash-1"),
                    again.get(1).task(), new KeyedTask(task(first.get(1).task()), "hash-1"))));
  }

  @Test
  void tasksAcceptedTogetherAreStoredAllOrNone() {
    TaskId first = newId();
    TaskId second = newId();
    assertThat(
            store.commit(List.of(new AcceptedTogether(List.of(accepted(first), accepted(second))))))
        .containsExactly(COMMITTED);
    assertThat(store.find(second)).isNotNull();

    TaskId third = newId();
    TaskId fourth = newId();
    AcceptedTogether withDouble = new AcceptedTogether(List.of(accepted(third), accepted(first)));
    List<Outcome> outcomes = store.commit(List.of(withDouble, accepted(fourth)));
    assertThat(outcomes.get(0)).isInstanceOf(Outcome.Failed.class);
    assertThat(outcomes.get(1)).isEqualTo(COMMITTED);
    assertThat(store.find(third)).isNull();
    assertThat(store.find(fourth)).isNotNull();
  }
}
