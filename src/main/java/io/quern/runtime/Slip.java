package io.quern.runtime;

import io.quern.protocol.Message;
import io.quern.protocol.RuntimeTaskId;

/// A result or failure on its way through this node. Whoever sent it here keeps it until it has
/// come to where it is for.
public final class Slip {
  private final RuntimeTaskId task;
  private final Message message;
  private boolean isDone;

  /// @param message the result or failure
  Slip(RuntimeTaskId task, Message message) {
    this.task = task;
    this.message = message;
  }

  RuntimeTaskId task() {
    return task;
  }

  /// The result or failure itself.
  public Message message() {
    return message;
  }

  boolean isDone() {
    return isDone;
  }

  /// It lies in its mailbox, is in the store, or is wanted by nobody.
  public void done() {
    isDone = true;
  }
}
