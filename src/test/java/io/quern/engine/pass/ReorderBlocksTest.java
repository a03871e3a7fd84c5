package io.quern.engine.pass;

import static org.assertj.core.api.Assertions.assertThat;

import io.quern.engine.circuit.Circuit;
import io.quern.engine.circuit.StandardGate;
import io.quern.engine.machine.CouplingGraph;
import io.quern.engine.machine.GateSet;
import io.quern.engine.machine.MachineModel;
import io.quern.engine.partition.BlockCircuit;
import io.quern.engine.partition.BlockWriter;
import io.quern.engine.partition.PairPartition;
import io.quern.engine.synthesis.Entangler;
import io.quern.testing.Equivalence;
import io.quern.testing.Generators;
import io.quern.testing.InlineRuntime;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ReorderBlocksTest {
  private static final Entangler CX = Entangler.of(GateSet.DEFAULT);

  static LongStream seeds() {
    long first = Long.getLong("quern.test.first-seed", 1);
    return LongStream.range(first, first + Long.getLong("quern.test.seeds", 40));
  }

  private static PassData read(Circuit circuit, long seed) throws InterruptedException {
    MachineModel machine = new MachineModel(CouplingGraph.all(circuit.qubits()), GateSet.DEFAULT);
    PassData data = new PassData(circuit, machine, seed, false);
    new Unfold().run(data, InlineRuntime.of(1, 0));
    return data;
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void reorderedCircuitDoesTheSameForNoMoreGates(long seed) throws InterruptedException {
    Circuit circuit =
        seed % 3 == 0 ? Generators.dynamicCircuit(seed, 3, 25, 4) : Generators.circuit(seed, 5, 40);
    PassData data = read(circuit, seed);
    int before = PairPartition.of(data.blocks()).cost(CX);
    new ReorderBlocks().run(data, InlineRuntime.of(1, 0));
    assertThat(PairPartition.of(data.blocks()).cost(CX)).isLessThanOrEqualTo(before);
    assertThat(Equivalence.distance(circuit, BlockWriter.write(data.blocks(), data.gates())))
        .isLessThan(1e-12);
  }

  @Test
  void resultDependsOnTheSeedAlone() throws InterruptedException {
    Circuit circuit = Generators.circuit(7, 6, 80);
    PassData first = read(circuit, 7);
    PassData second = read(circuit, 7);
    new ReorderBlocks().run(first, InlineRuntime.of(1, 0));
    new ReorderBlocks().run(second, InlineRuntime.of(8, 3));
    assertThat(second.blocks()).isEqualTo(first.blocks());
  }

  @Test
  void timeLimitKeepsTheBestSoFar() throws InterruptedException {
    Circuit circuit =
        Circuit.builder(3).gate(StandardGate.CX, 0, 1).gate(StandardGate.CX, 1, 2).build();
    PassData data = read(circuit, 1);
    BlockCircuit before = data.blocks();
    new ReorderBlocks().run(data, InlineRuntime.timeUpAfter(0));
    assertThat(data.blocks()).isEqualTo(before);
    assertThat(data.isCutShort()).isTrue();
  }
}
