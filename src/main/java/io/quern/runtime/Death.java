package io.quern.runtime;

import io.quern.failure.ErrorCode;
import io.quern.protocol.Failure;
import io.quern.protocol.Message;
import io.quern.task.DeathCount;

/// How the loss of one of its runs counts against a task that may be what ends processes.
public enum Death {
  /// It awaited others, waited for a slot, was passed on, or its process was drained, stopped or
  /// given up.
  NONE,
  /// Its process ended while executing it beside others.
  SHARED,
  /// Its process ended while executing it and had nothing else.
  ALONE;

  static Death of(Message.Lost lost) {
    if (!lost.wasExecuting()) {
      return NONE;
    }
    return lost.wasAlone() ? ALONE : SHARED;
  }

  DeathCount addTo(DeathCount before) {
    return this == NONE ? before : before.and(this == ALONE);
  }

  /// Why a task is given up.
  static Failure failure(DeathCount deaths) {
    return new Failure(
        ErrorCode.POISONED,
        "expected a task that ends no process; " + deaths + ", so it is not tried again",
        null,
        null,
        null);
  }
}
