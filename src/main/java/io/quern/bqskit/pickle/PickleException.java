package io.quern.bqskit.pickle;

/// A pickle that is refused: malformed, too large or too deep, or with an opcode that reaches
/// outside of it. The message names the offset and the opcode.
public final class PickleException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public PickleException(String message) {
    super(message);
  }
}
