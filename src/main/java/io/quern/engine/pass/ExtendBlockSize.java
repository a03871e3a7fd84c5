package io.quern.engine.pass;

import io.quern.engine.machine.CouplingGraph;
import io.quern.engine.partition.CircuitPartition;
import io.quern.engine.partition.CircuitPartition.Piece;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/// Gives the parts of a partitioned circuit at least so many qubits, each the nearest free one;
/// BQSKit's ExtendBlockSizePass. Synthesis may then use qubits that the part leaves alone.
public record ExtendBlockSize(int minimumSize) implements Pass {
  @Override
  public String name() {
    return "ExtendBlockSize";
  }

  @Override
  public void run(PassData data, RuntimeHandle runtime) {
    CircuitPartition partition =
        data.partition()
            .orElseThrow(() -> new IllegalStateException("ExtendBlockSize needs a partition"));
    int qubits = data.blocks().qubits();
    CouplingGraph coupling =
        data.isMapped() ? data.machine().coupling() : CouplingGraph.all(qubits);
    List<Piece> wider = new ArrayList<>();
    for (Piece piece : partition.pieces()) {
      wider.add(piece.on(extended(piece.qubits(), coupling)));
    }
    data.setPartition(partition.with(wider));
  }

  private List<Integer> extended(List<Integer> qubits, CouplingGraph coupling) {
    TreeSet<Integer> found = new TreeSet<>(qubits);
    while (found.size() < minimumSize) {
      int nearest = -1;
      for (int qubit : found) {
        for (int next : coupling.neighbours(qubit)) {
          if (!found.contains(next) && (nearest < 0 || next < nearest)) {
            nearest = next;
          }
        }
      }
      if (nearest < 0) {
        break;
      }
      found.add(nearest);
    }
    return List.copyOf(found);
  }
}
