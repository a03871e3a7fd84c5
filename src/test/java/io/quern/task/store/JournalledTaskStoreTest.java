package io.quern.task.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quern.failure.ErrorCode;
import io.quern.failure.QuernException;
import io.quern.journal.JournalledTaskStore;
import io.quern.task.CompilationTask;
import io.quern.task.Submission;
import io.quern.task.TaskId;
import io.quern.task.TaskJson;
import io.quern.task.TaskRecord;
import io.quern.task.TaskRecord.IdempotencyKey;
import io.quern.task.TaskStore;
import io.quern.task.TaskStore.Outcome;
import io.quern.task.TaskStore.TaskQuery;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JournalledTaskStoreTest {
  @TempDir Path directory;

  private StoreFixture fixture;
  private final List<JournalledTaskStore> open = new ArrayList<>();
  private volatile boolean isDatabaseThere = true;

  /// The task whose records the database refuses.
  private volatile @Nullable TaskId refused;

  /// Records of the next call that get into the database before it goes away.
  private final AtomicInteger beforeItGoes = new AtomicInteger(-1);

  @BeforeEach
  void openDatabase() {
    fixture = StoreFixture.open(directory.resolve("database"));
  }

  @AfterEach
  void closeAll() {
    open.forEach(JournalledTaskStore::close);
    fixture.close();
  }

  private JournalledTaskStore start() {
    return start("1");
  }

  private JournalledTaskStore start(String version) {
    JournalledTaskStore store =
        JournalledTaskStore.open(
            database(), directory.resolve("journal"), TaskFixtures.QASM, version, false);
    open.add(store);
    return store;
  }

  /// Ends a store as a kill would: what is not in the database stays in the journal.
  private void kill(JournalledTaskStore store) {
    isDatabaseThere = false;
    store.close();
    open.remove(store);
    isDatabaseThere = true;
  }

  /// The database, which takes nothing while it is away.
  private JournalledStore database() {
    return (JournalledStore)
        Proxy.newProxyInstance(
            JournalledStore.class.getClassLoader(),
            new Class<?>[] {JournalledStore.class},
            (_, method, arguments) -> {
              if (method.getName().equals("apply")) {
                apply((List<?>) arguments[0], (long) arguments[1]);
                return null;
              }
              if (method.getName().equals("commit") && refuses((List<?>) arguments[0])) {
                return List.of(new Outcome.Failed("it does not fit"));
              }
              try {
                return method.invoke(fixture.store, arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
  }

  private void apply(List<?> records, long first) {
    List<TaskRecord> all = records.stream().map(TaskRecord.class::cast).toList();
    int some = beforeItGoes.getAndSet(-1);
    if (some >= 0) {
      fixture.store.apply(all.subList(0, Math.min(some, all.size())), first);
      throw new IllegalStateException("the database is away");
    }
    if (!isDatabaseThere) {
      throw new IllegalStateException("the database is away");
    }
    for (int i = 0; i < all.size(); i++) {
      if (all.get(i).task().equals(refused)) {
        fixture.store.apply(all.subList(0, i), first);
        throw new RefusedRecordException(first + i, new IllegalStateException("it does not fit"));
      }
    }
    fixture.store.apply(all, first);
  }

  /// The largest that is accepted must have room in the tables: it is told to be stored before they
  /// have it.
  @Test
  void largestSubmissionHasRoomInTheDatabase() {
    JournalledTaskStore store = start();
    TaskId id = TaskFixtures.newId();
    Submission largest =
        TaskFixtures.submission("OPENQASM 2.0;", "n".repeat(256), List.of()).toBuilder()
            .tags(Collections.nCopies(32, "\"".repeat(128)))
            .machine(
                new Submission.Machine(
                    1024, "x".repeat(1 << 18), Collections.nCopies(256, "x".repeat(83))))
            .workflow("\"".repeat(1 << 18))
            .build();
    store.commit(
        List.of(TaskFixtures.accepted(id, TaskFixtures.TENANT, largest, null, TaskFixtures.NOON)));
    assertThat(
            store.list(new TaskQuery(TaskFixtures.TENANT, null, null, null, null, null, null, 9)))
        .hasSize(1);
    assertThat(fixture.store.findSubmission(id)).isEqualTo(largest);
  }

  private boolean refuses(List<?> records) {
    return records.stream()
        .map(TaskRecord.class::cast)
        .anyMatch(record -> record.task().equals(refused));
  }

  private static List<TaskRecord> life(TaskId id) {
    return List.of(
        TaskFixtures.accepted(id),
        TaskFixtures.started(id, 1, 2),
        TaskFixtures.lines(id, 3, 4),
        TaskFixtures.done(id, 5));
  }

  private static String shown(TaskStore store, TaskId id) {
    CompilationTask task = store.find(id);
    TaskStore.StoredResult result = store.findResult(id);
    return (task == null ? "none" : TaskJson.status(task))
        + "\n"
        + store.findSubmission(id)
        + "\n"
        + store.events(id, 1, 100)
        + "\n"
        + store.events(id, 3, 2)
        + "\n"
        + result;
  }

  @Test
  void readsSeeWhatTheDatabaseDoesNotHaveYetAsItWillShowIt() {
    isDatabaseThere = false;
    JournalledTaskStore store = start();
    TaskId id = TaskFixtures.newId();
    List<String> before = new ArrayList<>();
    for (TaskRecord record : life(id)) {
      assertThat(store.commit(List.of(record))).containsExactly(new Outcome.Committed());
      before.add(shown(store, id));
    }

    isDatabaseThere = true;
    assertThat(store.list(query())).hasSize(1);
    assertThat(shown(store, id)).isEqualTo(before.getLast());
    assertThat(shown(fixture.store, id)).isEqualTo(before.getLast());
    TaskId again = TaskFixtures.newId();
    int step = 0;
    for (TaskRecord record : life(again)) {
      fixture.store.commit(List.of(record));
      assertThat(shown(fixture.store, again).replace(again.toString(), id.toString()))
          .isEqualTo(before.get(step++));
    }
  }

  @Test
  void recordsBehindThoseOfTheDatabaseAreSeenTogetherWithThem() {
    JournalledTaskStore store = start();
    TaskId id = TaskFixtures.newId();
    store.commit(life(id).subList(0, 2));
    assertThat(store.list(query())).hasSize(1);

    isDatabaseThere = false;
    store.commit(life(id).subList(2, 4));

    assertThat(Objects.requireNonNull(store.find(id)).state().isTerminal()).isTrue();
    assertThat(store.events(id, 1, 100))
        .extracting(TaskStore.StoredEvent::number)
        .containsExactly(1L, 2L, 3L, 4L, 5L);
    isDatabaseThere = true;
  }

  @Test
  void whatWasCommittedIsThereAfterAKill() {
    isDatabaseThere = false;
    JournalledTaskStore store = start();
    TaskId finished = TaskFixtures.newId();
    TaskId unfinished = TaskFixtures.newId();
    store.commit(life(finished));
    store.commit(life(unfinished).subList(0, 3));
    String first = shown(store, finished);
    String second = shown(store, unfinished);
    kill(store);
    assertThat(fixture.store.find(finished)).isNull();

    JournalledTaskStore next = start();

    assertThat(shown(next, finished)).isEqualTo(first);
    assertThat(shown(next, unfinished)).isEqualTo(second);
    List<TaskId> left = new ArrayList<>();
    next.forEachUnfinished(task -> left.add(task.id()));
    assertThat(left).containsExactly(unfinished);
    assertThat(next.commit(List.of(life(unfinished).getLast())))
        .containsExactly(new Outcome.Committed());
  }

  @Test
  void aJournalThatCannotBeWrittenSaysSo() {
    isDatabaseThere = false;
    JournalledTaskStore store = start();
    List<TaskRecord> accepted = life(TaskFixtures.newId()).subList(0, 1);
    // An interrupt closes the file.
    Thread.currentThread().interrupt();
    List<Outcome> outcomes = store.commit(accepted);
    assertThat(Thread.interrupted()).isTrue();
    assertThat(outcomes).hasOnlyElementsOfType(Outcome.Failed.class);
    assertThat(store.failure()).startsWith("the journal cannot be written");
    kill(store);

    JournalledTaskStore next = start();

    assertThat(next.commit(accepted)).containsExactly(new Outcome.Committed());
    assertThat(next.failure()).isNull();
  }

  @Test
  void aFrameThatWasNotWrittenWholeIsCutOff() throws Exception {
    isDatabaseThere = false;
    JournalledTaskStore store = start();
    TaskId id = TaskFixtures.newId();
    store.commit(life(id).subList(0, 1));
    Path file = directory.resolve("journal/quern-0.journal");
    long whole = Files.size(file);
    store.commit(life(id).subList(1, 2));
    kill(store);
    byte[] bytes = Files.readAllBytes(file);
    Files.write(file, java.util.Arrays.copyOf(bytes, bytes.length - 3));
    assertThat(whole).isLessThan(bytes.length);

    JournalledTaskStore next = start();

    assertThat(next.events(id, 1, 10)).hasSize(1);
    assertThat(next.commit(life(id).subList(1, 2))).containsExactly(new Outcome.Committed());
    assertThat(next.events(id, 1, 10)).hasSize(2);
  }

  @Test
  void aFrameThatWasSpoiltIsCutOff() throws Exception {
    isDatabaseThere = false;
    JournalledTaskStore store = start();
    store.commit(life(TaskFixtures.newId()));
    kill(store);
    Path file = directory.resolve("journal/quern-0.journal");
    byte[] bytes = Files.readAllBytes(file);
    bytes[bytes.length / 2] ^= 1;
    Files.write(file, bytes, StandardOpenOption.TRUNCATE_EXISTING);

    JournalledTaskStore next = start();

    assertThat(next.list(query())).isEmpty();
  }

  @Test
  void aDatabaseThatGoesAwayInTheMiddleOfAGroupGetsTheRestOfItOnce() {
    JournalledTaskStore store = start();
    TaskId id = TaskFixtures.newId();
    beforeItGoes.set(2);

    store.commit(life(id));

    assertThat(store.list(query())).hasSize(1);
    assertThat(fixture.store.events(id, 1, 10)).hasSize(5);
    assertThat(fixture.store.appliedPosition()).isEqualTo(4);
  }

  @Test
  void recordsThatTheDatabaseRefusesAreKeptAsideUntilItTakesThem() {
    TaskId bad = TaskFixtures.newId();
    TaskId half = TaskFixtures.newId();
    TaskId good = TaskFixtures.newId();
    refused = bad;
    JournalledTaskStore store = start();
    List<TaskRecord> records = new ArrayList<>(life(half).subList(0, 1));
    records.addAll(life(bad));
    records.addAll(life(good));
    assertThat(store.commit(records)).containsOnly(new Outcome.Committed());

    assertThat(store.list(query())).extracting(CompilationTask::id).contains(half, good);
    assertThat(store.refusedRecords()).isEqualTo(4);
    assertThat(fixture.store.find(bad)).isNull();
    String shown = shown(store, bad);
    assertThat(shown).contains("DONE");
    // What comes later of a task that is aside goes there too.
    refused = half;
    store.commit(life(half).subList(1, 3));
    assertThat(store.list(query())).hasSize(2);
    assertThat(store.refusedRecords()).isEqualTo(6);
    refused = bad;
    kill(store);

    JournalledTaskStore next = start();
    assertThat(shown(next, bad)).isEqualTo(shown);
    assertThat(next.refusedRecords()).as("those of the other were taken").isEqualTo(4);
    List<TaskId> unfinished = new ArrayList<>();
    next.forEachUnfinished(task -> unfinished.add(task.id()));
    assertThat(unfinished).containsExactly(half);
    next.commit(life(half).subList(3, 4));
    next.close();
    open.remove(next);

    JournalledTaskStore last = start();
    assertThat(shown(last, bad)).isEqualTo(shown);
    refused = null;
    last.sweep(java.time.Instant.EPOCH);
    assertThat(last.refusedRecords()).isZero();
    assertThat(shown(last, bad)).isEqualTo(shown);
    assertThat(shown(fixture.store, bad)).isEqualTo(shown);
    assertThat(last.list(query())).hasSize(3);
  }

  @Test
  void taskWhoseAcceptanceIsAsideIsUnfinishedAndItsKeyIsTaken() {
    TaskId bad = TaskFixtures.newId();
    IdempotencyKey key = new IdempotencyKey(TaskFixtures.TENANT, "key", "hash");
    refused = bad;
    JournalledTaskStore store = start();
    store.commit(List.of(TaskFixtures.accepted(bad, key)));
    store.list(query());
    kill(store);

    JournalledTaskStore next = start();
    List<TaskId> unfinished = new ArrayList<>();
    next.forEachUnfinished(task -> unfinished.add(task.id()));
    assertThat(unfinished).containsExactly(bad);
    assertThat(next.commit(List.of(TaskFixtures.accepted(TaskFixtures.newId(), key))))
        .hasOnlyElementsOfType(Outcome.KeyTaken.class);
    assertThat(next.commit(List.of(TaskFixtures.started(bad, 1, 2))))
        .containsExactly(new Outcome.Committed());
    refused = null;
  }

  @Test
  void listsSaySoonThatTheDatabaseIsAway() {
    isDatabaseThere = false;
    JournalledTaskStore store = start();
    store.commit(life(TaskFixtures.newId()));
    long begun = System.nanoTime();
    assertThatThrownBy(() -> store.list(query()))
        .isInstanceOfSatisfying(
            QuernException.class,
            failure -> assertThat(failure.code()).isEqualTo(ErrorCode.STORE_UNAVAILABLE));
    assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(20));
    isDatabaseThere = true;
    assertThat(store.list(query())).hasSize(1);
  }

  @Test
  void readsOfAClosedDatabaseAreNoDefectOfTheService() {
    fixture.database.close();
    assertThatThrownBy(() -> fixture.store.find(TaskFixtures.newId()))
        .isInstanceOfSatisfying(
            QuernException.class,
            failure -> assertThat(failure.code()).isEqualTo(ErrorCode.STORE_UNAVAILABLE));
  }

  @Test
  void nothingFollowsTheEndOfATask() {
    isDatabaseThere = false;
    JournalledTaskStore store = start();
    TaskId id = TaskFixtures.newId();
    List<TaskRecord> life = life(id);

    assertThat(store.commit(life)).containsOnly(new Outcome.Committed());
    assertThat(store.commit(List.of(life.get(3), life.get(2))))
        .containsExactly(new Outcome.NotApplied(), new Outcome.NotApplied());
    isDatabaseThere = true;
  }

  @Test
  void aKeyIsTakenFromTheMomentItsTaskIsCommitted() {
    IdempotencyKey key = new IdempotencyKey(TaskFixtures.TENANT, "key", "hash");
    JournalledTaskStore store = start();
    TaskId first = TaskFixtures.newId();
    isDatabaseThere = false;
    store.commit(List.of(TaskFixtures.accepted(first, key)));
    Outcome whileItWaits =
        store.commit(List.of(TaskFixtures.accepted(TaskFixtures.newId(), key))).getFirst();
    isDatabaseThere = true;
    store.list(query());
    Outcome afterwards =
        store.commit(List.of(TaskFixtures.accepted(TaskFixtures.newId(), key))).getFirst();

    assertThat(List.of(whileItWaits, afterwards))
        .allSatisfy(
            outcome ->
                assertThat(((Outcome.KeyTaken) outcome).holders().values())
                    .extracting(holder -> holder.task().id())
                    .containsExactly(first));
  }

  @Test
  void anOrderlyEndLeavesNothingInTheJournal() throws Exception {
    JournalledTaskStore store = start();
    TaskId id = TaskFixtures.newId();
    store.commit(life(id));
    store.close();
    open.remove(store);

    assertThat(directory.resolve("journal/quern-0.journal")).isEmptyFile();
    assertThat(start("another version").find(id)).isNotNull();
  }

  private static TaskQuery query() {
    return new TaskQuery(TaskFixtures.TENANT, null, null, null, null, null, none(), 10);
  }

  private static @Nullable TaskId none() {
    return null;
  }
}
