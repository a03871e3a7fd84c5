package io.quern.runtime;

/// Where a compilation task is inside the server; finer than [io.quern.task.TaskState], which is
/// what clients see.
public enum TaskPhase {
  /// Its acceptance is on the way to the store; nobody knows of it yet.
  STORING,
  /// Durable and waiting for a free worker.
  QUEUED,
  /// Chosen to run; its submission is being read.
  LOADING,
  /// Its attempt is on the way to the store.
  STARTING,
  /// Its root runtime task is with an employee.
  RUNNING,
  /// Its end is decided and on the way to the store.
  ENDING,
  /// Over: its end is durable, or it never was accepted.
  ENDED;

  /// What can happen to a compilation task.
  public enum Signal {
    /// Its acceptance is durable.
    STORED,
    /// The store refused it, or holds another task under its key.
    NOT_STORED,
    /// It is its turn.
    PICKED,
    /// Its submission was read.
    LOADED,
    /// The store could not be read just now.
    LOAD_FAILED,
    /// Its attempt is durable.
    STARTED,
    /// Whoever has run it since an earlier life of the service is back.
    RETURNED,
    /// The employee that ran it is gone.
    EMPLOYEE_LOST,
    /// A result, a failure, a cancel or the end of all patience.
    END,
    /// Its end is durable.
    END_COMMITTED,
    /// The store knows it as ended already, or not at all.
    GONE
  }

  static TransitionTable<TaskPhase, Signal> table() {
    return TransitionTable.<TaskPhase, Signal>of("compilation task", STORING)
        .on(STORING, Signal.STORED, QUEUED)
        .on(STORING, Signal.NOT_STORED, ENDED)
        .on(QUEUED, Signal.PICKED, LOADING)
        .on(QUEUED, Signal.RETURNED, RUNNING)
        .on(QUEUED, Signal.END, ENDING)
        .on(QUEUED, Signal.GONE, ENDED)
        .on(LOADING, Signal.LOADED, STARTING)
        .on(LOADING, Signal.LOAD_FAILED, QUEUED)
        .on(LOADING, Signal.END, ENDING)
        .on(LOADING, Signal.GONE, ENDED)
        .on(STARTING, Signal.STARTED, RUNNING)
        .on(STARTING, Signal.END, ENDING)
        .on(STARTING, Signal.GONE, ENDED)
        .on(RUNNING, Signal.END, ENDING)
        .on(RUNNING, Signal.EMPLOYEE_LOST, QUEUED)
        .on(RUNNING, Signal.GONE, ENDED)
        .on(ENDING, Signal.END_COMMITTED, ENDED)
        .on(ENDING, Signal.GONE, ENDED)
        .ignore(ENDING, Signal.LOADED, "it was cancelled while its submission was read")
        .ignore(ENDING, Signal.LOAD_FAILED, "it was cancelled while its submission was read")
        .ignore(ENDING, Signal.STARTED, "it was cancelled while its attempt was stored")
        .ignore(ENDING, Signal.EMPLOYEE_LOST, "its end was decided before the employee was lost")
        .ignore(ENDING, Signal.RETURNED, "it was cancelled while whoever has it was away")
        .ignore(ENDING, Signal.END, "the first end wins")
        .build();
  }
}
