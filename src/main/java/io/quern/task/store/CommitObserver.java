package io.quern.task.store;

import java.time.Instant;

/// Told by the writer what it did, on its thread; must be quick.
interface CommitObserver {
  CommitObserver NONE =
      new CommitObserver() {
        @Override
        public void committed(int records, long nanos) {}

        @Override
        public void published(Instant made) {}
      };

  /// A group was committed.
  void committed(int records, long nanos);

  /// An event can be read now.
  ///
  /// @param made its time
  void published(Instant made);
}
