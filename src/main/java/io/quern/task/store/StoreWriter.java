package io.quern.task.store;

import io.quern.task.RecordFootprint;
import io.quern.task.RecordWriter;
import io.quern.task.TaskId;
import io.quern.task.TaskRecord;
import io.quern.task.TaskRecord.Accepted;
import io.quern.task.TaskRecord.AcceptedTogether;
import io.quern.task.TaskStore;
import io.quern.task.TaskStore.Outcome;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The one thread that writes to the store. It commits whenever it is free: everything that was
/// offered while the last group was being committed makes up the next one, so a single record never
/// waits for company and many records share one commit.
///
/// The queue is bounded by the size of what waits in it. New tasks are refused when it is full;
/// everything else (starts, events, ends) has the same room again, so that a flood of submissions
/// cannot keep out the results of running tasks.
public final class StoreWriter implements RecordWriter, AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(StoreWriter.class);

  /// Larger transactions cost H2 more for each record, not less: it starts to write them before
  /// they are complete.
  private static final int GROUP_RECORDS = 512;

  private final TaskStore store;
  private final LiveEventFeed feed;
  private final long capacityBytes;
  private final CommitObserver observer;
  private final Thread thread;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition offered = lock.newCondition();

  // The fields down to `closed` are guarded by the lock.

  private final ArrayDeque<Offering> queue = new ArrayDeque<>();

  /// Of the queue and of the group being committed.
  private long waitingBytes;

  private boolean closed;

  /// Starts the writer's thread.
  ///
  /// @param capacityBytes bound of the queue; a single offering larger than it is taken when
  ///   nothing else waits
  public StoreWriter(TaskStore store, LiveEventFeed feed, long capacityBytes) {
    this(store, feed, capacityBytes, CommitObserver.NONE);
  }

  StoreWriter(TaskStore store, LiveEventFeed feed, long capacityBytes, CommitObserver observer) {
    if (capacityBytes < 1) {
      throw new IllegalArgumentException("capacity must be positive, found " + capacityBytes);
    }
    this.store = store;
    this.feed = feed;
    this.capacityBytes = capacityBytes;
    this.observer = observer;
    this.thread = Thread.ofPlatform().name("quern-store").start(this::run);
  }

  /// Hands records over to be committed in order. Never waits for the store.
  ///
  /// @param whenCommitted called once on the writer's thread with one outcome for each record,
  ///   after the commit and after its events were published; must not block
  /// @return false if the queue is full or the writer closed; nothing will happen then
  @Override
  public boolean offer(List<TaskRecord> records, Consumer<List<Outcome>> whenCommitted) {
    long bytes = 0;
    boolean admission = false;
    for (TaskRecord record : records) {
      bytes += RecordFootprint.of(record);
      admission |= record instanceof Accepted || record instanceof AcceptedTogether;
    }
    Offering offering = new Offering(List.copyOf(records), bytes, whenCommitted);
    long limit = admission ? capacityBytes : 2 * capacityBytes;
    lock.lock();
    try {
      if (closed || (waitingBytes > 0 && waitingBytes + bytes > limit)) {
        return false;
      }
      waitingBytes += bytes;
      queue.addLast(offering);
      offered.signal();
      return true;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void announce(TaskId task, long number) {
    feed.announce(task, number);
  }

  /// Approximate size of everything offered and not yet committed, in bytes.
  public long waitingBytes() {
    lock.lock();
    try {
      return waitingBytes;
    } finally {
      lock.unlock();
    }
  }

  /// Whether a new task would be refused now.
  public boolean isFull() {
    return waitingBytes() >= capacityBytes;
  }

  /// Commits what was offered, then ends the thread. Refuses new offerings.
  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      offered.signal();
    } finally {
      lock.unlock();
    }
    boolean interrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException _) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void run() {
    List<Offering> group = takeGroup();
    while (!group.isEmpty()) {
      commit(group);
      group = takeGroup();
    }
  }

  /// Waits for an offering and takes with it what else is there.
  ///
  /// @return nothing if the writer is closed and everything committed
  private List<Offering> takeGroup() {
    List<Offering> group = new ArrayList<>();
    int records = 0;
    lock.lock();
    try {
      while (queue.isEmpty() && !closed) {
        // Ended by close() only: an interrupt must not lose what is queued.
        offered.awaitUninterruptibly();
      }
      while (!queue.isEmpty()
          && (group.isEmpty() || records + queue.getFirst().records().size() <= GROUP_RECORDS)) {
        Offering next = queue.removeFirst();
        group.add(next);
        records += next.records().size();
      }
      return group;
    } finally {
      lock.unlock();
    }
  }

  private void commit(List<Offering> group) {
    List<TaskRecord> records = new ArrayList<>();
    group.forEach(offering -> records.addAll(offering.records()));
    List<Outcome> outcomes = commitRecords(records);
    int from = 0;
    for (Offering offering : group) {
      int to = from + offering.records().size();
      release(offering.bytes());
      report(offering, List.copyOf(outcomes.subList(from, to)));
      from = to;
    }
  }

  private List<Outcome> commitRecords(List<TaskRecord> records) {
    List<Outcome> outcomes;
    try {
      long start = System.nanoTime();
      outcomes = store.commit(records);
      observer.committed(records.size(), System.nanoTime() - start);
    } catch (RuntimeException | Error e) {
      // Also errors: want of memory for one group must not end the thread that writes all.
      log.error("the store could not commit {} records", records.size(), e);
      String reason = e.getMessage() == null ? e.toString() : e.getMessage();
      return Collections.nCopies(records.size(), new Outcome.Failed(reason));
    }
    for (int i = 0; i < records.size(); i++) {
      if (outcomes.get(i) instanceof Outcome.Committed) {
        publish(records.get(i));
      }
    }
    return outcomes;
  }

  private void publish(TaskRecord record) {
    try {
      feed.publish(record.events());
      record.events().forEach(event -> observer.published(event.time()));
    } catch (RuntimeException | Error e) {
      log.atError()
          .addKeyValue("task", record.task())
          .setCause(e)
          .log("events of task {} could not be published", record.task());
    }
  }

  private void release(long bytes) {
    lock.lock();
    try {
      waitingBytes -= bytes;
    } finally {
      lock.unlock();
    }
  }

  private static void report(Offering offering, List<Outcome> outcomes) {
    try {
      offering.whenCommitted().accept(outcomes);
    } catch (RuntimeException | Error e) {
      log.error("a call back after a commit failed", e);
    }
  }

  private record Offering(
      List<TaskRecord> records, long bytes, Consumer<List<Outcome>> whenCommitted) {}
}
