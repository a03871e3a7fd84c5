package io.quern.engine.partition;

import static org.assertj.core.api.Assertions.assertThat;

import io.quern.engine.circuit.Circuit;
import io.quern.engine.circuit.ClassicalRegister;
import io.quern.engine.circuit.Location;
import io.quern.engine.circuit.Operation;
import io.quern.engine.circuit.Operation.Barrier;
import io.quern.engine.circuit.Operation.Conditional;
import io.quern.engine.circuit.Operation.GateOperation;
import io.quern.engine.circuit.Operation.Measurement;
import io.quern.engine.circuit.Parameters;
import io.quern.engine.circuit.StandardGate;
import io.quern.engine.machine.GateSet;
import io.quern.engine.partition.BlockCollector.Merging;
import io.quern.engine.synthesis.NativeGates;
import java.math.BigInteger;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class BlockOrderTest {
  private static final Parameters ANGLE = Parameters.of(0.3);
  private static final List<ClassicalRegister> TWO_BITS = List.of(new ClassicalRegister("c", 2));

  private static int[][] predecessors(Circuit circuit) {
    BlockOrder order =
        BlockOrder.of(new GateReader(NativeGates.of(GateSet.DEFAULT)).read(circuit, Merging.GAIN));
    return IntStream.range(0, order.nodes().size())
        .mapToObj(order::predecessors)
        .toArray(int[][]::new);
  }

  @Test
  void diagonalGatesWaitForNothing() {
    Circuit circuit =
        Circuit.builder(3)
            .gate(StandardGate.CP, ANGLE, 0, 1)
            .gate(StandardGate.CP, ANGLE, 1, 2)
            .gate(StandardGate.CP, ANGLE, 0, 2)
            .build();
    assertThat(predecessors(circuit)).isDeepEqualTo(new int[][] {{}, {}, {}});
  }

  @Test
  void gatesCommuteAcrossOneQubitGatesThatTurnTheirAxes() {
    Circuit circuit =
        Circuit.builder(3)
            .gate(StandardGate.CZ, 0, 1)
            .gate(StandardGate.H, 1)
            .gate(StandardGate.CX, 2, 1)
            .build();
    assertThat(predecessors(circuit)).isDeepEqualTo(new int[][] {{}, {}});
  }

  @Test
  void conditionsWaitForTheLastOnEachBitAndMeasurementsForConditions() {
    Operation flip =
        new Conditional(
            0,
            BigInteger.ONE,
            new GateOperation(StandardGate.U3, Location.of(2), Parameters.of(Math.PI, 0, Math.PI)));
    Circuit circuit =
        Circuit.builder(3, TWO_BITS)
            .add(new Measurement(0, 0, 0))
            .add(flip)
            .add(new Measurement(1, 0, 1))
            .add(new Measurement(0, 0, 0))
            .add(flip)
            .add(new Conditional(0, BigInteger.ONE, new Measurement(0, 0, 0)))
            .add(new Measurement(1, 0, 0))
            .add(new Measurement(1, 0, 1))
            .add(flip)
            .build();
    assertThat(predecessors(circuit))
        .isDeepEqualTo(
            new int[][] {{}, {0}, {1}, {0, 1}, {1, 2, 3}, {3, 4}, {2, 5}, {5, 6}, {4, 6, 7}});
  }

  @Test
  void gatesAlongOtherAxesWait() {
    Circuit circuit =
        Circuit.builder(3)
            .gate(StandardGate.CX, 0, 1)
            .gate(StandardGate.CX, 1, 2)
            .gate(StandardGate.CX, 0, 2)
            .build();
    assertThat(predecessors(circuit)).isDeepEqualTo(new int[][] {{}, {0}, {}});
  }

  @Test
  void classicalBitsKeepTheirOrder() {
    Circuit circuit =
        Circuit.builder(3, TWO_BITS)
            .add(new Measurement(0, 0, 0))
            .add(
                new Conditional(
                    0,
                    BigInteger.ONE,
                    new GateOperation(StandardGate.X, Location.of(1), Parameters.NONE)))
            .add(new Measurement(2, 0, 1))
            .build();
    assertThat(predecessors(circuit)).isDeepEqualTo(new int[][] {{}, {0}, {1}});
  }

  @Test
  void nothingPassesABarrierOnItsQubits() {
    Circuit circuit =
        Circuit.builder(4)
            .gate(StandardGate.CZ, 0, 1)
            .add(new Barrier(Location.of(1, 2)))
            .gate(StandardGate.CZ, 0, 3)
            .gate(StandardGate.CZ, 2, 3)
            .build();
    assertThat(predecessors(circuit)).isDeepEqualTo(new int[][] {{}, {0}, {}, {1}});
  }
}
