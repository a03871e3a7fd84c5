package io.quern.journal;

import io.quern.task.Attempt;
import io.quern.task.TaskId;
import io.quern.task.TaskRecord;
import io.quern.task.TaskRecord.Accepted;
import io.quern.task.TaskRecord.IdempotencyKey;
import io.quern.task.TaskStore.KeyedTask;
import io.quern.task.TaskStore.Outcome;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Decides what becomes of records if they are written, without the database: which tasks are not
/// terminal, in which attempt each is, and who holds which idempotency key.
///
/// Used by the committing thread alone.
final class CommitRules {
  private final Function<IdempotencyKey, @Nullable KeyedTask> holders;

  /// Tasks that are not terminal, with their current attempts.
  private final Map<TaskId, @Nullable Attempt> unfinished = new HashMap<>();

  /// Of the group being decided: who will hold keys that nobody held before.
  private final Map<KeyName, Accepted> newKeys = new HashMap<>();

  /// @param holders who holds a key already
  CommitRules(Function<IdempotencyKey, @Nullable KeyedTask> holders) {
    this.holders = holders;
  }

  /// A task of an earlier process is not terminal.
  void found(TaskId task, @Nullable Attempt attempt) {
    unfinished.put(task, attempt);
  }

  /// A new group begins; what was decided before is known to whoever holds keys.
  void beginGroup() {
    newKeys.clear();
  }

  /// What becomes of a record if it is written; from now on it counts as written.
  Outcome outcome(TaskRecord record) {
    return switch (record) {
      case Accepted _, TaskRecord.AcceptedTogether _ -> accept(record.newTasks());
      case TaskRecord.Started started -> {
        boolean isThere = unfinished.containsKey(record.task());
        if (isThere) {
          unfinished.put(record.task(), started.attempt());
        }
        yield applied(isThere);
      }
      case TaskRecord.Appended _ -> applied(unfinished.containsKey(record.task()));
      case TaskRecord.Kept kept -> applied(kept.attempt().equals(unfinished.get(record.task())));
      case TaskRecord.Ended _ -> {
        boolean isFirst = unfinished.containsKey(record.task());
        unfinished.remove(record.task());
        yield applied(isFirst);
      }
    };
  }

  private static Outcome applied(boolean isApplied) {
    return isApplied ? new Outcome.Committed() : new Outcome.NotApplied();
  }

  private Outcome accept(List<Accepted> tasks) {
    Map<TaskId, KeyedTask> taken = new HashMap<>();
    for (Accepted task : tasks) {
      KeyedTask holder = task.key() == null ? null : holder(task.key());
      if (holder != null) {
        taken.put(task.task(), holder);
      }
    }
    if (!taken.isEmpty()) {
      return new Outcome.KeyTaken(taken);
    }
    for (Accepted task : tasks) {
      unfinished.put(task.task(), null);
      if (task.key() != null) {
        newKeys.put(KeyName.of(task.key()), task);
      }
    }
    return new Outcome.Committed();
  }

  private @Nullable KeyedTask holder(IdempotencyKey key) {
    Accepted sameGroup = newKeys.get(KeyName.of(key));
    return sameGroup == null
        ? holders.apply(key)
        : new KeyedTask(sameGroup.status(), Objects.requireNonNull(sameGroup.key()).bodyHash());
  }

  /// A record was not written after all.
  void undo(TaskRecord record) {
    record.newTasks().forEach(task -> unfinished.remove(task.task()));
    if (record instanceof TaskRecord.Ended) {
      unfinished.put(record.task(), null);
    }
  }
}
