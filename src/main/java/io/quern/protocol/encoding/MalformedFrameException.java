package io.quern.protocol.encoding;

/// Bytes that are not what the protocol says they are; whoever sent them is cut off.
public class MalformedFrameException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public MalformedFrameException(String message) {
    super(message);
  }

  public MalformedFrameException(String message, Throwable cause) {
    super(message, cause);
  }
}
