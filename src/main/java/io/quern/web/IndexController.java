package io.quern.web;

import jakarta.servlet.http.HttpServletRequest;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.info.BuildProperties;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.json.JsonMapper;

/// The front door: the API page for browsers, the addresses as JSON for everything else.
@RestController
class IndexController {
  private final byte[] index;

  IndexController(@Nullable BuildProperties build) {
    Map<String, Object> all = new LinkedHashMap<>();
    all.put("name", "quern");
    String version = build == null ? null : build.getVersion();
    if (version != null) {
      all.put("version", version);
    }
    Map<String, String> links = new LinkedHashMap<>();
    links.put("tasks", "/tasks");
    links.put("passes", "/passes");
    links.put("openapi", "/v3/api-docs");
    links.put("api_page", "/swagger-ui.html");
    links.put("problems", "/problems");
    all.put("links", links);
    index = JsonMapper.shared().writeValueAsBytes(all);
  }

  @GetMapping("/")
  ResponseEntity<byte[]> index(HttpServletRequest request) {
    String accept = request.getHeader(HttpHeaders.ACCEPT);
    if (accept != null && accept.contains(MediaType.TEXT_HTML_VALUE)) {
      return ResponseEntity.status(HttpStatus.FOUND)
          .header(HttpHeaders.LOCATION, "/swagger-ui.html")
          .header(HttpHeaders.VARY, HttpHeaders.ACCEPT)
          .build();
    }
    return Answers.json(HttpStatus.OK).header(HttpHeaders.VARY, HttpHeaders.ACCEPT).body(index);
  }
}
