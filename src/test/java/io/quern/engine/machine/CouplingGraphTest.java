package io.quern.engine.machine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.quern.engine.machine.CouplingGraph.Edge;
import java.util.List;
import org.junit.jupiter.api.Test;

class CouplingGraphTest {

  @Test
  void lineJoinsEachQubitToTheNext() {
    assertThat(CouplingGraph.line(4).edges())
        .containsExactly(new Edge(0, 1), new Edge(1, 2), new Edge(2, 3));
  }

  @Test
  void ringOfTwoIsALine() {
    assertThat(CouplingGraph.ring(2)).isEqualTo(CouplingGraph.line(2));
    assertThat(CouplingGraph.ring(4).edges()).hasSize(4).contains(new Edge(0, 3));
  }

  @Test
  void gridJoinsRowsAndColumns() {
    CouplingGraph grid = CouplingGraph.grid(2, 3);
    assertThat(grid.neighbours(4)).containsExactly(1, 3, 5);
    assertThat(grid.edges()).hasSize(7);
    assertThat(grid.distance(0, 5)).isEqualTo(3);
  }

  @Test
  void distancesAreHopCounts() {
    CouplingGraph ring = CouplingGraph.ring(6);
    assertThat(ring.distance(0, 3)).isEqualTo(3);
    assertThat(ring.distance(1, 5)).isEqualTo(2);
    assertThat(ring.distance(2, 2)).isZero();
    assertThat(CouplingGraph.all(5).distance(1, 4)).isEqualTo(1);
  }

  @Test
  void partsWithoutAPathAreUnreachable() {
    CouplingGraph graph = CouplingGraph.of(5, List.of(new Edge(3, 1), new Edge(1, 3)));
    assertThat(graph.distance(0, 1)).isEqualTo(CouplingGraph.UNREACHABLE);
    assertThat(graph.connectedComponents())
        .containsExactly(List.of(0), List.of(1, 3), List.of(2), List.of(4));
    assertThat(graph.isConnected()).isFalse();
    assertThat(graph.edges()).containsExactly(new Edge(1, 3));
  }

  @Test
  void knowsWhetherEveryPairIsCoupled() {
    assertThat(CouplingGraph.all(3).isComplete()).isTrue();
    assertThat(CouplingGraph.ring(3)).isEqualTo(CouplingGraph.all(3));
    assertThat(CouplingGraph.all(1).isComplete()).isTrue();
    assertThat(CouplingGraph.line(3).isComplete()).isFalse();
  }

  @Test
  void refusesSelfEdgesAndEmptyMachines() {
    assertThatIllegalArgumentException().isThrownBy(() -> new Edge(2, 2));
    assertThatIllegalArgumentException().isThrownBy(() -> CouplingGraph.line(0));
  }
}
