package io.quern.engine.compile;

import static io.quern.engine.circuit.StandardGate.CX;
import static io.quern.engine.circuit.StandardGate.H;
import static io.quern.engine.circuit.StandardGate.RZ;
import static io.quern.engine.circuit.StandardGate.SWAP;
import static io.quern.engine.circuit.StandardGate.U3;
import static io.quern.engine.circuit.StandardGate.X;
import static io.quern.engine.compile.Compilations.compile;
import static io.quern.engine.compile.Compilations.input;
import static io.quern.testing.CompilationResultAssert.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import io.quern.engine.circuit.Circuit;
import io.quern.engine.circuit.ClassicalRegister;
import io.quern.engine.circuit.Location;
import io.quern.engine.circuit.Operation;
import io.quern.engine.circuit.Operation.Barrier;
import io.quern.engine.circuit.Operation.Conditional;
import io.quern.engine.circuit.Operation.GateOperation;
import io.quern.engine.circuit.Operation.Measurement;
import io.quern.engine.circuit.Operation.Reset;
import io.quern.engine.circuit.Parameters;
import io.quern.engine.circuit.StandardGate;
import io.quern.engine.machine.CouplingGraph;
import io.quern.testing.Generators;
import java.math.BigInteger;
import java.util.EnumSet;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Barriers, measurements, resets and conditions stand where they stood, and nothing is lost at
/// them; and no compilation makes a circuit longer.
class FenceCompilationTest {
  private static final List<ClassicalRegister> BITS = List.of(new ClassicalRegister("c", 2));

  @Test
  void gatesDoNotMeetAcrossABarrier() {
    Circuit circuit =
        Circuit.builder(2)
            .gate(CX, 0, 1)
            .add(new Barrier(Location.of(0, 1)))
            .gate(CX, 0, 1)
            .build();
    assertThat(compileForAll(circuit).operations())
        .filteredOn(operation -> isGate(operation, CX) || operation instanceof Barrier)
        .isEqualTo(circuit.operations());
  }

  @Test
  void barrierOnOneQubitHoldsThatQubitOnly() {
    Circuit circuit =
        Circuit.builder(2)
            .gate(X, 0)
            .gate(X, 1)
            .add(new Barrier(Location.of(0)))
            .gate(X, 0)
            .gate(X, 1)
            .build();
    List<Operation> compiled = compileForAll(circuit).operations();
    assertThat(compiled).hasSize(3);
    assertThat(compiled.get(1)).isEqualTo(new Barrier(Location.of(0)));
  }

  @Test
  void nothingIsDroppedBeforeAMeasurement() {
    Circuit circuit =
        Circuit.builder(1, BITS)
            .gate(RZ, Parameters.of(0.3), 0)
            .add(new Measurement(0, 0, 0))
            .build();
    assertThat(compileForAll(circuit).operations()).hasSize(2);
  }

  @Test
  void resetAtTheStartStays() {
    Circuit circuit = Circuit.builder(1).add(new Reset(0)).gate(H, 0).build();
    assertThat(compileForAll(circuit).operations()).startsWith(new Reset(0)).hasSize(2);
  }

  @Test
  void measurementsOfOneBitKeepTheirOrder() {
    Circuit circuit =
        Circuit.builder(2, BITS)
            .add(new Measurement(0, 0, 1))
            .gate(CX, 0, 1)
            .add(new Measurement(1, 0, 1))
            .build();
    assertThat(compileForAll(circuit).operations())
        .filteredOn(Measurement.class::isInstance)
        .containsExactly(new Measurement(0, 0, 1), new Measurement(1, 0, 1));
  }

  /// The SWAPs that bring a conditional gate's qubits together are not conditional themselves, and
  /// each gate written for it is guarded.
  @Test
  void conditionalGateIsRoutedAndSaidInTheGateSet() {
    BigInteger two = BigInteger.TWO;
    Circuit circuit =
        Circuit.builder(4, BITS)
            .gate(H, 0)
            .add(new Measurement(0, 0, 1))
            .gate(CX, 0, 1)
            .gate(CX, 1, 2)
            .gate(CX, 2, 3)
            .add(conditional(two, CX, 0, 3))
            .add(conditional(two, SWAP, 0, 2))
            .build();
    CompilationInput input = input(circuit, CouplingGraph.line(4), Compilations.CX_U3, 1);
    CompilationResult result = compile(input);
    assertThat(result).carriesOut(input);
    List<Operation> guarded =
        result.circuit().operations().stream().filter(Conditional.class::isInstance).toList();
    // A CX and the three CX of a SWAP.
    assertThat(guarded)
        .filteredOn(operation -> ((Conditional) operation).body().location().size() == 2)
        .hasSize(4);
  }

  private static Conditional conditional(BigInteger value, StandardGate gate, int... qubits) {
    return new Conditional(0, value, new GateOperation(gate, Location.of(qubits), Parameters.NONE));
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20})
  void noTwoQubitGateIsAddedWhereAllQubitsAreCoupled(long seed) {
    Circuit circuit =
        Generators.circuit(seed, 2 + (int) seed % 5, 10 * (int) seed, EnumSet.of(CX, U3, H, RZ));
    CompilationResult result =
        compile(input(circuit, CouplingGraph.all(circuit.qubits()), Compilations.CX_U3, seed));
    assertThat(result.after().twoQubitGates()).isLessThanOrEqualTo(result.before().twoQubitGates());
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})
  void fencesAreAllKept(long seed) {
    Circuit circuit = Generators.dynamicCircuit(seed, 3, 40, 6);
    Circuit compiled =
        compile(input(circuit, CouplingGraph.line(4), Compilations.CX_U3, seed)).circuit();
    for (Class<?> kind : List.of(Barrier.class, Measurement.class, Reset.class)) {
      assertThat(compiled.operations())
          .filteredOn(kind::isInstance)
          .as("%s, seed %s", kind.getSimpleName(), seed)
          .hasSameSizeAs(circuit.operations().stream().filter(kind::isInstance).toList());
    }
  }

  private static Circuit compileForAll(Circuit circuit) {
    CompilationInput input =
        input(circuit, CouplingGraph.all(circuit.qubits()), Compilations.CX_U3, 1);
    CompilationResult result = compile(input);
    assertThat(result).carriesOut(input);
    return result.circuit();
  }

  private static boolean isGate(Operation operation, StandardGate gate) {
    return operation instanceof GateOperation found && found.gate() == gate;
  }
}
