package io.quern.engine.synthesis.search;

import static org.assertj.core.api.Assertions.assertThat;

import io.quern.engine.circuit.Circuit;
import io.quern.engine.instantiation.Instantiation;
import io.quern.engine.instantiation.Template;
import io.quern.engine.linalg.Rotation;
import io.quern.engine.machine.CouplingGraph;
import io.quern.engine.machine.CouplingGraph.Edge;
import io.quern.engine.simulation.UnitarySimulator;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GateBoundTest {
  private static final List<Edge> LINE = CouplingGraph.line(3).edges();
  private static final double EXACT = 1e-24;

  /// @param steps angles are multiples of pi / steps; 0 for any angle
  private static Circuit circuit(int qubits, List<Edge> pairs, int steps, Random random) {
    Template template = Template.of(qubits, pairs);
    List<Rotation> gates = new ArrayList<>();
    for (int gate = 0; gate < template.freeGates(); gate++) {
      gates.add(
          Rotation.aboutZ(angle(steps, random))
              .after(Rotation.aboutX(angle(steps, random)))
              .after(Rotation.aboutZ(angle(steps, random))));
    }
    return new Instantiation(template, gates, 0).circuit();
  }

  private static double angle(int steps, Random random) {
    return steps == 0 ? 2 * Math.PI * random.nextDouble() : Math.PI * random.nextInt() / steps;
  }

  private static GateBound bound(Circuit circuit, List<Edge> couplings) {
    return GateBound.of(UnitarySimulator.unitary(circuit), circuit.qubits(), couplings, EXACT);
  }

  /// Structured angles make degenerate cases, where rounding could break a bound.
  @ParameterizedTest(name = "angles in steps of pi / {0}")
  @ValueSource(ints = {0, 1, 2, 4, 8, 3, 50})
  void boundIsNeverAboveTheGatesThereAre(int steps) {
    Random random = new Random(steps);
    for (int trial = 0; trial < 120; trial++) {
      int qubits = 2 + random.nextInt(3);
      List<Edge> couplings =
          random.nextBoolean()
              ? CouplingGraph.line(qubits).edges()
              : CouplingGraph.all(qubits).edges();
      List<Edge> pairs = new ArrayList<>();
      int gates = random.nextInt(8);
      for (int k = 0; k < gates; k++) {
        pairs.add(couplings.get(random.nextInt(couplings.size())));
      }
      GateBound bound = bound(circuit(qubits, pairs, steps, random), couplings);
      assertThat(bound.gates()).as("%s", pairs).isLessThanOrEqualTo(gates);
      assertThat(bound.lacking(Template.of(qubits, pairs))).as("%s", pairs).isZero();
    }
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3})
  void sixGatesOnALineAreKnownToBeNeeded(long seed) {
    List<Edge> pairs = new ArrayList<>();
    for (int k = 0; k < 6; k++) {
      pairs.add(LINE.get(k % 2));
    }
    GateBound bound = bound(circuit(3, pairs, 0, new Random(seed)), LINE);
    assertThat(bound.gates()).isEqualTo(6);
    assertThat(bound.lacking(Template.of(3, pairs.subList(0, 4)))).isEqualTo(2);
  }

  @Test
  void endsOfALineShareNoGate() {
    List<Edge> pairs = List.of(LINE.get(0), LINE.get(1), LINE.get(0), LINE.get(1));
    Circuit circuit = circuit(3, pairs, 0, new Random(1));
    assertThat(bound(circuit, LINE).gates()).isEqualTo(4);
    assertThat(bound(circuit, CouplingGraph.all(3).edges()).gates()).isEqualTo(4);
  }

  @Test
  void whatMayBeOffByMoreIsBoundByLess() {
    double[] unitary = UnitarySimulator.unitary(circuit(3, List.of(LINE.get(0)), 0, new Random(2)));
    assertThat(GateBound.of(unitary, 3, LINE, EXACT).gates()).isEqualTo(1);
    assertThat(GateBound.of(unitary, 3, LINE, 0.9).gates()).isZero();
  }
}
