package io.quern.engine.compile;

import io.quern.engine.circuit.StandardGate;
import io.quern.engine.pass.CommutativeCancellation;
import io.quern.engine.pass.ReorderBlocks;
import io.quern.engine.pass.TwoQubitResynthesis;
import io.quern.engine.processing.Rebase;
import java.util.List;

/// Passes that are exact and take circuits of any width.
final class RewritingPasses {
  private RewritingPasses() {}

  static List<PassEntry> all() {
    return List.of(
        PassEntry.named("CommutativeCancellation")
            .does(
                "Merges and cancels two-qubit gates that meet once gates they commute with are"
                    + " aside.")
            .from("Nam et al., doi 10.1038/s41534-018-0072-4, arXiv:1710.07345")
            .makes(_ -> new CommutativeCancellation()),
        PassEntry.named("ReorderBlocks")
            .does("Gathers commuting blocks in random orders and keeps the one that merges best.")
            .from("Quern; merging as in Nam et al., arXiv:1710.07345")
            .makes(_ -> new ReorderBlocks()),
        PassEntry.named("TwoQubitResynthesis")
            .does(
                "Makes one block of each run of gates on a pair, with the fewest two-qubit gates.")
            .from("Vatan, Williams, doi 10.1103/PhysRevA.69.032315")
            .makes(_ -> new TwoQubitResynthesis()),
        PassEntry.named(Rebase.NAME, "Rebase2QuditGatePass")
            .does(
                "Takes every block apart into single gates of one kind, which others may then merge"
                    + " with.")
            .from("BQSKit's Rebase2QuditGatePass; Vatan, Williams, doi 10.1103/PhysRevA.69.032315")
            .with(
                PassParameter.name(
                    "gate",
                    StandardGate.CX.qasmName(),
                    "the OpenQASM name of a gate that entangles two qubits"))
            .makes(in -> new Rebase(in.entangler("gate"))));
  }
}
