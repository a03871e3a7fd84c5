package io.quern.web;

import io.quern.bqskit.codec.Circuits;
import io.quern.bqskit.pickle.PickleLimits;
import io.quern.bqskit.wire.PickledValue;
import io.quern.failure.ErrorCode;
import io.quern.failure.QuernException;
import io.quern.task.Blob;
import io.quern.task.CompilationTask;
import io.quern.task.Engine;
import io.quern.task.PythonInput;
import io.quern.task.Submission;
import io.quern.task.TaskJson;
import io.quern.task.TaskStore;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;

/// Inputs and results of tasks that BQSKit's managers carry out: pickles, and OpenQASM where the
/// circuit in them can be read.
final class PickledAnswers {
  static final List<MediaType> INPUT_FORMATS =
      List.of(Accept.QASM, MediaType.APPLICATION_OCTET_STREAM);

  /// A pickle that is larger is not looked into: whoever wants it has Python.
  private static final PickleLimits READING = PickleLimits.shareOfMemory(16);

  private PickledAnswers() {}

  /// The result of a task that came by BQSKit's wire.
  static ResponseEntity<byte[]> result(
      TaskStore store, TaskLookup tasks, CompilationTask task, MediaType format) {
    Blob pickle = store.findPythonResult(task.id());
    if (pickle == null) {
      // It went between the two reads.
      throw tasks.missing(task.tenant(), task.id());
    }
    if (format.equals(MediaType.APPLICATION_OCTET_STREAM)) {
      return answer(format, pickle.bytes());
    }
    String circuit = circuit(pickle);
    if (format.equals(Accept.QASM)) {
      if (circuit == null) {
        throw unreadable("result", task);
      }
      return qasm(circuit);
    }
    return answer(
        format,
        Answers.bytes(
            TaskJson.text(
                json -> {
                  json.writeStartObject();
                  json.writeStringProperty("id", task.id().toString());
                  json.writeStringProperty("state", task.state().name());
                  if (circuit == null) {
                    json.writeNullProperty("circuit");
                  } else {
                    json.writeStringProperty("circuit", circuit);
                  }
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
      return answer(format, python.task().bytes());
    }
    Submission submission = store.findSubmission(task.id());
    if (submission == null) {
      throw tasks.missing(task.tenant(), task.id());
    }
    if (!submission.circuit().isEmpty()) {
      return qasm(submission.circuit());
    }
    String circuit = python == null ? null : circuit(python.task());
    if (circuit == null) {
      throw unreadable("input", task);
    }
    return qasm(circuit);
  }

  /// The circuit in a pickle, or null where only Python could read it.
  private static @Nullable String circuit(Blob pickle) {
    return Circuits.qasm(PickledValue.of(pickle.bytes()), READING);
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
