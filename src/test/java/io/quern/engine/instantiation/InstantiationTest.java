package io.quern.engine.instantiation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.quern.engine.circuit.Circuit;
import io.quern.engine.circuit.Parameters;
import io.quern.engine.circuit.StandardGate;
import io.quern.engine.machine.CouplingGraph.Edge;
import io.quern.testing.Equivalence;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class InstantiationTest {

  @Test
  void circuitIsReadAndWrittenAgain() {
    Circuit circuit =
        Circuit.builder(3)
            .gate(StandardGate.H, 2)
            .gate(StandardGate.CX, 2, 0)
            .gate(StandardGate.U3, Parameters.of(0.3, 1.7, -2.1), 0)
            .gate(StandardGate.CZ, 0, 1)
            .gate(StandardGate.T, 0)
            .gate(StandardGate.SX, 0)
            .gate(StandardGate.CX, 1, 2)
            .build();
    Instantiation read = Instantiation.of(circuit);
    assertThat(read.template().pairs())
        .containsExactly(new Edge(0, 2), new Edge(0, 1), new Edge(1, 2));
    assertThat(Equivalence.distance(circuit, read.circuit())).isCloseTo(0, within(1e-14));
  }

  @Test
  void gatesAroundARemovedOneAreMultiplied() {
    SplittableRandom random = new SplittableRandom(3);
    Template template = Fixtures.template(4, 6, random);
    Instantiation whole = Fixtures.instantiation(template, Fixtures.gates(template, random));
    for (int k = 0; k < template.size(); k++) {
      Instantiation without = whole.without(k);
      assertThat(without.template()).isEqualTo(template.without(k));
      assertThat(Equivalence.distance(skipping(whole, k), without.circuit()))
          .isCloseTo(0, within(1e-14));
    }
  }

  private static Circuit skipping(Instantiation whole, int k) {
    Circuit.Builder builder = Circuit.builder(whole.template().qubits());
    int seen = 0;
    for (var operation : whole.circuit().operations()) {
      if (operation.location().size() < 2 || seen++ != k) {
        builder.add(operation);
      }
    }
    return builder.build();
  }

  @Test
  void otherGatesAreRefused() {
    Circuit swap = Circuit.builder(2).gate(StandardGate.SWAP, 0, 1).build();
    assertThatThrownBy(() -> Instantiation.of(swap))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("swap");
  }

  @Test
  void gatesMustBeAsManyAsTheTemplateHas() {
    Template template = Template.of(2, List.of(new Edge(1, 0)));
    assertThatThrownBy(() -> new Instantiation(template, List.of(), 0))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
