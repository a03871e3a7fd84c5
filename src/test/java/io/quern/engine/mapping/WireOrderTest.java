package io.quern.engine.mapping;

import static org.assertj.core.api.Assertions.assertThat;

import io.quern.engine.circuit.Circuit;
import io.quern.engine.circuit.ClassicalRegister;
import io.quern.engine.circuit.Location;
import io.quern.engine.circuit.Operation.Barrier;
import io.quern.engine.circuit.Operation.Conditional;
import io.quern.engine.circuit.Operation.GateOperation;
import io.quern.engine.circuit.Operation.Measurement;
import io.quern.engine.circuit.Parameters;
import io.quern.engine.circuit.StandardGate;
import io.quern.engine.machine.CouplingGraph;
import java.math.BigInteger;
import java.util.List;
import org.junit.jupiter.api.Test;

class WireOrderTest {
  private static final Parameters ANGLE = Parameters.of(0.3);
  private static final List<ClassicalRegister> TWO_BITS = List.of(new ClassicalRegister("c", 2));

  private static int[][] predecessors(Circuit circuit) {
    return Problems.problem(circuit, CouplingGraph.all(circuit.qubits())).predecessors;
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
