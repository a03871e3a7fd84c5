package io.quern.web;

import io.quern.task.CompilationTask;
import io.quern.task.EventFeed;
import io.quern.task.TaskId;
import io.quern.task.TaskStore.StoredEvent;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Semaphore;

/// Waits for the end of a task on the request's own virtual thread. As many requests may wait as
/// there may be streams; further ones are answered at once.
final class TaskWait {
  private final TaskLookup tasks;
  private final EventFeed feed;
  private final EventStreams streams;
  private final Semaphore room;

  /// @param most requests that may wait at a time
  TaskWait(TaskLookup tasks, EventFeed feed, EventStreams streams, int most) {
    room = new Semaphore(most);
    this.tasks = tasks;
    this.feed = feed;
    this.streams = streams;
  }

  /// The task once it is finished, or as it is when the time is up or the service stops.
  CompilationTask await(String tenant, TaskId id, Duration longest) throws InterruptedException {
    CompilationTask task = tasks.find(tenant, id);
    if (task.state().isTerminal() || longest.isZero() || !room.tryAcquire()) {
      return task;
    }
    try {
      awaitEnd(task, longest);
    } finally {
      room.release();
    }
    return tasks.find(tenant, id);
  }

  private void awaitEnd(CompilationTask task, Duration longest) throws InterruptedException {
    long end = System.nanoTime() + longest.toNanos();
    // The status was read first: whatever came after it has a higher number, so nothing is missed.
    try (EventFeed.Reader reader = feed.open(task.id(), task.lastEvent() + 1)) {
      while (!streams.isClosing()) {
        Duration left = Duration.ofNanos(end - System.nanoTime());
        if (!left.isPositive()) {
          break;
        }
        List<StoredEvent> events =
            reader.next(left.compareTo(EventStreams.SLICE) < 0 ? left : EventStreams.SLICE);
        if (!events.isEmpty() && events.getLast().terminal()) {
          break;
        }
      }
    }
  }
}
