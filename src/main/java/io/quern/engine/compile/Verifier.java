package io.quern.engine.compile;

import io.quern.engine.circuit.Circuit;
import io.quern.engine.simulation.CircuitComparison;
import java.util.List;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/// Measures how far a compiled circuit is from its input, as far as a simulation can.
public final class Verifier {
  /// The widest circuit whose full unitary may be asked for.
  public static final int MAX_UNITARY_QUBITS = 10;

  /// The widest circuit whose action on random states may be asked for.
  public static final int MAX_STATES_QUBITS = 22;

  private static final int AUTO_UNITARY_QUBITS = 6;
  private static final int AUTO_STATES_QUBITS = 20;
  private static final int BRANCHES_QUBITS = 8;

  /// Physical qubits simulated at most: logical ones and those routing passes through.
  private static final int MAX_WIDTH = 22;

  /// Bound on time: a full unitary simulates 2^logical states of 2^physical numbers.
  private static final int MAX_UNITARY_WIDTH = 24;

  private static final int STATES = 4;
  private static final int MAX_BRANCH_AMPLITUDES = 1 << 20;

  private Verifier() {}

  /// @param initialMapping logical qubit -> physical qubit at the start
  /// @param finalMapping logical qubit -> physical qubit at the end
  /// @param seed of the random states
  /// @param checkpoint asked from time to time; may throw to end the measurement
  /// @return null if nothing is to be measured, or it would take too much
  public static @Nullable Distance measure(
      Circuit input,
      Circuit output,
      List<Integer> initialMapping,
      List<Integer> finalMapping,
      Verification verification,
      long seed,
      Runnable checkpoint) {
    int n = input.qubits();
    if (verification == Verification.NONE || n > MAX_STATES_QUBITS) {
      return null;
    }
    CircuitComparison comparison =
        new CircuitComparison(input, output, initialMapping, finalMapping, checkpoint);
    if (comparison.width() > MAX_WIDTH) {
      return null;
    }
    if (!input.isUnitary()) {
      return branches(comparison, n, seed);
    }
    boolean isUnitaryInReach =
        n <= MAX_UNITARY_QUBITS && n + comparison.width() <= MAX_UNITARY_WIDTH;
    return switch (verification) {
      case NONE -> null;
      case UNITARY -> isUnitaryInReach ? unitary(comparison) : null;
      case STATES -> states(comparison, seed);
      case AUTO -> {
        if (n <= AUTO_UNITARY_QUBITS && isUnitaryInReach) {
          yield unitary(comparison);
        }
        yield n <= AUTO_STATES_QUBITS ? states(comparison, seed) : null;
      }
    };
  }

  private static Distance unitary(CircuitComparison comparison) {
    return new Distance(comparison.ofUnitaries(), "unitary");
  }

  private static Distance states(CircuitComparison comparison, long seed) {
    return new Distance(comparison.ofRandomStates(STATES, seed), "states");
  }

  private static @Nullable Distance branches(CircuitComparison comparison, int n, long seed) {
    if (n > BRANCHES_QUBITS) {
      return null;
    }
    OptionalDouble value = comparison.ofBranches(STATES, seed, MAX_BRANCH_AMPLITUDES);
    return value.isPresent() ? new Distance(value.getAsDouble(), "branches") : null;
  }
}
