package io.quern.engine.simulation;

import static io.quern.engine.circuit.StandardGate.*;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import io.quern.engine.circuit.Circuit;
import io.quern.engine.circuit.ClassicalRegister;
import io.quern.engine.circuit.Operation.Measurement;
import io.quern.engine.circuit.Operation.Reset;
import io.quern.engine.circuit.Parameters;
import io.quern.testing.Equivalence;
import io.quern.testing.Generators;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CircuitComparisonTest {
  private static final int ROOM = 1 << 20;
  private static final long WORK = Long.MAX_VALUE;

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void circuitIsAtNoDistanceFromItself(long seed) {
    Circuit circuit = Generators.circuit(seed, 1 + (int) (seed % 6), 40);
    CircuitComparison comparison = onSameQubits(circuit, circuit);
    assertThat(comparison.ofUnitaries(CircuitComparisonTest::free)).isLessThan(1e-25);
    assertThat(comparison.ofRandomStates(3, seed, CircuitComparisonTest::free)).isLessThan(1e-25);
    assertThat(
            comparison.ofBranches(2, seed, ROOM, WORK, CircuitComparisonTest::free).orElseThrow())
        .isLessThan(1e-25);
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void differentCircuitsAreAsFarApartAsTheReferenceSays(long seed) {
    int qubits = 1 + (int) (seed % 5);
    Circuit a = Generators.circuit(seed, qubits, 20);
    Circuit b = Generators.circuit(seed + 100, qubits, 20);
    assertThat(onSameQubits(a, b).ofUnitaries(CircuitComparisonTest::free))
        .isCloseTo(Equivalence.distance(a, b), within(1e-12));
  }

  @Test
  void smallDistancesKeepTheirDigits() {
    double angle = 1e-9;
    Circuit a = Circuit.builder(2).gate(H, 0).gate(CX, 0, 1).build();
    Circuit b =
        Circuit.builder(2).gate(H, 0).gate(CX, 0, 1).gate(RZ, Parameters.of(angle), 1).build();
    double expected = angle * angle / 8; // 1 - cos(angle/2)
    assertThat(onSameQubits(a, b).ofUnitaries(CircuitComparisonTest::free))
        .isCloseTo(expected, within(1e-3 * expected));
  }

  @Test
  void globalPhaseDoesNotCount() {
    Circuit a = Circuit.builder(1).gate(RZ, Parameters.of(1), 0).build();
    Circuit b = Circuit.builder(1).gate(P, Parameters.of(1), 0).build();
    assertThat(onSameQubits(a, b).ofUnitaries(CircuitComparisonTest::free)).isLessThan(1e-30);
  }

  @Test
  void qubitsAreFoundByTheirMappings() {
    Circuit logical = Circuit.builder(2).gate(H, 0).gate(CX, 0, 1).build();
    Circuit physical =
        Circuit.builder(9).gate(H, 7).gate(CX, 7, 3).gate(SWAP, 3, 5).gate(X, 2).gate(X, 2).build();
    CircuitComparison right = compare(logical, physical, List.of(7, 3), List.of(7, 5));
    assertThat(right.width()).isEqualTo(4);
    assertThat(right.ofUnitaries(CircuitComparisonTest::free)).isLessThan(1e-30);
    assertThat(right.ofRandomStates(2, 1, CircuitComparisonTest::free)).isLessThan(1e-30);
    CircuitComparison wrong = compare(logical, physical, List.of(7, 3), List.of(7, 3));
    assertThat(wrong.ofUnitaries(CircuitComparisonTest::free)).isGreaterThan(0.1);
  }

  @Test
  void idleQubitsMustEndInZero() {
    Circuit logical = Circuit.builder(1).gate(H, 0).build();
    Circuit physical = Circuit.builder(2).gate(H, 0).gate(X, 1).build();
    CircuitComparison comparison = compare(logical, physical, List.of(0), List.of(0));
    assertThat(comparison.ofUnitaries(CircuitComparisonTest::free)).isCloseTo(1, within(1e-15));
    assertThat(comparison.ofRandomStates(2, 1, CircuitComparisonTest::free))
        .isCloseTo(1, within(1e-15));
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})
  void circuitWithMeasurementsIsAtNoDistanceFromItsRenamedSelf(long seed) {
    int qubits = 2 + (int) (seed % 3);
    Circuit circuit = Generators.dynamicCircuit(seed, qubits, 30, 5);
    List<Integer> mapping = IntStream.range(0, qubits).mapToObj(q -> qubits - q).toList();
    Circuit renamed = circuit.mapQubits(qubits + 2, mapping.stream().mapToInt(q -> q).toArray());
    assertThat(
            compare(circuit, renamed, mapping, mapping)
                .ofBranches(2, seed, ROOM, WORK, CircuitComparisonTest::free)
                .orElseThrow())
        .isLessThan(1e-13);
  }

  @Test
  void measurementsOfDifferentBitsMayChangePlaces() {
    List<ClassicalRegister> bits = List.of(new ClassicalRegister("c", 2));
    Circuit a =
        Circuit.builder(2, bits)
            .add(new Measurement(0, 0, 0))
            .add(new Measurement(1, 0, 1))
            .build();
    Circuit b =
        Circuit.builder(2, bits)
            .add(new Measurement(1, 0, 1))
            .add(new Measurement(0, 0, 0))
            .build();
    Circuit c =
        Circuit.builder(2, bits)
            .add(new Measurement(0, 0, 1))
            .add(new Measurement(1, 0, 0))
            .build();
    assertThat(
            onSameQubits(a, b)
                .ofBranches(2, 1, ROOM, WORK, CircuitComparisonTest::free)
                .orElseThrow())
        .isLessThan(1e-30);
    assertThat(
            onSameQubits(a, c)
                .ofBranches(2, 1, ROOM, WORK, CircuitComparisonTest::free)
                .orElseThrow())
        .isGreaterThan(0.01);
  }

  @Test
  void lostMeasurementsAndResetsAreSeen() {
    List<ClassicalRegister> bits = List.of(new ClassicalRegister("c", 1));
    Circuit measured = Circuit.builder(1, bits).add(new Measurement(0, 0, 0)).build();
    Circuit reset = Circuit.builder(1, bits).add(new Reset(0)).build();
    Circuit nothing = Circuit.builder(1, bits).build();
    assertThat(
            onSameQubits(measured, nothing)
                .ofBranches(2, 1, ROOM, WORK, CircuitComparisonTest::free)
                .orElseThrow())
        .isGreaterThan(0.1);
    assertThat(
            onSameQubits(reset, nothing)
                .ofBranches(2, 1, ROOM, WORK, CircuitComparisonTest::free)
                .orElseThrow())
        .isGreaterThan(0.01);
  }

  @Test
  void tooManyBranchesGiveNoNumber() {
    Circuit.Builder builder = Circuit.builder(2, List.of(new ClassicalRegister("c", 1)));
    for (int i = 0; i < 12; i++) {
      builder.gate(H, 0).add(new Measurement(0, 0, 0));
    }
    Circuit circuit = builder.build();
    assertThat(
            onSameQubits(circuit, circuit)
                .ofBranches(1, 1, 1 << 10, WORK, CircuitComparisonTest::free))
        .isEmpty();
  }

  @Test
  void tooMuchWorkGivesNoNumber() {
    Circuit.Builder builder = Circuit.builder(1, List.of(new ClassicalRegister("c", 1)));
    for (int i = 0; i < 50; i++) {
      builder.gate(H, 0);
    }
    Circuit circuit = builder.add(new Measurement(0, 0, 0)).build();
    CircuitComparison comparison = onSameQubits(circuit, circuit);
    assertThat(comparison.ofBranches(1, 1, ROOM, 99, CircuitComparisonTest::free)).isEmpty();
    assertThat(comparison.ofBranches(1, 1, ROOM, 104, CircuitComparisonTest::free)).isPresent();
  }

  @Test
  void checkpointMayEndAComparison() {
    Circuit circuit = Circuit.builder(1).gate(H, 0).build();
    Runnable stop =
        () -> {
          throw new IllegalArgumentException("stop");
        };
    assertThatIllegalArgumentException()
        .isThrownBy(() -> onSameQubits(circuit, circuit).ofUnitaries(stop))
        .withMessage("stop");
  }

  private static CircuitComparison onSameQubits(Circuit a, Circuit b) {
    List<Integer> identity = IntStream.range(0, a.qubits()).boxed().toList();
    return compare(a, b, identity, identity);
  }

  private static CircuitComparison compare(
      Circuit a, Circuit b, List<Integer> initialMapping, List<Integer> finalMapping) {
    return new CircuitComparison(a, b, initialMapping, finalMapping);
  }

  /// A checkpoint that lets everything pass.
  private static void free() {}
}
