package io.quern.bqskit;

/// How the connection to a manager ended, and how much that speaks against what it was running.
enum ManagerEnd {
  /// Somebody wanted it, such as whoever restarts managers by `bqskit-keep`.
  ASKED_FOR(0),
  /// The connection broke: it was killed, or its machine or the network is gone. That happens to
  /// managers for many reasons, restarts among them.
  BROKEN(1),
  /// It has said that it ends, as it does when one of its workers has, or that it failed.
  FAILED(2);

  /// So much of it, for each manager that a task may end, makes a task poisonous.
  static final int POISON = 2;

  /// So much makes a task run where no other suspect does.
  static final int SUSPICION = 2;

  private final int blame;

  ManagerEnd(int blame) {
    this.blame = blame;
  }

  /// How much it speaks against each of so many tasks that may have brought it about. A connection
  /// that broke while there was only one speaks against that one as if the manager had said so.
  int blame(int blamed) {
    return this == BROKEN && blamed == 1 ? POISON : blame;
  }
}
