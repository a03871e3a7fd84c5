package io.quern.testing;

import static io.quern.engine.circuit.StandardGate.CX;
import static io.quern.engine.circuit.StandardGate.H;
import static io.quern.engine.circuit.StandardGate.RZ;
import static io.quern.engine.circuit.StandardGate.SWAP;
import static io.quern.engine.circuit.StandardGate.X;
import static io.quern.engine.circuit.StandardGate.Z;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.quern.engine.circuit.Circuit;
import io.quern.engine.circuit.ClassicalRegister;
import io.quern.engine.circuit.Location;
import io.quern.engine.circuit.Operation.Conditional;
import io.quern.engine.circuit.Operation.GateOperation;
import io.quern.engine.circuit.Operation.Measurement;
import io.quern.engine.circuit.Operation.Reset;
import io.quern.engine.circuit.Parameters;
import java.math.BigInteger;
import java.util.List;
import org.junit.jupiter.api.Test;

/// The oracle finds what it is there to find.
class EquivalenceTest {
  private static final List<ClassicalRegister> ONE_BIT = List.of(new ClassicalRegister("c", 1));

  @Test
  void firstQubitIsTheMostSignificantBit() {
    ComplexMatrix unitary = ReferenceSimulator.unitary(Circuit.builder(2).gate(CX, 0, 1).build());
    assertThat(unitary.re(0b10, 0b11)).isEqualTo(1);
    assertThat(unitary.re(0b01, 0b01)).isEqualTo(1);
  }

  @Test
  void globalPhaseDoesNotCount() {
    Circuit circuit = Circuit.builder(2).gate(H, 0).gate(CX, 0, 1).build();
    Circuit turned =
        Circuit.builder(2)
            .gate(H, 0)
            .gate(CX, 0, 1)
            .gate(X, 0)
            .gate(Z, 0)
            .gate(X, 0)
            .gate(Z, 0)
            .build();
    assertThat(Equivalence.distance(circuit, turned)).isLessThan(1e-30);
  }

  @Test
  void distanceOfARotationIsItsD1() {
    double angle = 1e-3;
    Circuit circuit = Circuit.builder(1).build();
    Circuit turned = Circuit.builder(1).gate(RZ, Parameters.of(angle), 0).build();
    assertThat(Equivalence.distance(circuit, turned))
        .isCloseTo(2 * Math.pow(Math.sin(angle / 4), 2), within(1e-20));
  }

  @Test
  void mappingsPlaceAndFindLogicalQubits() {
    Circuit logical = Circuit.builder(2).gate(CX, 0, 1).build();
    Circuit physical = Circuit.builder(3).gate(SWAP, 1, 2).gate(CX, 1, 0).build();
    assertThat(Equivalence.distance(logical, physical, List.of(2, 0), List.of(1, 0)))
        .isLessThan(1e-30);
    assertThat(Equivalence.distance(logical, physical, List.of(2, 0), List.of(2, 0)))
        .isGreaterThan(0.1);
    assertThat(Equivalence.distance(logical, physical, List.of(0, 2), List.of(1, 0)))
        .isGreaterThan(0.1);
  }

  @Test
  void idleQubitLeftInOneIsFound() {
    Circuit logical = Circuit.builder(1).gate(H, 0).build();
    Circuit physical = Circuit.builder(2).gate(H, 0).gate(X, 1).build();
    assertThat(Equivalence.distance(logical, physical, List.of(0), List.of(0))).isGreaterThan(0.5);
  }

  @Test
  void gateLostBeforeAMeasurementIsFound() {
    Circuit logical = Circuit.builder(1, ONE_BIT).gate(Z, 0).add(new Measurement(0, 0, 0)).build();
    Circuit lost = Circuit.builder(1, ONE_BIT).add(new Measurement(0, 0, 0)).build();
    // A phase before a measurement is a global phase of every branch: not a difference.
    assertThat(Equivalence.distance(logical, lost)).isLessThan(1e-30);
    Circuit flipped = Circuit.builder(1, ONE_BIT).gate(X, 0).add(new Measurement(0, 0, 0)).build();
    assertThat(Equivalence.distance(logical, flipped)).isGreaterThan(0.5);
  }

  @Test
  void conditionReadsTheWholeRegister() {
    List<ClassicalRegister> registers = List.of(new ClassicalRegister("c", 2));
    Circuit both = conditional(registers, 3);
    Circuit first = conditional(registers, 1);
    assertThat(Equivalence.distance(both, both)).isLessThan(1e-30);
    assertThat(Equivalence.distance(both, first)).isGreaterThan(0.1);
  }

  private static Circuit conditional(List<ClassicalRegister> registers, int value) {
    return Circuit.builder(3, registers)
        .add(new Measurement(0, 0, 0))
        .add(new Measurement(1, 0, 1))
        .add(
            new Conditional(
                0,
                BigInteger.valueOf(value),
                new GateOperation(X, Location.of(2), Parameters.NONE)))
        .build();
  }

  @Test
  void resetForgetsWhichWayItWent() {
    Circuit reset = Circuit.builder(2).gate(CX, 0, 1).add(new Reset(1)).build();
    Circuit turnedBefore = Circuit.builder(2).gate(CX, 0, 1).gate(Z, 1).add(new Reset(1)).build();
    Circuit noReset = Circuit.builder(2).gate(CX, 0, 1).build();
    assertThat(Equivalence.distance(reset, turnedBefore)).isLessThan(1e-14);
    assertThat(Equivalence.distance(reset, noReset)).isGreaterThan(0.1);
  }

  @Test
  void secondMeasurementOfABitIsPartOfTheOutcome() {
    Circuit twice =
        Circuit.builder(1, ONE_BIT)
            .add(new Measurement(0, 0, 0))
            .gate(H, 0)
            .add(new Measurement(0, 0, 0))
            .build();
    Circuit once = Circuit.builder(1, ONE_BIT).gate(H, 0).add(new Measurement(0, 0, 0)).build();
    assertThat(Equivalence.distance(twice, once)).isGreaterThan(0.1);
  }

  @Test
  void differentRegistersAreNamed() {
    Circuit with = Circuit.builder(1, ONE_BIT).build();
    Circuit without = Circuit.builder(1).build();
    assertThatThrownBy(() -> Equivalence.distance(with, without))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("ClassicalRegister[name=c, size=1]");
  }
}
