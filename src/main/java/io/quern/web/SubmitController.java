package io.quern.web;

import com.fasterxml.uuid.impl.TimeBasedEpochGenerator;
import io.quern.engine.compile.CircuitStatistics;
import io.quern.failure.ErrorCode;
import io.quern.failure.QuernException;
import io.quern.task.SubmissionReader;
import io.quern.task.SubmissionReader.ReadSubmission;
import io.quern.task.SubmissionRequest;
import io.quern.task.TaskGateway;
import io.quern.task.TaskGateway.NewTask;
import io.quern.task.TaskId;
import io.quern.task.TaskJson;
import io.quern.task.TaskRecord.IdempotencyKey;
import io.quern.web.SubmissionBatch.Item;
import io.quern.web.json.JsonReader;
import io.quern.web.problem.Problem;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.Principal;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.core.JsonGenerator;

/// Takes tasks in. A submission is read and checked whole before the gateway hears of it, so a bad
/// one leaves nothing behind.
@RestController
class SubmitController {
  private static final int KEY_LENGTH = 255;

  /// A batch may hold as many operations as this number of the largest circuits.
  private static final int BATCH_CIRCUITS = 10;

  /// Parts a batch's key from the position of a task in it; no header can hold this character.
  private static final char KEY_SEPARATOR = '\u001f';

  private final TaskGateway gateway;
  private final SubmissionReader submissions;
  private final LimitsProperties limits;
  private final RequestBodies bodies;
  private final CheckingThreads checks;
  private final TimeBasedEpochGenerator ids;

  SubmitController(
      TaskGateway gateway,
      SubmissionReader submissions,
      LimitsProperties limits,
      RequestBodies bodies,
      CheckingThreads checks,
      TimeBasedEpochGenerator ids) {
    this.gateway = gateway;
    this.submissions = submissions;
    this.limits = limits;
    this.bodies = bodies;
    this.checks = checks;
    this.ids = ids;
  }

  @PostMapping("/tasks")
  ResponseEntity<byte[]> submit(HttpServletRequest request, Principal caller)
      throws IOException, InterruptedException {
    Accept.json(request);
    String tenant = caller.getName();
    String key = key(request);
    NewTask task;
    try (RequestBodies.Room room = bodies.enter(request)) {
      RequestBody body = RequestBody.read(request, limits.body(), room::reach);
      String query = request.getQueryString();
      IdempotencyKey own = key == null ? null : new IdempotencyKey(tenant, key, body.hash());
      task = checks.call(() -> newTask(tenant, submission(body, query), own));
    }
    return switch (SubmitOutcome.of(Answers.await(gateway.submit(task)))) {
      case SubmitOutcome.Taken taken ->
          Answers.json(taken.isNew() ? HttpStatus.ACCEPTED : HttpStatus.OK)
              .header(HttpHeaders.LOCATION, TaskJson.self(taken.task().id()))
              .body(Answers.bytes(TaskJson.status(taken.task())));
      case SubmitOutcome.Refused(Problem problem) -> problem.response();
    };
  }

  @PostMapping("/tasks/batch")
  ResponseEntity<byte[]> submitBatch(HttpServletRequest request, Principal caller)
      throws IOException, InterruptedException {
    Accept.json(request);
    QueryParameters.parse(request.getQueryString(), Set.of(), Set.of());
    String key = key(request);
    CheckedBatch batch;
    try (RequestBodies.Room room = bodies.enter(request)) {
      RequestBody body = RequestBody.read(request, limits.body(), room::reach);
      batch = checks.call(() -> check(body, caller.getName(), key));
    }
    boolean isAtomic = batch.atomic();
    List<@Nullable Problem> problems = batch.problems();
    List<NewTask> valid = batch.valid();
    if (isAtomic && valid.size() < problems.size()) {
      return rejected(problems).response();
    }
    List<SubmitOutcome> taken =
        valid.isEmpty()
            ? List.of()
            : Answers.await(gateway.submitAll(valid, isAtomic)).stream()
                .map(SubmitOutcome::of)
                .toList();
    return isAtomic ? allOrNone(taken) : each(problems, taken);
  }

  /// @param problems one for each task of the batch, null for those that are valid
  private record CheckedBatch(
      boolean atomic, List<@Nullable Problem> problems, List<NewTask> valid) {}

  private CheckedBatch check(RequestBody body, String tenant, @Nullable String key) {
    SubmissionBatch batch = SubmissionBatch.read(body.text(), limits.batch());
    List<@Nullable Problem> problems = new ArrayList<>();
    List<NewTask> valid = new ArrayList<>();
    long operations = 0;
    long most = (long) BATCH_CIRCUITS * limits.gates();
    for (Item item : batch.items()) {
      IdempotencyKey own =
          key == null
              ? null
              : new IdempotencyKey(tenant, key + KEY_SEPARATOR + problems.size(), body.hash());
      if (operations > most) {
        problems.add(tooManyOperations(most));
        continue;
      }
      Problem problem = take(item, tenant, own, valid);
      problems.add(problem);
      if (problem == null) {
        operations += valid.getLast().before().operations();
      }
    }
    return new CheckedBatch(batch.atomic(), problems, valid);
  }

