package io.quern.engine.synthesis;

import static org.assertj.core.api.Assertions.assertThat;

import io.quern.engine.circuit.Circuit;
import io.quern.engine.circuit.Operation;
import io.quern.engine.circuit.Operation.GateOperation;
import io.quern.engine.circuit.StandardGate;
import io.quern.engine.linalg.Matrices;
import io.quern.engine.linalg.Rotation;
import io.quern.engine.machine.GateSet;
import io.quern.engine.simulation.UnitarySimulator;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/// Every interaction in every entangling gate: written exactly, with as many gates as announced,
/// and never more than the literature says.
class EntanglerTest {
  private static final double QUARTER = Math.PI / 4;

  @ParameterizedTest
  @EnumSource(
      value = StandardGate.class,
      names = {"CX", "CZ", "ECR", "CSX", "RZZ", "RXX", "RYY", "CRY", "ISWAP", "SQISW", "B"})
  void everyInteractionIsWrittenWithAsManyGatesAsAnnounced(StandardGate gate) {
    for (boolean withSwap : new boolean[] {false, true}) {
      EnumSet<StandardGate> gates = EnumSet.of(gate, StandardGate.U3);
      if (withSwap) {
        gates.add(StandardGate.SWAP);
      }
      NativeGates nativeGates = NativeGates.of(new GateSet(gates));
      for (double[] c : coordinates()) {
        isWritten(nativeGates, c[0], c[1], c[2]);
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    // gates for: the gate itself, CX, N(x,y,0), SWAP, any
    "cx, 1, 1, 2, 3, 3",
    "ecr, 1, 1, 2, 3, 3",
    "ryy, 1, 1, 2, 3, 3",
    "iswap, 1, 2, 2, 3, 3",
    "sqisw, 1, 2, 2, 3, 3",
    "b, 1, 2, 2, 2, 2"
  })
  void costsAreTheFewestKnown(String name, int own, int cx, int planar, int swap, int any) {
    StandardGate gate = java.util.Objects.requireNonNull(StandardGate.ofQasmName(name));
    Entangler entangler = Entangler.of(new GateSet(EnumSet.of(gate, StandardGate.U3)));
    double[] unitary = new double[32];
    gate.unitary(gate.parameterCount() == 1 ? new double[] {0.7} : new double[0], unitary);
    WeylDecomposition self = new WeylDecomposer().decompose(unitary);
    assertThat(entangler.cost(0, 0, 0)).isZero();
    assertThat(entangler.cost(self.x(), self.y(), self.z())).isEqualTo(own);
    assertThat(entangler.cost(QUARTER, 0, 0)).isEqualTo(cx);
    assertThat(entangler.cost(0.7, 0.3, 0)).isEqualTo(planar);
    assertThat(entangler.cost(QUARTER, QUARTER, QUARTER)).isEqualTo(swap);
    assertThat(entangler.cost(0.5, 0.4, -0.3)).isEqualTo(any);
  }

  /// Random points of the Weyl chamber, and its corners, edges and what lies near them.
  private static List<double[]> coordinates() {
    double[] values = {
      0, 1e-13, 1e-9, 1e-5, 0.1, QUARTER / 2, QUARTER / 2 + 1e-12, 0.6, QUARTER - 1e-9, QUARTER
    };
    List<double[]> all = new ArrayList<>();
    for (double x : values) {
      for (double y : values) {
        for (double z : values) {
          add(x, y, z, all);
          add(x, y, -z, all);
        }
      }
    }
    Random random = new Random(3);
    for (int k = 0; k < 300; k++) {
      double x = QUARTER * random.nextDouble();
      double y = x * random.nextDouble();
      add(x, y, y * (2 * random.nextDouble() - 1), all);
      // The edge where the square root of iSWAP needs a third.
      add(x, y, x - y, all);
      add(x, y, y - x, all);
    }
    return all;
  }

  private static void add(double x, double y, double z, List<double[]> out) {
    if (x >= y && y >= Math.abs(z) && (x < QUARTER || z >= 0)) {
      // As decompositions give them: what is all but 0 or pi/4 is made so.
      double[] unitary = new double[32];
      Rotation none = Rotation.IDENTITY;
      TwoQubitMatrix.write(none, none, x, y, z, none, none, unitary);
      WeylDecomposition found = new WeylDecomposer().decompose(unitary);
      out.add(new double[] {found.x(), found.y(), found.z()});
    }
  }

  private static void isWritten(NativeGates gates, double x, double y, double z) {
    NativeWriter writer = new NativeWriter(2, gates.basis());
    gates.entangler().emit(0, 1, x, y, z, writer);
    Circuit.Builder circuit = Circuit.builder(2);
    int twoQubitGates = 0;
    for (Operation operation : writer.finish()) {
      circuit.add(operation);
      assertThat(gates.contains(((GateOperation) operation).gate())).isTrue();
      twoQubitGates += operation.location().size() == 2 ? 1 : 0;
    }
    assertThat(twoQubitGates)
        .as("gates for N(%s, %s, %s)", x, y, z)
        .isEqualTo(gates.entangler().cost(x, y, z));
    double[] expected = new double[32];
    Rotation none = Rotation.IDENTITY;
    TwoQubitMatrix.write(none, none, x, y, z, none, none, expected);
    double distance = Matrices.distance(expected, UnitarySimulator.unitary(circuit.build()), 4);
    assertThat(distance)
        .as("D1 of %s for N(%s, %s, %s)", gates.gateSet().qasmNames(), x, y, z)
        // Coordinates within WeylDecomposer.SNAP of 0 or pi/4 are made exact on the way.
        .isLessThan(1e-22);
  }
}
