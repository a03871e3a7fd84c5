package io.quern.task.store;

/// A commit failed in a way that leaves open whether it took place.
final class UnknownOutcomeException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  UnknownOutcomeException(Throwable cause) {
    super("the outcome of a commit is unknown", cause);
  }
}
