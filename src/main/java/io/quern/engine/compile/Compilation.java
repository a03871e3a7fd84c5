package io.quern.engine.compile;

import io.quern.engine.circuit.Circuit;
import io.quern.engine.linalg.Matrices;
import io.quern.engine.linalg.Rotation;
import io.quern.engine.pass.Checkpoint;
import io.quern.engine.pass.LogLevel;
import io.quern.engine.pass.Pass;
import io.quern.engine.pass.PassData;
import io.quern.engine.pass.Progress;
import io.quern.engine.pass.RuntimeHandle;
import io.quern.engine.pass.Workflow;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// The compile function.
public final class Compilation {
  /// The engine's version; raised whenever the same input may give another circuit.
  public static final String VERSION = "0.1.0";

  private static final String LOGGER = "engine";

  /// D2 distance a gate may lose to rounding and to what [Rotation#SNAP] makes exact on its way
  /// from the input to the result.
  private static final double ROUNDING = 4 * Rotation.SNAP;

  /// Passes that took less in all are sooner computed again than stored.
  private static final double KEPT_SECONDS = 0.01;

  /// What a simulated distance (D1) may be off by.
  private static final double SIMULATION_ROUNDING = 1e-14;

  private Compilation() {}

  private static Checkpoint.Done done(PassReport each) {
    return new Checkpoint.Done(
        each.name(), each.seconds(), each.twoQubitGatesBefore(), each.twoQubitGatesAfter());
  }

  /// Compiles a circuit for a machine. Deterministic: the same input gives the same circuit, bit
  /// for bit, however many slots the runtime has; only a time limit can change it.
  ///
  /// @throws IllegalArgumentException if the machine is too small or its gate set not universal
  /// @throws java.util.concurrent.CancellationException if the task was cancelled meanwhile
  /// @throws io.quern.failure.QuernException if the result is measured and is not the input
  public static CompilationResult run(CompilationInput input, RuntimeHandle runtime)
      throws InterruptedException {
    Circuit circuit = input.circuit();
    if (circuit.qubits() > input.machine().qubits()) {
      throw new IllegalArgumentException(
          "a circuit of "
              + circuit.qubits()
              + " qubits for a machine of "
              + input.machine().qubits());
    }
    CompilationOptions options = input.options();
    PassData data = new PassData(circuit, input.machine(), options.seed(), options.permuteOutput());
    Workflow own = options.workflow();
    Workflow workflow =
        own == null ? Levels.workflow(data, options.level(), options.synthesis()) : own;
    List<PassReport> reports = run(workflow.passes(), data, runtime);
    Circuit compiled = data.compiled();
    int steps = reports.size() + 1;
    runtime.progress(new Progress(Verifier.NAME, steps, steps, 0, 0));
    long start = System.nanoTime();
    Verifier verifier = new Verifier(runtime);
    double errorBound = errorBound(data);
    Distance distance =
        verifier.verify(
            circuit,
            compiled,
            data.initialMapping(),
            data.finalMapping(),
            options,
            promised(options, errorBound));
    errorBound = Math.min(errorBound, simulatedError(verifier, data, options, errorBound));
    warn(options, errorBound, runtime);
    double seconds = (System.nanoTime() - start) / 1e9;
    int twoQubitGates = data.twoQubitGates();
    reports.add(new PassReport(Verifier.NAME, seconds, twoQubitGates, twoQubitGates));
    return new CompilationResult(
        compiled,
        input.machine(),
        data.initialMapping(),
        data.finalMapping(),
        CircuitStatistics.of(circuit),
        CircuitStatistics.of(compiled),
        distance,
        errorBound,
        options.seed(),
        VERSION,
        Matrices.kernel().name(),
        reports,
        data.isCutShort());
  }

