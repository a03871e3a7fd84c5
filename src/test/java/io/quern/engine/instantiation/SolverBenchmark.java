package io.quern.engine.instantiation;

import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;

/// Time and allocation of whole runs of the optimisers, each of many iterations: the loops allocate
/// nothing, so neither does a run.
///
/// Run with `./mvnw -q -Psolver-benchmark process-test-classes`; the figures are in
/// docs/benchmarks.md.
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(
    value = 1,
    jvmArgs = {"--add-modules=jdk.incubator.vector", "-XX:+UseSerialGC"})
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 3, time = 2)
@SuppressWarnings("NullAway.Init") // JMH calls prepare() first
public class SolverBenchmark {
  private static final int STARTS = 64;

  @Param({"2", "3", "4", "5"})
  public int qubits;

  private LevenbergMarquardt solver;
  private Stopping stopping;
  private double[][] starts;
  private CircuitModel model;
  private LimitedMemoryBfgs descent;
  private QFactor sweeps;
  private double[] initial;
  private double[] values;
  private int next;

  @Setup
  public void prepare() {
    Template template = InstantiationBenchmark.template(qubits);
    SplittableRandom random = new SplittableRandom(qubits);
    double[] target = Fixtures.unitary(template, Fixtures.gates(template, random));
    solver = new LevenbergMarquardt(new FramePlan(template));
    solver.model.setTarget(target);
    stopping = Stopping.of(InstantiationOptions.DEFAULT, 1000);
    starts = new double[STARTS][];
    for (int k = 0; k < STARTS; k++) {
      starts[k] = Fixtures.gates(template, random);
    }
    model = new CircuitModel(Fixtures.instantiation(template, starts[0]).circuit());
    model.setTarget(target);
    initial = model.initialParameters();
    values = initial.clone();
    descent = new LimitedMemoryBfgs(initial.length, model::costAndGradient);
    sweeps = new QFactor(model);
  }

  @Benchmark
  public double levenbergMarquardt() {
    double[] start = starts[next++ % STARTS];
    System.arraycopy(start, 0, solver.gates(), 0, start.length);
    solver.run(stopping, () -> {});
    return solver.cost();
  }

  @Benchmark
  public double lbfgsOf50Evaluations() {
    System.arraycopy(initial, 0, values, 0, values.length);
    return descent.minimise(values, 1e-20, 50, () -> {});
  }

  @Benchmark
  public double qfactorOf20Sweeps() {
    System.arraycopy(initial, 0, values, 0, values.length);
    return sweeps.run(values, 1e-20, 20, () -> {});
  }

  public static void main(String[] arguments) throws RunnerException {
    new Runner(
            new OptionsBuilder()
                .include(SolverBenchmark.class.getSimpleName())
                .addProfiler(GCProfiler.class)
                .build())
        .run();
  }
}
