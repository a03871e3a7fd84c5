package io.quern.task.store;

import static io.quern.task.store.TaskFixtures.accepted;
import static io.quern.task.store.TaskFixtures.done;
import static io.quern.task.store.TaskFixtures.kept;
import static io.quern.task.store.TaskFixtures.newId;
import static io.quern.task.store.TaskFixtures.started;
import static org.assertj.core.api.Assertions.assertThat;

import io.quern.task.Blob;
import io.quern.task.KeptWork;
import io.quern.task.KeptWork.StoredCheckpoint;
import io.quern.task.TaskId;
import io.quern.task.TaskStore.Outcome;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What runs of a task have finished, which its next run goes on from.
class KeptWorkTest {
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

  @Test
  void keptWorkIsOfTheFurthestCheckpointAndOfEveryBlock() {
    TaskId id = newId();
    store.commit(List.of(accepted(id), started(id, 1, 2)));
    assertThat(store.findKept(id)).isEqualTo(KeptWork.NOTHING);
    store.commit(List.of(kept(id, 1, 2, "1", "a"), kept(id, 1, 1, "1", "b", "a")));
    assertThat(store.findKept(id))
        .isEqualTo(
            new KeptWork(
                new StoredCheckpoint(2, "1", Blob.of(new byte[] {1, 2, 2})),
                Map.of("a", Blob.of(new byte[] {1}), "b", Blob.of(new byte[] {1}))));
    store.commit(List.of(kept(id, 1, 1, "2")));
    assertThat(store.findKept(id).checkpoint())
        .as("of another engine")
        .returns(1, StoredCheckpoint::position)
        .returns("2", StoredCheckpoint::engineVersion);
  }

  @Test
  void onlyTheCurrentAttemptKeepsWork() {
    TaskId id = newId();
    store.commit(List.of(accepted(id), started(id, 1, 2), kept(id, 1, 1, "1", "a")));
    store.commit(List.of(started(id, 2, 3)));
    assertThat(store.commit(List.of(kept(id, 1, 5, "1", "b"))))
        .containsExactly(new Outcome.NotApplied());
    assertThat(store.findKept(id).blocks()).containsOnlyKeys("a");
    assertThat(store.commit(List.of(kept(id, 2, 5, "1", "b"))))
        .containsExactly(new Outcome.Committed());
    assertThat(store.findKept(id).blocks()).containsOnlyKeys("a", "b");
  }

  @Test
  void keptWorkGoesWithTheEndOfTheTask() {
    TaskId id = newId();
    store.commit(List.of(accepted(id), started(id, 1, 2), kept(id, 1, 1, "1", "a")));
    store.commit(List.of(done(id, 3)));
    assertThat(store.findKept(id)).isEqualTo(KeptWork.NOTHING);
    assertThat(store.commit(List.of(kept(id, 1, 2, "1", "b"))))
        .containsExactly(new Outcome.NotApplied());
  }
}
