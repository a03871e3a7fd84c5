package io.quern.failure;

/// Every failure a user can meet. The name in lower case with hyphens ([#slug]) is the last part of
/// the problem type the service serves as a page, so it never changes once published.
public enum ErrorCode {
  QASM_SYNTAX(ErrorKind.USER, "The circuit is not valid OpenQASM 2"),
  QASM_SEMANTICS(ErrorKind.USER, "The circuit is well formed but means nothing valid"),
  CIRCUIT_TOO_LARGE(ErrorKind.USER, "The circuit is larger than this service accepts"),
  INVALID_MACHINE(ErrorKind.USER, "The machine model cannot hold the circuit or is not valid"),
  INVALID_OPTION(ErrorKind.USER, "An option has a value that is not allowed"),
  INVALID_ADDRESS(ErrorKind.USER, "The address is not host:port"),
  MALFORMED_REQUEST(ErrorKind.USER, "The request is not well-formed"),
  MALFORMED_JSON(ErrorKind.USER, "The body is not valid JSON for this call"),
  UNKNOWN_FIELD(ErrorKind.USER, "The body has a field this call does not know"),
  INVALID_PARAMETER(ErrorKind.USER, "A request parameter has a value that is not allowed"),
  UNAUTHORIZED(ErrorKind.USER, "The request carries no valid token"),
  FORBIDDEN(ErrorKind.USER, "The token does not allow this call"),
  FOREIGN_ORIGIN(ErrorKind.USER, "The request was started by a page of another origin"),
  FOREIGN_HOST(ErrorKind.USER, "The request names a host that is not this machine"),
  NOT_FOUND(ErrorKind.USER, "There is nothing at this address"),
  TASK_NOT_FOUND(ErrorKind.USER, "There is no such task"),
  TASK_EXPIRED(ErrorKind.USER, "The task was removed after its retention"),
  TASK_FAILED(ErrorKind.USER, "The task failed and has no result"),
  TASK_CANCELLED(ErrorKind.USER, "The task was cancelled and has no result"),
  TASK_NOT_FINISHED(ErrorKind.USER, "The task is not finished"),
  METHOD_NOT_ALLOWED(ErrorKind.USER, "The address does not know this method"),
  NOT_ACCEPTABLE(ErrorKind.USER, "The answer does not exist in a format that is accepted"),
  UNSUPPORTED_MEDIA_TYPE(ErrorKind.USER, "The body has a content type this call does not read"),
  UPGRADE_REQUIRED(ErrorKind.USER, "The address speaks WebSocket only"),
  BODY_TOO_LARGE(ErrorKind.USER, "The body is larger than this service accepts"),
  BATCH_TOO_LARGE(ErrorKind.USER, "The batch has more tasks than this service accepts"),
  BATCH_REJECTED(ErrorKind.USER, "Nothing of the atomic batch was accepted"),
  EVENT_OUT_OF_RANGE(ErrorKind.USER, "The task ended before this event"),
  IDEMPOTENCY_KEY_REUSED(ErrorKind.USER, "The idempotency key came with another request before"),
  IDEMPOTENCY_KEY_IN_FLIGHT(
      ErrorKind.USER, "The first request with this idempotency key is still being stored"),
  PASS_FAILED(ErrorKind.INTERNAL, "A pass of the compilation failed"),
  POISONED(ErrorKind.INTERNAL, "The processes that ran the compilation ended one after the other"),
  TIME_LIMIT(ErrorKind.INTERNAL, "The compilation did not stop after its time limit"),
  NO_WORKER(ErrorKind.USER, "No worker has the labels the task requires"),
  OUT_OF_MEMORY(ErrorKind.RESOURCE, "The compilation needs more memory than there is"),
  QUEUE_FULL(ErrorKind.RESOURCE, "The queue is full"),
  TOO_MANY_BODIES(ErrorKind.RESOURCE, "Too many large bodies at once"),
  TOO_MANY_STREAMS(ErrorKind.RESOURCE, "Too many streams are open"),
  STORE_UNAVAILABLE(ErrorKind.RESOURCE, "The store does not answer or takes no new tasks now"),
  DRAINING(ErrorKind.RESOURCE, "The service is stopping"),
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
