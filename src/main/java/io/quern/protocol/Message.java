package io.quern.protocol;

import io.quern.engine.pass.LogLevel;
import io.quern.engine.pass.Progress;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A message between a boss (server or manager) and an employee (manager or worker). "Up" is
/// towards the server. Links keep the order of messages.
public sealed interface Message {

  /// Down, first: these ids are yours.
  record Connect(IdBlock ids) implements Message {}

  /// Up, the answer to [Connect].
  ///
  /// @param workers how many slots the employee has in all
  record Started(int workers) implements Message {}

  /// A runtime task: down to be run, up to be placed by the boss.
  record Submit(RuntimeTask task) implements Message {}

  /// Several runtime tasks; at least one.
  record SubmitBatch(List<RuntimeTask> tasks) implements Message {
    public SubmitBatch {
      tasks = List.copyOf(tasks);
      if (tasks.isEmpty()) {
        throw new IllegalArgumentException("a batch has at least one task");
      }
    }
  }

  /// What a runtime task returned, on its way to its return address.
  ///
  /// @param completedBy the worker that ran it
  /// @param nanos how long it held a slot, the measure by which short tasks are batched
  record Result(RuntimeTaskId task, long completedBy, Object value, long nanos)
      implements Message {}

  /// A runtime task failed; travels like its result would. The name is the protocol's.
  @SuppressWarnings("AvoidCommonTypeNames")
  record Error(RuntimeTaskId task, long completedBy, Failure failure, long nanos)
      implements Message {}

  /// Up: a line for the compilation's event log.
  record Log(RuntimeTaskId root, LogLevel level, String logger, String text) implements Message {}

  /// Up: how far the compilation is.
  record ProgressMade(RuntimeTaskId root, Progress progress) implements Message {}

  /// Ends a runtime task and all its descendants.
  ///
  /// @param upToAttempt later attempts live on
  /// @param number of this cancel at its sender, which the [Ack] repeats
  record Cancel(RuntimeAddress address, int upToAttempt, long number) implements Message {
    /// Whether this very run is meant.
    public boolean covers(RuntimeTaskId task) {
      return task.attempt() <= upToAttempt && address.covers(task.address());
    }
  }

  /// Up: the sender and everyone below it has dropped what a [Cancel] named and will send nothing
  /// more of it, so its tombstone can go.
  record Ack(long cancel) implements Message {}

  /// Up: so many slots have nothing to do.
  ///
  /// @param readReceipt the first task of the newest submit the sender has read; tasks sent after
  ///   it are not in the count
  record Waiting(int idleWorkers, @Nullable RuntimeTaskId readReceipt) implements Message {}

  /// Up: a task of the sender gave its slot back because it awaits others (-1) or wants it again
  /// (+1).
  record Update(RuntimeTaskId task, int taskDiff) implements Message {}

  /// Down: end everything at once. Up: the sender leaves.
  record Shutdown() implements Message {}
}
