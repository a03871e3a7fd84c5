package io.quern.web.problem;

import io.quern.failure.ErrorCode;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;

/// Which HTTP status each failure has, when trying again makes sense, and what a user can do. This
/// is the only place that knows.
final class ProblemStatus {
  private ProblemStatus() {}

  static HttpStatus of(ErrorCode code) {
    return switch (code) {
      case MALFORMED_REQUEST, MALFORMED_JSON, UNKNOWN_FIELD, INVALID_PARAMETER ->
          HttpStatus.BAD_REQUEST;
      case UNAUTHORIZED -> HttpStatus.UNAUTHORIZED;
      case FORBIDDEN, FOREIGN_ORIGIN, FOREIGN_HOST -> HttpStatus.FORBIDDEN;
      case NOT_FOUND, TASK_NOT_FOUND -> HttpStatus.NOT_FOUND;
      case METHOD_NOT_ALLOWED -> HttpStatus.METHOD_NOT_ALLOWED;
      case NOT_ACCEPTABLE -> HttpStatus.NOT_ACCEPTABLE;
      case TASK_FAILED, TASK_CANCELLED, TASK_NOT_FINISHED, IDEMPOTENCY_KEY_IN_FLIGHT ->
          HttpStatus.CONFLICT;
      case TASK_EXPIRED -> HttpStatus.GONE;
      case BODY_TOO_LARGE, BATCH_TOO_LARGE -> HttpStatus.CONTENT_TOO_LARGE;
      case UNSUPPORTED_MEDIA_TYPE -> HttpStatus.UNSUPPORTED_MEDIA_TYPE;
      case EVENT_OUT_OF_RANGE -> HttpStatus.REQUESTED_RANGE_NOT_SATISFIABLE;
      case QASM_SYNTAX,
          QASM_SEMANTICS,
          CIRCUIT_TOO_LARGE,
          INVALID_MACHINE,
          INVALID_OPTION,
          INVALID_ADDRESS,
          NO_WORKER,
          BATCH_REJECTED,
          IDEMPOTENCY_KEY_REUSED ->
          HttpStatus.UNPROCESSABLE_CONTENT;
      case UPGRADE_REQUIRED -> HttpStatus.UPGRADE_REQUIRED;
      case QUEUE_FULL, TOO_MANY_BODIES, TOO_MANY_STREAMS -> HttpStatus.TOO_MANY_REQUESTS;
      case STORE_UNAVAILABLE, DRAINING -> HttpStatus.SERVICE_UNAVAILABLE;
      case PASS_FAILED, POISONED, TIME_LIMIT, OUT_OF_MEMORY, INTERNAL ->
          HttpStatus.INTERNAL_SERVER_ERROR;
    };
  }

  /// How long to wait before the same request may succeed; null if it never will by waiting.
  static @Nullable Duration retryAfter(ErrorCode code) {
    return switch (code) {
      case QUEUE_FULL, IDEMPOTENCY_KEY_IN_FLIGHT -> Duration.ofSeconds(1);
      case TOO_MANY_BODIES, TOO_MANY_STREAMS, STORE_UNAVAILABLE -> Duration.ofSeconds(5);
      case DRAINING -> Duration.ofSeconds(10);
      default -> null;
    };
  }

