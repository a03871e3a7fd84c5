package io.quern.web.problem;

import io.quern.failure.ErrorCode;
import io.quern.failure.QuernException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.web.ErrorResponse;

/// Turns whatever was thrown, by Quern or by the framework, into a problem.
final class Failures {
  /// Shown with every unknown address.
  static final List<String> CALLS =
      List.of(
          "POST /tasks",
          "POST /tasks/batch",
          "GET /tasks",
          "GET /tasks/{id}",
          "GET /tasks/{id}/result",
          "GET /tasks/{id}/input",
          "GET /tasks/{id}/explain",
          "DELETE /tasks/{id}",
          "GET /tasks/{id}/events",
          "GET /tasks/{id}/stream",
          "GET /cluster",
          "POST /cluster/managers",
          "GET /passes",
          "GET /problems",
          "GET /problems/{slug}",
          "GET /v3/api-docs",
          "GET /swagger-ui.html");

  private Failures() {}

  /// The problem of a failure, or null if it is a defect whose text is nobody's business.
  static @Nullable Problem problem(Throwable failure, String method, String path) {
    if (failure instanceof QuernException ours) {
      return Problem.of(ours);
    }
    if (!(failure instanceof ErrorResponse framework)) {
      return null;
    }
    HttpHeaders headers = framework.getHeaders();
    return byStatus(framework.getStatusCode().value(), method, path, headers);
  }

  /// The problem of a bare status, as the framework or the container reports it.
  static @Nullable Problem byStatus(int status, String method, String path, HttpHeaders headers) {
    return switch (status) {
      case 404 ->
          new Problem(
              ErrorCode.NOT_FOUND,
              "expected the address of a call, found " + path,
              Map.of("known", CALLS),
              Map.of());
      case 405 -> methodNotAllowed(method, path, headers);
      case 406 ->
          Problem.of(
              ErrorCode.NOT_ACCEPTABLE, "this call has no answer in a format `Accept` allows");
      case 413 ->
          Problem.of(ErrorCode.BODY_TOO_LARGE, "the body is larger than this service accepts");
      case 414, 431 ->
          Problem.of(
              ErrorCode.MALFORMED_REQUEST, "address and headers are larger than the service reads");
      case 415 ->
          Problem.of(
              ErrorCode.UNSUPPORTED_MEDIA_TYPE, "this call does not read bodies of this type");
      case 401 -> Problem.of(ErrorCode.UNAUTHORIZED, "expected a valid bearer token");
      case 403 -> Problem.of(ErrorCode.FORBIDDEN, "this call is not allowed");
      case 503 -> Problem.of(ErrorCode.DRAINING, "the service is starting or stopping");
      default ->
          status >= 400 && status < 500
              ? Problem.of(
                  ErrorCode.MALFORMED_REQUEST,
                  "expected a well-formed HTTP request, found " + method + " " + path)
              : null;
    };
  }

  private static Problem methodNotAllowed(String method, String path, HttpHeaders headers) {
    TreeSet<String> allowed = new TreeSet<>();
    headers.getAllow().forEach(known -> allowed.add(known.name()));
    Map<String, Object> members = new LinkedHashMap<>();
    String expected = "another method";
    Map<String, String> answer = Map.of();
    if (!allowed.isEmpty()) {
      members.put("known", List.copyOf(allowed));
      expected = String.join(" or ", allowed);
      answer = Map.of(HttpHeaders.ALLOW, String.join(", ", allowed));
    }
    return new Problem(
        ErrorCode.METHOD_NOT_ALLOWED,
        "expected %s at %s, found %s".formatted(expected, path, method),
        members,
        answer);
  }
}
