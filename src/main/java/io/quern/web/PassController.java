package io.quern.web;

import io.quern.engine.compile.PassDescription;
import io.quern.engine.compile.PassLibrary;
import io.quern.engine.compile.PassParameter;
import jakarta.servlet.http.HttpServletRequest;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.json.JsonMapper;

/// What a workflow may be made of.
@RestController
class PassController {
  private final byte[] passes;

  PassController() {
    List<Map<String, Object>> all = new ArrayList<>();
    for (PassDescription pass : PassLibrary.descriptions()) {
      Map<String, Object> described = new LinkedHashMap<>();
      described.put("name", pass.name());
      described.put("summary", pass.summary());
      described.put("aliases", pass.aliases());
      described.put("source", pass.source());
      described.put("max_qubits", pass.maxQubits());
      described.put(
          "needs",
          pass.needs().stream().map(need -> need.name().toLowerCase(Locale.ROOT)).toList());
      described.put(
          "parameters", pass.parameters().stream().map(PassController::described).toList());
      all.add(described);
    }
    passes = JsonMapper.shared().writeValueAsBytes(Map.of("passes", all));
  }

  private static Map<String, Object> described(PassParameter parameter) {
    Map<String, Object> described = new LinkedHashMap<>();
    described.put("name", parameter.name());
    described.put("type", parameter.type().name().toLowerCase(Locale.ROOT));
    described.put("required", parameter.usual().isEmpty());
    if (!parameter.usual().isEmpty()) {
      described.put("default", parameter.usual().getFirst());
    }
    described.put("allowed", parameter.allowed());
    return described;
  }

  @GetMapping("/passes")
  ResponseEntity<byte[]> passes(HttpServletRequest request) {
    Accept.json(request);
    QueryParameters.parse(request.getQueryString(), Set.of(), Set.of());
    return Answers.json(HttpStatus.OK).body(passes);
  }
}