  private static List<PassReport> run(List<Pass> passes, PassData data, RuntimeHandle runtime)
      throws InterruptedException {
    List<PassReport> reports = goOn(passes, data, runtime);
    int before =
        reports.isEmpty()
            ? CircuitStatistics.of(data.input()).twoQubitGates()
            : reports.getLast().twoQubitGatesAfter();
    double unkeptSeconds = 0;
    // The last step is the verification.
    int steps = passes.size() + 1;
    for (int k = reports.size(); k < passes.size(); k++) {
      runtime.checkCancelled();
      Pass pass = passes.get(k);
      int blocks = pass.blocks(data);
      runtime.progress(new Progress(pass.name(), k + 1, steps, 0, blocks));
      long start = System.nanoTime();
      pass.run(data, runtime);
      double seconds = (System.nanoTime() - start) / 1e9;
      runtime.progress(new Progress(pass.name(), k + 1, steps, blocks, blocks));
      int after = data.twoQubitGates();
      reports.add(new PassReport(pass.name(), seconds, before, after));
      runtime.log(
          LogLevel.INFO,
          LOGGER,
          String.format(
              Locale.ROOT,
              "%s: %d two-qubit gates before, %d after, %.2f ms",
              pass.name(),
              before,
              after,
              seconds * 1e3));
      before = after;
      unkeptSeconds += seconds;
      if (unkeptSeconds >= KEPT_SECONDS && !data.isCutShort()) {
        unkeptSeconds = 0;
        runtime.keep(
            new Checkpoint(
                VERSION, reports.stream().map(Compilation::done).toList(), data.state()));
      }
    }
    return reports;
  }

  /// Takes over what an earlier run of the same compilation had come to, if there was one.
  ///
  /// @return the reports of the passes that need not run again
  private static List<PassReport> goOn(List<Pass> passes, PassData data, RuntimeHandle runtime) {
    List<PassReport> reports = new ArrayList<>(passes.size());
    Checkpoint earlier = runtime.earlier();
    if (earlier == null || !isOf(passes, earlier)) {
      return reports;
    }
    data.restore(earlier.state());
    for (Checkpoint.Done each : earlier.done()) {
      reports.add(new PassReport(each.pass(), each.seconds(), each.before(), each.after()));
    }
    runtime.log(
        LogLevel.INFO, LOGGER, "goes on behind pass " + reports.size() + " of an earlier run");
    return reports;
  }

  /// Whether a checkpoint is one of these passes, by this engine.
  private static boolean isOf(List<Pass> passes, Checkpoint earlier) {
    boolean is = earlier.engineVersion().equals(VERSION) && earlier.position() <= passes.size();
    for (int k = 0; is && k < earlier.position(); k++) {
      is = passes.get(k).name().equals(earlier.done().get(k).pass());
    }
    return is;
  }

  /// What the result may be off by: approximation that was asked for, by an option or by the passes
  /// of a workflow, may use up its bound.
  private static double promised(CompilationOptions options, double errorBound) {
    boolean isApproximate =
        options.synthesis().synthesisEpsilon() != null || options.workflow() != null;
    return isApproximate
        ? Math.max(Verifier.PROMISED_DISTANCE, errorBound)
        : Verifier.PROMISED_DISTANCE;
  }

  /// Where a threshold is given, the error of a circuit that is narrow enough to simulate;
  /// otherwise that bound itself.
  private static double simulatedError(
      Verifier verifier, PassData data, CompilationOptions options, double errorBound) {
    SynthesisOptions synthesis = options.synthesis();
    if (synthesis.errorThreshold() == null || errorBound <= SIMULATION_ROUNDING) {
      return errorBound;
    }
    Double simulated =
        verifier.unitaryDistance(
            data.input(),
            data.compiled(),
            data.initialMapping(),
            data.finalMapping(),
            synthesis.errorSimSize());
    return simulated == null ? errorBound : simulated + SIMULATION_ROUNDING;
  }

  private static void warn(CompilationOptions options, double errorBound, RuntimeHandle runtime) {
    Double threshold = options.synthesis().errorThreshold();
    if (threshold != null && errorBound > threshold) {
      runtime.log(
          LogLevel.WARNING,
          LOGGER,
          String.format(
              Locale.ROOT,
              "the error bound %.3g is above the threshold of %.3g",
              errorBound,
              threshold));
    }
  }

  /// The blocks' D2 bounds summed, with an allowance for rounding, turned into D1.
  private static double errorBound(PassData data) {
    double d2 =
        Math.min(
            1,
            data.blocks().errorD2()
                + ROUNDING
                    * (data.input().operations().size() + data.compiled().operations().size()));
    // 1 - sqrt(1 - d2^2) without cancellation.
    return d2 * d2 / (1 + Math.sqrt(1 - d2 * d2));
  }
}
