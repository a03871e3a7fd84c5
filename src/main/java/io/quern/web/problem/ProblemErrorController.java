package io.quern.web.problem;

import io.quern.failure.ErrorCode;
import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Objects;
import org.springframework.boot.webmvc.error.ErrorController;
import org.springframework.http.HttpHeaders;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/// Where the container sends what failed outside any call.
@RestController
class ProblemErrorController implements ErrorController {

  @RequestMapping("${spring.web.error.path:/error}")
  ResponseEntity<byte[]> error(HttpServletRequest request) {
    Object status = request.getAttribute(RequestDispatcher.ERROR_STATUS_CODE);
    Object path = request.getAttribute(RequestDispatcher.ERROR_REQUEST_URI);
    // The dispatch to this page is a GET whatever the request was.
    Object method = request.getAttribute(RequestDispatcher.ERROR_METHOD);
    Problem problem =
        Failures.byStatus(
            status instanceof Integer code ? code : 404,
            Objects.toString(method, request.getMethod()),
            Objects.toString(path, request.getRequestURI()),
            HttpHeaders.EMPTY);
    if (problem == null) {
      problem = Problem.of(ErrorCode.INTERNAL, "the service failed to answer; its log says why");
    }
    return problem.response();
  }
}
