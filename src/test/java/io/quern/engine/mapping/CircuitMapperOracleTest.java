package io.quern.engine.mapping;

import static org.assertj.core.api.Assertions.assertThat;

import io.quern.engine.circuit.Circuit;
import io.quern.engine.circuit.Operation;
import io.quern.engine.circuit.Operation.Barrier;
import io.quern.engine.circuit.StandardGate;
import io.quern.engine.machine.CouplingGraph;
import io.quern.engine.machine.GateSet;
import io.quern.engine.machine.MachineModel;
import io.quern.engine.partition.BlockCircuit;
import io.quern.engine.partition.BlockCollector.Merging;
import io.quern.engine.partition.BlockWriter;
import io.quern.engine.partition.GateReader;
import io.quern.engine.synthesis.NativeGates;
import io.quern.testing.Equivalence;
import io.quern.testing.Generators;
import io.quern.testing.InlineRuntime;
import io.quern.testing.StabilizerTableau;
import io.quern.testing.WindowedEquivalence;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/// Routed circuits do what their inputs do, by oracles that know nothing of routing.
class CircuitMapperOracleTest {
  private static final List<StandardGate> NARROW_GATES =
      Arrays.stream(StandardGate.values()).filter(gate -> gate.qubits() <= 2).toList();

  static LongStream seeds() {
    long first = Long.getLong("quern.test.first-seed", 1);
    return LongStream.range(first, first + Long.getLong("quern.test.seeds", 60));
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void smallCircuitIsRouted(long seed) throws InterruptedException {
    Random random = new Random(seed);
    int qubits = 1 + random.nextInt(6);
    Circuit circuit =
        seed % 3 == 0
            ? Generators.dynamicCircuit(seed, Math.min(qubits, 4), 20, 4, NARROW_GATES)
            : Generators.circuit(seed, qubits, random.nextInt(40), NARROW_GATES);
    CouplingGraph coupling = Generators.couplingGraph(seed, circuit.qubits());
    for (Mapped mapped : map(circuit, coupling, seed, 3)) {
      assertThat(
              Equivalence.distance(
                  circuit, mapped.circuit(), mapped.initialMapping(), mapped.finalMapping()))
          .as("seed %s", seed)
          .isLessThan(1e-14);
    }
  }

  @ParameterizedTest(name = "{0} qubits on {1} rows, seed {2}")
  @CsvSource({"20, 1, 1", "48, 5, 2", "133, 9, 3"})
  void wideCliffordIsRouted(int qubits, int rows, long seed) throws InterruptedException {
    Circuit circuit = Generators.cliffordCircuit(seed, qubits, 5 * qubits);
    CouplingGraph coupling = CouplingGraph.grid(rows, qubits / rows + 1);
    for (Mapped mapped : map(circuit, coupling, seed, 2)) {
      assertThat(
              StabilizerTableau.of(circuit)
                  .differenceFrom(
                      StabilizerTableau.of(mapped.circuit()),
                      mapped.initialMapping(),
                      mapped.finalMapping()))
          .isEmpty();
    }
  }

  @ParameterizedTest(name = "{0} windows of {1} qubits on {2} rows, seed {3}")
  @CsvSource({"6, 4, 1, 1", "9, 4, 5, 2"})
  void wideCircuitIsRoutedWindowByWindow(int windows, int width, int rows, long seed)
      throws InterruptedException {
    int qubits = windows * width;
    Circuit circuit = Generators.windowedCircuit(seed, windows, width, 5 * qubits, NARROW_GATES);
    CouplingGraph coupling = CouplingGraph.grid(rows, qubits / rows + 1);
    for (Mapped mapped : map(circuit, coupling, seed, 2)) {
      assertThat(
              WindowedEquivalence.distance(
                  circuit, mapped.circuit(), mapped.initialMapping(), mapped.finalMapping()))
          .isLessThan(1e-14);
    }
  }

  /// A mapping with its blocks written in gates.
  record Mapped(Circuit circuit, List<Integer> initialMapping, List<Integer> finalMapping) {}

  private static List<Mapped> map(Circuit circuit, CouplingGraph coupling, long seed, int count)
      throws InterruptedException {
    NativeGates gates = NativeGates.of(GateSet.DEFAULT);
    BlockCircuit blocks = new GateReader(gates).read(circuit, Merging.GAIN);
    MachineModel machine = new MachineModel(coupling, GateSet.DEFAULT);
    List<Mapped> written =
        CircuitMapper.map(blocks, machine, seed, count, InlineRuntime.of(2, seed)).stream()
            .map(
                mapped ->
                    new Mapped(
                        BlockWriter.write(mapped.blocks(), gates),
                        mapped.initialMapping(),
                        mapped.finalMapping()))
            .toList();
    assertThat(written).isNotEmpty();
    for (Mapped mapped : written) {
      assertThat(mapped.circuit().qubits()).isEqualTo(coupling.qubits());
      for (Operation operation : mapped.circuit().operations()) {
        if (!(operation instanceof Barrier) && operation.location().size() == 2) {
          assertThat(coupling.isEdge(operation.location().get(0), operation.location().get(1)))
              .as("%s on an edge", operation)
              .isTrue();
        }
      }
    }
    return written;
  }
}
