package io.quern.engine.pass;

import static org.assertj.core.api.Assertions.assertThat;

import io.quern.engine.circuit.Circuit;
import io.quern.engine.circuit.StandardGate;
import io.quern.engine.machine.CouplingGraph;
import io.quern.engine.machine.GateSet;
import io.quern.engine.machine.MachineModel;
import io.quern.engine.partition.GreedyPartitioner;
import io.quern.engine.pass.ForEachBlock.CollectionFilter;
import io.quern.engine.pass.ForEachBlock.ReplaceFilter;
import io.quern.testing.InlineRuntime;
import java.util.List;
import org.junit.jupiter.api.Test;

/// A result says that it was cut short wherever a search was, also where nothing came of that
/// search.
class CutShortTest {
  private static final InlineRuntime RUNTIME = InlineRuntime.of(1, 0);
  private static final Workflow STOPPED = new Workflow(List.of(new Stopped()));
  private static final Workflow NOTHING = new Workflow(List.of());

  /// A pass that ran out of time at once.
  private record Stopped() implements Pass {
    @Override
    public String name() {
      return "Stopped";
    }

    @Override
    public void run(PassData data, RuntimeHandle runtime) {
      data.setCutShort();
    }
  }

  private static PassData read() {
    Circuit circuit =
        Circuit.builder(3).gate(StandardGate.CX, 0, 1).gate(StandardGate.CX, 1, 2).build();
    MachineModel machine = new MachineModel(CouplingGraph.all(3), GateSet.DEFAULT);
    PassData data = new PassData(circuit, machine, 1, false);
    new Unfold().run(data, RUNTIME);
    return data;
  }

  @Test
  void searchWithinAPartCounts() throws InterruptedException {
    PassData data = read();
    new PartitionPass(new GreedyPartitioner(), 3).run(data, RUNTIME);
    assertThat(data.isCutShort()).isFalse();
    new ForEachBlock(STOPPED, CollectionFilter.ALL, ReplaceFilter.LESS_THAN, 1).run(data, RUNTIME);
    assertThat(data.isCutShort()).isTrue();
  }

  @Test
  void branchThatIsNotTakenCounts() throws InterruptedException {
    PassData data = read();
    ParallelDo.inTurn(List.of(NOTHING, STOPPED)).run(data, RUNTIME);
    assertThat(data.isCutShort()).isTrue();
  }

  @Test
  void workflowThatIsUndoneCounts() throws InterruptedException {
    PassData data = read();
    new DoThenDecide(new Predicate.WidthPredicate(1), STOPPED).run(data, RUNTIME);
    assertThat(data.isCutShort()).isTrue();
    PassData whole = read();
    new DoThenDecide(new Predicate.WidthPredicate(1), NOTHING).run(whole, RUNTIME);
    assertThat(whole.isCutShort()).isFalse();
  }

  /// The passes after it need parts whatever time is left.
  @Test
  void partitionerThatRunsOutOfTimeLeavesPartsAllTheSame() {
    PassData data = read();
    new PartitionPass(new GreedyPartitioner(), 2).run(data, InlineRuntime.timeUpAfter(0));
    assertThat(data.isCutShort()).isTrue();
    assertThat(data.partition().orElseThrow().pieces()).hasSize(2);
  }
}
