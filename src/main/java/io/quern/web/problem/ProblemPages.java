package io.quern.web.problem;

import io.quern.failure.ErrorCode;
import io.quern.failure.QuernException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.util.HtmlUtils;
import tools.jackson.databind.json.JsonMapper;

/// What a problem's `type` leads to: what it means and what to do, as a page for people and as JSON
/// for everything else.
@RestController
class ProblemPages {
  private static final MediaType HTML = new MediaType(MediaType.TEXT_HTML, StandardCharsets.UTF_8);

  @GetMapping("/problems")
  ResponseEntity<byte[]> index(@RequestHeader(name = "Accept", required = false) String accept) {
    if (wantsPage(accept)) {
      StringBuilder list = new StringBuilder("<ul>");
      for (ErrorCode code : ErrorCode.values()) {
        list.append(
            "<li><a href=\"/problems/%s\">%s</a>: %s</li>"
                .formatted(code.slug(), code.slug(), HtmlUtils.htmlEscape(code.title())));
      }
      return page("Problems", list.append("</ul>").toString());
    }
    return json(Map.of("problems", Arrays.stream(ErrorCode.values()).map(this::object).toList()));
  }

  @GetMapping("/problems/{slug}")
  ResponseEntity<byte[]> problem(
      @PathVariable String slug, @RequestHeader(name = "Accept", required = false) String accept) {
    ErrorCode code = find(slug);
    if (wantsPage(accept)) {
      HttpStatus status = ProblemStatus.of(code);
      return page(
          code.title(),
          "<p>Type <code>/problems/%s</code>, status %s.</p><p>%s</p><p><a href=\"/problems\">All problems</a></p>"
              .formatted(
                  code.slug(),
                  status.value() + " " + HtmlUtils.htmlEscape(status.getReasonPhrase()),
                  HtmlUtils.htmlEscape(ProblemStatus.advice(code))
                      .replaceAll("`([^`]*)`", "<code>$1</code>")));
    }
    return json(object(code));
  }

  private static ErrorCode find(String slug) {
    for (ErrorCode code : ErrorCode.values()) {
      if (code.slug().equals(slug)) {
        return code;
      }
    }
    List<String> known = Arrays.stream(ErrorCode.values()).map(ErrorCode::slug).toList();
    throw new QuernException(
        ErrorCode.NOT_FOUND,
        "expected a problem type, found '" + slug + "'",
        Map.of("known", known));
  }

  private Map<String, Object> object(ErrorCode code) {
    Map<String, Object> object = new LinkedHashMap<>();
    object.put("type", "/problems/" + code.slug());
    object.put("title", code.title());
    object.put("status", ProblemStatus.of(code).value());
    object.put("advice", ProblemStatus.advice(code));
    return object;
  }

  private static boolean wantsPage(@org.jspecify.annotations.Nullable String accept) {
    return accept != null && accept.contains("text/html");
  }

  private static ResponseEntity<byte[]> json(Object value) {
    return ResponseEntity.ok()
        .contentType(MediaType.APPLICATION_JSON)
        .header(HttpHeaders.VARY, HttpHeaders.ACCEPT)
        .body(JsonMapper.shared().writeValueAsBytes(value));
  }

  private static ResponseEntity<byte[]> page(String title, String body) {
    String escaped = HtmlUtils.htmlEscape(title);
    String html =
        """
        <!doctype html>
        <html lang="en"><head><meta charset="utf-8"><title>%s - Quern</title>
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <style>body{font:1rem/1.5 system-ui,sans-serif;max-width:42rem;margin:3rem auto;padding:0 1rem}
        code{background:#eee;padding:0 .2em}</style></head>
        <body><h1>%s</h1>%s</body></html>
        """
            .formatted(escaped, escaped, body);
    return ResponseEntity.ok()
        .contentType(HTML)
        .header(HttpHeaders.VARY, HttpHeaders.ACCEPT)
        .body(html.getBytes(StandardCharsets.UTF_8));
  }
}
