package io.quern.task.store;

/// The store cannot be opened; the message says why and what to do.
public final class StoreOpenException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  StoreOpenException(String message, Throwable cause) {
    super(message, cause);
  }
}
