package io.quern.cli;

import org.jspecify.annotations.Nullable;

/// A file of the command line could not be read or written; the message is for the user.
final class CircuitFileException extends Exception {
  private static final long serialVersionUID = 1L;

  CircuitFileException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
