package io.quern.task.store;

import static io.quern.task.store.TaskFixtures.accepted;
import static io.quern.task.store.TaskFixtures.done;
import static io.quern.task.store.TaskFixtures.failed;
import static io.quern.task.store.TaskFixtures.lines;
import static io.quern.task.store.TaskFixtures.newId;
import static io.quern.task.store.TaskFixtures.progress;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quern.task.EventFeed.Reader;
import io.quern.task.TaskId;
import io.quern.task.TaskRecord;
import io.quern.task.TaskRecord.Appended;
import io.quern.task.TaskStore.Outcome;
import io.quern.task.TaskStore.StoredEvent;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class LiveEventFeedTest {
  private static final Duration LONG = Duration.ofHours(1);

  @TempDir Path directory;
  private StoreFixture fixture;
  private LiveEventFeed feed;
  private StoreWriter writer;

  @BeforeEach
  void open() {
    fixture = StoreFixture.open(directory);
    feed = new LiveEventFeed(fixture.store);
    writer = new StoreWriter(fixture.store, feed, 1 << 26);
  }

  @AfterEach
  void close() {
    writer.close();
    fixture.close();
  }

  private void commit(TaskRecord... records) {
    CompletableFuture<List<Outcome>> outcomes = new CompletableFuture<>();
    assertThat(writer.offer(List.of(records), outcomes::complete)).isTrue();
    assertThat(outcomes.join()).hasOnlyElementsOfType(Outcome.Committed.class);
  }

  private static List<StoredEvent> readToTheEnd(Reader reader) throws InterruptedException {
    List<StoredEvent> read = new ArrayList<>();
    while (read.isEmpty() || !read.getLast().terminal()) {
      read.addAll(reader.next(LONG));
    }
    return read;
  }

  private static List<Long> numbers(List<StoredEvent> events) {
    return events.stream().map(StoredEvent::number).toList();
  }

  @Test
  void readerWakesForAnEndThatWasStoredThoughItsCommitFailed() throws Exception {
    TaskId id = newId();
    commit(accepted(id));
    try (Reader reader = feed.open(id, 1);
        ExecutorService thread = Executors.newSingleThreadExecutor()) {
      assertThat(numbers(reader.next(LONG))).containsExactly(1L);
      Future<List<StoredEvent>> end = thread.submit(() -> reader.next(LONG));
      fixture.store.commit(List.of(done(id, 2)));
      writer.announce(id, 2);
      assertThat(numbers(end.get())).containsExactly(2L);
    }
  }

  @Test
  void readerGetsThePastAndThenWhatIsCommitted() throws Exception {
    TaskId id = newId();
    commit(accepted(id), lines(id, 2, 3));
    try (Reader reader = feed.open(id, 1)) {
      assertThat(numbers(reader.next(LONG))).containsExactly(1L, 2L, 3L);
      commit(lines(id, 4, 5));
      assertThat(numbers(reader.next(LONG))).containsExactly(4L, 5L);
      commit(done(id, 6));
      assertThat(reader.next(LONG)).singleElement().returns(true, StoredEvent::terminal);
    }
  }

  @Test
  void waitingReaderIsWokenByACommit() throws Exception {
    TaskId id = newId();
    commit(accepted(id));
    try (Reader reader = feed.open(id, 2);
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<List<StoredEvent>> next = threads.submit(() -> reader.next(LONG));
      commit(lines(id, 2, 2));
      assertThat(numbers(next.get())).containsExactly(2L);
    }
  }

  @Test
  void nothingComesWithinTheTimeOut() throws Exception {
    TaskId id = newId();
    commit(accepted(id));
    try (Reader reader = feed.open(id, 2)) {
      assertThat(reader.next(Duration.ZERO)).isEmpty();
      assertThat(reader.next(Duration.ofMillis(2))).isEmpty();
      commit(lines(id, 2, 2));
      assertThat(reader.next(Duration.ZERO)).hasSize(1);
      assertThat(reader.next(Duration.ofMillis(2))).isEmpty();
    }
  }

  @Test
  void positionBeyondTheEndWaitsForItsNumber() throws Exception {
    TaskId id = newId();
    commit(accepted(id));
    try (Reader reader = feed.open(id, 5)) {
      commit(lines(id, 2, 3));
      assertThat(reader.next(Duration.ofMillis(2))).isEmpty();
      commit(lines(id, 4, 6));
      assertThat(numbers(reader.next(LONG))).containsExactly(5L, 6L);
    }
  }

  @Test
  void readerTheRingHasLeftBehindGoesOnInTheStore() throws Exception {
    TaskId id = newId();
    commit(accepted(id));
    int last = 3 * LiveEventFeed.RING_EVENTS;
    try (Reader slow = feed.open(id, 1)) {
      assertThat(slow.next(LONG)).hasSize(1);
      for (int from = 2; from <= last; from += 100) {
        commit(lines(id, from, Math.min(last, from + 99)));
      }
      commit(failed(id, last + 1));

      assertThat(numbers(readToTheEnd(slow)))
          .isEqualTo(LongStream.rangeClosed(2, last + 1).boxed().toList());
    }
  }

  @Test
  void liveEventIsTheStoredOneToTheLetterAndSharedByAllReaders() throws Exception {
    TaskId id = newId();
    commit(accepted(id));
    try (Reader first = feed.open(id, 2);
        Reader second = feed.open(id, 2)) {
      commit(new Appended(id, List.of(progress(id, 2, 5))), lines(id, 3, 3), done(id, 4));
      List<StoredEvent> live = readToTheEnd(first);
      assertThat(live).isEqualTo(fixture.store.events(id, 2, 10));
      List<StoredEvent> shared = readToTheEnd(second);
      for (int i = 0; i < live.size(); i++) {
        assertThat(shared.get(i)).isSameAs(live.get(i));
      }
    }
  }

  @Test
  void tasksNobodyReadsLeaveNothingBehind() {
    TaskId id = newId();
    commit(accepted(id), lines(id, 2, 10));
    assertThat(feed.openChannels()).isZero();

    Reader first = feed.open(id, 1);
    Reader second = feed.open(id, 1);
    assertThat(feed.openChannels()).isEqualTo(1);
    first.close();
    first.close();
    assertThat(feed.openChannels()).isEqualTo(1);
    second.close();
    assertThat(feed.openChannels()).isZero();
  }

  @Test
  void waitingReaderCanBeInterrupted() throws Exception {
    try (Reader reader = feed.open(newId(), 1)) {
      Thread.currentThread().interrupt();
      assertThatThrownBy(() -> reader.next(LONG)).isInstanceOf(InterruptedException.class);
    }
  }

  @Test
  void readerOfAPurgedTaskWaitsInsteadOfSpinning() throws Exception {
    TaskId id = newId();
    commit(accepted(id));
    try (Reader reader = feed.open(id, 1)) {
      commit(done(id, 2));
      assertThat(fixture.store.purge(TaskFixtures.TENANT, id)).isTrue();
      assertThat(reader.next(Duration.ofMillis(2))).isEmpty();
    }
  }

  static LongStream seeds() {
    return LongStream.rangeClosed(1, 12);
  }

  /// Readers join at random moments and positions and read at random paces while events are being
  /// committed in random portions: each gets every number from its position to the end once, in
  /// order, as stored.
  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void everyReaderGetsEveryEventOnceInOrder(long seed) throws Exception {
    Random random = new Random(seed);
    TaskId id = newId();
    int last = 200 + random.nextInt(1500);
    commit(accepted(id));
    List<Future<List<StoredEvent>>> readers = new ArrayList<>();
    List<Long> positions = new ArrayList<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      long next = 2;
      while (next <= last) {
        if (random.nextInt(4) == 0) {
          long from = 1L + random.nextInt(last);
          long readerSeed = random.nextLong();
          positions.add(from);
          readers.add(threads.submit(() -> readAtRandomPace(id, from, new Random(readerSeed))));
        }
        List<TaskRecord> portions = new ArrayList<>();
        for (int i = random.nextInt(4); i >= 0 && next <= last; i--) {
          long to = Math.min(last, next + random.nextInt(40));
          portions.add(lines(id, next, to));
          next = to + 1;
        }
        CountDownLatch committed = new CountDownLatch(1);
        assertThat(writer.offer(portions, _ -> committed.countDown())).isTrue();
        if (random.nextBoolean()) {
          committed.await();
        }
      }
      commit(done(id, last + 1));
      for (int i = 0; i < readers.size(); i++) {
        List<StoredEvent> read = readers.get(i).get();
        assertThat(read)
            .as("reader %d from %d", i, positions.get(i))
            .isEqualTo(fixture.store.events(id, positions.get(i), last + 1));
        assertThat(numbers(read))
            .isEqualTo(LongStream.rangeClosed(positions.get(i), last + 1).boxed().toList());
      }
    }
    assertThat(feed.openChannels()).isZero();
  }

  private List<StoredEvent> readAtRandomPace(TaskId id, long from, Random random)
      throws InterruptedException {
    List<StoredEvent> read = new ArrayList<>();
    try (Reader reader = feed.open(id, from)) {
      while (read.isEmpty() || !read.getLast().terminal()) {
        read.addAll(reader.next(random.nextBoolean() ? Duration.ZERO : Duration.ofMillis(5)));
        for (int i = random.nextInt(50); i > 0; i--) {
          Thread.onSpinWait();
        }
      }
    }
    return read;
  }

  @Test
  void thousandReadersOfOneTaskAllSeeItsEnd() throws Exception {
    TaskId id = newId();
    commit(accepted(id));
    List<Future<List<StoredEvent>>> readers = new ArrayList<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < 1000; i++) {
        readers.add(
            threads.submit(
                () -> {
                  try (Reader reader = feed.open(id, 1)) {
                    return readToTheEnd(reader);
                  }
                }));
      }
      for (int number = 2; number <= 200; number++) {
        commit(lines(id, number, number));
      }
      commit(done(id, 201));
      List<Long> all = LongStream.rangeClosed(1, 201).boxed().toList();
      for (Future<List<StoredEvent>> reader : readers) {
        assertThat(numbers(reader.get())).isEqualTo(all);
      }
    }
  }
}
