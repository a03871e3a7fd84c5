package io.quern.task.store;

import static io.quern.task.store.TaskFixtures.NOON;
import static io.quern.task.store.TaskFixtures.TENANT;
import static io.quern.task.store.TaskFixtures.accepted;
import static io.quern.task.store.TaskFixtures.newId;
import static io.quern.task.store.TaskFixtures.submission;

import com.sun.management.OperatingSystemMXBean;
import io.quern.task.EventFeed.Reader;
import io.quern.task.Submission;
import io.quern.task.TaskId;
import io.quern.task.TaskRecord;
import io.quern.task.TaskStore.Outcome;
import io.quern.task.TaskStore.TaskQuery;
import io.quern.task.store.StoreDatabase.Sync;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/// What the store takes: durable submissions a second by batch and singly, a page of a long list,
/// and an event seen by many readers. Each task is a submission of 1.7 kB (the size of a 5-qubit
/// Fourier transform) with one tag.
///
/// Run by `./mvnw -q -Pstore-benchmark process-test-classes`; docs/store.md has the figures.
public final class StoreBenchmark {
  private static final int TASKS = 40_000;
  private static final int BATCH = 1000;
  private static final int CLIENTS = 256;
  private static final int READERS = 1000;
  private static final int EVENTS = 200;
  private static final Submission SUBMISSION =
      submission("cx q[0],q[1];\n".repeat(120), "qft on a line", List.of("benchmark"));

  private StoreBenchmark() {}

  public static void main(String[] args) throws Exception {
    Path parent =
        args.length > 0 ? Path.of(args[0]) : Files.createTempDirectory("quern-store-benchmark");
    for (int round = 1; round <= 3; round++) {
      for (Sync sync : Sync.values()) {
        measure(parent.resolve(sync + "-" + round), round, sync);
      }
    }
  }

  private static void measure(Path directory, int round, Sync sync) throws Exception {
    StoreDatabase database =
        StoreDatabase.open(new StoreDatabase.Settings(directory, sync, 16, 65_536));
    try (JdbcTaskStore store = new JdbcTaskStore(database, TaskFixtures.QASM, Retention.DEFAULT);
        StoreWriter writer = new StoreWriter(store, new LiveEventFeed(store), 1L << 28)) {
      long cpu = cpuNanos();
      report(round, sync, "batches of " + BATCH, batches(writer), "tasks/s");
      report(round, sync, "  CPU of it", (cpuNanos() - cpu) / 1e3 / TASKS, "us/task");
      cpu = cpuNanos();
      report(round, sync, CLIENTS + " clients, one at a time", clients(writer, CLIENTS), "tasks/s");
      report(round, sync, "  CPU of it", (cpuNanos() - cpu) / 1e3 / TASKS, "us/task");
      report(round, sync, "1 client, one at a time", clients(writer, 1), "tasks/s");
      report(round, sync, "page of 50 of " + count(store) + " tasks", page(store), "us");
    }
    LiveEventFeed feed;
    try (JdbcTaskStore store = new JdbcTaskStore(database, TaskFixtures.QASM, Retention.DEFAULT)) {
      feed = new LiveEventFeed(store);
      try (StoreWriter writer = new StoreWriter(store, feed, 1L << 28)) {
        report(round, sync, "event to " + READERS + " readers", fanOut(writer, feed), "us");
      }
    }
    report(round, sync, "file", (double) fileSize(directory) / (1 << 20), "MiB");
    database.close();
  }

  private static TaskRecord task() {
    return accepted(newId(), TENANT, SUBMISSION, null, NOON);
  }

  private static double batches(StoreWriter writer) throws InterruptedException {
    CountDownLatch left = new CountDownLatch(TASKS / BATCH);
    long start = System.nanoTime();
    for (int i = 0; i < TASKS / BATCH; i++) {
      List<TaskRecord> batch = new ArrayList<>();
      for (int j = 0; j < BATCH; j++) {
        batch.add(task());
      }
      offer(writer, batch, left);
    }
    left.await();
    return perSecond(TASKS, start);
  }

