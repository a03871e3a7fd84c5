package io.quern.engine.partition;

import static org.assertj.core.api.Assertions.assertThat;

import io.quern.engine.circuit.Circuit;
import io.quern.engine.circuit.Operation;
import io.quern.engine.circuit.StandardGate;
import io.quern.testing.Equivalence;
import io.quern.testing.Generators;
import java.util.EnumSet;
import java.util.List;
import org.junit.jupiter.api.Test;

class WideGateCancellationTest {
  private static List<Operation> left(Circuit circuit) {
    return WideGateCancellation.of(circuit.operations(), circuit.qubits());
  }

  @Test
  void laddersOfToffoliGatesThereAndBackCancel() {
    Circuit.Builder ladder = Circuit.builder(6);
    for (int k = 0; k < 4; k++) {
      ladder.gate(StandardGate.CCX, k, k + 1, k + 2);
    }
    for (int k = 3; k >= 0; k--) {
      ladder.gate(StandardGate.CCX, k + 1, k, k + 2);
    }
    assertThat(left(ladder.build())).isEmpty();
  }

  @Test
  void whatCommutesMayStandBetween() {
    Circuit circuit =
        Circuit.builder(5)
            .gate(StandardGate.X, 0)
            .gate(StandardGate.C3X, 0, 1, 2, 3)
            .gate(StandardGate.CX, 1, 4)
            .gate(StandardGate.CCX, 1, 4, 3)
            .gate(StandardGate.T, 2)
            .gate(StandardGate.C3X, 2, 1, 0, 3)
            .gate(StandardGate.X, 0)
            .build();
    assertThat(left(circuit)).hasSize(3);
  }

  @Test
  void whatDoesNotCommuteIsInTheWay() {
    Circuit circuit =
        Circuit.builder(3)
            .gate(StandardGate.CCX, 0, 1, 2)
            .gate(StandardGate.H, 1)
            .gate(StandardGate.CCX, 0, 1, 2)
            .build();
    assertThat(left(circuit)).isSameAs(circuit.operations());
  }

  /// Few kinds of gates on few qubits, so that many meet.
  @Test
  void nothingButWhatCancelsIsTakenOut() {
    int taken = 0;
    for (long seed = 1; seed <= 300; seed++) {
      Circuit circuit =
          Generators.circuit(
              seed,
              4,
              24,
              EnumSet.of(
                  StandardGate.CCX,
                  StandardGate.CSWAP,
                  StandardGate.RCCX,
                  StandardGate.X,
                  StandardGate.T,
                  StandardGate.CX,
                  StandardGate.RXX));
      List<Operation> left = left(circuit);
      taken += circuit.operations().size() - left.size();
      Circuit.Builder rest = Circuit.builder(4);
      left.forEach(rest::add);
      assertThat(Equivalence.distance(circuit, rest.build())).as("seed %d", seed).isLessThan(1e-12);
    }
    assertThat(taken).isGreaterThan(30);
  }
}