  /// What a user can do about it, for the page of the problem type.
  static String advice(ErrorCode code) {
    return switch (code) {
      case MALFORMED_REQUEST ->
          "The request breaks the rules of HTTP, of its address or of UTF-8. The detail says"
              + " where.";
      case MALFORMED_JSON ->
          "The body is not JSON, or a value has another type than this call reads. `line`, `column`"
              + " and `pointer` (RFC 6901) lead to the place; `expected` and `found` say what to"
              + " change. Names may come once only, and nothing may follow the object.";
      case UNKNOWN_FIELD ->
          "Check the spelling of the field at `pointer`; `known` lists what may stand there.";
      case INVALID_PARAMETER ->
          "Check the name and the value of the query parameter, header or path segment called"
              + " `parameter`; `known` or `expected` says what is allowed.";
      case UNAUTHORIZED ->
          "Send the header `Authorization: Bearer <token>`. A browser's WebSocket sends the token"
              + " as its second subprotocol: `quern.v1, bearer.<token>`.";
      case FORBIDDEN ->
          "The token is valid, but for other calls: tokens for tasks do not open the management"
              + " endpoints, tokens for management do not open tasks.";
      case FOREIGN_ORIGIN ->
          "Without tokens the service answers only pages it served itself, because any page in your"
              + " browser could send it tasks otherwise. Configure `quern.tokens` to serve others.";
      case FOREIGN_HOST ->
          "Without tokens the service answers only to localhost, 127.0.0.1 and [::1], which keeps"
              + " pages away that point a name of their own at this machine. Configure"
              + " `quern.tokens` to serve other names.";
      case NOT_FOUND -> "Check the address; the API page lists every call.";
      case TASK_NOT_FOUND ->
          "Check the id. Tasks of other tenants look like tasks that do not exist.";
      case TASK_EXPIRED ->
          "Finished tasks are kept for the configured retention. Submit the circuit again: the same"
              + " seed and version give the same result.";
      case TASK_FAILED ->
          "`error` says which pass failed and why. The event log has what led to it.";
      case TASK_CANCELLED -> "Its owner cancelled the task. Submit it again for a result.";
      case TASK_NOT_FINISHED ->
          "Only finished tasks can be purged. Cancel the task first, by DELETE without `purge`.";
      case METHOD_NOT_ALLOWED -> "The header `Allow` lists the methods of this address.";
      case NOT_ACCEPTABLE ->
          "Change the header `Accept` to one of the formats listed in `known`, or leave it out.";
      case UNSUPPORTED_MEDIA_TYPE ->
          "Send JSON or OpenQASM 2 in UTF-8, with one of the content types listed in `known`.";
      case UPGRADE_REQUIRED ->
          "Open the address with a WebSocket client; over plain HTTP read `/events` instead.";
      case BODY_TOO_LARGE ->
          "Send less at once, or raise `quern.limits.body` where the service is yours.";
      case BATCH_TOO_LARGE ->
          "Split the batch, or raise `quern.limits.batch` where the service is yours.";
      case BATCH_REJECTED ->
          "`problems` lists the tasks that are not valid, by their `index`. Correct them, or leave"
              + " out `atomic` to have the valid ones accepted.";
      case EVENT_OUT_OF_RANGE ->
          "The task has ended and its log will not grow. `last_event` is its last event.";
      case QASM_SYNTAX ->
          "`line`, `column` and `token` lead to the place in the circuit, `expected` lists what"
              + " could stand there.";
      case QASM_SEMANTICS ->
          "The circuit reads as OpenQASM 2 but breaks one of its rules at `line` and `column`.";
      case CIRCUIT_TOO_LARGE ->
          "Send a smaller circuit, or raise `quern.limits.qubits` or `quern.limits.gates` where the"
              + " service is yours.";
      case INVALID_MACHINE ->
          "Check qubits, coupling and gates of the machine. A connected part of the coupling must"
              + " hold the circuit, and the gates must be able to express any circuit.";
      case INVALID_ADDRESS ->
          "Give the address as `host:port`, such as `rack-7:7470` or `[fd00::7]:7470`.";
      case INVALID_OPTION -> "Check the value of the option; the detail says what is allowed.";
      case IDEMPOTENCY_KEY_REUSED ->
          "An Idempotency-Key stands for one request, body and query. Use a new key for a new one.";
      case IDEMPOTENCY_KEY_IN_FLIGHT ->
          "Send the same request again after the time in `Retry-After`.";
      case QUEUE_FULL, TOO_MANY_BODIES, TOO_MANY_STREAMS, STORE_UNAVAILABLE, DRAINING ->
          "Send the same request again after the time in `Retry-After`.";
      case PASS_FAILED ->
          "A defect of this service. The task's error names the pass and the block; please report"
              + " it with the circuit.";
      case POISONED ->
          "Each process that ran a part of this compilation ended while it did, so it was given up"
              + " before it ended all of them. Please report it with the circuit and the logs of"
              + " the managers.";
      case TIME_LIMIT ->
          "A defect of this service: a compilation has to hand back its best circuit so far when"
              + " its time is up, and this one did not. Please report it with the circuit.";
      case NO_WORKER ->
          "The detail lists the labels that workers have. Start a manager with the missing label"
              + " (`--labels`), or leave the label out of `requires`.";
      case OUT_OF_MEMORY -> "Send a smaller circuit, or give the service more memory.";
      case INTERNAL ->
          "A defect of this service; its log has the cause. Please report it with the request.";
    };
  }
}
