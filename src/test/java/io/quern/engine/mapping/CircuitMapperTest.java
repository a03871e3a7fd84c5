package io.quern.engine.mapping;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.quern.engine.circuit.Circuit;
import io.quern.engine.circuit.Parameters;
import io.quern.engine.circuit.StandardGate;
import io.quern.engine.machine.CouplingGraph;
import io.quern.engine.machine.CouplingGraph.Edge;
import io.quern.engine.machine.GateSet;
import io.quern.engine.machine.MachineModel;
import io.quern.engine.partition.Block;
import io.quern.engine.partition.BlockCircuit;
import io.quern.testing.Generators;
import io.quern.testing.InlineRuntime;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class CircuitMapperTest {
  private static final List<StandardGate> NARROW_GATES =
      Arrays.stream(StandardGate.values()).filter(gate -> gate.qubits() <= 2).toList();

  private static MachineModel machine(CouplingGraph coupling) {
    return new MachineModel(coupling, GateSet.DEFAULT);
  }

  private static Circuit phases(int qubits) {
    Circuit.Builder circuit = Circuit.builder(qubits);
    for (int a = 0; a < qubits; a++) {
      circuit.gate(StandardGate.H, a);
      for (int b = a + 1; b < qubits; b++) {
        circuit.gate(StandardGate.CP, Parameters.of(Math.PI / (1 << (b - a))), b, a);
      }
    }
    return circuit.build();
  }

  @Test
  void circuitThatFitsIsNotTouched() throws InterruptedException {
    BlockCircuit line =
        Problems.blocks(
            Circuit.builder(3).gate(StandardGate.CX, 1, 2).gate(StandardGate.CX, 0, 1).build());
    MappedCircuit mapped =
        CircuitMapper.map(line, machine(CouplingGraph.line(3)), 1, 5, InlineRuntime.of(1, 0))
            .getFirst();
    assertThat(mapped.blocks()).isEqualTo(line);
    assertThat(mapped.initialMapping()).containsExactly(0, 1, 2);
    assertThat(mapped.finalMapping()).containsExactly(0, 1, 2);
  }

  @Test
  void fourierTransformOnALineNeedsNoMoreThanThreeCxForEachPhase() throws InterruptedException {
    int qubits = 5;
    MappedCircuit mapped =
        CircuitMapper.map(
                Problems.blocks(phases(qubits)),
                machine(CouplingGraph.line(qubits)),
                1,
                1,
                InlineRuntime.of(1, 0))
            .getFirst();
    assertThat(mapped.cost()).isLessThanOrEqualTo(3 * qubits * (qubits - 1) / 2);
  }

  @Test
  void resultDoesNotDependOnSlotsOrOrder() throws InterruptedException {
    for (int seed = 1; seed <= 5; seed++) {
      BlockCircuit circuit = Problems.blocks(Generators.circuit(seed, 7, 120, NARROW_GATES));
      MachineModel machine = machine(CouplingGraph.grid(3, 3));
      List<MappedCircuit> first =
          CircuitMapper.map(circuit, machine, seed, 8, InlineRuntime.of(1, 1));
      List<MappedCircuit> second =
          CircuitMapper.map(circuit, machine, seed, 8, InlineRuntime.of(64, 2));
      assertThat(second).isEqualTo(first);
    }
  }

  @Test
  void partThatIsLargeEnoughHoldsTheCircuit() throws InterruptedException {
    CouplingGraph coupling =
        CouplingGraph.of(
            7, List.of(new Edge(0, 1), new Edge(2, 4), new Edge(4, 6), new Edge(6, 3)));
    MappedCircuit mapped =
        CircuitMapper.map(
                Problems.blocks(phases(4)), machine(coupling), 1, 1, InlineRuntime.of(1, 0))
            .getFirst();
    assertThat(mapped.initialMapping()).containsExactlyInAnyOrder(2, 3, 4, 6);
    assertThat(mapped.blocks().elements().stream().filter(Block.class::isInstance))
        .isNotEmpty()
        .allSatisfy(
            element -> {
              Block block = (Block) element;
              assertThat(coupling.isEdge(block.a(), block.b())).isTrue();
            });
  }

  @Test
  void machineWithoutALargePartIsRefused() {
    CouplingGraph coupling = CouplingGraph.of(4, List.of(new Edge(0, 1), new Edge(2, 3)));
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                CircuitMapper.map(
                    Problems.blocks(phases(3)), machine(coupling), 1, 1, InlineRuntime.of(1, 0)))
        .withMessageContaining("no connected part of the machine holds 3 qubits");
  }

  @Test
  void mappingIsFoundThoughTimeIsUpFromTheStart() throws InterruptedException {
    MappedCircuit mapped =
        CircuitMapper.map(
                Problems.blocks(phases(8)),
                machine(CouplingGraph.line(8)),
                1,
                1,
                InlineRuntime.timeUpAfter(0))
            .getFirst();
    assertThat(mapped.cost()).isPositive();
  }

  @Test
  void swapsOfTheCircuitAreFree() throws InterruptedException {
    Circuit circuit =
        Circuit.builder(4)
            .gate(StandardGate.CX, 0, 1)
            .gate(StandardGate.SWAP, 0, 3)
            .gate(StandardGate.CX, 3, 2)
            .build();
    MappedCircuit mapped =
        CircuitMapper.map(
                Problems.blocks(circuit),
                machine(CouplingGraph.line(4)),
                1,
                1,
                InlineRuntime.of(1, 0))
            .getFirst();
    assertThat(mapped.cost()).isEqualTo(2);
  }
}
