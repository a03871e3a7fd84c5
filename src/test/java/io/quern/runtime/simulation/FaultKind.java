package io.quern.runtime.simulation;

/// What can go wrong in a simulation.
enum FaultKind {
  /// The server is started again while its managers go on.
  SERVER_CRASH(false),
  /// Server and managers are started again.
  CRASH_OF_ALL(false),
  /// The server is asked to end, and started again.
  SERVER_DRAINS(false),
  /// The server stands still for a while.
  SERVER_PAUSED(false),
  MANAGER_LOST(false),
  MANAGER_DRAINS(false),
  /// A manager stands still, and nobody notices.
  MANAGER_PAUSED(false),
  /// A manager stands still for so long that it is taken for dead; then it comes back.
  MANAGER_FROZEN(false),
  /// A manager is taken for dead, goes on and comes back.
  TAKEN_FOR_DEAD(false),
  /// A process of workers under a manager is killed.
  NODE_LOST(false),
  /// A task has ended the process that ran it.
  PROCESS_POISONED(false),
  /// A process that ran a suspect and nothing else is ended by it.
  CELL_POISONED(false),
  /// The link between the server and a manager breaks.
  LINK_CUT(false),
  /// The link between a manager and a node breaks.
  NODE_CUT_OFF(false),
  /// What was on its way over a link that breaks is lost.
  MESSAGES_LOST(false),
  /// A message arrives twice.
  MESSAGE_REPEATED(false),
  /// A message is held up, and all that follow it.
  MESSAGE_DELAYED(false),
  /// A task is removed behind the server's back.
  TASK_REMOVED(true),
  /// Commits take long in this run.
  STORE_SLOW(true),
  STORE_FAILS(true),
  /// A commit is written and reported as failed.
  STORE_OUTCOME_UNKNOWN(true),
  STORE_RECORD_FAILS(true),
  STORE_FULL(true),
  STORE_READ_FAILS(true),
  /// The database alone ends in the middle of a commit, and is away for a while.
  STORE_CRASH(true),
  /// The dying server still commits what it had offered, and nobody hears of it.
  COMMITTED_WHILE_DYING(true);

  private final boolean isOfStore;

  FaultKind(boolean isOfStore) {
    this.isOfStore = isOfStore;
  }

  /// Whether it is the store that goes wrong, not a process or a link.
  boolean isOfStore() {
    return isOfStore;
  }

  /// Whether it happens to single messages.
  boolean isOfMessage() {
    return this == MESSAGE_REPEATED || this == MESSAGE_DELAYED || this == MESSAGES_LOST;
  }
}
