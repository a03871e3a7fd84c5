package io.quern.failure;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/// A failure meant for a user's eyes: a code, a message that says what was expected and what was
/// found, and named details (line, column, token, known values) for machines.
public class QuernException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final ErrorCode code;
  private final transient Map<String, Object> details;

  public QuernException(ErrorCode code, String message) {
    this(code, message, Map.of());
  }

  /// @param details JSON-compatible values by snake_case name; iteration order is kept
  public QuernException(ErrorCode code, String message, Map<String, ?> details) {
    super(message);
    this.code = code;
    this.details = Collections.unmodifiableMap(new LinkedHashMap<>(details));
  }

  public ErrorCode code() {
    return code;
  }

  public Map<String, Object> details() {
    return details;
  }
}
