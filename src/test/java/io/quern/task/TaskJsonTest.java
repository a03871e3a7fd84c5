package io.quern.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

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
import io.quern.task.TaskStore.StoredResult;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// The texts of the API's examples, member by member in their order.
class TaskJsonTest {
  private static final TaskId ID = TaskId.parse("0199a3c4-0000-7000-8000-000000000001");
  private static final Instant TIME = Instant.parse("2026-11-23T08:00:00.123999Z");
  private static final CircuitStatistics BEFORE =
      new CircuitStatistics(5, 55, 20, 31, 14, new LinkedHashMap<>(Map.of("cx", 20)));
  private static final String BEFORE_JSON =
      "{\"qubits\":5,\"operations\":55,\"two_qubit_gates\":20,\"depth\":31,"
          + "\"two_qubit_depth\":14,\"gates\":{\"cx\":20}}";

  private static CompilationTask task(
      TaskState state, @Nullable Progress progress, @Nullable TaskError error) {
    return CompilationTask.queued(
            ID,
            "tenant-1",
            Submission.builder("")
                .name("qft \"on\" a line")
                .tags(List.of("demo"))
                .seed(7)
                .scheduling(new Scheduling(6, List.of("gpu")))
                .build(),
            BEFORE,
            TIME)
        .change()
        .state(state)
        .progress(progress)
        .startedAt(TIME.plusSeconds(1))
        .attempt(new Attempt(1, 1))
        .lastEvent(12)
        .error(error)
        .made();
  }

  private static CompilationResult result(MachineModel machine, double errorBound) {
    return new CompilationResult(
        Circuit.builder(2).build(),
        machine,
        List.of(0, 1),
        List.of(1, 0),
        BEFORE,
        BEFORE,
        new Distance(3e-16, "unitary"),
        errorBound,
        7,
        "0.1.0",
        "vector512",
        List.of(new PassReport("SabreRouting", 0.0041, 20, 32)),
        false);
  }

  private static String resultJson(MachineModel machine, double errorBound) {
    return TaskJson.resultWithoutCircuit(
        ID,
        TaskState.DONE,
        result(machine, errorBound),
        Duration.ofMillis(1),
        Duration.ofNanos(21_000_999));
  }

  private static MachineModel line() {
    return new MachineModel(CouplingGraph.line(3), GateSet.DEFAULT);
  }

  @Test
  void statusHasTheMembersOfTheApiInTheirOrder() {
    assertThat(
            TaskJson.status(
                task(TaskState.RUNNING, new Progress("SabreRouting", 4, 7, 17, 40), null)))
        .isEqualTo(
            "{\"id\":\"0199a3c4-0000-7000-8000-000000000001\",\"name\":\"qft \\\"on\\\" a line\","
                + "\"tags\":[\"demo\"],\"state\":\"RUNNING\",\"level\":1,\"seed\":7,"
                + "\"priority\":6,\"requires\":[\"gpu\"],"
                + "\"progress\":{\"pass\":\"SabreRouting\",\"pass_number\":4,\"pass_count\":7,"
                + "\"blocks_done\":17,\"blocks_total\":40},\"before\":"
                + BEFORE_JSON
                + ",\"after\":null,\"submitted_at\":\"2026-11-23T08:00:00.123Z\","
                + "\"started_at\":\"2026-11-23T08:00:01.123Z\",\"finished_at\":null,"
                + "\"last_event\":12,\"error\":null,\"links\":{"
                + "\"self\":\"/tasks/0199a3c4-0000-7000-8000-000000000001\","
                + "\"result\":\"/tasks/0199a3c4-0000-7000-8000-000000000001/result\","
                + "\"events\":\"/tasks/0199a3c4-0000-7000-8000-000000000001/events\","
                + "\"stream\":\"/tasks/0199a3c4-0000-7000-8000-000000000001/stream\"}}");
  }

  @Test
  void errorNamesItsProblemPage() {
    TaskError error =
        new TaskError(ErrorCode.PASS_FAILED, "it broke", "SabreRouting", 17, "a cause");
    assertThat(TaskJson.status(task(TaskState.FAILED, null, error)))
        .contains(
            "\"error\":{\"type\":\"/problems/pass-failed\",\"detail\":\"it broke\","
                + "\"pass\":\"SabreRouting\",\"block\":17,\"cause\":\"a cause\"}");
    TaskError short_ = new TaskError(ErrorCode.INTERNAL, "it broke", null, null, null);
    assertThat(TaskJson.text(json -> TaskJson.writeError(json, short_)))
        .isEqualTo(
            "{\"type\":\"/problems/internal\",\"detail\":\"it broke\",\"pass\":null,"
                + "\"block\":null,\"cause\":null}");
  }

