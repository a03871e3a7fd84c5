package io.quern.bqskit;

import io.quern.bqskit.wire.WireAddress;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A `bqskit-manager` as its boss sees it. Its counts are advice: managers count wrongly
/// themselves.
final class PythonManager {
  /// Batches remembered for read receipts; a manager that says nothing while it is handed more than
  /// these reads on as if the oldest were read.
  private static final int RECEIPTS = 65_536;

  private record Batch(WireAddress first, int tasks) {}

  private final long connection;
  private final String name;
  private final Instant since;
  private final long lower;
  private final long upper;
  private final ArrayDeque<Batch> sent = new ArrayDeque<>();

  /// Those it has been sent. What it is sent twice does it no harm.
  private final PathLists importPaths = new PathLists();

  private List<String> lastPaths = List.of();

  private boolean isStarted;
  private int workers;
  private int idle;
  private int tasks;

  PythonManager(long connection, String name, Instant since, long lower, long upper) {
    this.connection = connection;
    this.name = name;
    this.since = since;
    this.lower = lower;
    this.upper = upper;
  }

  long connection() {
    return connection;
  }

  String name() {
    return name;
  }

  /// When it was reached.
  Instant since() {
    return since;
  }

  long lower() {
    return lower;
  }

  long upper() {
    return upper;
  }

  boolean isStarted() {
    return isStarted;
  }

  int workers() {
    return workers;
  }

  int idle() {
    return idle;
  }

  int tasks() {
    return tasks;
  }

  void started(int workerCount) {
    isStarted = true;
    workers = workerCount;
    idle = workerCount;
  }

  boolean owns(WireAddress address) {
    return lower <= address.worker() && address.worker() < upper;
  }

  /// A batch is on its way.
  void handed(WireAddress first, int count) {
    tasks += count;
    idle -= Math.min(count, idle);
    sent.addLast(new Batch(first, count));
    if (sent.size() > RECEIPTS) {
      sent.removeFirst();
    }
  }

  /// It says how many of its workers have nothing to do. What it was handed after the batch it had
  /// read by then will keep some of them busy.
  void waiting(int count, @Nullable WireAddress receipt) {
    if (receipt != null && sent.stream().anyMatch(batch -> batch.first().equals(receipt))) {
      while (!sent.getFirst().first().equals(receipt)) {
        sent.removeFirst();
      }
    }
    int unread = 0;
    boolean isRead = receipt != null && !sent.isEmpty() && sent.getFirst().first().equals(receipt);
    for (Batch batch : sent) {
      unread += isRead ? 0 : batch.tasks();
      isRead = false;
    }
    idle = Math.clamp((long) count - unread, 0, workers);
    if (idle == workers) {
      tasks = 0;
    }
  }

  void update(int difference) {
    tasks = Math.max(0, tasks + difference);
  }

  /// Whether these paths are new to it; they count as sent from now on.
  @SuppressWarnings("ReferenceEquality") // nearly always the same list, and long
  boolean lacks(List<String> paths) {
    if (paths == lastPaths || paths.isEmpty()) {
      return false;
    }
    lastPaths = paths;
    return importPaths.isNew(paths);
  }

  @Override
  public String toString() {
    return "manager " + name;
  }
}
