package io.quern.engine.compile;

import static io.quern.testing.CompilationResultAssert.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import io.quern.engine.circuit.Circuit;
import io.quern.engine.circuit.StandardGate;
import io.quern.engine.machine.CouplingGraph;
import io.quern.engine.machine.GateSet;
import io.quern.engine.machine.MachineModel;
import io.quern.testing.Generators;
import io.quern.testing.InlineRuntime;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CompilationTest {
  private static CompilationInput input(Circuit circuit, MachineModel machine) {
    return new CompilationInput(
        circuit, machine, new CompilationOptions(1, 7, false, Verification.NONE));
  }

  private static CompilationResult compile(CompilationInput input) throws InterruptedException {
    return Compilation.run(input, InlineRuntime.of(2, 1));
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 3, 20})
  void cliffordStaysClifford(int qubits) throws InterruptedException {
    for (int seed = 0; seed < 3; seed++) {
      Circuit circuit = Generators.cliffordCircuit(seed, qubits, 20 * qubits);
      for (GateSet gates :
          List.of(GateSet.DEFAULT, GateSet.parse(List.of("cz", "rz", "sx", "x")))) {
        CompilationInput input = input(circuit, new MachineModel(CouplingGraph.all(qubits), gates));
        assertThat(compile(input)).fits(input.machine()).isSameClifford(circuit);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9})
  void outputMayBePermutedOnRequest(long seed) throws InterruptedException {
    for (int k = 0; k < 2; k++) {
      long s = 2 * seed + k;
      Circuit circuit =
          k % 2 == 0
              ? Generators.circuit(s, 2 + k, 25)
              : Generators.dynamicCircuit(s, 2 + k % 3, 15, 3);
      CompilationInput input =
          new CompilationInput(
              circuit,
              new MachineModel(CouplingGraph.all(circuit.qubits() + 1), Generators.gateSet(s)),
              new CompilationOptions(1, 7, true, Verification.AUTO));
      assertThat(compile(input)).carriesOut(input);
    }
  }

  @Test
  void onlyPassesThatWorkByBlocksReportBlocks() throws InterruptedException {
    InlineRuntime runtime = InlineRuntime.of(2, 1);
    Circuit circuit = Generators.circuit(3, 5, 40);
    Compilation.run(
        input(circuit, new MachineModel(CouplingGraph.line(5), GateSet.DEFAULT)), runtime);
    assertThat(runtime.progress())
        .anyMatch(progress -> progress.pass().equals("SabreRouting"))
        .allSatisfy(
            progress ->
                assertThat(progress.blocksTotal() > 0)
                    .as(progress.pass())
                    .isEqualTo(progress.pass().equals("TwoQubitResynthesis")));
  }

  @Test
  void swapsCostNothingWhereOutputMayBePermuted() throws InterruptedException {
    Circuit circuit =
        Circuit.builder(3)
            .gate(StandardGate.SWAP, 0, 1)
            .gate(StandardGate.CX, 1, 2)
            .gate(StandardGate.SWAP, 1, 2)
            .build();
    CompilationInput input =
        new CompilationInput(
            circuit,
            new MachineModel(CouplingGraph.all(3), GateSet.DEFAULT),
            new CompilationOptions(1, 7, true, Verification.AUTO));
    CompilationResult result = compile(input);
    assertThat(result).carriesOut(input);
    assertThat(result.after().twoQubitGates()).isEqualTo(1);
    assertThat(result.finalMapping()).isEqualTo(List.of(1, 2, 0));
  }

  @Test
  void neverMoreTwoQubitGatesThanTheInputRetargeted() throws InterruptedException {
    for (int seed = 0; seed < 60; seed++) {
      Circuit circuit =
          Generators.circuit(seed, 4, 40, GateSet.parse(List.of("cx", "u3", "t", "h")).gates());
      CompilationResult result =
          compile(input(circuit, new MachineModel(CouplingGraph.all(4), GateSet.DEFAULT)));
      assertThat(result.after().twoQubitGates())
          .isLessThanOrEqualTo(result.before().twoQubitGates());
    }
  }
}
