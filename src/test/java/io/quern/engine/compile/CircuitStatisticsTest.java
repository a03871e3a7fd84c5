package io.quern.engine.compile;

import static org.assertj.core.api.Assertions.assertThat;

import io.quern.engine.circuit.Circuit;
import io.quern.engine.circuit.Operation;
import io.quern.engine.circuit.Operation.Barrier;
import io.quern.engine.circuit.Operation.Conditional;
import io.quern.engine.circuit.Operation.GateOperation;
import io.quern.engine.circuit.Operation.Measurement;
import io.quern.testing.Generators;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CircuitStatisticsTest {

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void depthIsTheLongestChainOverQubitsAndClassicalBits(long seed) {
    Circuit circuit = Generators.dynamicCircuit(seed, 5, 60, 12);
    CircuitStatistics counted = CircuitStatistics.of(circuit);
    assertThat(counted.depth()).isEqualTo(depth(circuit, false));
    assertThat(counted.twoQubitDepth()).isEqualTo(depth(circuit, true));
    assertThat(counted.operations())
        .isEqualTo(
            (int) circuit.operations().stream().filter(each -> !(each instanceof Barrier)).count());
  }

  /// Every wire by its name, one after the other.
  private static int depth(Circuit circuit, boolean countsWideGatesOnly) {
    Map<String, Integer> levels = new HashMap<>();
    int deepest = 0;
    for (Operation operation : circuit.operations()) {
      if (operation instanceof Barrier) {
        continue;
      }
      List<String> wires = new ArrayList<>();
      for (int qubit : operation.location().toArray()) {
        wires.add("q" + qubit);
      }
      Operation body = operation instanceof Conditional guarded ? guarded.body() : operation;
      if (operation instanceof Conditional guarded) {
        int size = circuit.classicalRegisters().get(guarded.register()).size();
        for (int bit = 0; bit < size; bit++) {
          wires.add(guarded.register() + "." + bit);
        }
      }
      if (body instanceof Measurement measured) {
        wires.add(measured.register() + "." + measured.bit());
      }
      boolean isWide = body instanceof GateOperation gate && gate.location().size() > 1;
      int top = wires.stream().mapToInt(wire -> levels.getOrDefault(wire, 0)).max().orElse(0);
      int level = top + (isWide || !countsWideGatesOnly ? 1 : 0);
      wires.forEach(wire -> levels.put(wire, level));
      deepest = Math.max(deepest, level);
    }
    return deepest;
  }
}
