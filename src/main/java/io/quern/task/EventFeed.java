package io.quern.task;

import io.quern.task.TaskStore.StoredEvent;
import java.time.Duration;
import java.util.List;

/// Live reading of event logs: committed events only, in order, without gap or double.
public interface EventFeed {

  /// Opens a reader at an event number.
  ///
  /// @param from the first number wanted, at least 1; may lie beyond the end
  Reader open(TaskId task, long from);

  /// A position in one event log; used by one thread.
  interface Reader extends AutoCloseable {

    /// Waits until events are there and returns them in order; empty on time-out.
    List<StoredEvent> next(Duration timeout) throws InterruptedException;

    @Override
    void close();
  }
}
