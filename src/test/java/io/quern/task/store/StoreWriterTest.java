package io.quern.task.store;

import static io.quern.task.store.TaskFixtures.NOON;
import static io.quern.task.store.TaskFixtures.TENANT;
import static io.quern.task.store.TaskFixtures.accepted;
import static io.quern.task.store.TaskFixtures.done;
import static io.quern.task.store.TaskFixtures.lines;
import static io.quern.task.store.TaskFixtures.newId;
import static io.quern.task.store.TaskFixtures.submission;
import static org.assertj.core.api.Assertions.assertThat;

import io.quern.engine.pass.LogLevel;
import io.quern.task.EventFeed.Reader;
import io.quern.task.TaskEvent;
import io.quern.task.TaskId;
import io.quern.task.TaskRecord;
import io.quern.task.TaskStore;
import io.quern.task.TaskStore.Outcome;
import io.quern.task.TaskStore.StoredEvent;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class StoreWriterTest {
  private static final int CAPACITY = 100_000;

  @TempDir Path directory;
  private StoreFixture fixture;
  private LiveEventFeed feed;

  /// Sizes of the groups committed, and a permit for each commit.
  private final BlockingQueue<Integer> groups = new LinkedBlockingQueue<>();

  private final Semaphore permits = new Semaphore(0);
  private StoreWriter writer;

  @BeforeEach
  void open() {
    fixture = StoreFixture.open(directory);
    feed = new LiveEventFeed(fixture.store);
    writer = new StoreWriter(slow(fixture.store), feed, CAPACITY);
  }

  @AfterEach
  void close() {
    permits.release(1_000_000);
    writer.close();
    fixture.close();
  }

  /// A store whose commits wait for permits.
  private TaskStore slow(TaskStore store) {
    return (TaskStore)
        Proxy.newProxyInstance(
            TaskStore.class.getClassLoader(),
            new Class<?>[] {TaskStore.class},
            (_, method, arguments) -> {
              if (method.getName().equals("commit")) {
                groups.add(((List<?>) arguments[0]).size());
                permits.acquireUninterruptibly();
              }
              return method.invoke(store, arguments);
            });
  }

  private CompletableFuture<List<Outcome>> offer(TaskRecord... records) {
    CompletableFuture<List<Outcome>> outcomes = new CompletableFuture<>();
    assertThat(writer.offer(List.of(records), outcomes::complete)).isTrue();
    return outcomes;
  }

  @Test
  void whatComesDuringACommitMakesUpTheNextGroup() throws Exception {
    offer(accepted(newId()));
    assertThat(groups.take()).isEqualTo(1);
    List<CompletableFuture<List<Outcome>>> waiting = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      waiting.add(offer(accepted(newId()), accepted(newId())));
    }
    permits.release(2);
    assertThat(groups.take()).isEqualTo(20);
    for (CompletableFuture<List<Outcome>> outcomes : waiting) {
      assertThat(outcomes.get()).hasSize(2).hasOnlyElementsOfType(Outcome.Committed.class);
    }
  }

  @Test
  void outcomesGoToWhoOfferedTheRecords() {
    TaskId id = newId();
    offer(accepted(newId()));
    CompletableFuture<List<Outcome>> first = offer(accepted(id), lines(id, 2, 2));
    CompletableFuture<List<Outcome>> second = offer(lines(newId(), 1, 1), done(id, 3));
    permits.release(2);
    assertThat(first.join()).containsExactly(new Outcome.Committed(), new Outcome.Committed());
    assertThat(second.join()).containsExactly(new Outcome.NotApplied(), new Outcome.Committed());
  }

  @Test
  void nothingIsToldOrReadBeforeTheCommit() throws Exception {
    TaskId id = newId();
    try (Reader reader = feed.open(id, 1)) {
      CompletableFuture<List<Outcome>> outcomes = offer(accepted(id));
      groups.take();
      assertThat(outcomes).isNotDone();
      assertThat(reader.next(Duration.ZERO)).isEmpty();
      permits.release();
      assertThat(outcomes.join()).hasSize(1);
      assertThat(reader.next(Duration.ZERO)).hasSize(1);
    }
  }

  @Test
  void eventsAreReadableWhenTheCallBackComes() {
    TaskId id = newId();
    CompletableFuture<List<StoredEvent>> seen = new CompletableFuture<>();
    try (Reader reader = feed.open(id, 1)) {
      writer.offer(
          List.of(accepted(id), lines(id, 2, 2)),
          _ -> {
            try {
              seen.complete(reader.next(Duration.ZERO));
            } catch (InterruptedException e) {
              seen.completeExceptionally(e);
            }
          });
      permits.release();
      assertThat(seen.join()).hasSize(2);
    }
  }

  @Test
  void fullQueueRefusesNewTasksButKeepsRoomForRunningOnes() throws Exception {
    TaskId running = newId();
    offer(accepted(running));
    groups.take();
    String circuit = "x".repeat(CAPACITY / 2);
    TaskRecord large = accepted(newId(), TENANT, submission(circuit, null, List.of()), null, NOON);
    offer(large);
    assertThat(writer.isFull()).isFalse();

    assertThat(writer.offer(List.of(large), _ -> {})).isFalse();
    CompletableFuture<List<Outcome>> end = offer(done(running, 2));
    int refused = 0;
    for (int i = 0; i < 1000; i++) {
      refused += writer.offer(List.of(lines(running, 3, 3)), _ -> {}) ? 0 : 1;
    }
    assertThat(refused).as("the bound holds for everything").isBetween(1, 999);
    assertThat(writer.isFull()).isTrue();

    permits.release(1000);
    assertThat(end.join()).hasOnlyElementsOfType(Outcome.Committed.class);
    Awaitility.await().until(() -> writer.waitingBytes() == 0);
    assertThat(offer(accepted(newId())).join()).hasSize(1);
  }

  @Test
  void offeringLargerThanTheQueueIsTakenWhenNothingElseWaits() {
    String circuit = "x".repeat(3 * CAPACITY);
    permits.release();
    assertThat(
            offer(accepted(newId(), TENANT, submission(circuit, null, List.of()), null, NOON))
                .join())
        .hasOnlyElementsOfType(Outcome.Committed.class);
  }

  static Stream<Throwable> failures() {
    return Stream.of(
        new IllegalStateException("out of order"), new OutOfMemoryError("a test wants it"));
  }

  @ParameterizedTest
  @MethodSource("failures")
  void storeThatThrowsFailsItsGroupAndTheWriterGoesOn(Throwable failure) {
    TaskStore broken =
        (TaskStore)
            Proxy.newProxyInstance(
                TaskStore.class.getClassLoader(),
                new Class<?>[] {TaskStore.class},
                (_, _, _) -> {
                  throw failure;
                });
    try (StoreWriter itsWriter = new StoreWriter(broken, feed, CAPACITY)) {
      for (int i = 0; i < 2; i++) {
        CompletableFuture<List<Outcome>> outcomes = new CompletableFuture<>();
        itsWriter.offer(List.of(accepted(newId())), outcomes::complete);
        assertThat(outcomes.join())
            .containsExactly(new Outcome.Failed(String.valueOf(failure.getMessage())));
      }
    }
  }

  @Test
  void longLogLinesTakeTheRoomTheyTake() throws Exception {
    offer(accepted(newId()));
    groups.take();
    long before = writer.waitingBytes();
    TaskId id = newId();
    offer(
        new TaskRecord.Appended(
            id,
            List.of(
                new TaskEvent(
                    id,
                    2,
                    NOON,
                    new TaskEvent.LogLine(LogLevel.INFO, "io.quern", "x".repeat(5_000))))));
    assertThat(writer.waitingBytes() - before).isGreaterThan(5_000);
  }

  @Test
  void callBackThatThrowsDoesNotStopTheWriter() {
    permits.release(2);
    writer.offer(
        List.of(accepted(newId())),
        _ -> {
          throw new IllegalStateException("out of order");
        });
    assertThat(offer(accepted(newId())).join()).hasSize(1);
  }

  @Test
  void closingCommitsWhatWasOfferedAndRefusesMore() {
    List<TaskId> ids = new ArrayList<>();
    List<CompletableFuture<List<Outcome>>> all = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      ids.add(newId());
      all.add(offer(accepted(ids.getLast())));
    }
    permits.release(1000);
    writer.close();
    assertThat(all).allMatch(CompletableFuture::isDone);
    assertThat(ids).noneMatch(id -> fixture.store.find(id) == null);
    assertThat(writer.offer(List.of(accepted(newId())), _ -> {})).isFalse();
    assertThat(writer.waitingBytes()).isZero();
    assertThat(Collections.max(groups)).isGreaterThan(1);
  }
}
