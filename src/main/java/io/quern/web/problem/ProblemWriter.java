package io.quern.web.problem;

import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

/// Writes problems where no controller runs: in filters and in the container itself.
public final class ProblemWriter {
  private ProblemWriter() {}

  /// Answers with the problem; does nothing if the answer is under way already.
  public static void write(HttpServletResponse response, Problem problem) throws IOException {
    if (response.isCommitted()) {
      return;
    }
    response.resetBuffer();
    response.setStatus(problem.status().value());
    problem.httpHeaders().forEach((name, values) -> values.forEach(v -> set(response, name, v)));
    byte[] body = problem.json();
    response.setContentLength(body.length);
    response.getOutputStream().write(body);
    response.flushBuffer();
  }

  private static void set(HttpServletResponse response, String name, String value) {
    response.setHeader(name, value);
  }
}
