package io.quern.web.problem;

import io.quern.failure.ErrorCode;
import io.quern.failure.QuernException;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import tools.jackson.databind.json.JsonMapper;

/// A failure as the client sees it: RFC 9457 problem details with a status and headers.
///
/// @param detail what was expected, what was found, where
/// @param members further members by name, such as `line`; they never replace the standard ones
/// @param headers headers the status asks for, such as `Allow`
public record Problem(
    ErrorCode code, String detail, Map<String, Object> members, Map<String, String> headers) {
  private static final JsonMapper JSON = JsonMapper.shared();

  public Problem {
    members = Collections.unmodifiableMap(new LinkedHashMap<>(members));
    headers = Collections.unmodifiableMap(new LinkedHashMap<>(headers));
  }

  public static Problem of(ErrorCode code, String detail) {
    return new Problem(code, detail, Map.of(), Map.of());
  }

  public static Problem of(QuernException failure) {
    String message = failure.getMessage();
    return new Problem(
        failure.code(),
        message == null ? failure.code().title() : message,
        failure.details(),
        Map.of());
  }

  public Problem withHeader(String name, String value) {
    Map<String, String> more = new LinkedHashMap<>(headers);
    more.put(name, value);
    return new Problem(code, detail, members, more);
  }

  public HttpStatus status() {
    return ProblemStatus.of(code);
  }

  /// The problem object of the API.
  public Map<String, Object> body() {
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("type", "/problems/" + code.slug());
    body.put("title", code.title());
    body.put("status", status().value());
    body.put("detail", detail);
    members.forEach(body::putIfAbsent);
    return body;
  }

  public byte[] json() {
    return JSON.writeValueAsBytes(body());
  }

  HttpHeaders httpHeaders() {
    HttpHeaders all = new HttpHeaders();
    all.setContentType(MediaType.APPLICATION_PROBLEM_JSON);
    Duration retryAfter = ProblemStatus.retryAfter(code);
    if (retryAfter != null) {
      all.set(HttpHeaders.RETRY_AFTER, Long.toString(retryAfter.toSeconds()));
    }
    if (code == ErrorCode.UPGRADE_REQUIRED) {
      all.set(HttpHeaders.UPGRADE, "websocket");
      all.set(HttpHeaders.CONNECTION, HttpHeaders.UPGRADE);
    }
    headers.forEach(all::set);
    return all;
  }

  public ResponseEntity<byte[]> response() {
    return new ResponseEntity<>(json(), httpHeaders(), status());
  }
}
