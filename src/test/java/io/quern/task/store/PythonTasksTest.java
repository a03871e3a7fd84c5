package io.quern.task.store;

import static io.quern.task.store.TaskFixtures.NOON;
import static io.quern.task.store.TaskFixtures.TENANT;
import static io.quern.task.store.TaskFixtures.accepted;
import static io.quern.task.store.TaskFixtures.newId;
import static io.quern.task.store.TaskFixtures.submission;
import static org.assertj.core.api.Assertions.assertThat;

import io.quern.engine.pass.LogLevel;
import io.quern.task.Blob;
import io.quern.task.CompilationTask;
import io.quern.task.Engine;
import io.quern.task.PythonInput;
import io.quern.task.StoredPythonTask;
import io.quern.task.Submission;
import io.quern.task.TaskEvent;
import io.quern.task.TaskId;
import io.quern.task.TaskRecord;
import io.quern.task.TaskState;
import io.quern.task.TaskStore.Outcome;
import io.quern.task.TaskStore.PythonRecord;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Tasks for BQSKit's managers in the store.
class PythonTasksTest {
  private static final UUID CLIENT_ID = new UUID(4, 4);

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
  void shortAndLongPicklesAreReadAsTheyWereWritten() {
    for (int size :
        List.of(0, 1, PackedBytes.INLINE_LIMIT, PackedBytes.INLINE_LIMIT + 1, 1 << 20)) {
      TaskId id = newId();
      Blob input = bytes(size);
      Blob result = bytes(size + 1);
      assertThat(store.commit(List.of(acceptedPython(id, input), ended(id, result))))
          .containsOnly(new Outcome.Committed());
      assertThat(store.findPythonInput(id))
          .isEqualTo(new PythonInput(CLIENT_ID, input, List.of("/a", "/b"), 20, -1));
      assertThat(store.findPythonResult(id)).isEqualTo(result);
      CompilationTask task = Objects.requireNonNull(store.find(id));
      assertThat(task.engine()).isEqualTo(Engine.BQSKIT);
      assertThat(task.before()).isNull();
      assertThat(task.state()).isEqualTo(TaskState.DONE);
    }
  }

  @Test
  void eachEngineFindsItsOwnUnfinishedTasks() {
    TaskId python = newId();
    TaskRecord own = accepted(newId());
    TaskId finished = newId();
    store.commit(
        List.of(
            own,
            acceptedPython(python, bytes(10)),
            acceptedPython(finished, bytes(10)),
            ended(finished, bytes(1))));

    List<TaskId> owned = new ArrayList<>();
    store.forEachUnfinished(task -> owned.add(task.id()));
    assertThat(owned).containsExactly(own.task());
    List<StoredPythonTask> found = new ArrayList<>();
    store.forEachUnfinishedPython(found::add);
    assertThat(found).extracting(each -> each.task().id()).containsExactly(python);
    assertThat(found.getFirst().clientId()).isEqualTo(CLIENT_ID);
    assertThat(found.getFirst().importPaths()).containsExactly("/a", "/b");
  }

  @Test
  void logRecordsAreReadFromAnyNumberOnAndSeenAsLines() {
    TaskId id = newId();
    store.commit(List.of(acceptedPython(id, bytes(10))));
    List<TaskEvent> lines = new ArrayList<>();
    for (long number = 2; number <= 4; number++) {
      lines.add(
          new TaskEvent(
              id,
              number,
              NOON,
              new TaskEvent.PythonLog(
                  LogLevel.WARNING, "bqskit.passes", "line " + number, bytes((int) number))));
    }
    store.commit(List.of(new TaskRecord.Appended(id, lines)));

    assertThat(store.pythonRecords(id, 2))
        .containsExactly(new PythonRecord(3, bytes(3)), new PythonRecord(4, bytes(4)));
    assertThat(store.events(id, 2, 1).getFirst().json())
        .contains("\"type\":\"log\"", "\"level\":\"warning\"", "\"message\":\"line 2\"");
  }

  private static TaskRecord acceptedPython(TaskId id, Blob input) {
    CompilationTask task =
        CompilationTask.queued(
            id, TENANT, Submission.builder("").level(0).engine(Engine.BQSKIT).build(), null, NOON);
    TaskEvent queued =
        new TaskEvent(id, 1, NOON, new TaskEvent.StateChanged(null, TaskState.QUEUED, null));
    return new TaskRecord.Accepted(
        task,
        submission("", null, List.of()),
        null,
        List.of(queued),
        new PythonInput(CLIENT_ID, input, List.of("/a", "/b"), 20, -1));
  }

  private static TaskRecord ended(TaskId id, Blob result) {
    return new TaskRecord.Ended(
        id,
        TaskState.DONE,
        NOON,
        List.of(new TaskEvent(id, 2, NOON, new TaskEvent.PythonResult(TaskState.DONE, result))));
  }

  private static Blob bytes(int size) {
    byte[] bytes = new byte[size];
    new Random(size).nextBytes(bytes);
    return Blob.of(bytes);
  }
}
