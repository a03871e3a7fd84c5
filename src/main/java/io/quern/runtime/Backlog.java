package io.quern.runtime;

import io.quern.protocol.Message;

/// What waits at an employee that others may have room for, as it last said, and how much of it the
/// employee was told to hand in.
final class Backlog {
  private int tasks;
  private long nanosEach = 1;
  private int credit;

  /// The employee says what waits, also in answer to a credit.
  void update(Message.Backlog said) {
    tasks = said.tasks();
    nanosEach = said.nanosEach();
    credit = 0;
  }

  int tasks() {
    return tasks;
  }

  /// How long each of the tasks is expected to take.
  long nanosEach() {
    return nanosEach;
  }

  /// Whether something waits and no credit for it is on its way.
  boolean wantsCredit() {
    return tasks > 0 && credit == 0;
  }

  /// The employee is told to hand in so many.
  void grant(int tasks) {
    credit = tasks;
  }

  /// Tasks that may still be handed in.
  int credit() {
    return credit;
  }

  /// The link has ended: what was said on it goes for nothing.
  void forget() {
    tasks = 0;
    credit = 0;
  }
}
