package io.quern.engine.partition;

import static io.quern.engine.circuit.StandardGate.*;
import static org.assertj.core.api.Assertions.assertThat;

import io.quern.engine.circuit.Circuit;
import io.quern.engine.circuit.ClassicalRegister;
import io.quern.engine.circuit.Location;
import io.quern.engine.circuit.Operation.Barrier;
import io.quern.engine.circuit.Operation.Measurement;
import io.quern.engine.circuit.Operation.Reset;
import io.quern.engine.circuit.Parameters;
import io.quern.engine.machine.GateSet;
import io.quern.engine.partition.BlockCollector.Merging;
import io.quern.engine.synthesis.NativeGates;
import io.quern.testing.Equivalence;
import io.quern.testing.Generators;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class BlockCollectorTest {
  private static final NativeGates GATES = NativeGates.of(GateSet.DEFAULT);

  private static int cost(Circuit circuit) {
    return new GateReader(GATES).read(circuit, Merging.GAIN).cost(GATES.entangler());
  }

  @Test
  void cxCancelsThroughGatesOnItsControlAndTarget() {
    Circuit circuit =
        Circuit.builder(4)
            .gate(CX, 0, 1)
            .gate(T, 0)
            .gate(RX, Parameters.of(0.3), 1)
            .gate(CX, 0, 2)
            .gate(CX, 3, 1)
            .gate(CP, Parameters.of(0.2), 3, 0)
            .gate(CX, 0, 1)
            .build();
    assertThat(cost(circuit)).isEqualTo(1 + 1 + 2);
  }

  @Test
  void axesCommuteHoweverTheyAreTilted() {
    // The same as above in a frame turned by u3 on every qubit.
    Parameters there = Parameters.of(0.7, 0.2, -1.1);
    Parameters back = Parameters.of(-0.7, 1.1, -0.2);
    Circuit circuit =
        Circuit.builder(3)
            .gate(U3, there, 0)
            .gate(CX, 0, 1)
            .gate(U3, back, 0)
            .gate(U3, there, 0)
            .gate(CZ, 0, 2)
            .gate(U3, back, 0)
            .gate(U3, there, 0)
            .gate(CX, 0, 1)
            .build();
    assertThat(cost(circuit)).isEqualTo(1);
  }

  @Test
  void earlierBlockMovesForwardIfTheLaterCannotMoveBack() {
    // SWAP does not commute with CX(0,2), but CX(0,1) does.
    Circuit circuit = Circuit.builder(3).gate(CX, 0, 1).gate(CX, 0, 2).gate(SWAP, 0, 1).build();
    assertThat(cost(circuit)).isEqualTo(3);
  }

  @Test
  void nothingPassesBarriersMeasurementsAndResets() {
    List<ClassicalRegister> registers = List.of(new ClassicalRegister("c", 1));
    for (int kind = 0; kind < 3; kind++) {
      Circuit.Builder builder = Circuit.builder(2, registers).gate(CX, 0, 1);
      builder.add(
          kind == 0
              ? new Barrier(Location.of(1))
              : kind == 1 ? new Measurement(1, 0, 0) : new Reset(1));
      assertThat(cost(builder.gate(CX, 0, 1).build())).isEqualTo(2);
    }
    Circuit elsewhere =
        Circuit.builder(3, registers)
            .gate(CX, 0, 1)
            .add(new Measurement(2, 0, 0))
            .gate(CX, 0, 1)
            .build();
    assertThat(cost(elsewhere)).isZero();
  }

  @ParameterizedTest
  @EnumSource(Merging.class)
  void collectingKeepsWhatTheCircuitDoes(Merging merging) {
    for (int seed = 0; seed < 40; seed++) {
      Circuit circuit = Generators.circuit(seed, 4, 30);
      BlockCircuit blocks = new GateReader(GATES).read(circuit, merging);
      BlockCircuit again = BlockCollector.collect(blocks, GATES.entangler(), merging);
      assertThat(again.cost(GATES.entangler())).isLessThanOrEqualTo(blocks.cost(GATES.entangler()));
      assertThat(Equivalence.distance(circuit, BlockWriter.write(again, GATES)))
          .as("seed %d", seed)
          .isLessThan(1e-20);
    }
  }

  @Test
  void runsOnOnePairBecomeOneBlock() {
    Circuit.Builder builder = Circuit.builder(2);
    for (int k = 0; k < 9; k++) {
      builder.gate(CX, 0, 1).gate(U3, Parameters.of(0.1 + k, 0.2, 0.3), 0).gate(H, 1);
    }
    BlockCircuit blocks = new GateReader(GATES).read(builder.build(), Merging.ADJACENT);
    assertThat(blocks.blockCount()).isEqualTo(1);
    assertThat(blocks.cost(GATES.entangler())).isEqualTo(3);
  }
}
