package io.quern.web;

import io.quern.task.CompilationTask;
import io.quern.task.TaskError;
import io.quern.task.TaskExplanation;
import io.quern.task.TaskExplanation.Place;
import io.quern.task.TaskExplanation.Reason;
import io.quern.task.TaskJson;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;

/// Why a task is where it is, as JSON.
final class ExplanationJson {
  private ExplanationJson() {}

  /// @param explanation null if the runtime does not have the task (any more)
  static String text(CompilationTask task, @Nullable TaskExplanation explanation) {
    return TaskJson.text(
        json -> {
          json.writeStartObject();
          json.writeStringProperty("id", task.id().toString());
          json.writeStringProperty("state", task.state().name());
          json.writeStringProperty("reason", reason(task, explanation));
          json.writeStringProperty("detail", detail(task, explanation));
          json.writeNumberProperty("priority", task.scheduling().priority());
          strings(json, "requires", task.scheduling().requires());
          json.writeName("queue");
          writePlace(json, explanation == null ? null : explanation.place());
          json.writeName("workers");
          writeWorkers(json, explanation);
          json.writeName("running");
          writeRunning(json, explanation);
          json.writeEndObject();
        });
  }

  private static String reason(CompilationTask task, @Nullable TaskExplanation explanation) {
    Reason reason =
        explanation != null
            ? explanation.reason()
            : task.state().isTerminal() ? Reason.ENDED : Reason.ENDING;
    return reason.name().toLowerCase(Locale.ROOT);
  }

  private static String detail(CompilationTask task, @Nullable TaskExplanation explanation) {
    if (explanation != null) {
      return explanation.detail();
    }
    TaskError error = task.error();
    return task.state().isTerminal()
        ? "it ended as " + task.state() + (error == null ? "" : ": " + error.detail())
        : "its end is being stored";
  }

  private static void writePlace(JsonGenerator json, @Nullable Place place) {
    if (place == null) {
      json.writeNull();
      return;
    }
    json.writeStartObject();
    json.writeNumberProperty("before", place.before());
    json.writeNumberProperty("of_tenant", place.ofTenant());
    json.writeNumberProperty("length", place.length());
    json.writeNumberProperty("tenants", place.tenants());
    json.writeEndObject();
  }

  private static void writeWorkers(JsonGenerator json, @Nullable TaskExplanation explanation) {
    if (explanation == null) {
      json.writeNull();
      return;
    }
    json.writeStartObject();
    json.writeNumberProperty("managers", explanation.managers());
    json.writeNumberProperty("slots", explanation.workers());
    json.writeNumberProperty("idle", explanation.idleWorkers());
    json.writeNumberProperty("suitable", explanation.suitableWorkers());
    strings(json, "labels", explanation.labels());
    json.writeEndObject();
  }

  private static void writeRunning(JsonGenerator json, @Nullable TaskExplanation explanation) {
    String manager = explanation == null ? null : explanation.manager();
    if (explanation == null || manager == null) {
      json.writeNull();
      return;
    }
    json.writeStartObject();
    json.writeStringProperty("manager", manager);
    json.writeNumberProperty("runtime_tasks", explanation.outstanding());
    json.writeNumberProperty("waiting_runtime_tasks", explanation.waiting());
    json.writeEndObject();
  }

  private static void strings(JsonGenerator json, String name, List<String> values) {
    json.writeArrayPropertyStart(name);
    values.forEach(json::writeString);
    json.writeEndArray();
  }
}
