package io.quern.task.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.quern.task.CompilationTask;
import io.quern.task.TaskId;
import io.quern.task.TaskState;
import io.quern.task.TaskStore.StoredEvent;
import io.quern.task.store.StoreDatabase.Sync;
import io.quern.testing.EndOfProcess;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// A process of its own writes and is killed (-9) in the middle; then the file is opened again.
class StoreProcessIT {
  @TempDir Path directory;

  private static Process start(Path directory, long seed, Sync sync) throws IOException {
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    return new ProcessBuilder(
            java,
            "-XX:TieredStopAtLevel=1",
            "-XX:+UseSerialGC",
            "-cp",
            System.getProperty("java.class.path"),
            StoreProcess.class.getName(),
            directory.toString(),
            Long.toString(seed),
            sync.name())
        .redirectError(new File(directory.toFile(), "process-" + seed + ".log"))
        .start();
  }

  @ParameterizedTest(name = "seed {0}, {1}")
  @CsvSource({"1, PROCESS", "2, PROCESS", "3, FSYNC"})
  void everythingAcknowledgedSurvivesKill(long seed, Sync sync) throws Exception {
    Random random = new Random(seed);
    Map<String, Long> acknowledged = new HashMap<>();
    // Twice on the same file: the second process starts on what the first one left behind.
    for (int round = 1; round <= 2; round++) {
      Process process = start(directory, 10 * seed + round, sync);
      try (BufferedReader out = process.inputReader(StandardCharsets.UTF_8)) {
        assertThat(out.readLine()).isEqualTo("epoch " + round);
        int killAfter = 200 + random.nextInt(3_000);
        for (int i = 0; i < killAfter; i++) {
          String line = out.readLine();
          assertThat(line).as("record %d of %d before the kill", i, killAfter).isNotNull();
          note(acknowledged, line);
        }
        // By its handle: Process itself would close the stream that is still to be read.
        assertThat(process.toHandle().destroyForcibly()).isTrue();
        // What was printed before the signal came is acknowledged too.
        out.lines().forEach(line -> note(acknowledged, line));
        EndOfProcess.await("a process that was killed", process);
      }
      checkEverything(acknowledged);
    }
  }

  private static void note(Map<String, Long> acknowledged, String line) {
    // The last line may have been cut by the signal; a shortened number still was reached.
    String[] parts = line.split(" ");
    if (parts.length == 2 && parts[0].length() == 36 && !parts[1].isEmpty()) {
      acknowledged.merge(parts[0], Long.parseLong(parts[1]), Math::max);
    }
  }

  private void checkEverything(Map<String, Long> acknowledged) {
    try (StoreFixture fixture = StoreFixture.open(directory)) {
      JdbcTaskStore store = fixture.store;
      Set<TaskId> unfinished = new HashSet<>();
      store.forEachUnfinished(task -> unfinished.add(task.id()));
      acknowledged.forEach(
          (id, last) -> {
            CompilationTask task =
                Objects.requireNonNull(store.find(TaskId.parse(id)), () -> "no task " + id);
            assertThat(task.lastEvent())
                .as("last event of task %s", id)
                .isGreaterThanOrEqualTo(last);
            List<StoredEvent> events = store.events(task.id(), 1, Integer.MAX_VALUE);
            List<Long> numbers = new ArrayList<>();
            events.forEach(event -> numbers.add(event.number()));
            assertThat(numbers)
                .as("event numbers of task %s", id)
                .isEqualTo(LongStream.rangeClosed(1, task.lastEvent()).boxed().toList());
            boolean done = task.state() == TaskState.DONE;
            assertThat(events.getLast().terminal()).isEqualTo(done);
            assertThat(events.stream().filter(StoredEvent::terminal).count())
                .isEqualTo(done ? 1 : 0);
            assertThat(store.findResult(task.id()) != null).isEqualTo(done);
            assertThat(unfinished.contains(task.id())).isEqualTo(!done);
            assertThat(store.findSubmission(task.id())).isNotNull();
          });
    }
  }

  @Test
  void secondProcessOnTheSameDirectoryIsToldSo() throws Exception {
    try (StoreFixture _ = StoreFixture.open(directory)) {
      Process process = start(directory, 1, Sync.PROCESS);
      assertThat(EndOfProcess.await("a second process on a store", process)).isNotZero();
      assertThat(directory.resolve("process-1.log"))
          .content()
          .contains(
              "the store in " + directory + " is in use by another process",
              "choose another directory with quern.store.path");
    }
  }
}
