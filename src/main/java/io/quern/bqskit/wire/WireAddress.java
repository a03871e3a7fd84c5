package io.quern.bqskit.wire;

/// BQSKit's `RuntimeAddress`: where a result goes, and the identity of the runtime task it comes
/// from.
///
/// @param worker id of the worker that waits for the result; -1 is the server
/// @param mailbox number of the mailbox there
/// @param slot place in the mailbox
public record WireAddress(long worker, long mailbox, long slot) {
  /// The worker id of the server.
  public static final long SERVER = -1;

  /// The address of a compilation task's root.
  public static WireAddress root(long mailbox) {
    return new WireAddress(SERVER, mailbox, 0);
  }

  @Override
  public int hashCode() {
    long mixed = (worker * 0x9E3779B97F4A7C15L + mailbox) * 0x9E3779B97F4A7C15L + slot;
    return Long.hashCode(mixed * 0x9E3779B97F4A7C15L);
  }
}
