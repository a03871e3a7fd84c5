package io.quern.web;

import io.quern.failure.ErrorCode;
import io.quern.failure.QuernException;
import io.quern.task.CompilationTask;
import io.quern.task.Durations;
import io.quern.task.Engine;
import io.quern.task.TaskError;
import io.quern.task.TaskExplanation;
import io.quern.task.TaskGateway;
import io.quern.task.TaskId;
import io.quern.task.TaskJson;
import io.quern.task.TaskStore;
import io.quern.task.TaskStore.StoredResult;
import jakarta.servlet.http.HttpServletRequest;
import java.nio.charset.StandardCharsets;
import java.security.Principal;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.json.JsonMapper;

/// What can be asked of a task, and its end.
@RestController
class TaskController {
  private static final List<MediaType> RESULT_FORMATS =
      List.of(MediaType.APPLICATION_JSON, Accept.QASM, MediaType.APPLICATION_OCTET_STREAM);

  private final TaskGateway gateway;
  private final TaskStore store;
  private final TaskLookup tasks;
  private final TaskWait wait;
  private final LimitsProperties limits;

  TaskController(
      TaskGateway gateway,
      TaskStore store,
      TaskLookup tasks,
      TaskWait wait,
      LimitsProperties limits) {
    this.gateway = gateway;
    this.store = store;
    this.tasks = tasks;
    this.wait = wait;
    this.limits = limits;
  }

  @GetMapping("/tasks")
  ResponseEntity<byte[]> list(HttpServletRequest request, Principal caller) {
    Accept.json(request);
    TaskPage page = TaskPage.parse(request.getQueryString(), caller.getName(), limits.page());
    return Answers.json(HttpStatus.OK)
        .body(Answers.bytes(page.json(store.list(page.queryWithOneMore()))));
  }

  @GetMapping("/tasks/{id}")
  ResponseEntity<byte[]> status(
      @PathVariable String id, HttpServletRequest request, Principal caller) {
    Accept.json(request);
    QueryParameters.parse(request.getQueryString(), Set.of(), Set.of());
    return status(HttpStatus.OK, tasks.find(caller.getName(), tasks.id(caller.getName(), id)));
  }

  @GetMapping("/tasks/{id}/result")
  ResponseEntity<byte[]> result(
      @PathVariable String id, HttpServletRequest request, Principal caller)
      throws InterruptedException {
    MediaType format = Accept.choose(request, RESULT_FORMATS);
    Duration longest = waitOf(request);
    CompilationTask task = wait.await(caller.getName(), tasks.id(caller.getName(), id), longest);
    return switch (task.state()) {
      case DONE, PARTIAL -> result(task, format);
      case QUEUED, RUNNING ->
          Answers.json(HttpStatus.ACCEPTED)
              .header(HttpHeaders.RETRY_AFTER, "1")
              .body(Answers.bytes(TaskJson.status(task)));
      case FAILED -> throw withoutResult(task, ErrorCode.TASK_FAILED);
      case CANCELLED -> throw withoutResult(task, ErrorCode.TASK_CANCELLED);
    };
  }

  /// What a task was submitted with: OpenQASM, or the pickle that BQSKit's managers are given.
  @GetMapping("/tasks/{id}/input")
  ResponseEntity<byte[]> input(
      @PathVariable String id, HttpServletRequest request, Principal caller) {
    MediaType format = Accept.choose(request, PickledAnswers.INPUT_FORMATS);
    QueryParameters.parse(request.getQueryString(), Set.of(), Set.of());
    return PickledAnswers.input(
        store, tasks, tasks.find(caller.getName(), tasks.id(caller.getName(), id)), format);
  }

  @GetMapping("/tasks/{id}/explain")
  ResponseEntity<byte[]> explain(
      @PathVariable String id, HttpServletRequest request, Principal caller)
      throws InterruptedException {
    Accept.json(request);
    QueryParameters.parse(request.getQueryString(), Set.of(), Set.of());
    CompilationTask task = tasks.find(caller.getName(), tasks.id(caller.getName(), id));
    TaskExplanation explanation =
        task.state().isTerminal() ? null : Answers.await(gateway.explain(task.id()));
    CompilationTask now = explanation == null ? tasks.find(caller.getName(), task.id()) : task;
    return Answers.json(HttpStatus.OK).body(Answers.bytes(ExplanationJson.text(now, explanation)));
  }

