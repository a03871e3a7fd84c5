package io.quern.testing;

import static io.quern.engine.circuit.StandardGate.CX;
import static io.quern.engine.circuit.StandardGate.H;
import static io.quern.engine.circuit.StandardGate.S;
import static io.quern.engine.circuit.StandardGate.SDG;
import static io.quern.engine.circuit.StandardGate.SWAP;
import static io.quern.engine.circuit.StandardGate.T;
import static io.quern.engine.circuit.StandardGate.X;
import static io.quern.engine.circuit.StandardGate.Z;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quern.engine.circuit.Circuit;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StabilizerTableauTest {

  /// Two tableaux are equal exactly if the unitaries are, by the other oracle.
  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20})
  void agreesWithTheSimulator(long seed) {
    Circuit circuit = Generators.cliffordCircuit(seed, 4, 12);
    Circuit other = withOneGateMore(circuit, seed);
    for (Circuit candidate : List.of(circuit, other)) {
      boolean equal = Equivalence.distance(circuit, candidate) < 1e-12;
      assertThat(difference(circuit, candidate).isEmpty()).isEqualTo(equal);
    }
  }

  private static Circuit withOneGateMore(Circuit circuit, long seed) {
    Circuit.Builder builder = Circuit.builder(circuit.qubits());
    circuit.operations().forEach(builder::add);
    Generators.cliffordCircuit(seed + 1000, circuit.qubits(), 1).operations().forEach(builder::add);
    return builder.build();
  }

  @Test
  void signIsFound() {
    Circuit s = Circuit.builder(2).gate(S, 0).build();
    Circuit sdg = Circuit.builder(2).gate(SDG, 0).build();
    assertThat(difference(s, sdg)).isPresent();
    assertThat(difference(s, Circuit.builder(2).gate(Z, 0).gate(SDG, 0).build())).isEmpty();
  }

  @Test
  void mappingsAndIdleQubitsAreFollowed() {
    StabilizerTableau logical =
        StabilizerTableau.of(Circuit.builder(2).gate(H, 0).gate(CX, 0, 1).build());
    StabilizerTableau routed =
        StabilizerTableau.of(Circuit.builder(3).gate(H, 2).gate(SWAP, 2, 1).gate(CX, 1, 0).build());
    assertThat(logical.differenceFrom(routed, List.of(2, 0), List.of(1, 0))).isEmpty();
    assertThat(logical.differenceFrom(routed, List.of(2, 0), List.of(2, 0))).isPresent();
    assertThat(logical.differenceFrom(routed, List.of(1, 0), List.of(1, 0))).isPresent();
  }

  @Test
  void idleQubitMayOnlyControl() {
    StabilizerTableau logical = StabilizerTableau.of(Circuit.builder(1).build());
    StabilizerTableau controls = StabilizerTableau.of(Circuit.builder(2).gate(CX, 1, 0).build());
    StabilizerTableau flips = StabilizerTableau.of(Circuit.builder(2).gate(X, 1).build());
    StabilizerTableau entangles = StabilizerTableau.of(Circuit.builder(2).gate(CX, 0, 1).build());
    assertThat(logical.differenceFrom(controls, List.of(0), List.of(0))).isEmpty();
    assertThat(logical.differenceFrom(flips, List.of(0), List.of(0))).isPresent();
    assertThat(logical.differenceFrom(entangles, List.of(0), List.of(0))).isPresent();
  }

  @Test
  void gateOutsideTheCliffordGroupIsNamed() {
    Circuit circuit = Circuit.builder(1).gate(T, 0).build();
    assertThatThrownBy(() -> StabilizerTableau.of(circuit))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("not a Clifford gate");
  }

  private static Optional<String> difference(Circuit expected, Circuit actual) {
    List<Integer> identity = IntStream.range(0, expected.qubits()).boxed().toList();
    return StabilizerTableau.of(expected)
        .differenceFrom(StabilizerTableau.of(actual), identity, identity);
  }
}
