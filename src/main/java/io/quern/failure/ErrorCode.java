package io.quern.failure;

/// Every failure a user can meet. The name in lower case with hyphens ([#slug]) is the last part of
/// the problem type the service serves as a page, so it never changes once published.
public enum ErrorCode {
  QASM_SYNTAX(ErrorKind.USER, "The circuit is not valid OpenQASM 2"),
  QASM_SEMANTICS(ErrorKind.USER, "The circuit is well formed but means nothing valid"),
  CIRCUIT_TOO_LARGE(ErrorKind.USER, "The circuit is larger than this service accepts"),
  INVALID_MACHINE(ErrorKind.USER, "The machine model cannot hold the circuit or is not valid"),
  INVALID_OPTION(ErrorKind.USER, "An option has a value that is not allowed"),
  MALFORMED_JSON(ErrorKind.USER, "The body is not valid JSON for this call"),
  UNKNOWN_FIELD(ErrorKind.USER, "The body has a field this call does not know"),
  INVALID_PARAMETER(ErrorKind.USER, "A request parameter has a value that is not allowed"),
  PASS_FAILED(ErrorKind.INTERNAL, "A pass of the compilation failed"),
  OUT_OF_MEMORY(ErrorKind.RESOURCE, "The compilation needs more memory than there is"),
  QUEUE_FULL(ErrorKind.RESOURCE, "The queue is full"),
  STORE_UNAVAILABLE(ErrorKind.RESOURCE, "The store cannot take new tasks now"),
  DRAINING(ErrorKind.RESOURCE, "The service is stopping and accepts no new tasks"),
  INTERNAL(ErrorKind.INTERNAL, "Something went wrong inside the service");

  private final ErrorKind kind;
  private final String title;

  ErrorCode(ErrorKind kind, String title) {
    this.kind = kind;
    this.title = title;
  }

  public ErrorKind kind() {
    return kind;
  }

  public String title() {
    return title;
  }

  /// The last path segment of the problem type, such as `qasm-syntax`.
  public String slug() {
    return name().toLowerCase(java.util.Locale.ROOT).replace('_', '-');
  }
}