  @Test
  void resultHasTheMembersOfTheApiInTheirOrder() {
    StoredResult stored =
        new StoredResult(TaskState.DONE, resultJson(line(), 4e-15), "OPENQASM 2.0;\n");
    assertThat(TaskJson.result(stored))
        .isEqualTo(
            "{\"id\":\"0199a3c4-0000-7000-8000-000000000001\",\"state\":\"DONE\","
                + "\"circuit\":\"OPENQASM 2.0;\\n\",\"format\":\"openqasm2\","
                + "\"machine\":{\"qubits\":3,\"coupling\":[[0,1],[1,2]],\"gates\":[\"cx\",\"u3\"]},"
                + "\"initial_mapping\":[0,1],\"final_mapping\":[1,0],\"before\":"
                + BEFORE_JSON
                + ",\"after\":"
                + BEFORE_JSON
                + ",\"distance\":{\"value\":3.0E-16,\"measure\":\"1-|Tr(U^dagger V)|/d\","
                + "\"method\":\"unitary\"},\"error_bound\":4.0E-15,\"seed\":7,"
                + "\"version\":\"0.1.0\",\"kernel\":\"vector512\",\"passes\":["
                + "{\"name\":\"SabreRouting\",\"seconds\":0.0041,\"two_qubit_gates_before\":20,"
                + "\"two_qubit_gates_after\":32}],\"seconds\":{\"queued\":0.001,\"running\":0.021}}");
  }

  @Test
  void completeCouplingIsWrittenAsInASubmission() {
    assertThat(resultJson(new MachineModel(CouplingGraph.all(4), GateSet.DEFAULT), 0))
        .contains("\"machine\":{\"qubits\":4,\"coupling\":\"all\",");
    assertThat(resultJson(new MachineModel(CouplingGraph.all(2), GateSet.DEFAULT), 0))
        .contains("\"machine\":{\"qubits\":2,\"coupling\":[[0,1]],");
    assertThat(resultJson(new MachineModel(CouplingGraph.all(1), GateSet.DEFAULT), 0))
        .contains("\"machine\":{\"qubits\":1,\"coupling\":[],");
  }

  @Test
  void boundThatSaysNothingIsNull() {
    assertThat(resultJson(line(), Double.POSITIVE_INFINITY)).contains("\"error_bound\":null");
  }

  @Test
  void circuitTooLongForAnEventIsLinked() {
    String circuit = "x".repeat(TaskJson.EVENT_CIRCUIT_LIMIT);
    String json = resultJson(line(), 0);
    assertThat(TaskJson.resultEventData(ID, new StoredResult(TaskState.DONE, json, circuit)))
        .isEqualTo(TaskJson.result(new StoredResult(TaskState.DONE, json, circuit)));
    assertThat(TaskJson.resultEventData(ID, new StoredResult(TaskState.DONE, json, circuit + "x")))
        .startsWith(
            "{\"id\":\"0199a3c4-0000-7000-8000-000000000001\",\"state\":\"DONE\","
                + "\"circuit\":null,\"format\":\"openqasm2\",")
        .endsWith(
            ",\"links\":{\"result\":\"/tasks/0199a3c4-0000-7000-8000-000000000001/result\"}}");
  }

  @Test
  void eventDataIsWhatTheApiSays() {
    assertThat(
            TaskJson.eventData(
                new TaskEvent.StateChanged(TaskState.QUEUED, TaskState.RUNNING, null)))
        .isEqualTo("{\"from\":\"QUEUED\",\"to\":\"RUNNING\"}");
    assertThat(TaskJson.eventData(new TaskEvent.LogLine(LogLevel.WARNING, "io.quern", "\u03c8\n")))
        .isEqualTo("{\"level\":\"warning\",\"logger\":\"io.quern\",\"message\":\"\u03c8\\n\"}");
    assertThat(TaskJson.eventData(new TaskEvent.Progressed(new Progress("Scan", 1, 2, 3, 4))))
        .isEqualTo(
            "{\"pass\":\"Scan\",\"pass_number\":1,\"pass_count\":2,\"blocks_done\":3,"
                + "\"blocks_total\":4}");
    assertThat(TaskJson.eventData(new TaskEvent.Restarted(new Attempt(3, 2))))
        .isEqualTo("{\"attempt\":2}");
    assertThat(TaskJson.gapData(2, 9)).isEqualTo("{\"from\":2,\"to\":9}");
    assertThatThrownBy(
            () -> TaskJson.eventData(new TaskEvent.ResultReady(TaskState.DONE, result(line(), 0))))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void endlessMessagesAreCut() {
    String data =
        TaskJson.eventData(new TaskEvent.LogLine(LogLevel.INFO, "io.quern", "x".repeat(1_000_000)));
    assertThat(data).hasSizeLessThan(TaskJson.MESSAGE_LIMIT + 200).contains("(1000000 characters)");
  }
}
