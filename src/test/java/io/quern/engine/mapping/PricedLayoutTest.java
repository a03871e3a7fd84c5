package io.quern.engine.mapping;

import static org.assertj.core.api.Assertions.assertThat;

import io.quern.engine.circuit.Circuit;
import io.quern.engine.circuit.ClassicalRegister;
import io.quern.engine.circuit.Operation.Measurement;
import io.quern.engine.circuit.Parameters;
import io.quern.engine.circuit.StandardGate;
import io.quern.engine.machine.CouplingGraph;
import java.util.List;
import org.junit.jupiter.api.Test;

class PricedLayoutTest {
  private static final Parameters ANGLE = Parameters.of(0.3);

  private static PricedLayout start(RoutingProblem problem) {
    PricedLayout layout = new PricedLayout(problem);
    layout.start(Layout.trivial(problem.physicalQubits));
    return layout;
  }

  private static RoutingProblem onLine(Circuit.Builder circuit) {
    Circuit built = circuit.build();
    return Problems.problem(built, CouplingGraph.line(built.qubits()));
  }

  @Test
  void swapAloneCostsThreeCx() {
    RoutingProblem problem = onLine(Circuit.builder(2).gate(StandardGate.CX, 0, 1));
    assertThat(start(problem).priceOfSwap(0)).isEqualTo(3);
  }

  @Test
  void swapBesideOneOrTwoCxCostsOneMore() {
    RoutingProblem problem =
        onLine(Circuit.builder(4).gate(StandardGate.CX, 0, 1).gate(StandardGate.RZZ, ANGLE, 2, 3));
    PricedLayout layout = start(problem);
    layout.carryOut(0);
    layout.carryOut(1);
    assertThat(layout.priceOfSwap(problem.edge(0, 1))).isEqualTo(1);
    assertThat(layout.priceOfSwap(problem.edge(2, 3))).isEqualTo(1);
    assertThat(layout.priceOfSwap(problem.edge(1, 2))).isEqualTo(3);
  }

  @Test
  void swapReachesItsBlockOverBlocksThatCommute() {
    RoutingProblem problem =
        onLine(
            Circuit.builder(3)
                .gate(StandardGate.RZZ, ANGLE, 0, 1)
                .gate(StandardGate.RZZ, ANGLE, 1, 2));
    PricedLayout layout = start(problem);
    layout.carryOut(0);
    layout.carryOut(1);
    assertThat(layout.priceOfSwap(problem.edge(0, 1))).isEqualTo(1);
  }

  @Test
  void swapDoesNotReachItsBlockOverOneThatDoesNotCommute() {
    RoutingProblem problem =
        onLine(
            Circuit.builder(3)
                .gate(StandardGate.RZZ, ANGLE, 0, 1)
                .gate(StandardGate.RXX, ANGLE, 1, 2));
    PricedLayout layout = start(problem);
    layout.carryOut(0);
    layout.carryOut(1);
    assertThat(layout.priceOfSwap(problem.edge(0, 1))).isEqualTo(3);
  }

  @Test
  void swapDoesNotReachItsBlockOverAMeasurement() {
    Circuit circuit =
        Circuit.builder(2, List.of(new ClassicalRegister("c", 1)))
            .gate(StandardGate.RZZ, ANGLE, 0, 1)
            .add(new Measurement(0, 0, 0))
            .build();
    PricedLayout layout = start(Problems.problem(circuit, CouplingGraph.line(2)));
    layout.carryOut(0);
    layout.carryOut(1);
    assertThat(layout.priceOfSwap(0)).isEqualTo(3);
  }

  @Test
  void blockRightAfterASwapGivesBackWhatMergingSaves() {
    RoutingProblem problem = onLine(Circuit.builder(2).gate(StandardGate.RZZ, ANGLE, 0, 1));
    PricedLayout layout = start(problem);
    layout.swap(0);
    assertThat(layout.excess()).isEqualTo(3);
    assertThat(layout.openSwaps()).isEqualTo(1);
    layout.carryOut(0);
    assertThat(layout.excess()).isEqualTo(1);
    assertThat(layout.openSwaps()).isZero();
  }
}
