package io.quern.engine.compile;

import io.quern.engine.circuit.Circuit;
import io.quern.engine.machine.MachineModel;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A compiled circuit with the evidence for it.
///
/// @param circuit on the machine's physical qubits, in its gate set
/// @param initialMapping logical qubit -> physical qubit at the start
/// @param finalMapping logical qubit -> physical qubit at the end
/// @param distance null where nothing was measured
/// @param errorBound bound on D1 accumulated from the blocks
/// @param version engine version
/// @param kernel the numeric kernel that ran, such as `scalar`
/// @param isPartial whether the time limit cut the search short
public record CompilationResult(
    Circuit circuit,
    MachineModel machine,
    List<Integer> initialMapping,
    List<Integer> finalMapping,
    CircuitStatistics before,
    CircuitStatistics after,
    @Nullable Distance distance,
    double errorBound,
    long seed,
    String version,
    String kernel,
    List<PassReport> passes,
    boolean isPartial) {
  public CompilationResult {
    initialMapping = List.copyOf(initialMapping);
    finalMapping = List.copyOf(finalMapping);
    passes = List.copyOf(passes);
  }

  /// Whether it tells where logical qubits start and end.
  public boolean hasMapping() {
    return !initialMapping.isEmpty() || before.qubits() == 0;
  }

  /// The same result without telling where logical qubits start and end.
  public CompilationResult withoutMapping() {
    return new CompilationResult(
        circuit,
        machine,
        List.of(),
        List.of(),
        before,
        after,
        distance,
        errorBound,
        seed,
        version,
        kernel,
        passes,
        isPartial);
  }
}
