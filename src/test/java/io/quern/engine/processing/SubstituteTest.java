package io.quern.engine.processing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.quern.engine.circuit.Circuit;
import io.quern.engine.circuit.Parameters;
import io.quern.engine.circuit.StandardGate;
import io.quern.engine.linalg.Rotation;
import io.quern.engine.machine.CouplingGraph;
import io.quern.engine.machine.GateSet;
import io.quern.engine.machine.MachineModel;
import io.quern.engine.partition.Block;
import io.quern.engine.partition.BlockCircuit;
import io.quern.engine.pass.PassData;
import io.quern.testing.InlineRuntime;
import java.util.List;
import org.junit.jupiter.api.Test;

class SubstituteTest {
  private static PassData data(Circuit input, Block... blocks) {
    PassData data =
        new PassData(
            input, new MachineModel(CouplingGraph.all(input.qubits()), GateSet.DEFAULT), 3, false);
    data.setBlocks(new BlockCircuit(input.qubits(), List.of(), List.of(blocks), 0));
    return data;
  }

  /// Two blocks of two CX on one pair, along the same axes, that are together worth one CX: with
  /// one CX in the first one's place the other becomes nothing.
  @Test
  void cheaperGateTakesThePlaceWhereTheRestCanBeFitted() {
    Circuit input = Circuit.builder(2).gate(StandardGate.RXX, Parameters.of(0.1), 0, 1).build();
    Block first = new Block(0, 1, 0.3, 0, 0, Rotation.IDENTITY, Rotation.IDENTITY);
    Block second = new Block(0, 1, Math.PI / 4 - 0.3, 0, 0, Rotation.IDENTITY, Rotation.IDENTITY);
    PassData data = data(input, first, second);
    assertThat(data.cost()).isEqualTo(4);
    new Substitute(StandardGate.CX, 4, 1e-24, 4_000).run(data, InlineRuntime.of(1, 0));
    assertThat(data.cost()).isLessThan(4);
    assertThat(data.blocks().errorD2()).isLessThan(1e-9);
  }

  @Test
  void nothingChangesWhereNothingFits() {
    Circuit input = Circuit.builder(2).gate(StandardGate.RXX, Parameters.of(0.1), 0, 1).build();
    Block block = new Block(0, 1, 0.3, 0.2, 0.1, Rotation.IDENTITY, Rotation.IDENTITY);
    PassData data = data(input, block);
    BlockCircuit before = data.blocks();
    new Substitute(StandardGate.CX, 3, 1e-24, 2_000).run(data, InlineRuntime.of(1, 0));
    assertThat(data.blocks()).isSameAs(before);
  }

  @Test
  void gateOfTwoQubitsIsWanted() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Substitute(StandardGate.H, 1, 1e-24, 10))
        .withMessageContaining("two-qubit gate");
  }
}
