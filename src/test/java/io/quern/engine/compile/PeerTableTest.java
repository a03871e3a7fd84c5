package io.quern.engine.compile;

import static io.quern.engine.compile.Compilations.compile;
import static org.assertj.core.api.Assertions.assertThat;

import io.quern.engine.circuit.Circuit;
import io.quern.engine.machine.CouplingGraph;
import io.quern.testing.Examples;
import io.quern.testing.PeerTable;
import io.quern.testing.PeerTable.Row;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Quality does not fall behind: CX on the example circuits against the recorded counts of the
/// peers.
class PeerTableTest {
  static final long SEED = 7;

  @Test
  void cxAreAsFewAsPromised() {
    List<Row> rows = PeerTable.rows();
    int asGoodAsQiskit = 0;
    int asGoodAsBqskit = 0;
    List<String> table = new ArrayList<>();
    for (Row row : rows) {
      int cx = cx(row);
      asGoodAsQiskit += cx <= row.cx("qiskit-O3").orElseThrow() ? 1 : 0;
      asGoodAsBqskit += cx <= row.cx("bqskit-L1").orElseThrow() ? 1 : 0;
      table.add("%s %s: %d, peers %s".formatted(row.circuit(), row.topology(), cx, row.cxByPeer()));
    }
    String text = String.join("\n", table);
    assertThat(rows).hasSize(30);
    assertThat(asGoodAsQiskit).as("at most Qiskit's CX%n%s", text).isEqualTo(30);
    assertThat(asGoodAsBqskit).as("at most BQSKit's CX%n%s", text).isGreaterThanOrEqualTo(27);
  }

  private static int cx(Row row) {
    return compile(input(row, SEED)).after().twoQubitGates();
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
