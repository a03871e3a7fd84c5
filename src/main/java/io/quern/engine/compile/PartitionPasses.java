package io.quern.engine.compile;

import io.quern.engine.compile.PassDescription.Need;
import io.quern.engine.compile.PassEntry.Effect;
import io.quern.engine.partition.ClusterPartitioner;
import io.quern.engine.partition.GreedyPartitioner;
import io.quern.engine.partition.Partitioner;
import io.quern.engine.partition.QuickPartitioner;
import io.quern.engine.partition.ScanPartitioner;
import io.quern.engine.partition.SingleQubitGrouping;
import io.quern.engine.pass.ExtendBlockSize;
import io.quern.engine.pass.JoinParts;
import io.quern.engine.pass.PartitionPass;
import java.util.ArrayList;
import java.util.List;

/// Passes that cut circuits into parts and join them.
final class PartitionPasses {
  /// Qubits of a part of [SingleQubitGrouping].
  static final int GROUPED = 2;

  private static final String BQSKIT = "BQSKit's %s, doi 10.11578/dc.20210603.2";

  private PartitionPasses() {}

  static List<PassEntry> all() {
    List<PassEntry> all = new ArrayList<>();
    all.add(
        partitioner(
            new QuickPartitioner(),
            "Cuts the circuit into parts of few qubits in one pass from left to right, in linear"
                + " time."));
    all.add(
        partitioner(
            new ScanPartitioner(),
            "Cuts the circuit into parts of few qubits, each the one that takes in most of the"
                + " gates next."));
    all.add(
        partitioner(
            new GreedyPartitioner(),
            "Cuts the circuit into parts of few qubits, the largest anywhere in the circuit"
                + " first."));
    all.add(
        partitioner(
            new ClusterPartitioner(),
            "Cuts the circuit into parts of few qubits that grow together from single gates."));
    SingleQubitGrouping grouping = new SingleQubitGrouping();
    all.add(
        PassEntry.named(grouping.name())
            .does("Makes a part of each run of one-qubit gates and one of each two-qubit block.")
            .from(BQSKIT.formatted("GroupSingleQuditGatePass"))
            .effect(Effect.CUTS)
            .makes(_ -> new PartitionPass(grouping, GROUPED)));
    all.add(
        PassEntry.named("ExtendBlockSize")
            .does("Gives the parts of a partitioned circuit at least so many qubits.")
            .from(BQSKIT.formatted("ExtendBlockSizePass"))
            .with(PassParameter.integer("minimum_size", 3, "2 to 6 qubits"))
            .needs(Need.PARTS)
            .effect(Effect.WIDENS)
            .makes(
                in -> new ExtendBlockSize(in.integer("minimum_size", 2, PassLibrary.MOST_QUBITS))));
    all.add(
        PassEntry.named("UnfoldPass")
            .does("Makes one circuit of the parts again.")
            .from(BQSKIT.formatted("UnfoldPass"))
            .makes(_ -> new JoinParts()));
    return all;
  }

  private static PassEntry partitioner(Partitioner partitioner, String summary) {
    return PassEntry.named(partitioner.name())
        .does(summary)
        .from(BQSKIT.formatted(partitioner.name()) + "; Wu et al., arXiv:2012.09835")
        .with(PassParameter.integer("block_size", 3, "2 to 6 qubits"))
        .effect(Effect.CUTS)
        .makes(
            in ->
                new PartitionPass(
                    partitioner, in.integer("block_size", 2, PassLibrary.MOST_QUBITS)));
  }
}
