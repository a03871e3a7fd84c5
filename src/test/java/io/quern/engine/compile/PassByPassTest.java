package io.quern.engine.compile;

import static org.assertj.core.api.Assertions.assertThat;

import io.quern.engine.circuit.Circuit;
import io.quern.engine.circuit.Parameters;
import io.quern.engine.circuit.StandardGate;
import io.quern.engine.linalg.Rotation;
import io.quern.engine.machine.CouplingGraph;
import io.quern.engine.machine.GateSet;
import io.quern.engine.machine.MachineModel;
import io.quern.engine.partition.Block;
import io.quern.engine.partition.BlockCircuit;
import io.quern.engine.partition.BlockElement;
import io.quern.engine.partition.BlockElement.Fence;
import io.quern.engine.partition.BlockElement.LocalGate;
import io.quern.engine.pass.GateSetRetargeting;
import io.quern.engine.pass.Pass;
import io.quern.engine.pass.PassData;
import io.quern.testing.Equivalence;
import io.quern.testing.Generators;
import io.quern.testing.InlineRuntime;
import io.quern.testing.WindowedEquivalence;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// After each pass of the workflow the circuit still does what the input does: wide circuits are
/// compared window by window, small ones with measurements along every outcome.
class PassByPassTest {
  private static final double TOLERANCE = 1e-13;

  @FunctionalInterface
  private interface Oracle {
    double distance(
        Circuit input, Circuit now, List<Integer> initialMapping, List<Integer> finalMapping);
  }

  @ParameterizedTest(name = "{0} windows of {1} qubits, {2} gates, {3} rows of qubits, seed {4}")
  @CsvSource({
    "5, 8, 500, 0, 1",
    "10, 6, 600, 0, 2",
    "20, 3, 400, 0, 3",
    "5, 4, 200, 1, 4",
    "12, 4, 400, 6, 5",
    "20, 3, 300, 7, 6",
  })
  void wideCircuitStaysTheSame(int windows, int width, int gates, int rows, long seed)
      throws InterruptedException {
    Circuit circuit = Generators.windowedCircuit(seed, windows, width, gates);
    int qubits = circuit.qubits();
    CouplingGraph coupling =
        rows == 0 ? CouplingGraph.all(qubits) : CouplingGraph.grid(rows, qubits / rows + 1);
    List<String> passes =
        check(circuit, coupling, Generators.gateSet(seed), seed, WindowedEquivalence::distance);
    assertThat(passes)
        .startsWith("Unfold")
        .contains("TwoQubitResynthesis", "CommutativeCancellation")
        .endsWith("GateSetRetargeting");
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16})
  void circuitWithMeasurementsStaysTheSame(long seed) throws InterruptedException {
    Circuit circuit = Generators.dynamicCircuit(seed, 2 + (int) seed % 4, 30, 5);
    check(
        circuit,
        Generators.couplingGraph(seed, circuit.qubits()),
        Generators.gateSet(seed),
        seed,
        Equivalence::distance);
  }

  private static List<String> check(
      Circuit circuit, CouplingGraph coupling, GateSet gates, long seed, Oracle oracle)
      throws InterruptedException {
    PassData data = new PassData(circuit, new MachineModel(coupling, gates), seed, false);
    List<String> names = new ArrayList<>();
    for (Pass pass : Levels.workflow(data, 1, SynthesisOptions.DEFAULT).passes()) {
      pass.run(data, InlineRuntime.of(2, seed));
      names.add(pass.name());
      Circuit now = pass instanceof GateSetRetargeting ? data.compiled() : circuitOf(data.blocks());
      assertThat(oracle.distance(circuit, now, data.initialMapping(), data.finalMapping()))
          .as("seed %s after %s", seed, names)
          .isLessThan(TOLERANCE);
    }
    return names;
  }

  /// The blocks in gates, by their definition.
  private static Circuit circuitOf(BlockCircuit blocks) {
    Circuit.Builder builder = Circuit.builder(blocks.qubits(), blocks.classicalRegisters());
    for (BlockElement element : blocks.elements()) {
      switch (element) {
        case Block block -> {
          turn(builder, block.turnA(), block.a());
          turn(builder, block.turnB(), block.b());
          // exp(i x XX), then exp(i y YY) as XX turned about Z on both, then exp(i z ZZ).
          builder.gate(StandardGate.RXX, Parameters.of(-2 * block.x()), block.a(), block.b());
          builder.gate(StandardGate.SDG, block.a()).gate(StandardGate.SDG, block.b());
          builder.gate(StandardGate.RXX, Parameters.of(-2 * block.y()), block.a(), block.b());
          builder.gate(StandardGate.S, block.a()).gate(StandardGate.S, block.b());
          builder.gate(StandardGate.RZZ, Parameters.of(-2 * block.z()), block.a(), block.b());
          turn(builder, block.turnA().inverse(), block.a());
          turn(builder, block.turnB().inverse(), block.b());
        }
        case LocalGate(int qubit, Rotation rotation) -> turn(builder, rotation, qubit);
        case Fence(var operation) -> builder.add(operation);
      }
    }
    return builder.build();
  }

  /// w·I − i(x·X + y·Y + z·Z) as u3, up to global phase.
  private static void turn(Circuit.Builder builder, Rotation r, int qubit) {
    double theta = 2 * Math.atan2(Math.hypot(r.x(), r.y()), Math.hypot(r.w(), r.z()));
    double phase = Math.atan2(-r.z(), r.w());
    double phi = Math.atan2(-r.x(), r.y()) - phase;
    double lambda = Math.atan2(r.x(), r.y()) - phase;
    builder.gate(StandardGate.U3, Parameters.of(theta, phi, lambda), qubit);
  }
}
