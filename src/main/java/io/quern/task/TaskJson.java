package io.quern.task;

import io.quern.engine.compile.CircuitStatistics;
import io.quern.engine.compile.CompilationResult;
import io.quern.engine.compile.Distance;
import io.quern.engine.compile.PassReport;
import io.quern.engine.machine.CouplingGraph;
import io.quern.engine.machine.MachineModel;
import io.quern.engine.pass.LogLevel;
import io.quern.engine.pass.Progress;
import io.quern.task.TaskStore.StoredResult;
import java.io.StringWriter;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/// The JSON objects of the tasks API: status, result, event and error. Names are in snake_case,
/// times in UTC to the millisecond, members always in the same order. What is stored and what is
/// answered is written here, so that an event read again later is the same text.
public final class TaskJson {
  /// Circuits up to this many characters travel inside a `result` event; longer ones are fetched by
  /// the link beside the null in their place.
  public static final int EVENT_CIRCUIT_LIMIT = 1 << 20;

  /// Longer log messages, error details and causes are cut.
  public static final int MESSAGE_LIMIT = 1 << 14;

  private static final JsonFactory FACTORY = new JsonFactory();
  private static final DateTimeFormatter MILLISECONDS =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'", Locale.ROOT)
          .withZone(ZoneOffset.UTC);

  /// What follows the circuit in a result object.
  private static final String AFTER_CIRCUIT = ",\"format\":";

  private TaskJson() {}

  /// A JSON text made by a generator.
  public static String text(Consumer<JsonGenerator> writer) {
    StringWriter text = new StringWriter(512);
    try (JsonGenerator json = FACTORY.createGenerator(ObjectWriteContext.empty(), text)) {
      writer.accept(json);
    }
    return text.toString();
  }

  /// A time as the API shows it.
  public static String time(Instant instant) {
    return MILLISECONDS.format(instant);
  }

  /// `/tasks/{id}`
  public static String self(TaskId id) {
    return "/tasks/" + id;
  }

  /// The status object.
  public static String status(CompilationTask task) {
    return text(json -> writeStatus(json, task));
  }

  /// Writes the status object.
  public static void writeStatus(JsonGenerator json, CompilationTask task) {
    String self = self(task.id());
    json.writeStartObject();
    json.writeStringProperty("id", task.id().toString());
    writeString(json, "name", task.name());
    json.writeName("tags");
    writeStrings(json, task.tags());
    json.writeStringProperty("state", task.state().name());
    if (task.level() == 0) {
      json.writeNullProperty("level");
    } else {
      json.writeNumberProperty("level", task.level());
    }
    json.writeNumberProperty("seed", task.seed());
    if (task.engine() != Engine.QUERN) {
      json.writeStringProperty("engine", task.engine().name().toLowerCase(Locale.ROOT));
    }
    json.writeNumberProperty("priority", task.scheduling().priority());
    json.writeName("requires");
    writeStrings(json, task.scheduling().requires());
    json.writeName("progress");
    writeProgress(json, task.progress());
    json.writeName("before");
    writeStatistics(json, task.before());
    json.writeName("after");
    writeStatistics(json, task.after());
    writeTime(json, "submitted_at", task.submittedAt());
    writeTime(json, "started_at", task.startedAt());
    writeTime(json, "finished_at", task.finishedAt());
    json.writeNumberProperty("last_event", task.lastEvent());
    json.writeName("error");
    writeError(json, task.error());
    json.writeObjectPropertyStart("links");
    json.writeStringProperty("self", self);
    json.writeStringProperty("result", self + "/result");
    json.writeStringProperty("events", self + "/events");
    json.writeStringProperty("stream", self + "/stream");
    json.writeEndObject();
    json.writeEndObject();
  }

  /// Writes the error object, or null.
  public static void writeError(JsonGenerator json, @Nullable TaskError error) {
    if (error == null) {
      json.writeNull();
      return;
    }
    json.writeStartObject();
    json.writeStringProperty("type", "/problems/" + error.code().slug());
    json.writeStringProperty("detail", cut(error.detail()));
    writeString(json, "pass", error.pass());
    Integer block = error.block();
    if (block == null) {
      json.writeNullProperty("block");
    } else {
      json.writeNumberProperty("block", block.intValue());
    }
    writeString(json, "cause", error.cause() == null ? null : cut(error.cause()));
    json.writeEndObject();
  }