  /// Each client sends its next task when the last one is durable.
  private static double clients(StoreWriter writer, int clients) throws InterruptedException {
    int tasks = Math.max(500, Math.min(TASKS, clients * 200));
    AtomicInteger left = new AtomicInteger(tasks);
    long start = System.nanoTime();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < clients; i++) {
        threads.submit(
            () -> {
              while (left.getAndDecrement() > 0) {
                CountDownLatch durable = new CountDownLatch(1);
                offer(writer, List.of(task()), durable);
                durable.await();
              }
              return null;
            });
      }
    }
    return perSecond(tasks, start);
  }

  private static double page(JdbcTaskStore store) {
    TaskQuery query = new TaskQuery(TENANT, null, "benchmark", null, null, null, null, 50);
    for (int i = 0; i < 200; i++) {
      store.list(query);
    }
    int pages = 200;
    long start = System.nanoTime();
    for (int i = 0; i < pages; i++) {
      store.list(query);
    }
    return (System.nanoTime() - start) / 1e3 / pages;
  }

  private static int count(JdbcTaskStore store) {
    AtomicInteger count = new AtomicInteger();
    store.forEachUnfinished(_ -> count.incrementAndGet());
    return count.get();
  }

  /// Mean time from offering an event until the last of all readers has it.
  private static double fanOut(StoreWriter writer, LiveEventFeed feed) throws Exception {
    TaskId id = newId();
    CountDownLatch accepted = new CountDownLatch(1);
    offer(writer, List.of(accepted(id)), accepted);
    accepted.await();
    AtomicInteger seen = new AtomicInteger();
    double micros = 0;
    Thread waiter = Thread.currentThread();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < READERS; i++) {
        threads.submit(
            () -> {
              try (Reader reader = feed.open(id, 1)) {
                for (int got = 0; got <= EVENTS; ) {
                  int more = reader.next(Duration.ofMinutes(10)).size();
                  got += more;
                  if (seen.addAndGet(more) % READERS == 0) {
                    LockSupport.unpark(waiter);
                  }
                }
              }
              return null;
            });
      }
      await(seen, READERS);
      long start = System.nanoTime();
      for (int number = 2; number <= EVENTS + 1; number++) {
        offer(writer, List.of(TaskFixtures.lines(id, number, number)), new CountDownLatch(1));
        await(seen, number * READERS);
      }
      micros = (System.nanoTime() - start) / 1e3 / EVENTS;
    }
    return micros;
  }

  private static void await(AtomicInteger count, int value) {
    while (count.get() < value) {
      LockSupport.parkNanos(1_000_000);
    }
  }

  private static void offer(StoreWriter writer, List<TaskRecord> records, CountDownLatch durable) {
    while (!writer.offer(
        records,
        outcomes -> {
          if (!outcomes.stream().allMatch(Outcome.Committed.class::isInstance)) {
            throw new IllegalStateException("not committed: " + outcomes.getFirst());
          }
          durable.countDown();
        })) {
      LockSupport.parkNanos(100_000);
    }
  }

  private static double perSecond(int tasks, long start) {
    return tasks / ((System.nanoTime() - start) / 1e9);
  }

  /// Time all threads of this process have been running, which other processes do not stretch.
  private static long cpuNanos() {
    OperatingSystemMXBean system = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
    return system.getProcessCpuTime();
  }

  private static long fileSize(Path directory) throws IOException {
    return Files.size(directory.resolve(StoreDatabase.NAME + ".mv.db"));
  }

  private static void report(int round, Sync sync, String what, double value, String unit) {
    System.out.printf(
        Locale.ROOT, "round %d %-8s %-34s %10.0f %s%n", round, sync, what, value, unit);
  }
}
