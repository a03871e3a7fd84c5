package io.quern.task.store;

import io.quern.engine.compile.CircuitStatistics;
import io.quern.engine.pass.Progress;
import io.quern.failure.ErrorCode;
import io.quern.task.Submission;
import io.quern.task.TaskError;
import io.quern.task.TaskJson;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.json.JsonMapper;

/// How values lie in columns: as the API's JSON where it has one, so that a person reading the
/// database meets the same words. Rows of an older version are read too: unknown members are passed
/// over, missing ones take Java's default.
final class StoredForms {
  private static final JsonMapper MAPPER =
      JsonMapper.builder()
          .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
          .disable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .build();

  private StoredForms() {}

  static String tags(List<String> tags) {
    return MAPPER.writeValueAsString(tags);
  }

  static List<String> readTags(String json) {
    List<String> tags = new ArrayList<>();
    for (JsonNode tag : MAPPER.readTree(json)) {
      tags.add(tag.asString());
    }
    return tags;
  }

  static @Nullable String progress(@Nullable Progress progress) {
    return progress == null ? null : TaskJson.text(json -> TaskJson.writeProgress(json, progress));
  }

  static @Nullable Progress readProgress(@Nullable String json) {
    return json == null ? null : MAPPER.readValue(json, Progress.class);
  }

  static String statistics(CircuitStatistics statistics) {
    return TaskJson.text(json -> TaskJson.writeStatistics(json, statistics));
  }

  static CircuitStatistics readStatistics(String json) {
    return MAPPER.readValue(json, CircuitStatistics.class);
  }

  static @Nullable String error(@Nullable TaskError error) {
    return error == null ? null : TaskJson.text(json -> TaskJson.writeError(json, error));
  }

  static @Nullable TaskError readError(@Nullable String json) {
    if (json == null) {
      return null;
    }
    JsonNode error = MAPPER.readTree(json);
    String type = error.path("type").asString("");
    JsonNode block = error.path("block");
    return new TaskError(
        code(type.substring(type.lastIndexOf('/') + 1)),
        error.path("detail").asString(""),
        textOrNull(error.path("pass")),
        block.isNumber() ? block.asInt() : null,
        textOrNull(error.path("cause")));
  }

  /// Codes are never renamed, but one of a newer version may not be known here.
  private static ErrorCode code(String slug) {
    String name = slug.toUpperCase(Locale.ROOT).replace('-', '_');
    for (ErrorCode code : ErrorCode.values()) {
      if (code.name().equals(name)) {
        return code;
      }
    }
    return ErrorCode.INTERNAL;
  }

  private static @Nullable String textOrNull(JsonNode node) {
    return node.isString() ? node.asString() : null;
  }

  /// The first number left out by a `gap` event.
  static long readGapStart(String json) {
    return MAPPER.readTree(json).path("from").asLong();
  }

  /// Everything of a submission but its circuit, which has a column of its own.
  static String options(Submission submission) {
    return MAPPER.writeValueAsString(withCircuit(submission, ""));
  }

  static Submission readSubmission(String options, String circuit) {
    return withCircuit(MAPPER.readValue(options, Submission.class), circuit);
  }

  private static Submission withCircuit(Submission submission, String circuit) {
    return submission.toBuilder().circuit(circuit).build();
  }
}
