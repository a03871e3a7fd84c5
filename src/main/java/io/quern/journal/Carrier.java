package io.quern.journal;

import io.quern.task.TaskId;
import io.quern.task.TaskRecord;
import io.quern.task.TaskStore.Outcome;
import io.quern.task.store.JournalledStore;
import io.quern.task.store.RefusedRecordException;
import java.io.IOException;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Carries what is durable into the database behind it, many records in one transaction, on a
/// thread of its own. While the database is away it tries again; a record that the database refuses
/// by itself is kept aside, so that others do not wait for it.
final class Carrier {
  private static final Logger log = LoggerFactory.getLogger(Carrier.class);

  /// So often is a record refused before it is kept aside.
  private static final int REFUSALS = 3;

  private final JournalledStore database;
  private final Backlog backlog;
  private final RefusedRecords refused;
  private final Thread thread;

  Carrier(JournalledStore database, Backlog backlog, RefusedRecords refused) {
    this.database = database;
    this.backlog = backlog;
    this.refused = refused;
    thread = Thread.ofPlatform().name("quern-store-carrier").unstarted(this::carry);
  }

  void start() {
    thread.start();
  }

  /// Returns when the backlog is closed and the database has all of it, or cannot be reached.
  void awaitEnd() {
    boolean wasInterrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException _) {
        wasInterrupted = true;
      }
    }
    if (wasInterrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void carry() {
    boolean isAgain = false;
    int refusals = 0;
    List<TaskRecord> group = backlog.takeGroup();
    while (!group.isEmpty()) {
      try {
        if (isAgain) {
          // A part of the group may have got there. What is kept aside has no position there.
          long carried = database.appliedPosition() - backlog.applied();
          backlog.release((int) Math.max(0, carried), false);
          isAgain = false;
        } else {
          carryOver(group, refusals + 1);
          refusals = 0;
          backlog.noteAway(false);
        }
      } catch (RefusedRecordException e) {
        refusals++;
        log.warn("refused {} times: {}", refusals, e.getMessage());
        if (!backlog.awaitRetry()) {
          return;
        }
      } catch (IOException | RuntimeException | Error e) {
        log.error("the database takes nothing; {} records wait in the journal", backlog.count(), e);
        backlog.noteAway(true);
        isAgain = true;
        if (!backlog.awaitRetry()) {
          return;
        }
      }
      group = backlog.takeGroup();
    }
  }

  /// Has the database take all that waits, before the thread is started.
  void carryAll() throws IOException {
    for (List<TaskRecord> group = backlog.firstGroup();
        !group.isEmpty();
        group = backlog.firstGroup()) {
      carryOver(group, REFUSALS);
    }
  }

  /// Has the database take the first of the records that wait, as far as none is refused.
  ///
  /// @param attempt counts how often the first one was tried
  /// @throws RefusedRecordException if the first one is refused and is to be tried again
  private void carryOver(List<TaskRecord> group, int attempt) throws IOException {
    int count = 0;
    while (count < group.size() && !refused.concerns(group.get(count))) {
      count++;
    }
    if (count == 0) {
      keepAside(group.getFirst());
      return;
    }
    long first = backlog.applied() + 1;
    try {
      database.apply(group.subList(0, count), first);
      backlog.release(count, false);
    } catch (RefusedRecordException e) {
      int before = (int) (e.position() - first);
      backlog.release(before, false);
      if (before > 0) {
        return;
      }
      if (attempt < REFUSALS) {
        throw e;
      }
      TaskId task = group.getFirst().task();
      log.atError()
          .addKeyValue("task", task)
          .setCause(e)
          .log(
              "the database refuses a durable record of task {}: it is kept aside and tried again",
              task);
      keepAside(group.getFirst());
    }
  }

  private void keepAside(TaskRecord record) throws IOException {
    refused.add(backlog.applied() + 1, record);
    backlog.release(1, true);
  }

  /// Offers the database once more what it has refused. May be called by any thread.
  void offerRefused() {
    try {
      refused.tryAgain(this::takes).forEach(backlog::forget);
    } catch (IOException | RuntimeException e) {
      log.error("the records kept aside cannot be carried into the database now", e);
    }
  }

  private boolean takes(TaskRecord record) {
    return !(database.commit(List.of(record)).getFirst() instanceof Outcome.Failed);
  }
}
