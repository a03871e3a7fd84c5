package io.quern.testing;

import static io.quern.engine.circuit.StandardGate.RZZ;
import static io.quern.engine.circuit.StandardGate.SWAP;
import static io.quern.engine.circuit.StandardGate.T;
import static io.quern.engine.circuit.StandardGate.X;
import static org.assertj.core.api.Assertions.assertThat;

import io.quern.engine.circuit.Circuit;
import io.quern.engine.circuit.Operation;
import io.quern.engine.circuit.Parameters;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WindowedEquivalenceTest {
  private static final List<Integer> IDENTITY = IntStream.range(0, 24).boxed().toList();

  @Test
  void windowsAreWhatGatesConnect() {
    Circuit circuit = Circuit.builder(4).gate(SWAP, 0, 2).gate(X, 3).build();
    assertThat(WindowedEquivalence.windows(circuit))
        .containsExactly(new int[] {0, 2}, new int[] {1}, new int[] {3});
  }

  /// SWAPs carry every qubit through foreign windows and the gates follow.
  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4})
  void followsQubitsThroughForeignWindows(long seed) {
    Circuit logical = Generators.windowedCircuit(seed, 6, 4, 120);
    Random random = new Random(seed);
    List<Integer> place = new ArrayList<>(IDENTITY);
    Collections.shuffle(place, random);
    List<Integer> start = List.copyOf(place);
    Circuit.Builder routed = Circuit.builder(24);
    for (Operation operation : logical.operations()) {
      int a = random.nextInt(24);
      int b = (a + 1 + random.nextInt(23)) % 24;
      routed.gate(SWAP, a, b);
      place.replaceAll(p -> p == a ? b : p == b ? a : p);
      routed.add(operation.mapQubits(place.stream().mapToInt(Integer::intValue).toArray()));
    }
    Circuit good = routed.build();
    assertThat(WindowedEquivalence.distance(logical, good, start, place)).isLessThan(1e-20);
    Circuit bad = routed.gate(T, place.get(7)).build();
    assertThat(WindowedEquivalence.distance(logical, bad, start, place)).isGreaterThan(1e-4);
  }

  @Test
  void entanglementBetweenWindowsIsFound() {
    Circuit logical = Generators.windowedCircuit(5, 6, 4, 60);
    Circuit.Builder builder = Circuit.builder(24);
    logical.operations().forEach(builder::add);
    Circuit entangled = builder.gate(RZZ, Parameters.of(0.01), 3, 9).build();
    assertThat(WindowedEquivalence.distance(logical, entangled, IDENTITY, IDENTITY))
        .isGreaterThan(1e-7);
  }
}
