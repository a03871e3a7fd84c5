package io.quern.bqskit.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quern.bqskit.pickle.PickleLimits;
import io.quern.bqskit.pickle.PickleReader;
import io.quern.bqskit.pickle.TupleNode;
import io.quern.bqskit.wire.FromClient;
import io.quern.bqskit.wire.PickledValue;
import io.quern.engine.circuit.Circuit;
import io.quern.engine.circuit.Operation;
import io.quern.engine.machine.CouplingGraph;
import io.quern.engine.machine.GateSet;
import io.quern.engine.machine.MachineModel;
import io.quern.engine.qasm.QasmReader;
import io.quern.testing.Equivalence;
import io.quern.testing.PeerPython;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Root tasks that were made without Python run on a real manager with real workers.
class RealManagerIT {
  private static final PickleLimits LIMITS = new PickleLimits(64 << 20, 200);

  @TempDir static Path directory;
  private static RecordedFrames recorded;
  private static RealManager manager;

  @BeforeAll
  static void start() throws IOException {
    recorded = RecordedFrames.record(directory);
    manager = new RealManager(PeerPython.provide().interpreter(), directory.resolve("manager.log"));
  }

  @AfterAll
  static void stop() throws IOException {
    if (manager != null) {
      manager.close();
    }
  }

  @Test
  void compilationTaskOfAClientRuns() throws IOException {
    FromClient.Submit submit =
        (FromClient.Submit) new WireCodec(LIMITS).readClient(recorded.frame("client-submit", 4));
    PickledValue returned = manager.run(RootTasks.rootTask(submit.task(), 1, 10, -1));
    assertThat(PickleReader.read(returned.toBytes(), LIMITS))
        .isInstanceOfSatisfying(TupleNode.class, pair -> assertThat(pair.items()).hasSize(2));
    assertThat(manager.logs())
        .anySatisfy(
            log -> {
              assertThat(log.logger()).isEqualTo("bqskit.compiler.workflow");
              assertThat(log.level()).isEqualTo(10);
              assertThat(log.message()).startsWith("Running QuickPartitioner [wid=");
            });
  }

  @Test
  void circuitIsCompiledByValueForALineOfOtherGates() throws IOException {
    Circuit circuit =
        QasmReader.read(
            """
            OPENQASM 2.0;
            include "qelib1.inc";
            qreg q[3];
            creg c[3];
            h q[0]; cx q[0],q[2]; t q[2]; cx q[1],q[2]; rz(0.3) q[1]; cx q[0],q[1];
            measure q -> c;
            """);
    MachineModel machine =
        new MachineModel(CouplingGraph.line(4), GateSet.parse(List.of("ecr", "rz", "sx", "x")));
    PickledValue call = PythonSource.call(circuit, machine, 1, 1e-8, 7L);
    PythonSource.Outcome outcome =
        PythonSource.outcome(manager.run(RootTasks.ofCall(call, 2, 30, -1)), LIMITS);
    assertThat(outcome.version()).isEqualTo("1.2.1");
    assertThat(outcome.initialMapping()).hasSize(3).doesNotHaveDuplicates();
    assertThat(outcome.error()).isLessThan(1e-6);
    Circuit compiled = QasmReader.read(outcome.qasm());
    assertThat(compiled.operations())
        .allSatisfy(
            operation -> {
              if (operation instanceof Operation.GateOperation gate) {
                assertThat(gate.gate().qasmName()).isIn("ecr", "rz", "sx", "x");
                if (gate.location().size() == 2) {
                  assertThat(
                          machine.coupling().isEdge(gate.location().get(0), gate.location().get(1)))
                      .isTrue();
                }
              }
            });
    assertThat(
            Equivalence.distance(
                circuit, compiled, outcome.initialMapping(), outcome.finalMapping()))
        .isLessThan(1e-6);
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 3, 4})
  void everyLevelIsToBeHad(int level) throws IOException {
    Circuit circuit =
        QasmReader.read(
            """
            OPENQASM 2.0;
            include "qelib1.inc";
            qreg q[2];
            h q[0]; cx q[0],q[1]; p(0.25) q[1]; cx q[0],q[1]; cx q[1],q[0];
            """);
    MachineModel machine =
        new MachineModel(CouplingGraph.all(2), GateSet.parse(List.of("cz", "u")));
    PickledValue call = PythonSource.call(circuit, machine, level, 1e-8, null);
    PythonSource.Outcome outcome =
        PythonSource.outcome(manager.run(RootTasks.ofCall(call, 10 + level, 30, -1)), LIMITS);
    Circuit compiled = QasmReader.read(outcome.qasm());
    assertThat(outcome.qasm()).doesNotContain("u3(");
    assertThat(
            Equivalence.distance(
                circuit, compiled, outcome.initialMapping(), outcome.finalMapping()))
        .isLessThan(1e-6);
  }

  @Test
  void errorOfBqskitComesBackWithItsTraceback() {
    Circuit circuit = Circuit.builder(2).build();
    MachineModel machine = new MachineModel(CouplingGraph.line(2), GateSet.DEFAULT);
    PickledValue call = PythonSource.call(circuit, machine, 9, 1e-8, null);
    assertThatThrownBy(() -> manager.run(RootTasks.ofCall(call, 3, 30, -1)))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("Traceback")
        .hasMessageContaining("build_workflow");
  }
}
