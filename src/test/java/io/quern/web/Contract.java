package io.quern.web;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.Error;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import io.quern.web.Http.Answer;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// The served OpenAPI document as a judge: every answer must be one it describes.
final class Contract {
  private static final Set<String> METHODS = Set.of("get", "post", "delete", "put", "patch");

  private final JsonNode document;
  private final SchemaRegistry schemas =
      SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12);
  private final Set<String> seen = new TreeSet<>();

  Contract(String document) {
    this.document = JsonMapper.shared().readTree(document);
  }

  JsonNode document() {
    return document;
  }

  /// Checks status, headers, media type and body against the description of a call.
  ///
  /// @param call such as `GET /tasks/{id}`
  Answer judge(String call, Answer answer) {
    String status = Integer.toString(answer.status());
    JsonNode response = resolve(operation(call).path("responses").path(status));
    assertThat(response.isMissingNode())
        .as("%s is described to answer %s, as it did with %s", call, status, answer)
        .isFalse();
    response
        .path("headers")
        .properties()
        .forEach(
            header -> {
              if (header.getValue().path("required").asBoolean(false)) {
                assertThat(answer.header(header.getKey()))
                    .as("%s of %s %s", header.getKey(), call, status)
                    .isNotEmpty();
              }
            });
    JsonNode content = response.path("content");
    if (content.isMissingNode()) {
      assertThat(answer.body()).as("%s %s has no body", call, status).isEmpty();
    } else {
      judgeBody(call, answer, content);
    }
    seen.add(call + " " + status);
    return answer;
  }

  /// Checks an event against its schema.
  JsonNode judgeEvent(String json) {
    JsonNode event = JsonMapper.shared().readTree(json);
    judgeValue("an event", document.at("/components/schemas/Event"), event);
    return event;
  }

  /// Every call and status the document describes, such as `GET /tasks 200`.
  Set<String> described() {
    Set<String> all = new TreeSet<>();
    document
        .path("paths")
        .properties()
        .forEach(
            path ->
                path.getValue()
                    .properties()
                    .forEach(
                        method -> {
                          if (METHODS.contains(method.getKey())) {
                            String call =
                                method.getKey().toUpperCase(Locale.ROOT) + " " + path.getKey();
                            method
                                .getValue()
                                .path("responses")
                                .propertyNames()
                                .forEach(status -> all.add(call + " " + status));
                          }
                        }));
    return all;
  }

  /// What was judged so far.
  Set<String> seen() {
    return seen;
  }

  void judgeValue(String what, JsonNode schema, JsonNode value) {
    List<Error> errors = schema(schema).validate(value);
    assertThat(errors).as("%s against its schema: %s", what, value).isEmpty();
  }

  private void judgeBody(String call, Answer answer, JsonNode content) {
    String type = answer.header("content-type").replaceAll(";.*", "");
    JsonNode media = content.path(type);
    assertThat(media.isMissingNode())
        .as("%s %s may answer %s: %s", call, answer.status(), type, content.propertyNames())
        .isFalse();
    if (type.endsWith("json")) {
      judgeValue(call + " " + answer.status(), media.path("schema"), answer.json());
    }
  }

  private JsonNode operation(String call) {
    String[] parts = call.split(" ");
    JsonNode operation =
        document.path("paths").path(parts[1]).path(parts[0].toLowerCase(Locale.ROOT));
    assertThat(operation.isMissingNode()).as("%s is described", call).isFalse();
    return operation;
  }

  private JsonNode resolve(JsonNode node) {
    String reference = node.path("$ref").asString("");
    return reference.isEmpty() ? node : document.at(reference.substring(1));
  }

  /// Stands the schema beside the components it may refer to.
  private Schema schema(JsonNode node) {
    ObjectNode root = ((ObjectNode) node).deepCopy();
    root.set("components", document.path("components"));
    return schemas.getSchema(root);
  }
}
