package io.quern.task.store;

import static io.quern.task.store.TaskFixtures.accepted;
import static io.quern.task.store.TaskFixtures.done;
import static io.quern.task.store.TaskFixtures.lines;
import static io.quern.task.store.TaskFixtures.newId;
import static io.quern.task.store.TaskFixtures.started;

import io.quern.task.TaskId;
import io.quern.task.TaskRecord;
import io.quern.task.TaskStore.Outcome;
import java.io.BufferedOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/// A process that writes to a store until it is killed, and prints each record it was told is
/// committed, as `task last-event-number`.
final class StoreProcess {
  private static final int TASKS_AT_ONCE = 64;

  private StoreProcess() {}

  /// Arguments: directory, seed, `PROCESS` or `FSYNC`.
  public static void main(String[] args) {
    PrintStream out =
        new PrintStream(new BufferedOutputStream(System.out), false, StandardCharsets.UTF_8);
    // Log lines must not come between.
    System.setOut(System.err);
    StoreDatabase database =
        StoreDatabase.open(
            new StoreDatabase.Settings(
                Path.of(args[0]), StoreDatabase.Sync.valueOf(args[2]), 4, 16_384));
    JdbcTaskStore store = new JdbcTaskStore(database, TaskFixtures.QASM, Retention.DEFAULT);
    StoreWriter writer = new StoreWriter(store, new LiveEventFeed(store), 1 << 24);
    out.println("epoch " + store.beginEpoch());
    out.flush();
    Random random = new Random(Long.parseLong(args[1]));
    @Nullable TaskLife[] lives = new @Nullable TaskLife[TASKS_AT_ONCE];
    while (true) {
      int slot = random.nextInt(TASKS_AT_ONCE);
      TaskLife life = lives[slot];
      TaskRecord record;
      if (life == null) {
        life = new TaskLife(newId());
        record = accepted(life.id);
      } else {
        record = life.next(random);
      }
      lives[slot] = life.ended ? null : life;
      long number = record.events().getLast().number();
      while (!writer.offer(List.of(record), outcomes -> report(out, record, number, outcomes))) {
        Thread.onSpinWait();
      }
    }
  }

  /// Called by the writer's thread after the commit: what is printed must survive.
  private static void report(
      PrintStream out, TaskRecord record, long number, List<Outcome> outcomes) {
    if (!(outcomes.getFirst() instanceof Outcome.Committed)) {
      throw new IllegalStateException("record was not committed: " + outcomes);
    }
    out.println(record.task() + " " + number);
    out.flush();
  }

  /// One task on its way from accepted to done.
  private static final class TaskLife {
    private final TaskId id;
    private long last = 1;
    private boolean ended;

    private TaskLife(TaskId id) {
      this.id = id;
    }

    private TaskRecord next(Random random) {
      long from = last + 1;
      if (last == 1) {
        last = from;
        return started(id, 1, from);
      }
      if (random.nextInt(5) == 0) {
        last = from;
        ended = true;
        return done(id, from);
      }
      last = from + random.nextInt(5);
      return lines(id, from, last);
    }
  }
}
