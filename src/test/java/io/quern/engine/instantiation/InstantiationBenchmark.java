package io.quern.engine.instantiation;

import io.quern.engine.instantiation.InstantiationResult.Converged;
import io.quern.engine.machine.CouplingGraph.Edge;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;

/// Expected time until the "QSearch thin" template is fitted to a unitary it can make: mean time of
/// a run from one random start, over the share of runs that end below D1 = 1e-8, which is computed
/// here from the circuit and the target.
///
/// The template has a free gate on each of n qubits, then twice along the line CX and two free gates
/// on every neighbouring pair; each of 20 targets is the template with gates drawn from a seed.
///
///     java InstantiationBenchmark targets DIRECTORY
///     java InstantiationBenchmark quern DIRECTORY
///
/// `src/benchmark/instantiation` calls both and measures the peers on the same targets.
public final class InstantiationBenchmark {
  private static final int TARGETS = 20;
  private static final int[] RUNS_PER_TARGET = {0, 0, 200, 100, 20, 10};
  private static final double SUCCESS = 1e-8;

  private InstantiationBenchmark() {}

  public static void main(String[] arguments) throws IOException {
    Path directory = Path.of(arguments[1]);
    for (int qubits = 2; qubits <= 5; qubits++) {
      List<double[]> targets = targets(qubits);
      if (arguments[0].equals("targets")) {
        write(targets, directory.resolve("targets-" + qubits + ".txt"));
      } else {
        // Twice: the first pass is for the compiler.
        measure(qubits, targets);
        System.out.println(measure(qubits, targets));
      }
    }
  }

  static Template template(int qubits) {
    List<Edge> pairs = new ArrayList<>();
    for (int layer = 0; layer < 2; layer++) {
      for (int qubit = 0; qubit + 1 < qubits; qubit++) {
        pairs.add(new Edge(qubit, qubit + 1));
      }
    }
    return Template.of(qubits, pairs);
  }

  private static List<double[]> targets(int qubits) {
    Template template = template(qubits);
    SplittableRandom random = new SplittableRandom(qubits);
    List<double[]> targets = new ArrayList<>();
    for (int k = 0; k < TARGETS; k++) {
      targets.add(Fixtures.unitary(template, Fixtures.gates(template, random)));
    }
    return targets;
  }

  /// One line for each target: its entries row by row, real and imaginary parts taking turns.
  private static void write(List<double[]> targets, Path file) throws IOException {
    List<String> lines = new ArrayList<>();
    for (double[] target : targets) {
      StringBuilder line = new StringBuilder();
      for (double entry : target) {
        line.append(entry).append(' ');
      }
      lines.add(line.toString());
    }
    Files.write(file, lines);
  }

  private static String measure(int qubits, List<double[]> targets) {
    Template template = template(qubits);
    Instantiater instantiater = new Instantiater();
    InstantiationOptions oneStart =
        new InstantiationOptions(InstantiationOptions.PRECISE, 1, 10_000);
    long nanos = 0;
    int successes = 0;
    int runs = TARGETS * RUNS_PER_TARGET[qubits];
    for (int run = 0; run < runs; run++) {
      double[] target = targets.get(run % TARGETS);
      long start = System.nanoTime();
      InstantiationResult result =
          instantiater.instantiate(template, target, oneStart, run, () -> {});
      nanos += System.nanoTime() - start;
      if (result instanceof Converged && distance(result.best(), target) < SUCCESS) {
        successes++;
      }
    }
    double mean = nanos / 1e6 / runs;
    return String.format(
        Locale.ROOT,
        "quern,%d,%d,%d,%.4f,%.4f",
        qubits,
        runs,
        successes,
        mean,
        mean * runs / Math.max(1, successes));
  }

  private static double distance(Instantiation fit, double[] target) {
    return Fixtures.distance(CircuitModelTest.unitary(fit.circuit()), target);
  }
}
