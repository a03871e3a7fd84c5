package io.quern.web.problem;

import io.quern.failure.ErrorCode;
import java.io.IOException;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ErrorReportValve;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;

/// Answers what Tomcat refuses before any filter sees it, such as a malformed address. Public
/// because Tomcat makes it by name.
public final class ProblemReportValve extends ErrorReportValve {

  @Override
  protected void report(Request request, Response response, @Nullable Throwable throwable) {
    int status = response.getStatus();
    if (status < 400 || response.getContentWritten() > 0 || !response.setErrorReported()) {
      return;
    }
    String method = request.getMethod();
    String path = request.getRequestURI();
    Problem problem =
        Failures.byStatus(
            status,
            method == null ? "a request" : method,
            path == null ? "without a readable address" : path,
            HttpHeaders.EMPTY);
    if (problem == null) {
      problem = Problem.of(ErrorCode.INTERNAL, "the service failed to answer; its log says why");
    }
    try {
      ProblemWriter.write(response, problem);
    } catch (IOException e) {
      getContainer().getLogger().debug("The connection broke before the problem was written", e);
    }
  }
}
