package io.quern.web.problem;

import io.quern.failure.ErrorCode;
import io.quern.failure.ErrorKind;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;

/// The HTTP edge's one catch: every exception of a call becomes a problem.
@RestControllerAdvice
class ProblemAdvice {
  private static final Logger log = LoggerFactory.getLogger(ProblemAdvice.class);

  /// Answers null, which is nothing, where the client is gone or already has part of an answer.
  @ExceptionHandler(Throwable.class)
  @Nullable ResponseEntity<byte[]> answer(
      Throwable failure, HttpServletRequest request, HttpServletResponse response) {
    String method = request.getMethod();
    String path = request.getRequestURI();
    Problem problem = Failures.problem(failure, method, path);
    if (problem == null && failure instanceof IOException) {
      log.debug("{} {}: the connection broke", method, path, failure);
      return null;
    }
    if (problem == null || problem.code().kind() == ErrorKind.INTERNAL) {
      log.error("{} {} failed", method, path, failure);
    } else if (problem.code().kind() == ErrorKind.RESOURCE && failure.getCause() != null) {
      log.warn("{} {} cannot be answered now", method, path, failure);
    }
    if (response.isCommitted()) {
      return null;
    }
    if (problem == null) {
      problem = Problem.of(ErrorCode.INTERNAL, "the service failed to answer; its log says why");
    }
    response.resetBuffer();
    return problem.response();
  }
}
