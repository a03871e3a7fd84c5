package io.quern.web;

import io.quern.failure.ErrorCode;
import io.quern.failure.QuernException;
import io.quern.task.CompilationTask;
import io.quern.task.Engine;
import io.quern.task.Payload;
import io.quern.task.PythonInput;
import io.quern.task.Submission;
import io.quern.task.TaskJson;
import io.quern.task.TaskStore;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;

/// Inputs and results of tasks that BQSKit's managers carry out: pickles, and OpenQASM where the
/// circuit in them can be read.
final class PickledAnswers {
  static final List<MediaType> INPUT_FORMATS =
      List.of(Accept.QASM, MediaType.APPLICATION_OCTET_STREAM);

  private PickledAnswers() {}

  /// The result of a task that came by BQSKit's wire.
  static ResponseEntity<byte[]> result(
      TaskStore store, TaskLookup tasks, CompilationTask task, MediaType format) {
    Payload pickle = store.findPythonResult(task.id());
    if (pickle == null) {
      // It went between the two reads.
      throw tasks.missing(task.tenant(), task.id());
    }
    if (format.equals(MediaType.APPLICATION_OCTET_STREAM)) {
      return answer(format, pickle.toBytes());
    }
    if (format.equals(Accept.QASM)) {
      throw unreadable("result", task);
    }
    return answer(
        format,
        Answers.bytes(
            TaskJson.text(
                json -> {
                  json.writeStartObject();
                  json.writeStringProperty("id", task.id().toString());
                  json.writeStringProperty("state", task.state().name());
                  json.writeNullProperty("circuit");
                  json.writeStringProperty("format", "pickle");
                  json.writeNumberProperty("bytes", pickle.size());
                  json.writeStringProperty("engine", "bqskit");
                  json.writeEndObject();
                })));
  }

  /// What a task was submitted with.
  static ResponseEntity<byte[]> input(
      TaskStore store, TaskLookup tasks, CompilationTask task, MediaType format) {
    PythonInput python = task.engine() == Engine.BQSKIT ? store.findPythonInput(task.id()) : null;
    if (format.equals(MediaType.APPLICATION_OCTET_STREAM)) {
      if (python == null) {
        throw noPickle("input", task);
      }
      return answer(format, python.task().toBytes());
    }
    Submission submission = store.findSubmission(task.id());
    if (submission == null) {
      throw tasks.missing(task.tenant(), task.id());
    }
    if (submission.circuit().isEmpty()) {
      throw unreadable("input", task);
    }
    return qasm(submission.circuit());
  }

  /// The task has nothing pickled.
  static QuernException noPickle(String part, CompilationTask task) {
    return notAcceptable(
        "the %s of a task of BQSKit's wire for application/octet-stream, found one of the tasks API"
            .formatted(part),
        task);
  }

  private static QuernException unreadable(String part, CompilationTask task) {
    return notAcceptable(
        "%s whose circuit can be read without Python, found a pickle of something else; it can be"
                .formatted(part.equals("input") ? "an input" : "a result")
            + " had as application/octet-stream",
        task);
  }

  private static QuernException notAcceptable(String expected, CompilationTask task) {
    Map<String, Object> details = new LinkedHashMap<>();
    details.put("task", task.id().toString());
    return new QuernException(ErrorCode.NOT_ACCEPTABLE, "expected " + expected, details);
  }

  private static ResponseEntity<byte[]> qasm(String circuit) {
    return answer(
        new MediaType(Accept.QASM, StandardCharsets.UTF_8),
        circuit.getBytes(StandardCharsets.UTF_8));
  }

  private static ResponseEntity<byte[]> answer(MediaType format, byte[] body) {
    return ResponseEntity.ok()
        .contentType(format)
        .header(HttpHeaders.VARY, HttpHeaders.ACCEPT)
        .body(body);
  }
}
