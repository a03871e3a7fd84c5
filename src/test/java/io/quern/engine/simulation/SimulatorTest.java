package io.quern.engine.simulation;

import static io.quern.engine.circuit.StandardGate.*;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import io.quern.engine.circuit.Circuit;
import io.quern.engine.circuit.Operation.Reset;
import io.quern.testing.ComplexMatrix;
import io.quern.testing.Generators;
import io.quern.testing.ReferenceSimulator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SimulatorTest {

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})
  void unitaryIsThatOfTheReference(long seed) {
    int qubits = 1 + (int) (seed % 6);
    Circuit circuit = Generators.circuit(seed, qubits, 40);
    ComplexMatrix expected = ReferenceSimulator.unitary(circuit);
    double[] unitary = UnitarySimulator.unitary(circuit);
    int size = 1 << qubits;
    for (int k = 0; k < size * size; k++) {
      assertThat(unitary[2 * k]).isCloseTo(expected.re(k / size, k % size), within(1e-13));
      assertThat(unitary[2 * k + 1]).isCloseTo(expected.im(k / size, k % size), within(1e-13));
    }
  }

  @Test
  void stateIsTheFirstColumnOfTheUnitary() {
    Circuit circuit = Generators.circuit(5, 5, 40);
    double[] state = StateSimulator.zero(5);
    StateSimulator.run(circuit, state);
    double[] unitary = UnitarySimulator.unitary(circuit);
    for (int k = 0; k < 32; k++) {
      assertThat(state[2 * k]).isCloseTo(unitary[2 * 32 * k], within(1e-14));
      assertThat(state[2 * k + 1]).isCloseTo(unitary[2 * 32 * k + 1], within(1e-14));
    }
  }

  @Test
  void twelveQubitsHaveAUnitary() {
    Circuit circuit = Circuit.builder(12).gate(X, 0).gate(CX, 0, 11).gate(SWAP, 0, 5).build();
    double[] unitary = UnitarySimulator.unitary(circuit);
    int size = 1 << 12;
    int row = 1 << 6 | 1; // qubits 5 and 11 are 1
    assertThat(unitary[2 * row * size]).isEqualTo(1);
  }

  @Test
  void wideStatesEndWhereTheyShould() {
    Circuit.Builder builder = Circuit.builder(24).gate(H, 0);
    for (int q = 1; q < 24; q++) {
      builder.gate(CX, q - 1, q);
    }
    double[] state = StateSimulator.zero(24);
    StateSimulator.run(builder.build(), state);
    assertThat(state[0]).isCloseTo(Math.sqrt(0.5), within(1e-15));
    assertThat(state[state.length - 2]).isCloseTo(Math.sqrt(0.5), within(1e-15));
  }

  @Test
  void randomStatesAreNormalisedAndTheSameForTheSameSeed() {
    double[] state = StateSimulator.random(6, 11);
    assertThat(StateSimulator.random(6, 11)).isEqualTo(state);
    assertThat(StateSimulator.random(6, 12)).isNotEqualTo(state);
    double norm = 0;
    for (double x : state) {
      norm += x * x;
    }
    assertThat(norm).isCloseTo(1, within(1e-14));
  }

  @Test
  void whatHasNoUnitaryIsRefused() {
    Circuit circuit = Circuit.builder(1).add(new Reset(0)).build();
    assertThatIllegalArgumentException().isThrownBy(() -> UnitarySimulator.unitary(circuit));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> UnitarySimulator.unitary(Circuit.builder(15).build()));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> StateSimulator.run(Circuit.builder(2).build(), new double[4]));
  }
}
