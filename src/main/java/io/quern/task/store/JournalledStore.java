package io.quern.task.store;

import io.quern.task.TaskRecord;
import io.quern.task.TaskStore;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A store that takes records from a journal, in which they are durable already.
public interface JournalledStore extends TaskStore {

  /// Position of the last record of the journal that is here; 0 if there is none.
  long appliedPosition();

  /// The task under an idempotency key, without waiting for a commit that is under way: what it
  /// brings is in the journal.
  @Nullable KeyedTask appliedHolder(String tenant, String key);

  /// Carries out records, each together with its position.
  ///
  /// @param first position of the first record
  /// @throws RefusedRecordException if the database refuses one by itself; those before it are
  ///   there
  /// @throws RuntimeException if the database cannot be reached: to be tried again
  void apply(List<TaskRecord> records, long first);
}
