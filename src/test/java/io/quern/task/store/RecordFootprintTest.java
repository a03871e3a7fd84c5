package io.quern.task.store;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.quern.engine.circuit.Circuit;
import io.quern.engine.circuit.Parameters;
import io.quern.engine.circuit.StandardGate;
import io.quern.engine.compile.CircuitStatistics;
import io.quern.engine.compile.CompilationResult;
import io.quern.engine.machine.CouplingGraph;
import io.quern.engine.machine.GateSet;
import io.quern.engine.machine.MachineModel;
import io.quern.protocol.encoding.ValueCodec;
import io.quern.protocol.encoding.ValueCodecs;
import io.quern.protocol.encoding.WireReader;
import io.quern.protocol.encoding.WireWriter;
import io.quern.task.RecordFootprint;
import io.quern.task.TaskEvent;
import io.quern.task.TaskId;
import io.quern.task.TaskRecord;
import io.quern.task.TaskState;
import java.lang.management.ManagementFactory;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class RecordFootprintTest {
  private static final ValueCodec<TaskRecord> CODEC = new ValueCodecs().of(TaskRecord.class);
  private static final TaskId ID = TaskFixtures.newId();

  static Stream<Arguments> records() {
    return Stream.of(
        Arguments.of("a short circuit", TaskFixtures.accepted(ID)),
        Arguments.of("a long circuit", accepted("x".repeat(50_000))),
        Arguments.of("log lines", TaskFixtures.lines(ID, 2, 50)),
        Arguments.of("a result of few operations", done(5, 50)),
        Arguments.of("a result of many operations", done(20, 10_000)),
        Arguments.of("a result for a large machine", done(1_000, 10)));
  }

  private static TaskRecord accepted(String circuit) {
    return TaskFixtures.accepted(
        ID,
        TaskFixtures.TENANT,
        TaskFixtures.submission(circuit, "long", List.of()),
        null,
        TaskFixtures.NOON);
  }

  private static TaskRecord done(int qubits, int operations) {
    Circuit.Builder circuit = Circuit.builder(qubits);
    for (int i = 0; i < operations; i++) {
      circuit.gate(StandardGate.RZ, Parameters.of(0.5 * i), i % qubits);
    }
    Circuit compiled = circuit.build();
    List<Integer> mapping = Collections.nCopies(qubits, 0);
    CompilationResult like = TaskFixtures.result();
    CompilationResult result =
        new CompilationResult(
            compiled,
            new MachineModel(CouplingGraph.line(qubits), GateSet.DEFAULT),
            mapping,
            mapping,
            like.before(),
            CircuitStatistics.of(compiled),
            like.distance(),
            like.errorBound(),
            like.seed(),
            like.version(),
            like.kernel(),
            like.passes(),
            like.isPartial());
    return new TaskRecord.Ended(
        ID,
        TaskState.DONE,
        TaskFixtures.NOON,
        List.of(
            new TaskEvent(
                ID, 3, TaskFixtures.NOON, new TaskEvent.ResultReady(TaskState.DONE, result))));
  }

  /// What reading a record allocates is what it takes, and what is thrown away meanwhile.
  @ParameterizedTest(name = "{0}")
  @MethodSource("records")
  void footprintIsNearWhatReadingTheRecordTakes(String what, TaskRecord record) {
    WireWriter out = new WireWriter(1 << 16);
    CODEC.write(record, out);
    byte[] bytes = out.toByteArray();
    // Once for what is made on first use.
    CODEC.read(new WireReader(bytes));
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long before = threads.getCurrentThreadAllocatedBytes();
    TaskRecord read = CODEC.read(new WireReader(bytes));
    long allocated = threads.getCurrentThreadAllocatedBytes() - before;
    assertThat(RecordFootprint.of(read)).as(what).isBetween(allocated / 4, 2 * allocated + 1000);
  }
}
