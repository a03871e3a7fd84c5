package io.quern.web;

import io.quern.failure.ErrorCode;
import io.quern.failure.QuernException;
import io.quern.server.Cluster;
import io.quern.server.ClusterNode;
import io.quern.task.TaskJson;
import io.quern.web.json.JsonReader;
import io.quern.web.json.JsonReader.Field;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.util.unit.DataSize;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.core.JsonGenerator;

/// Who works for the server, and who is to.
@RestController
class ClusterController {
  /// The role of tokens with that access, and of everybody where there are no tokens.
  private static final String MANAGEMENT = "MANAGEMENT";

  private static final DataSize LARGEST_BODY = DataSize.ofKilobytes(16);

  private static final Map<String, Field<Draft>> FIELDS =
      Map.of(
          "address",
          (draft, in) -> draft.address = in.string(),
          "wire",
          ClusterController::readWire);

  private static final class Draft {
    private @Nullable String address;
    private boolean isBqskit;
  }

  private final Cluster cluster;

  ClusterController(Cluster cluster) {
    this.cluster = cluster;
  }

  /// Names and addresses of machines are for those who manage them.
  @GetMapping("/cluster")
  ResponseEntity<byte[]> tree(HttpServletRequest request) {
    Accept.json(request);
    QueryParameters.parse(request.getQueryString(), Set.of(), Set.of());
    Cluster.Tree all = cluster.tree();
    Cluster.Tree tree = request.isUserInRole(MANAGEMENT) ? all : all.withoutMachines();
    return Answers.json(HttpStatus.OK)
        .body(Answers.bytes(TaskJson.text(json -> write(json, tree))));
  }

  /// Dials a manager from now on; one that is dialled already is left as it is.
  @PostMapping("/cluster/managers")
  ResponseEntity<byte[]> connect(HttpServletRequest request)
      throws IOException, InterruptedException {
    Accept.json(request);
    QueryParameters.parse(request.getQueryString(), Set.of(), Set.of());
    Draft draft = new Draft();
    String address = address(RequestBody.read(request, LARGEST_BODY, _ -> {}).text(), draft);
    boolean isNew;
    try {
      isNew =
          draft.isBqskit
              ? cluster.connectToBqskitManager(address)
              : cluster.connectToManager(address);
    } catch (IllegalArgumentException e) {
      String found = address.length() <= 80 ? address : address.substring(0, 80) + "...";
      QuernException invalid =
          new QuernException(
              ErrorCode.INVALID_ADDRESS,
              "expected host:port of a manager that listens, found '" + found + "'",
              Map.of("pointer", "/address", "found", found));
      invalid.initCause(e);
      throw invalid;
    }
    return Answers.json(isNew ? HttpStatus.ACCEPTED : HttpStatus.OK)
        .body(Answers.bytes(TaskJson.text(json -> writeDialled(json, cluster.tree().dialled()))));
  }

  private static void readWire(Draft draft, JsonReader in) {
    String wire = in.string();
    if (!wire.equals("quern") && !wire.equals("bqskit")) {
      throw in.malformed("\"quern\" or \"bqskit\"", "\"" + wire + "\"");
    }
    draft.isBqskit = wire.equals("bqskit");
  }

  private static String address(String body, Draft draft) {
    try (JsonReader in = JsonReader.open(body)) {
      in.object("a manager", draft, FIELDS);
      String address = draft.address;
      if (address == null) {
        throw in.malformed("the field 'address' of the manager, such as \"host:7470\"", "none");
      }
      in.end();
      return address;
    }
  }

  private static void write(JsonGenerator json, Cluster.Tree tree) {
    Instant since = tree.since();
    json.writeStartObject();
    writeString(json, "name", tree.name());
    json.writeStringProperty("role", "server");
    writeString(json, "address", tree.listening());
    json.writeStringProperty(
        "state", since == null ? "starting" : tree.isDraining() ? "draining" : "running");
    json.writeStringProperty("version", tree.version());
    writeString(json, "since", since == null ? null : TaskJson.time(since));
    json.writeNumberProperty("slots", tree.slots());
    json.writeNumberProperty("idle", tree.idle());
    json.writeNumberProperty("queued", tree.queued());
    json.writeNumberProperty("running", tree.running());
    json.writeArrayPropertyStart("managers");
    tree.managers().forEach(each -> write(json, each));
    json.writeEndArray();
    json.writeName("dialled");
    writeList(json, tree.dialled());
    json.writeEndObject();
  }

  private static void write(JsonGenerator json, ClusterNode node) {
    json.writeStartObject();
    writeString(json, "name", node.name());
    json.writeStringProperty("role", node.role());
    writeString(json, "address", node.address());
    json.writeStringProperty("state", node.state());
    json.writeStringProperty("version", node.version());
    json.writeStringProperty("since", TaskJson.time(node.since()));
    json.writeArrayPropertyStart("labels");
    node.labels().forEach(json::writeString);
    json.writeEndArray();
    json.writeNumberProperty("slots", node.slots());
    json.writeNumberProperty("idle", node.idle());
    json.writeNumberProperty("tasks", node.tasks());
    json.writeNumberProperty("waiting", node.waiting());
    json.writeArrayPropertyStart("managers");
    node.below().forEach(each -> write(json, each));
    json.writeEndArray();
    json.writeEndObject();
  }

  private static void writeDialled(JsonGenerator json, List<Cluster.Dialled> dialled) {
    json.writeStartObject();
    json.writeName("dialled");
    writeList(json, dialled);
    json.writeEndObject();
  }

  private static void writeList(JsonGenerator json, List<Cluster.Dialled> dialled) {
    json.writeStartArray();
    for (Cluster.Dialled each : dialled) {
      json.writeStartObject();
      json.writeStringProperty("address", each.address());
      json.writeBooleanProperty("connected", each.isConnected());
      json.writeStringProperty("state", each.state());
      json.writeEndObject();
    }
    json.writeEndArray();
  }

  private static void writeString(JsonGenerator json, String name, @Nullable String value) {
    if (value == null) {
      json.writeNullProperty(name);
    } else {
      json.writeStringProperty(name, value);
    }
  }
}
