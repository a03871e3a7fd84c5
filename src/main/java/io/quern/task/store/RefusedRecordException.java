package io.quern.task.store;

/// A record that the database refuses by itself, however often it is tried; those before it are
/// there, those behind it are not.
public final class RefusedRecordException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final long position;

  /// @param position of the record in the journal
  public RefusedRecordException(long position, Throwable cause) {
    super("the record at " + position + " is refused: " + cause.getMessage(), cause);
    this.position = position;
  }

  public long position() {
    return position;
  }
}
