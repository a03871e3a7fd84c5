package io.quern.task;

/// Where a compilation task is in its life.
public enum TaskState {
  /// Durable, waiting for a free worker.
  QUEUED(false),
  /// Handed to a worker; goes back to running after a restart of the service.
  RUNNING(false),
  /// Finished with a result.
  DONE(true),
  /// Out of time; the best valid circuit so far is the result.
  PARTIAL(true),
  /// Ended by an error; no result.
  FAILED(true),
  /// Ended by its owner; no result.
  CANCELLED(true);

  private final boolean terminal;

  TaskState(boolean terminal) {
    this.terminal = terminal;
  }

  /// Whether nothing can follow.
  public boolean isTerminal() {
    return terminal;
  }

  /// Whether a result can be fetched.
  public boolean hasResult() {
    return this == DONE || this == PARTIAL;
  }
}
