package io.quern.engine.pass;

/// Ends a search whose compilation has no time left. Whoever started the search catches it and goes
/// on with what there is; nobody else sees it.
public final class OutOfTimeException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /// Without a message and a stack trace: it is thrown from inner loops.
  OutOfTimeException() {
    super(null, null, false, false);
  }
}
