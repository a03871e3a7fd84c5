package io.quern.runtime;

/// Where an employee is, as its boss sees it.
public enum EmployeePhase {
  /// It was told its ids and has not answered.
  CONNECTING,
  /// It takes work.
  STARTED,
  /// It was told to shut down, or said that it does; it may finish what it has.
  LEAVING,
  /// Its link is closed.
  GONE;

  /// What can happen to an employee.
  public enum Signal {
    /// It answered with its number of workers, or the number has changed.
    STARTED,
    /// A shutdown was sent to it or came from it.
    SHUTDOWN,
    /// Its link closed.
    LINK_CLOSED
  }

  static TransitionTable<EmployeePhase, Signal> table() {
    return TransitionTable.<EmployeePhase, Signal>of("employee", CONNECTING)
        .on(CONNECTING, Signal.STARTED, STARTED)
        .on(CONNECTING, Signal.SHUTDOWN, LEAVING)
        .on(CONNECTING, Signal.LINK_CLOSED, GONE)
        .on(STARTED, Signal.STARTED, STARTED)
        .on(STARTED, Signal.SHUTDOWN, LEAVING)
        .on(STARTED, Signal.LINK_CLOSED, GONE)
        .on(LEAVING, Signal.LINK_CLOSED, GONE)
        .ignore(LEAVING, Signal.STARTED, "the shutdown overtook its answer")
        .ignore(LEAVING, Signal.SHUTDOWN, "both sides may say it")
        .build();
  }
}