  /// Writes the counts of a circuit, or null.
  public static void writeStatistics(JsonGenerator json, @Nullable CircuitStatistics statistics) {
    if (statistics == null) {
      json.writeNull();
      return;
    }
    json.writeStartObject();
    json.writeNumberProperty("qubits", statistics.qubits());
    json.writeNumberProperty("operations", statistics.operations());
    json.writeNumberProperty("two_qubit_gates", statistics.twoQubitGates());
    json.writeNumberProperty("depth", statistics.depth());
    json.writeNumberProperty("two_qubit_depth", statistics.twoQubitDepth());
    json.writeObjectPropertyStart("gates");
    for (Map.Entry<String, Integer> gate : statistics.gates().entrySet()) {
      json.writeNumberProperty(gate.getKey(), gate.getValue().intValue());
    }
    json.writeEndObject();
    json.writeEndObject();
  }

  /// Writes progress, or null.
  public static void writeProgress(JsonGenerator json, @Nullable Progress progress) {
    if (progress == null) {
      json.writeNull();
      return;
    }
    json.writeStartObject();
    json.writeStringProperty("pass", progress.pass());
    json.writeNumberProperty("pass_number", progress.passNumber());
    json.writeNumberProperty("pass_count", progress.passCount());
    json.writeNumberProperty("blocks_done", progress.blocksDone());
    json.writeNumberProperty("blocks_total", progress.blocksTotal());
    json.writeEndObject();
  }

  /// A mapping that is not told is null.
  private static void writeMapping(
      JsonGenerator json, CompilationResult result, List<Integer> mapping) {
    if (result.hasMapping()) {
      writeNumbers(json, mapping);
    } else {
      json.writeNull();
    }
  }

  /// The result object without its circuit, as it is stored; [#result(StoredResult)] puts the
  /// circuit in.
  ///
  /// @param queued from submission to the start of the first attempt
  /// @param running from there to the end
  public static String resultWithoutCircuit(
      TaskId id, TaskState state, CompilationResult result, Duration queued, Duration running) {
    return text(
        json -> {
          json.writeStartObject();
          json.writeStringProperty("id", id.toString());
          json.writeStringProperty("state", state.name());
          json.writeStringProperty("format", "openqasm2");
          json.writeName("machine");
          writeMachine(json, result.machine());
          json.writeName("initial_mapping");
          writeMapping(json, result, result.initialMapping());
          json.writeName("final_mapping");
          writeMapping(json, result, result.finalMapping());
          json.writeName("before");
          writeStatistics(json, result.before());
          json.writeName("after");
          writeStatistics(json, result.after());
          json.writeName("distance");
          writeDistance(json, result.distance());
          writeDouble(json, "error_bound", result.errorBound());
          json.writeNumberProperty("seed", result.seed());
          json.writeStringProperty("version", result.version());
          json.writeStringProperty("kernel", result.kernel());
          json.writeArrayPropertyStart("passes");
          for (PassReport pass : result.passes()) {
            json.writeStartObject();
            json.writeStringProperty("name", pass.name());
            writeDouble(json, "seconds", pass.seconds());
            json.writeNumberProperty("two_qubit_gates_before", pass.twoQubitGatesBefore());
            json.writeNumberProperty("two_qubit_gates_after", pass.twoQubitGatesAfter());
            json.writeEndObject();
          }
          json.writeEndArray();
          json.writeObjectPropertyStart("seconds");
          json.writeNumberProperty("queued", seconds(queued));
          json.writeNumberProperty("running", seconds(running));
          json.writeEndObject();
          json.writeEndObject();
        });
  }

  /// The whole result object.
  public static String result(StoredResult stored) {
    return withCircuit(stored.json(), quoted(stored.circuit()));
  }

  private static String withCircuit(String json, String circuit) {
    int at = json.indexOf(AFTER_CIRCUIT);
    return json.substring(0, at) + ",\"circuit\":" + circuit + json.substring(at);
  }

  /// The `data` of a `result` event: the result object, with a link in place of a circuit longer
  /// than [#EVENT_CIRCUIT_LIMIT].
  public static String resultEventData(TaskId id, StoredResult stored) {
    if (stored.circuit().length() <= EVENT_CIRCUIT_LIMIT) {
      return result(stored);
    }
    String json = withCircuit(stored.json(), "null");
    String links = ",\"links\":{\"result\":\"" + self(id) + "/result\"}}";
    return json.substring(0, json.length() - 1) + links;
  }

  /// The event object.
  ///
  /// @param data a JSON value
  public static String event(TaskId task, long number, Instant time, String type, String data) {
    return "{\"task\":\""
        + task
        + "\",\"number\":"
        + number
        + ",\"time\":\""
        + time(time)
        + "\",\"type\":\""
        + type
        + "\",\"data\":"
        + data
        + "}";
  }

