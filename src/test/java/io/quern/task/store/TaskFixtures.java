package io.quern.task.store;

import com.fasterxml.uuid.Generators;
import com.fasterxml.uuid.impl.TimeBasedEpochGenerator;
import io.quern.engine.circuit.Circuit;
import io.quern.engine.compile.CircuitStatistics;
import io.quern.engine.compile.CompilationResult;
import io.quern.engine.compile.Distance;
import io.quern.engine.compile.PassReport;
import io.quern.engine.machine.CouplingGraph;
import io.quern.engine.machine.GateSet;
import io.quern.engine.machine.MachineModel;
import io.quern.engine.pass.LogLevel;
import io.quern.engine.pass.Progress;
import io.quern.failure.ErrorCode;
import io.quern.task.Attempt;
import io.quern.task.Blob;
import io.quern.task.CompilationTask;
import io.quern.task.DeathCount;
import io.quern.task.KeptWork.StoredCheckpoint;
import io.quern.task.Submission;
import io.quern.task.TaskError;
import io.quern.task.TaskEvent;
import io.quern.task.TaskId;
import io.quern.task.TaskRecord.Accepted;
import io.quern.task.TaskRecord.Appended;
import io.quern.task.TaskRecord.Ended;
import io.quern.task.TaskRecord.IdempotencyKey;
import io.quern.task.TaskRecord.Kept;
import io.quern.task.TaskRecord.Started;
import io.quern.task.TaskState;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Records as the core makes them.
final class TaskFixtures {
  static final String TENANT = "tenant-1";
  static final Instant NOON = Instant.parse("2026-11-23T12:00:00.123456Z");
  static final String COMPILED =
      "OPENQASM 2.0;\ninclude \"qelib1.inc\";\nqreg q[2];\ncx q[0],q[1];\n";

  /// Stands for the writer of OpenQASM, of which the store wants a text only.
  static final Function<Circuit, String> QASM = _ -> COMPILED;

  static final CircuitStatistics BEFORE = new CircuitStatistics(2, 3, 2, 3, 2, Map.of("cx", 2));
  static final CircuitStatistics AFTER = new CircuitStatistics(2, 1, 1, 1, 1, Map.of("cx", 1));

  private static final TimeBasedEpochGenerator IDS = Generators.timeBasedEpochGenerator();

  private TaskFixtures() {}

  static TaskId newId() {
    return new TaskId(IDS.generate());
  }

  static Submission submission(String circuit, @Nullable String name, List<String> tags) {
    return Submission.builder(circuit)
        .name(name)
        .tags(tags)
        .machine(new Submission.Machine(2, "line", List.of("cx", "u3")))
        .seed(7)
        .timeLimit(Duration.ofMinutes(10))
        .build();
  }

  static CompilationTask queued(TaskId id, String tenant, Submission submission, Instant at) {
    return CompilationTask.queued(id, tenant, submission, BEFORE, at).change().lastEvent(1).made();
  }

  static Accepted accepted(TaskId id) {
    return accepted(id, TENANT, submission("OPENQASM 2.0;", "bell", List.of("demo")), null, NOON);
  }

  static Accepted accepted(TaskId id, IdempotencyKey key) {
    return accepted(id, TENANT, submission("OPENQASM 2.0;", "bell", List.of()), key, NOON);
  }

  static Accepted accepted(
      TaskId id, String tenant, Submission submission, @Nullable IdempotencyKey key, Instant at) {
    TaskEvent first = changed(id, 1, null, TaskState.QUEUED);
    return new Accepted(queued(id, tenant, submission, at), submission, key, List.of(first));
  }

  static Started started(TaskId id, int attempt, long number) {
    return new Started(
        id,
        new Attempt(1, attempt),
        NOON.plusSeconds(attempt),
        NOON.plusSeconds(600),
        DeathCount.NONE,
        List.of(changed(id, number, TaskState.QUEUED, TaskState.RUNNING)));
  }

  /// A checkpoint behind so many passes, and finished blocks whose content is that number.
  static Kept kept(TaskId id, int attempt, int passes, String version, String... keys) {
    Map<String, Blob> blocks = new HashMap<>();
    for (String key : keys) {
      blocks.put(key, Blob.of(new byte[] {(byte) passes}));
    }
    return new Kept(
        id,
        new Attempt(1, attempt),
        new StoredCheckpoint(passes, version, Blob.of(new byte[] {1, 2, (byte) passes})),
        blocks);
  }

  static Appended lines(TaskId id, long from, long to) {
    List<TaskEvent> events = new ArrayList<>();
    for (long number = from; number <= to; number++) {
      events.add(line(id, number));
    }
    return new Appended(id, events);
  }

  static TaskEvent line(TaskId id, long number) {
    return new TaskEvent(
        id, number, NOON, new TaskEvent.LogLine(LogLevel.INFO, "io.quern", "line " + number));
  }

  static TaskEvent progress(TaskId id, long number, int blocksDone) {
    Progress progress = new Progress("SabreRouting", 4, 7, blocksDone, 40);
    return new TaskEvent(id, number, NOON, new TaskEvent.Progressed(progress));
  }

  static TaskEvent changed(TaskId id, long number, @Nullable TaskState from, TaskState to) {
    return new TaskEvent(id, number, NOON, new TaskEvent.StateChanged(from, to, null));
  }

  static Ended done(TaskId id, long number) {
    return done(id, number, NOON.plusSeconds(2));
  }

  static Ended done(TaskId id, long number, Instant at) {
    TaskEvent end =
        new TaskEvent(id, number, at, new TaskEvent.ResultReady(TaskState.DONE, result()));
    return new Ended(id, TaskState.DONE, at, List.of(end));
  }

  static Ended failed(TaskId id, long number) {
    TaskError error = new TaskError(ErrorCode.PASS_FAILED, "it broke", "SabreRouting", 17, "why");
    TaskEvent end =
        new TaskEvent(
            id,
            number,
            NOON,
            new TaskEvent.StateChanged(TaskState.RUNNING, TaskState.FAILED, error));
    return new Ended(id, TaskState.FAILED, NOON.plusSeconds(2), List.of(end));
  }

  static Ended cancelled(TaskId id, long number) {
    TaskEvent end = changed(id, number, TaskState.RUNNING, TaskState.CANCELLED);
    return new Ended(id, TaskState.CANCELLED, NOON.plusSeconds(2), List.of(end));
  }

  static CompilationResult result() {
    return new CompilationResult(
        Circuit.builder(2).build(),
        new MachineModel(CouplingGraph.line(2), GateSet.DEFAULT),
        List.of(0, 1),
        List.of(1, 0),
        BEFORE,
        AFTER,
        new Distance(3e-16, "unitary"),
        4e-15,
        7,
        "0.1.0",
        "scalar",
        List.of(new PassReport("SabreRouting", 0.0041, 2, 1)),
        false);
  }
}
