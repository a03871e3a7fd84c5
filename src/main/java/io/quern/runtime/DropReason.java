package io.quern.runtime;

/// Why a message was dropped; each is counted.
public enum DropReason {
  /// Its runtime task had been cancelled, had ended, or runs again under a later attempt.
  LATE_RESULT,
  /// Its compilation task has ended.
  LATE_LOG,
  /// Its compilation task writes faster than the store takes.
  LOG_OVERFLOW,
  /// A checkpoint or finished block was larger than what is kept.
  NOT_KEPT,
  /// An ancestor of the runtime task was cancelled.
  CANCELLED_ANCESTOR,
  /// It spoke for a worker that is not the sender's; the sender is cut off.
  FORGED_ADDRESS,
  /// It made no sense where it arrived, or handling it failed.
  SYSTEM_ERROR
}