  /// The `data` of every kind of event but `result`, whose data is stored apart.
  ///
  /// @throws IllegalArgumentException for a result
  public static String eventData(TaskEvent.Data data) {
    return switch (data) {
      case TaskEvent.StateChanged change -> text(json -> writeChange(json, change));
      case TaskEvent.LogLine line -> text(json -> writeLine(json, line));
      case TaskEvent.PythonLog(LogLevel level, String logger, String message, Blob _) ->
          text(json -> writeLine(json, new TaskEvent.LogLine(level, logger, message)));
      case TaskEvent.Progressed progressed ->
          text(json -> writeProgress(json, progressed.progress()));
      case TaskEvent.Restarted restarted -> "{\"attempt\":" + restarted.attempt().number() + "}";
      case TaskEvent.PythonResult(TaskState state, Blob value) ->
          "{\"state\":\"" + state + "\",\"format\":\"pickle\",\"bytes\":" + value.size() + "}";
      case TaskEvent.ResultReady _ ->
          throw new IllegalArgumentException("the data of a result event needs the stored result");
    };
  }

  /// The `data` of a `gap` event.
  ///
  /// @param from first number left out
  /// @param to last number left out, which is the number of the gap event itself
  public static String gapData(long from, long to) {
    return "{\"from\":" + from + ",\"to\":" + to + "}";
  }

  private static void writeChange(JsonGenerator json, TaskEvent.StateChanged change) {
    json.writeStartObject();
    TaskState from = change.from();
    writeString(json, "from", from == null ? null : from.name());
    json.writeStringProperty("to", change.to().name());
    if (change.error() != null) {
      json.writeName("error");
      writeError(json, change.error());
    }
    json.writeEndObject();
  }

  private static void writeLine(JsonGenerator json, TaskEvent.LogLine line) {
    json.writeStartObject();
    json.writeStringProperty("level", line.level().name().toLowerCase(Locale.ROOT));
    json.writeStringProperty("logger", line.logger());
    json.writeStringProperty("message", cut(line.message()));
    json.writeEndObject();
  }

  /// The coupling of a machine on which every pair of three or more qubits is coupled is `"all"`,
  /// as in a submission; any other one is the list of its edges.
  private static void writeMachine(JsonGenerator json, MachineModel machine) {
    json.writeStartObject();
    json.writeNumberProperty("qubits", machine.qubits());
    if (machine.qubits() > 2 && machine.coupling().isComplete()) {
      json.writeStringProperty("coupling", "all");
    } else {
      json.writeArrayPropertyStart("coupling");
      for (CouplingGraph.Edge edge : machine.coupling().edges()) {
        writeNumbers(json, List.of(edge.a(), edge.b()));
      }
      json.writeEndArray();
    }
    json.writeName("gates");
    writeStrings(json, machine.gates().qasmNames());
    json.writeEndObject();
  }

  private static void writeDistance(JsonGenerator json, @Nullable Distance distance) {
    if (distance == null) {
      json.writeNull();
      return;
    }
    json.writeStartObject();
    writeDouble(json, "value", distance.value());
    json.writeStringProperty("measure", "1-|Tr(U^dagger V)|/d");
    json.writeStringProperty("method", distance.method());
    json.writeEndObject();
  }

  private static void writeStrings(JsonGenerator json, List<String> values) {
    json.writeStartArray();
    for (String value : values) {
      json.writeString(value);
    }
    json.writeEndArray();
  }

  private static void writeNumbers(JsonGenerator json, List<Integer> values) {
    json.writeStartArray();
    for (int value : values) {
      json.writeNumber(value);
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

  private static void writeTime(JsonGenerator json, String name, @Nullable Instant value) {
    writeString(json, name, value == null ? null : time(value));
  }

  /// JSON has no infinity: a bound that is not finite says nothing and is written as null.
  private static void writeDouble(JsonGenerator json, String name, double value) {
    if (Double.isFinite(value)) {
      json.writeNumberProperty(name, value);
    } else {
      json.writeNullProperty(name);
    }
  }

  private static String cut(String message) {
    return message.length() <= MESSAGE_LIMIT
        ? message
        : message.substring(0, MESSAGE_LIMIT) + "... (" + message.length() + " characters)";
  }

  private static BigDecimal seconds(Duration duration) {
    BigDecimal exact = BigDecimal.valueOf(duration.toNanos() / 1000, 6);
    return exact.signum() == 0 ? BigDecimal.ZERO : exact.stripTrailingZeros();
  }

  private static String quoted(String text) {
    return text(json -> json.writeString(text));
  }
}
