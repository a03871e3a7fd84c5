package io.quern.runtime.simulation;

/// What goes wrong in the simulation; a test fails if one of these never did.
enum FaultKind {
  /// The server is started again while its managers go on.
  SERVER_CRASH,
  /// Server and managers are started again.
  CRASH_OF_ALL,
  /// The link between the server and a manager breaks.
  LINK_CUT,
  /// The link between a manager and a node breaks.
  NODE_CUT_OFF,
  /// A manager is taken for dead, goes on and comes back.
  TAKEN_FOR_DEAD,
  MANAGER_LOST,
  NODE_LOST,
  MANAGER_DRAINS,
  SERVER_DRAINS,
  /// A task is removed behind the server's back.
  TASK_REMOVED,
  STORE_FAILS,
  /// A commit is written and reported as failed.
  STORE_OUTCOME_UNKNOWN,
  STORE_RECORD_FAILS,
  STORE_FULL,
  STORE_READ_FAILS,
  /// The dying process still commits what it had offered, and nobody hears of it.
  COMMITTED_WHILE_DYING
}
