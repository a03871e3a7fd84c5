package io.quern.protocol;

/// A slot of a mailbox: where a result goes and, since a slot awaits exactly one result, which
/// runtime task is meant.
///
/// @param workerId the worker that owns the mailbox, or [#SERVER]
/// @param mailbox never used twice by one owner
/// @param slot argument index within the mailbox, or [#ALL_SLOTS] where many are meant
public record RuntimeAddress(long workerId, long mailbox, int slot) {
  /// The server's own mailboxes, which receive the results of root runtime tasks.
  public static final long SERVER = -1;

  /// Stands for every slot of the mailbox.
  public static final int ALL_SLOTS = -1;

  /// Whether `other` is this slot, or lies in this mailbox if this means all its slots.
  public boolean covers(RuntimeAddress other) {
    return workerId == other.workerId
        && mailbox == other.mailbox
        && (slot == ALL_SLOTS || slot == other.slot);
  }

  // Every table of the runtime is looked up by addresses, so these two are written out: what
  // records
  // derive is several calls deep until it is compiled.

  @Override
  public boolean equals(Object other) {
    return other instanceof RuntimeAddress that
        && mailbox == that.mailbox
        && slot == that.slot
        && workerId == that.workerId;
  }

  @Override
  public int hashCode() {
    return 31 * (31 * Long.hashCode(workerId) + Long.hashCode(mailbox)) + slot;
  }

  @Override
  public String toString() {
    return (workerId == SERVER ? "server" : workerId)
        + "/"
        + mailbox
        + "/"
        + (slot == ALL_SLOTS ? "*" : slot);
  }
}
