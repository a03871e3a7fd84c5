package io.quern.protocol.encoding;

/// A message that is larger than a link carries.
public final class ValueTooLargeException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  ValueTooLargeException(long size, long limit) {
    super("it takes " + size + " bytes, a link carries " + limit);
  }
}
