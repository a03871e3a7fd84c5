package io.quern.task;

import io.quern.task.TaskStore.Outcome;
import java.util.List;
import java.util.function.Consumer;

/// Where a core hands over what is to become durable.
public interface RecordWriter {

  /// Hands records over to be committed in order; never waits.
  ///
  /// @param whenCommitted called once with one outcome for each record, after what was committed
  ///   was told to those who read the tasks' events
  /// @return false if there is no room; nothing will happen then
  boolean offer(List<TaskRecord> records, Consumer<List<Outcome>> whenCommitted);

  /// Tells who reads a task's events that the store has those up to a number, though their commit
  /// was reported as failed.
  void announce(TaskId task, long number);
}
