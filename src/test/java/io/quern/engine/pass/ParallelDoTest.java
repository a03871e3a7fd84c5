package io.quern.engine.pass;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.quern.engine.circuit.Circuit;
import io.quern.engine.circuit.StandardGate;
import io.quern.engine.machine.CouplingGraph;
import io.quern.engine.machine.GateSet;
import io.quern.engine.machine.MachineModel;
import io.quern.engine.partition.BlockCircuit;
import io.quern.engine.partition.BlockElement;
import io.quern.testing.InlineRuntime;
import java.util.List;
import org.junit.jupiter.api.Test;

class ParallelDoTest {
  private static PassData read() {
    // Three gates of which two cancel once commuted.
    Circuit circuit =
        Circuit.builder(3)
            .gate(StandardGate.CX, 0, 1)
            .gate(StandardGate.CX, 1, 2)
            .gate(StandardGate.CX, 1, 0)
            .gate(StandardGate.CX, 0, 1)
            .build();
    MachineModel machine = new MachineModel(CouplingGraph.all(3), GateSet.DEFAULT);
    PassData data = new PassData(circuit, machine, 1, false);
    new Unfold().run(data, InlineRuntime.of(1, 0));
    return data;
  }

  /// A pass that leaves nothing of the circuit, which no real pass may.
  private record Emptied(String name, int gates) implements Pass {
    @Override
    public void run(PassData data, RuntimeHandle runtime) {
      List<BlockElement> few = data.blocks().elements().subList(0, gates);
      data.setBlocks(new BlockCircuit(3, List.of(), few, 0));
    }
  }

  @Test
  void fewestGatesWinAndTheFirstOfEqualOnes() throws InterruptedException {
    PassData data = read();
    ParallelDo.inTurn(
            List.of(
                new Workflow(List.of(new Emptied("two", 2))),
                new Workflow(List.of(new Emptied("one", 1))),
                new Workflow(List.of(new Emptied("also one", 1)))))
        .run(data, InlineRuntime.of(1, 0));
    assertThat(data.cost()).isEqualTo(1);
  }

  @Test
  void onceTimeIsUpTheFirstBranchAloneIsCarriedOut() throws InterruptedException {
    PassData data = read();
    ParallelDo.inTurn(
            List.of(
                new Workflow(List.of(new Emptied("two", 2))),
                new Workflow(List.of(new Emptied("one", 1)))))
        .run(data, InlineRuntime.timeUpAfter(0));
    assertThat(data.cost()).isEqualTo(2);
    assertThat(data.isCutShort()).isTrue();
  }

  /// In whatever order the tasks of the branches end.
  @Test
  void branchesThatRunAtOnceCountInOrder() throws InterruptedException {
    List<Workflow> branches =
        List.of(
            new Workflow(List.of(new Emptied("two", 2))),
            new Workflow(List.of(new Emptied("one", 1))),
            new Workflow(List.of(new Emptied("also two", 2))));
    for (long order = 0; order < 6; order++) {
      PassData data = read();
      assertThat(data.cost()).isGreaterThan(2);
      ParallelDo.atOnce(branches, CircuitMeasure.TWO_QUBIT_GATES, false)
          .run(data, InlineRuntime.of(3, order));
      assertThat(data.cost()).isEqualTo(1);
      PassData first = read();
      ParallelDo.atOnce(branches, CircuitMeasure.TWO_QUBIT_GATES, true)
          .run(first, InlineRuntime.of(3, order));
      assertThat(first.cost()).isEqualTo(2);
    }
  }

  @Test
  void atLeastOneBranchIsWanted() {
    assertThatIllegalArgumentException().isThrownBy(() -> ParallelDo.inTurn(List.of()));
  }
}
