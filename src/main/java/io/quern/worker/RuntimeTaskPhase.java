package io.quern.worker;

import io.quern.runtime.TransitionTable;

/// Where a runtime task is on its worker.
public enum RuntimeTaskPhase {
  /// It has the slot, or is in line for it.
  ON_SLOT,
  /// It awaits children; the slot is free for others.
  AWAITING,
  /// It was cancelled and has not noticed yet; it still has the slot.
  CANCELLED,
  /// It was cancelled while it awaited children, and leaves without the slot.
  UNWINDING,
  /// It has returned, thrown or unwound, or was taken back.
  ENDED;

  /// What can happen to a runtime task on its worker.
  public enum Signal {
    /// It awaits results that are not there.
    AWAIT,
    /// What it awaits is there.
    WAKE,
    /// Its function has come to an end.
    FINISH,
    /// Its boss has taken it back before it was begun.
    RECALL,
    /// It or an ancestor was cancelled.
    CANCEL
  }

  static TransitionTable<RuntimeTaskPhase, Signal> table() {
    return TransitionTable.<RuntimeTaskPhase, Signal>of("runtime task", ON_SLOT)
        .on(ON_SLOT, Signal.AWAIT, AWAITING)
        .on(ON_SLOT, Signal.FINISH, ENDED)
        .on(ON_SLOT, Signal.RECALL, ENDED)
        .on(ON_SLOT, Signal.CANCEL, CANCELLED)
        .on(AWAITING, Signal.WAKE, ON_SLOT)
        .on(AWAITING, Signal.FINISH, ENDED)
        .on(AWAITING, Signal.CANCEL, UNWINDING)
        .on(CANCELLED, Signal.AWAIT, UNWINDING)
        .on(CANCELLED, Signal.FINISH, ENDED)
        .on(UNWINDING, Signal.FINISH, ENDED)
        .ignore(AWAITING, Signal.AWAIT, "it could not wait the first time and tries again")
        .ignore(CANCELLED, Signal.CANCEL, "it is cancelled")
        .ignore(UNWINDING, Signal.CANCEL, "it is cancelled")
        .build();
  }
}
