package io.quern.engine.compile;

import static io.quern.engine.compile.Compilations.at;
import static io.quern.engine.compile.Compilations.compile;
import static org.assertj.core.api.Assertions.assertThat;

import io.quern.engine.circuit.Circuit;
import io.quern.engine.machine.CouplingGraph;
import io.quern.testing.Examples;
import io.quern.testing.PeerTable;
import io.quern.testing.PeerTable.Row;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.ToIntFunction;
import org.junit.jupiter.api.Test;

/// Quality does not fall behind: CX on the example circuits against the recorded counts of the
/// peers.
class PeerTableTest {
  static final long SEED = 7;

  /// Rows of which level 3 takes well below a second; all of them are in the profile `peer-table`.
  private static final Set<String> QUICK_ROWS =
      Set.of(
          "ae_5 all",
          "cdkm_ripple_carry_adder_6 all",
          "draper_qft_adder_6 all",
          "draper_qft_adder_6 line",
          "graphstate_12 all",
          "graphstate_12 line",
          "half_adder_5 all",
          "half_adder_5 line",
          "qaoa_6 all",
          "qaoa_6 line",
          "qft_5 all",
          "qpeexact_5 all",
          "qpeexact_5 line",
          "qwalk_3 all",
          "qwalk_3 line",
          "vqe_su2_6 all",
          "wstate_5 all",
          "wstate_5 line");

  @Test
  void levelOneNeedsAtMostTheGatesOfQiskitAndOfBqskitsLevelOne() {
    areKept(
        1,
        PeerTable.rows(),
        row -> Math.min(row.cx("qiskit-O3").orElseThrow(), row.cx("bqskit-L1").orElseThrow()));
  }

  @Test
  void levelTwoNeedsAtMostTheGatesOfBqskitsLevelTwo() {
    areKept(2, PeerTable.rows(), row -> row.cx("bqskit-L2").orElseThrow());
  }

  @Test
  void levelThreeNeedsAtMostTheGatesOfEveryPeer() {
    List<Row> quick = new ArrayList<>();
    for (Row row : PeerTable.rows()) {
      if (QUICK_ROWS.contains(row.circuit() + " " + row.topology())) {
        quick.add(row);
      }
    }
    assertThat(quick).hasSameSizeAs(QUICK_ROWS);
    areKept(3, quick, Row::fewest);
  }

  private static void areKept(int level, List<Row> rows, ToIntFunction<Row> limit) {
    List<String> above = new ArrayList<>();
    for (Row row : rows) {
      int cx = compile(at(level, input(row, SEED))).after().twoQubitGates();
      if (cx > limit.applyAsInt(row)) {
        above.add("%s %s: %d, peers %s".formatted(row.circuit(), row.topology(), cx, row.peers()));
      }
    }
    assertThat(above).as("rows on which level %d needs more than allowed", level).isEmpty();
  }

  static CompilationInput input(Row row, long seed) {
    Circuit circuit = Examples.read(row.circuit());
    CouplingGraph coupling =
        row.topology().equals("line")
            ? CouplingGraph.line(circuit.qubits())
            : CouplingGraph.all(circuit.qubits());
    return Compilations.input(circuit, coupling, Compilations.CX_U3, seed);
  }
}
