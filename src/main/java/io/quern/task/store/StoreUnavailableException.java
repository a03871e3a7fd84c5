package io.quern.task.store;

import io.quern.failure.ErrorCode;
import io.quern.failure.QuernException;

/// The database cannot be reached; nothing was written.
final class StoreUnavailableException extends QuernException {
  private static final long serialVersionUID = 1L;

  StoreUnavailableException(String message, Throwable cause) {
    super(ErrorCode.STORE_UNAVAILABLE, message);
    initCause(cause);
  }
}
