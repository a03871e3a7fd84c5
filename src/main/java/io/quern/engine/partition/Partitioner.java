package io.quern.engine.partition;

/// A way to cut a circuit into parts on few qubits.
public interface Partitioner {

  /// BQSKit's name for it.
  String name();

  /// @param width the most qubits of a part, at least 2
  /// @param checkpoint asked again and again; may throw to end the search for parts
  CircuitPartition partition(BlockCircuit circuit, int width, Runnable checkpoint);
}
