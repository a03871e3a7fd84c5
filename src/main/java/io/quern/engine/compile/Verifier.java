package io.quern.engine.compile;

import io.quern.engine.circuit.Circuit;
import io.quern.engine.pass.LogLevel;
import io.quern.engine.pass.OutOfTimeException;
import io.quern.engine.pass.RuntimeHandle;
import io.quern.engine.simulation.CircuitComparison;
import io.quern.failure.ErrorCode;
import io.quern.failure.QuernException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/// Measures how far a compiled circuit is from its input, as far as a simulation can, and lets
/// nothing pass that is not the same.
public final class Verifier {
  /// The widest circuit whose full unitary may be asked for.
  public static final int MAX_UNITARY_QUBITS = 10;

  /// The widest circuit whose action on random states may be asked for.
  public static final int MAX_STATES_QUBITS = 22;

  /// D1 that every compiled circuit promises.
  static final double PROMISED_DISTANCE = 1e-8;

  static final String NAME = "Verification";
  private static final int AUTO_UNITARY_QUBITS = 6;
  private static final int AUTO_STATES_QUBITS = 20;
  private static final int BRANCHES_QUBITS = 8;

  /// Physical qubits simulated at most: logical ones and those routing passes through.
  private static final int MAX_WIDTH = 22;

  /// Bound on time: a full unitary simulates 2^logical states of 2^physical numbers.
  private static final int MAX_UNITARY_WIDTH = 24;

  /// To this width a measurement whose work is bounded is made even after the time limit.
  private static final int QUICK_WIDTH = 12;

  private static final int STATES = 4;

  /// Numbers of states that may be touched unasked: a second or two. Where four states need more,
  /// fewer are simulated.
  private static final long AUTO_WORK = 1L << 31;

  private static final int MAX_BRANCH_AMPLITUDES = 1 << 20;

  private final RuntimeHandle runtime;

  Verifier(RuntimeHandle runtime) {
    this.runtime = runtime;
  }

  /// @param initialMapping logical qubit -> physical qubit at the start
  /// @param finalMapping logical qubit -> physical qubit at the end
  /// @param promised D1 the result may have
  /// @return null if nothing is to be measured, or it would take too much
  /// @throws QuernException if the circuits are further apart than promised
  @Nullable Distance verify(
      Circuit input,
      Circuit output,
      List<Integer> initialMapping,
      List<Integer> finalMapping,
      CompilationOptions options,
      double promised) {
    Distance distance = null;
    try {
      distance = measure(input, output, initialMapping, finalMapping, options);
    } catch (OutOfTimeException _) {
      runtime.log(LogLevel.WARNING, NAME, "no time was left to measure the distance");
    }
    if (distance == null) {
      return null;
    }
    String found =
        String.format(
            Locale.ROOT, "distance %.3g, measured by %s", distance.value(), distance.method());
    if (!(distance.value() <= promised)) {
      throw new QuernException(
          ErrorCode.PASS_FAILED,
          String.format(
              Locale.ROOT,
              "the compiled circuit is not the input: %s, at most %.0e is promised",
              found,
              promised),
          Map.of("pass", NAME));
    }
    runtime.log(LogLevel.INFO, NAME, found);
    return distance;
  }

  /// D1 of a circuit's unitary from its input's; null if it has none, is wider than asked for, or
  /// no time is left.
  ///
  /// @param mostQubits of both, those routing passes through included
  @Nullable Double unitaryDistance(
      Circuit input,
      Circuit output,
      List<Integer> initialMapping,
      List<Integer> finalMapping,
      int mostQubits) {
    if (!input.isUnitary() || input.qubits() > mostQubits) {
      return null;
    }
    CircuitComparison comparison =
        new CircuitComparison(input, output, initialMapping, finalMapping);
    if (comparison.width() > mostQubits) {
      return null;
    }
    try {
      return comparison.ofUnitaries(runtime::checkTime);
    } catch (OutOfTimeException _) {
      return null;
    }
  }

  private @Nullable Distance measure(
      Circuit input,
      Circuit output,
      List<Integer> initialMapping,
      List<Integer> finalMapping,
      CompilationOptions options) {
    int n = input.qubits();
    if (options.verify() == Verification.NONE || n > MAX_STATES_QUBITS) {
      return null;
    }
    CircuitComparison comparison =
        new CircuitComparison(input, output, initialMapping, finalMapping);
    int width = comparison.width();
    if (width > MAX_WIDTH) {
      return null;
    }
    // Numbers touched to carry one state through both circuits.
    long work =
        Math.max(
            1,
            ((long) input.operations().size() << n) + ((long) output.operations().size() << width));
    boolean isBounded =
        options.verify() == Verification.AUTO || (input.isUnitary() && work <= AUTO_WORK >> n);
    Runnable checkpoint =
        isBounded && width <= QUICK_WIDTH ? runtime::checkCancelled : runtime::checkTime;
    if (!input.isUnitary()) {
      return n <= BRANCHES_QUBITS ? branches(comparison, options, checkpoint) : null;
    }
    boolean isUnitaryInReach = n <= MAX_UNITARY_QUBITS && n + width <= MAX_UNITARY_WIDTH;
    boolean wantsUnitary =
        switch (options.verify()) {
          case UNITARY -> true;
          case AUTO -> n <= AUTO_UNITARY_QUBITS && isUnitaryInReach && work <= AUTO_WORK >> n;
          case STATES, NONE -> false;
        };
    if (wantsUnitary) {
      return isUnitaryInReach ? new Distance(comparison.ofUnitaries(checkpoint), "unitary") : null;
    }
    int states = STATES;
    if (options.verify() == Verification.AUTO) {
      if (n > AUTO_STATES_QUBITS) {
        return null;
      }
      states = (int) Math.min(STATES, AUTO_WORK / work);
      if (states == 0) {
        runtime.log(
            LogLevel.INFO,
            NAME,
            "the distance is not measured: %d operations on %d qubits take long; 'states' measures it"
                .formatted(output.operations().size(), width));
        return null;
      }
    }
    return new Distance(comparison.ofRandomStates(states, options.seed(), checkpoint), "states");
  }

  private @Nullable Distance branches(
      CircuitComparison comparison, CompilationOptions options, Runnable checkpoint) {
    long most = options.verify() == Verification.AUTO ? AUTO_WORK / (2 * STATES) : Long.MAX_VALUE;
    OptionalDouble value =
        comparison.ofBranches(STATES, options.seed(), MAX_BRANCH_AMPLITUDES, most, checkpoint);
    if (value.isEmpty()) {
      runtime.log(
          LogLevel.INFO,
          NAME,
          "the distance is not measured: following every outcome of the measurements takes long");
      return null;
    }
    return new Distance(value.getAsDouble(), "branches");
  }
}
