package io.quern.task;

/// Who carries a task out.
public enum Engine {
  /// Quern's own passes, on Quern's own managers.
  QUERN,
  /// BQSKit's passes, on `bqskit-manager`s.
  BQSKIT
}