  private static Problem tooManyOperations(long most) {
    return Problem.of(
        new QuernException(
            ErrorCode.CIRCUIT_TOO_LARGE,
            "expected at most %d operations in the circuits of a batch, found more before this one"
                .formatted(most),
            Map.of("limit", most)));
  }

  private static SubmissionRequest submission(RequestBody body, @Nullable String query) {
    if (!body.isJson()) {
      return SubmissionDraft.fromQuery(body.text(), query);
    }
    QueryParameters.parse(query, Set.of(), Set.of());
    try (JsonReader in = JsonReader.open(body.text())) {
      SubmissionRequest request = SubmissionDraft.fromJson(in);
      in.end();
      return request;
    }
  }

  private NewTask newTask(String tenant, SubmissionRequest request, @Nullable IdempotencyKey key) {
    ReadSubmission read = submissions.read(request);
    return new NewTask(
        new TaskId(ids.generate()),
        tenant,
        read.submission(),
        CircuitStatistics.of(read.input().circuit()),
        key);
  }

  /// Adds the item to the valid ones, or says why it is not.
  private @Nullable Problem take(
      Item item, String tenant, @Nullable IdempotencyKey key, List<NewTask> valid) {
    return switch (item) {
      case Item.Unread(Problem problem) -> problem;
      case Item.Read(SubmissionRequest request) -> {
        try {
          valid.add(newTask(tenant, request, key));
          yield null;
        } catch (QuernException e) {
          yield Problem.of(e);
        }
      }
    };
  }

  private static ResponseEntity<byte[]> each(
      List<@Nullable Problem> problems, List<SubmitOutcome> taken) {
    Iterator<SubmitOutcome> next = taken.iterator();
    List<SubmitOutcome> all = new ArrayList<>();
    for (Problem problem : problems) {
      all.add(problem == null ? next.next() : new SubmitOutcome.Refused(problem));
    }
    return results(all);
  }

  private static ResponseEntity<byte[]> allOrNone(List<SubmitOutcome> taken) {
    List<@Nullable Problem> problems = new ArrayList<>();
    for (SubmitOutcome outcome : taken) {
      if (outcome instanceof SubmitOutcome.Refused(Problem problem)) {
        if (problem.status() != HttpStatus.UNPROCESSABLE_CONTENT) {
          // The queue, the store or a request still under way: no task is to blame, the whole
          // batch may come again.
          return problem.response();
        }
        problems.add(problem);
      } else {
        problems.add(null);
      }
    }
    return problems.stream().allMatch(problem -> problem == null)
        ? results(taken)
        : rejected(problems).response();
  }

  private static Problem rejected(List<@Nullable Problem> problems) {
    List<Map<String, Object>> told = new ArrayList<>();
    for (int i = 0; i < problems.size(); i++) {
      Problem problem = problems.get(i);
      if (problem != null) {
        Map<String, Object> one = new LinkedHashMap<>();
        one.put("index", i);
        one.put("problem", problem.body());
        told.add(one);
      }
    }
    return new Problem(
        ErrorCode.BATCH_REJECTED,
        "expected %d valid tasks, found %d that are not".formatted(problems.size(), told.size()),
        Map.of("problems", told),
        Map.of());
  }

  private static ResponseEntity<byte[]> results(List<SubmitOutcome> outcomes) {
    String text =
        TaskJson.text(
            json -> {
              json.writeStartObject();
              json.writeArrayPropertyStart("results");
              outcomes.forEach(outcome -> writeResult(json, outcome));
              json.writeEndArray();
              json.writeEndObject();
            });
    return Answers.json(HttpStatus.OK).body(Answers.bytes(text));
  }

  private static void writeResult(JsonGenerator json, SubmitOutcome outcome) {
    json.writeStartObject();
    switch (outcome) {
      case SubmitOutcome.Taken taken -> {
        json.writeNumberProperty("status", taken.isNew() ? 202 : 200);
        json.writeName("task");
        TaskJson.writeStatus(json, taken.task());
      }
      case SubmitOutcome.Refused(Problem problem) -> {
        json.writeNumberProperty("status", problem.status().value());
        json.writeName("problem");
        json.writeRawValue(new String(problem.json(), StandardCharsets.UTF_8));
      }
    }
    json.writeEndObject();
  }

  private static @Nullable String key(HttpServletRequest request) {
    String key = request.getHeader(RequestBody.KEY_HEADER);
    if (key == null) {
      return null;
    }
    boolean isPrintable = key.chars().allMatch(c -> c >= 0x21 && c <= 0x7e);
    if (key.isEmpty() || key.length() > KEY_LENGTH || !isPrintable) {
      throw QueryParameters.invalid(
          RequestBody.KEY_HEADER,
          "1 to " + KEY_LENGTH + " printable ASCII characters without spaces",
          "'" + key + "'",
          key);
    }
    return key;
  }
}
