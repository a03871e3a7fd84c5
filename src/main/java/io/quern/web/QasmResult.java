package io.quern.web;

import io.quern.task.TaskStore.StoredResult;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A result as bare OpenQASM: what the circuit alone does not say leads it as comments.
final class QasmResult {
  private QasmResult() {}

  static String text(StoredResult stored) {
    JsonNode result = JsonMapper.shared().readTree(stored.json());
    return mapping(result, "initial_mapping")
        + mapping(result, "final_mapping")
        + "// seed: "
        + result.path("seed").asString()
        + "\n// version: "
        + result.path("version").asString()
        + "\n"
        + stored.circuit();
  }

  private static String mapping(JsonNode result, String name) {
    JsonNode mapping = result.path(name);
    return mapping.isArray()
        ? "// " + name + ": " + mapping.toString().replace(",", ", ") + "\n"
        : "";
  }
}