  @DeleteMapping("/tasks/{id}")
  ResponseEntity<byte[]> cancel(
      @PathVariable String id, HttpServletRequest request, Principal caller)
      throws InterruptedException {
    Accept.json(request);
    QueryParameters query =
        QueryParameters.parse(request.getQueryString(), Set.of("purge"), Set.of());
    TaskId task = tasks.id(caller.getName(), id);
    if (Boolean.TRUE.equals(query.bool("purge"))) {
      return purge(caller.getName(), task);
    }
    CompilationTask after = Answers.await(gateway.cancel(caller.getName(), task));
    if (after == null) {
      throw tasks.missing(caller.getName(), task);
    }
    return status(HttpStatus.OK, after);
  }

  private ResponseEntity<byte[]> purge(String tenant, TaskId id) {
    CompilationTask task = tasks.find(tenant, id);
    if (!task.state().isTerminal()) {
      Map<String, Object> details = new LinkedHashMap<>();
      details.put("task", id.toString());
      details.put("state", task.state().name());
      throw new QuernException(
          ErrorCode.TASK_NOT_FINISHED,
          "expected a finished task to purge, found one in state " + task.state(),
          details);
    }
    if (!store.purge(tenant, id)) {
      throw tasks.missing(tenant, id);
    }
    return ResponseEntity.noContent().build();
  }

  private Duration waitOf(HttpServletRequest request) {
    QueryParameters query =
        QueryParameters.parse(request.getQueryString(), Set.of("wait"), Set.of());
    String text = query.first("wait");
    if (text == null) {
      return Duration.ZERO;
    }
    Duration asked = Durations.parse(text);
    if (asked == null || asked.compareTo(limits.longestWait()) > 0) {
      throw QueryParameters.invalid(
          "wait",
          "a time such as 500ms, 30s or 1m, at most " + Durations.format(limits.longestWait()),
          "'" + text + "'",
          text);
    }
    return asked;
  }

  private ResponseEntity<byte[]> result(CompilationTask task, MediaType format) {
    StoredResult stored = store.findResult(task.id());
    if (stored == null && task.engine() == Engine.BQSKIT) {
      return PickledAnswers.result(store, tasks, task, format);
    }
    if (stored == null) {
      // It went between the two reads.
      throw tasks.missing(task.tenant(), task.id());
    }
    if (format.equals(MediaType.APPLICATION_OCTET_STREAM)) {
      throw PickledAnswers.noPickle("result", task);
    }
    boolean isQasm = format.equals(Accept.QASM);
    return ResponseEntity.ok()
        .contentType(isQasm ? new MediaType(format, StandardCharsets.UTF_8) : format)
        .header(HttpHeaders.VARY, HttpHeaders.ACCEPT)
        .body(Answers.bytes(isQasm ? QasmResult.text(stored) : TaskJson.result(stored)));
  }

  private static QuernException withoutResult(CompilationTask task, ErrorCode code) {
    Map<String, Object> details = new LinkedHashMap<>();
    details.put("task", task.id().toString());
    details.put("state", task.state().name());
    details.put("error", error(task.error()));
    TaskError error = task.error();
    return new QuernException(
        code,
        "expected a task with a result, found one in state %s%s"
            .formatted(task.state(), error == null ? "" : ": " + error.detail()),
        details);
  }

  private static @Nullable Object error(@Nullable TaskError error) {
    return error == null
        ? null
        : JsonMapper.shared()
            .readValue(TaskJson.text(json -> TaskJson.writeError(json, error)), Map.class);
  }

  private static ResponseEntity<byte[]> status(HttpStatus status, CompilationTask task) {
    return Answers.json(status).body(Answers.bytes(TaskJson.status(task)));
  }
}
