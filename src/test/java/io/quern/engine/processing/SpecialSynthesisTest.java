package io.quern.engine.processing;

import static org.assertj.core.api.Assertions.assertThat;

import io.quern.engine.circuit.Circuit;
import io.quern.engine.circuit.Parameters;
import io.quern.engine.circuit.StandardGate;
import io.quern.engine.linalg.Rotation;
import io.quern.engine.machine.CouplingGraph;
import io.quern.engine.machine.GateSet;
import io.quern.engine.machine.MachineModel;
import io.quern.engine.partition.Block;
import io.quern.engine.partition.BlockElement;
import io.quern.engine.partition.BlockElement.LocalGate;
import io.quern.engine.partition.BlockWriter;
import io.quern.engine.pass.ApplyPlacement;
import io.quern.engine.pass.Pass;
import io.quern.engine.pass.PassData;
import io.quern.engine.pass.Unfold;
import io.quern.testing.Equivalence;
import io.quern.testing.Generators;
import io.quern.testing.InlineRuntime;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Clifford and diagonal circuits made directly.
class SpecialSynthesisTest {

  private static PassData after(Pass pass, Circuit circuit, CouplingGraph coupling)
      throws InterruptedException {
    InlineRuntime runtime = InlineRuntime.of(1, 0);
    PassData data = new PassData(circuit, new MachineModel(coupling, GateSet.DEFAULT), 1, false);
    new Unfold().run(data, runtime);
    new ApplyPlacement().run(data, runtime);
    int before = data.cost();
    pass.run(data, runtime);
    assertThat(data.cost()).isLessThanOrEqualTo(before);
    List<Integer> same = IntStream.range(0, circuit.qubits()).boxed().toList();
    assertThat(
            Equivalence.distance(
                circuit, BlockWriter.write(data.blocks(), data.gates()), same, same))
        .isLessThan(1e-12);
    return data;
  }

  private static boolean isClifford(BlockElement element) {
    return switch (element) {
      case Block block -> block.turnA().isClifford() && block.turnB().isClifford();
      case LocalGate(int qubit, Rotation rotation) -> rotation.isClifford();
      case BlockElement.Fence fence -> false;
    };
  }

  @Test
  void cliffordCircuitsNeedSixGatesAtMost() throws InterruptedException {
    int most = 0;
    for (long seed = 1; seed <= 40; seed++) {
      PassData data =
          after(
              new CliffordSynthesis(),
              Generators.cliffordCircuit(seed, 3, 60),
              CouplingGraph.all(3));
      most = Math.max(most, data.cost());
      assertThat(data.blocks().elements()).allMatch(SpecialSynthesisTest::isClifford);
    }
    assertThat(most).isBetween(4, 6);
  }

  @Test
  void cliffordCircuitsKeepToTheLine() throws InterruptedException {
    EnumSet<StandardGate> gates =
        EnumSet.of(StandardGate.CX, StandardGate.H, StandardGate.S, StandardGate.SX);
    for (long seed = 1; seed <= 20; seed++) {
      Circuit.Builder line = Circuit.builder(3);
      Random random = new Random(seed);
      for (int k = 0; k < 15; k++) {
        int first = random.nextInt(2);
        Generators.circuit(100 * seed + k, 2, 4, gates)
            .operations()
            .forEach(operation -> line.add(operation.mapQubits(new int[] {first, first + 1})));
      }
      PassData data = after(new CliffordSynthesis(), line.build(), CouplingGraph.line(3));
      assertThat(data.cost()).isLessThanOrEqualTo(7);
      assertThat(data.blocks().elements())
          .allMatch(element -> !(element instanceof Block block) || block.b() - block.a() == 1);
    }
  }

  /// Whatever their length, as any Clifford gate on so many qubits.
  @ParameterizedTest
  @CsvSource({"4, 10", "5, 17"})
  void widerCliffordCircuitsAreMadeAnewAsAWhole(int qubits, int most) throws InterruptedException {
    for (long seed = 1; seed <= 10; seed++) {
      PassData data =
          after(
              new CliffordCircuit(),
              Generators.cliffordCircuit(seed, qubits, 30 * qubits),
              CouplingGraph.all(qubits));
      assertThat(data.cost()).as("seed %d", seed).isLessThanOrEqualTo(most);
      assertThat(data.blocks().elements()).allMatch(SpecialSynthesisTest::isClifford);
    }
  }

  @Test
  void tableHoldsEveryClassTheCouplingsReach() {
    CliffordTable table = new CliffordTable(2, CouplingGraph.all(2).edges());
    // SWAP takes the Paulis of each qubit to those of the other, by three gates.
    assertThat(table.shortest(new int[] {2, 8, 1, 4})).hasSize(3);
    assertThat(table.shortest(new int[] {1, 4, 2, 8})).isEmpty();
    // The symplectic groups have 720 and 1,451,520 elements, that of one qubit 6.
    assertThat(table.classes()).isEqualTo(720 / 36);
    assertThat(new CliffordTable(3, CouplingGraph.line(3).edges()).classes())
        .isEqualTo(1_451_520 / 216);
    // Without couplings there is only the identity.
    assertThat(new CliffordTable(2, List.of()).shortest(new int[] {2, 8, 1, 4})).isNull();
  }

  @Test
  void diagonalCircuitsNeedOneGateForEachParity() throws InterruptedException {
    EnumSet<StandardGate> diagonal =
        EnumSet.of(
            StandardGate.RZ,
            StandardGate.CZ,
            StandardGate.CP,
            StandardGate.RZZ,
            StandardGate.CRZ,
            StandardGate.T);
    for (int qubits = 2; qubits <= 5; qubits++) {
      Circuit.Builder builder = Circuit.builder(qubits);
      for (int k = 0; k < 30; k++) {
        Generators.circuit(10L * qubits + k, qubits, 4, diagonal)
            .operations()
            .forEach(builder::add);
        if (qubits > 2) {
          int target = k % qubits;
          builder.gate(StandardGate.H, target);
          builder.gate(StandardGate.CCX, (target + 1) % qubits, (target + 2) % qubits, target);
          builder.gate(StandardGate.H, target);
        }
      }
      PassData data = after(new DiagonalSynthesis(), builder.build(), CouplingGraph.all(qubits));
      assertThat(data.cost()).isLessThanOrEqualTo((1 << qubits) - 2);
    }
  }

  @Test
  void otherCircuitsStay() throws InterruptedException {
    Circuit circuit =
        Circuit.builder(3)
            .gate(StandardGate.CX, 0, 1)
            .gate(StandardGate.RY, Parameters.of(0.3), 1)
            .gate(StandardGate.CX, 1, 2)
            .gate(StandardGate.CX, 0, 1)
            .build();
    assertThat(after(new CliffordSynthesis(), circuit, CouplingGraph.all(3)).cost()).isEqualTo(3);
    assertThat(after(new DiagonalSynthesis(), circuit, CouplingGraph.all(3)).cost()).isEqualTo(3);
  }
}
