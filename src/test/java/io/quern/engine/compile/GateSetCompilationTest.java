package io.quern.engine.compile;

import static io.quern.engine.compile.Compilations.at;
import static io.quern.engine.compile.Compilations.compile;
import static io.quern.engine.compile.Compilations.input;
import static io.quern.testing.CompilationResultAssert.assertThat;

import io.quern.engine.circuit.Circuit;
import io.quern.engine.circuit.StandardGate;
import io.quern.engine.machine.CouplingGraph;
import io.quern.engine.machine.GateSet;
import io.quern.testing.Generators;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// Every gate can be said in every universal gate set.
class GateSetCompilationTest {

  static Stream<GateSet> gateSets() {
    return Generators.gateSets().stream();
  }

  @ParameterizedTest
  @MethodSource("gateSets")
  void circuitIsSaidInTheGateSet(GateSet gates) {
    for (long seed = 1; seed <= 3; seed++) {
      Circuit circuit = Generators.circuit(seed, 3, 12);
      CompilationInput input = input(circuit, CouplingGraph.line(3), gates, seed);
      assertThat(compile(input)).as("seed %s", seed).carriesOut(input);
    }
    Circuit dynamic = Generators.dynamicCircuit(4, 3, 16, 3);
    CompilationInput input = input(dynamic, CouplingGraph.line(4), gates, 4);
    assertThat(compile(input)).as("with measurements").carriesOut(input);
  }

  private static final List<StandardGate> ENTANGLING =
      List.of(
          StandardGate.CX,
          StandardGate.CZ,
          StandardGate.ECR,
          StandardGate.ISWAP,
          StandardGate.SQISW,
          StandardGate.RZZ,
          StandardGate.RXX,
          StandardGate.B);

  /// U3, ZXZXZ, phased X, and turns about one axis each.
  private static final List<Set<StandardGate>> ONE_QUBIT =
      List.of(
          EnumSet.of(StandardGate.U3),
          EnumSet.of(StandardGate.RZ, StandardGate.SX),
          EnumSet.of(StandardGate.R, StandardGate.RZ),
          EnumSet.of(StandardGate.RX, StandardGate.RY));

  static Stream<Arguments> pairings() {
    List<Arguments> pairings = new ArrayList<>();
    for (int k = 0; k < ENTANGLING.size(); k++) {
      for (int shift = 0; shift < 2; shift++) {
        pairings.add(
            Arguments.of(ENTANGLING.get(k), ONE_QUBIT.get((k + 2 * shift) % ONE_QUBIT.size())));
      }
    }
    return pairings.stream();
  }

  /// Each level says the circuit in the gate set, and none needs more gates on two qubits than the
  /// one below.
  @ParameterizedTest
  @MethodSource("pairings")
  void everyLevelKeepsToTheGateSetAndToTheLevelBelow(
      StandardGate entangling, Set<StandardGate> oneQubit) {
    EnumSet<StandardGate> gates = EnumSet.of(entangling);
    gates.addAll(oneQubit);
    for (long seed = 1; seed <= 2; seed++) {
      Circuit circuit =
          seed == 1
              ? Generators.circuit(seed + entangling.ordinal(), 3, 10)
              : Generators.dynamicCircuit(seed + entangling.ordinal(), 4, 14, 3);
      CompilationInput input =
          input(circuit, CouplingGraph.line(circuit.qubits() + 1), new GateSet(gates), seed);
      int below = Integer.MAX_VALUE;
      for (int level = 1; level <= CompilationOptions.MAX_LEVEL; level++) {
        CompilationInput atLevel = at(level, input);
        CompilationResult found = compile(atLevel);
        assertThat(found).as("level %d, seed %d", level, seed).carriesOut(atLevel);
        org.assertj.core.api.Assertions.assertThat(found.after().twoQubitGates())
            .as("gates at level %d, seed %d", level, seed)
            .isLessThanOrEqualTo(below);
        below = found.after().twoQubitGates();
      }
    }
  }
}
