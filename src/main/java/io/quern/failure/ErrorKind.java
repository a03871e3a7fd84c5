package io.quern.failure;

/// Who can do something about a failure; it alone decides HTTP status class, retries and log level.
public enum ErrorKind {
  /// The request is at fault; the same request will fail again.
  USER,
  /// A limit of this service was reached; the same request may succeed later.
  RESOURCE,
  /// Something outside this service failed.
  EXTERNAL,
  /// A defect of this service.
  INTERNAL
}
