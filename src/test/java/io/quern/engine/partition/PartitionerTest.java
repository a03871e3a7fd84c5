package io.quern.engine.partition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quern.engine.circuit.Circuit;
import io.quern.engine.partition.BlockCollector.Merging;
import io.quern.engine.partition.CircuitPartition.Piece;
import io.quern.testing.Equivalence;
import io.quern.testing.Examples;
import io.quern.testing.Generators;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class PartitionerTest {
  private static final List<Partitioner> PARTITIONERS =
      List.of(
          new QuickPartitioner(),
          new ScanPartitioner(),
          new GreedyPartitioner(),
          new ClusterPartitioner());

  static Stream<Arguments> cases() {
    List<Arguments> cases = new ArrayList<>();
    for (Partitioner partitioner : PARTITIONERS) {
      for (int width = 2; width <= 6; width++) {
        cases.add(Arguments.of(partitioner.name(), width, partitioner));
      }
    }
    return cases.stream();
  }

  @ParameterizedTest(name = "{0}, {1} qubits")
  @MethodSource("cases")
  void piecesAreNarrowAndTogetherDoTheSame(String name, int width, Partitioner partitioner) {
    List<Circuit> circuits = new ArrayList<>();
    for (String example : List.of("qft_5", "half_adder_5", "qaoa_6", "grover_4")) {
      circuits.add(Examples.read(example));
    }
    for (long seed = 1; seed <= 12; seed++) {
      circuits.add(Generators.circuit(seed, 6, 40));
      circuits.add(Generators.dynamicCircuit(seed, 5, 30, 4));
    }
    for (Circuit circuit : circuits) {
      BlockCircuit blocks = Circuits.blocks(circuit);
      CircuitPartition partition = partitioner.partition(blocks, width, () -> {});
      int count = 0;
      for (Piece piece : partition.pieces()) {
        assertThat(piece.qubits()).hasSizeBetween(2, width).isSorted();
        assertThat(isConnected(piece)).as("%s", piece).isTrue();
        count += piece.circuit().blockCount();
      }
      assertThat(count).isEqualTo(blocks.blockCount());
      BlockCircuit joined = partition.joined(Circuits.GATES.entangler(), Merging.GAIN);
      assertThat(Equivalence.distance(circuit, Circuits.gates(joined)))
          .as("%s with %d qubits a piece", name, width)
          .isLessThan(1e-12);
    }
  }

  @Test
  void groupingMakesAPartOfEachRunOfOneQubitGates() {
    for (long seed = 1; seed <= 12; seed++) {
      Circuit circuit = Generators.dynamicCircuit(seed, 4, 30, 4);
      BlockCircuit blocks = Circuits.blocks(circuit);
      CircuitPartition partition = new SingleQubitGrouping().partition(blocks, 2, () -> {});
      assertThat(partition.pieces())
          .hasSize(
              (int)
                  blocks.elements().stream()
                      .filter(element -> !(element instanceof BlockElement.Fence))
                      .count())
          .allSatisfy(piece -> assertThat(piece.circuit().elements()).hasSize(1));
      assertThat(partition.pieces()).anyMatch(piece -> piece.qubits().size() == 1);
      BlockCircuit joined = partition.joined(Circuits.GATES.entangler(), Merging.GAIN);
      assertThat(Equivalence.distance(circuit, Circuits.gates(joined))).isLessThan(1e-12);
    }
  }

  /// Wider pieces do the same and leave the further qubits alone.
  @Test
  void widerPiecesAreTheSameOnMoreQubits() {
    Circuit circuit = Generators.circuit(3, 6, 30);
    CircuitPartition partition =
        new QuickPartitioner().partition(Circuits.blocks(circuit), 2, () -> {});
    List<Integer> all = List.of(0, 1, 2, 3, 4, 5);
    CircuitPartition wider =
        partition.with(partition.pieces().stream().map(piece -> piece.on(all)).toList());
    assertThat(wider.pieces()).allMatch(piece -> piece.qubits().equals(all));
    BlockCircuit joined = wider.joined(Circuits.GATES.entangler(), Merging.GAIN);
    assertThat(Equivalence.distance(circuit, Circuits.gates(joined))).isLessThan(1e-12);
  }

  @Test
  void longPiecesAreCutIntoSeveral() {
    Circuit circuit = Generators.dynamicCircuit(3, 4, 60, 4);
    BlockCircuit blocks = Circuits.blocks(circuit);
    CircuitPartition partition = new QuickPartitioner().partition(blocks, 4, () -> {}).cut(3);
    assertThat(partition.pieces())
        .hasSizeGreaterThan(blocks.blockCount() / 4)
        .allSatisfy(piece -> assertThat(piece.circuit().elements()).hasSizeBetween(1, 3));
    BlockCircuit joined = partition.joined(Circuits.GATES.entangler(), Merging.GAIN);
    assertThat(Equivalence.distance(circuit, Circuits.gates(joined))).isLessThan(1e-12);
  }

  @ParameterizedTest(name = "{0}, {1} qubits")
  @MethodSource("cases")
  void checkpointMayEndThePartitioning(String name, int width, Partitioner partitioner) {
    Runnable stop =
        () -> {
          throw new CancellationException(name);
        };
    BlockCircuit blocks = Circuits.blocks(Generators.circuit(3, 6, 30));
    assertThatThrownBy(() -> partitioner.partition(blocks, width, stop))
        .isInstanceOf(CancellationException.class);
  }

  /// Whether a piece's own blocks join all of its qubits: on a machine it is then connected too.
  private static boolean isConnected(Piece piece) {
    int reached = 1;
    for (int round = 0; round < piece.qubits().size(); round++) {
      for (BlockElement element : piece.circuit().elements()) {
        if (element instanceof Block block) {
          int both = 1 << block.a() | 1 << block.b();
          reached = (reached & both) == 0 ? reached : reached | both;
        }
      }
    }
    return reached == (1 << piece.qubits().size()) - 1;
  }
}
