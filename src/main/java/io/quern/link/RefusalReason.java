package io.quern.link;

/// Why a peer was turned away or cut off; each is counted.
public enum RefusalReason {
  /// It had no join token, or a wrong one.
  TOKEN,
  /// It showed no certificate, or one that is not trusted or whose time is over.
  CERTIFICATE,
  /// It speaks another protocol, or runs another version of the engine.
  VERSION,
  /// Both sides are bosses, or neither is.
  ROLE,
  /// What it sent is not what the protocol says.
  GARBAGE,
  /// It spoke for workers of others.
  FORGED,
  /// It did not introduce itself in time.
  SILENT_HELLO,
  /// Nothing was heard of it for too long.
  DEAD,
  /// It did not take what was sent to it.
  SLOW
}
