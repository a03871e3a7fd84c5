package io.quern.runtime;

import io.quern.task.CompilationTask;
import io.quern.task.TaskId;
import io.quern.task.TaskRecord;
import io.quern.task.TaskStore.Outcome;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/// What was given to the store and is not settled: effects that tell of it wait here.
final class Commits {

  /// One transaction asked for.
  interface Commit {
    List<TaskRecord> records();

    void committed(List<Outcome> outcomes);

    /// The store's queue was full; nothing was or will be written.
    void refused();

    /// The answer to [Commits#readBack].
    void readBack(Map<TaskId, CompilationTask> found);

    void readBackFailed(String reason);
  }

  private final Consumer<Effect> effects;
  private final Map<Long, Commit> waiting = new HashMap<>();
  private long counter;

  Commits(Consumer<Effect> effects) {
    this.effects = effects;
  }

  void persist(Commit commit) {
    waiting.put(++counter, commit);
    effects.accept(new Effect.Persist(counter, commit.records()));
  }

  /// Asks what the store holds of the commit's tasks.
  void readBack(Commit commit, List<TaskId> tasks) {
    waiting.put(++counter, commit);
    effects.accept(new Effect.ReadBack(counter, tasks));
  }

  /// The commit an event speaks of.
  ///
  /// @throws IllegalArgumentException if nothing of this number is waited for
  Commit take(long seq) {
    Commit commit = waiting.remove(seq);
    if (commit == null) {
      throw new IllegalArgumentException("no commit " + seq + " is waited for");
    }
    return commit;
  }

  int size() {
    return waiting.size();
  }
}
