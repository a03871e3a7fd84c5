package io.quern.runtime;

/// Where an employee is, as its boss sees it.
public enum EmployeePhase {
  /// It was told its ids and has not answered.
  CONNECTING,
  /// It takes work.
  STARTED,
  /// It was told to shut down, or said that it does; it may finish what it has.
  LEAVING,
  /// Its link broke; it may come back for a while, and what it has is kept for it.
  AWAY,
  /// Its link is closed, or it was away for too long.
  GONE;

  /// What can happen to an employee.
  public enum Signal {
    /// It answered with its number of workers, or the number has changed.
    STARTED,
    /// A shutdown was sent to it or came from it.
    SHUTDOWN,
    /// Its link broke.
    LINK_CUT,
    /// It came back on another link.
    RETURNED,
    /// Its link closed for good, or it did not come back in time.
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
        .on(STARTED, Signal.LINK_CUT, AWAY)
        .on(STARTED, Signal.RETURNED, STARTED)
        .on(AWAY, Signal.RETURNED, STARTED)
        .on(AWAY, Signal.SHUTDOWN, LEAVING)
        .on(AWAY, Signal.LINK_CLOSED, GONE)
        .on(LEAVING, Signal.LINK_CLOSED, GONE)
        .ignore(LEAVING, Signal.STARTED, "the shutdown overtook its answer")
        .ignore(LEAVING, Signal.SHUTDOWN, "both sides may say it")
        .build();
  }
}
