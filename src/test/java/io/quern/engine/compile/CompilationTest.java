package io.quern.engine.compile;

import static io.quern.testing.CompilationResultAssert.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import io.quern.engine.circuit.Circuit;
import io.quern.engine.machine.CouplingGraph;
import io.quern.engine.machine.GateSet;
import io.quern.engine.machine.MachineModel;
import io.quern.testing.Generators;
import io.quern.testing.InlineRuntime;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class CompilationTest {
  private static CompilationInput input(Circuit circuit, MachineModel machine) {
    return new CompilationInput(
        circuit, machine, new CompilationOptions(1, 7, false, Verification.AUTO));
  }

  private static CompilationResult compile(CompilationInput input) throws InterruptedException {
    return Compilation.run(input, InlineRuntime.of(2, 1));
  }

  static List<GateSet> gateSets() {
    return Generators.gateSets();
  }

  @ParameterizedTest
  @MethodSource("gateSets")
  void everyGateSetCarriesOutEveryGate(GateSet gates) throws InterruptedException {
    for (int seed = 0; seed < 6; seed++) {
      Circuit circuit = Generators.circuit(seed, 3 + seed % 3, 25);
      CompilationInput input =
          input(circuit, new MachineModel(CouplingGraph.all(circuit.qubits()), gates));
      assertThat(compile(input)).carriesOut(input);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9})
  void measurementsAndConditionsAreKept(int seed) throws InterruptedException {
    for (int k = 0; k < 10; k++) {
      Circuit circuit = Generators.dynamicCircuit(10L * seed + k, 2 + seed % 3, 20, 4);
      CompilationInput input =
          input(
              circuit,
              new MachineModel(CouplingGraph.all(circuit.qubits() + k % 2), GateSet.DEFAULT));
      assertThat(compile(input)).carriesOut(input);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 3, 5, 20, 133})
  void cliffordStaysClifford(int qubits) throws InterruptedException {
    for (int seed = 0; seed < 5; seed++) {
      Circuit circuit = Generators.cliffordCircuit(seed, qubits, 20 * qubits);
      for (GateSet gates :
          List.of(GateSet.DEFAULT, GateSet.parse(List.of("cz", "rz", "sx", "x")))) {
        CompilationInput input = input(circuit, new MachineModel(CouplingGraph.all(qubits), gates));
        assertThat(compile(input)).fits(input.machine()).isSameClifford(circuit);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15})
  void everyMachineCarriesOutEveryCircuit(long seed) throws InterruptedException {
    for (int k = 0; k < 4; k++) {
      long s = 4 * seed + k;
      Circuit circuit =
          k % 2 == 0
              ? Generators.circuit(s, 2 + k, 25)
              : Generators.dynamicCircuit(s, 2 + k % 3, 15, 3);
      MachineModel machine =
          new MachineModel(Generators.couplingGraph(s, circuit.qubits()), Generators.gateSet(s));
      CompilationInput input = input(circuit, machine);
      assertThat(compile(input)).carriesOut(input);
    }
  }

  @Test
  void neverMoreTwoQubitGatesThanTheInputRetargeted() throws InterruptedException {
    for (int seed = 0; seed < 200; seed++) {
      Circuit circuit =
          Generators.circuit(seed, 4, 40, GateSet.parse(List.of("cx", "u3", "t", "h")).gates());
      CompilationResult result =
          compile(input(circuit, new MachineModel(CouplingGraph.all(4), GateSet.DEFAULT)));
      assertThat(result.after().twoQubitGates())
          .isLessThanOrEqualTo(result.before().twoQubitGates());
    }
  }
}
