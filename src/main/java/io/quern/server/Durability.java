package io.quern.server;

import io.quern.runtime.RootWork;
import io.quern.task.CompilationTask;
import io.quern.task.TaskId;
import io.quern.task.TaskRecord;
import io.quern.task.TaskStore.Outcome;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// What the server's shell needs of a store.
interface Durability {

  /// Hands records over to be committed; never waits.
  ///
  /// @param whenCommitted called once, on any thread, unless this returned false
  boolean persist(List<TaskRecord> records, Consumer<List<Outcome>> whenCommitted);

  /// Tells who reads a task's events that those up to a number are committed, though that was
  /// reported as failed.
  void announce(TaskId task, long number);

  /// A task's status as committed; may wait.
  @Nullable CompilationTask find(TaskId task);

  /// What a task's root runs if that can be said without waiting, otherwise null.
  @Nullable RootWork workAtHand(TaskId task);

  /// What a task's root runs, or null if there is no such task; may wait.
  @Nullable RootWork load(TaskId task);
}
