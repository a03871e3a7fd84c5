package io.quern.engine.instantiation;

import io.quern.engine.circuit.Circuit;
import io.quern.engine.linalg.Matrices;
import io.quern.engine.linalg.RowKernel;
import java.util.SplittableRandom;

/// Fits the angles of a circuit of known gates to a unitary.
///
/// Angles come first from the circuit itself, then at random, until a start reaches the goal.
/// Evaluations of the cost, or sweeps, are counted and bounded. The same arguments give the same
/// circuit. Not thread-safe.
public final class CircuitFitter {
  private static final RowKernel KERNEL = Matrices.rows();

  /// The widest circuit whose Jacobian is kept: 2·4^qubits rows.
  static final int MAX_JACOBIAN_QUBITS = 7;

  private static final double MOST_DAMPING = 1e8;

  /// How angles are improved.
  public enum Method {
    /// Damped least squares on the residuals; few, costly iterations that end precisely. Up to
    /// seven qubits.
    LEVENBERG_MARQUARDT,
    /// Quasi-Newton on the cost and its gradient; cheap iterations.
    L_BFGS,
    /// Gate after gate in closed form, see [io.quern.engine.instantiation.QFactor].
    QFACTOR
  }

  /// @param distance D1 from the target
  /// @param isConverged whether it is at most the goal
  /// @param evaluations of the cost, or sweeps, in all starts
  public record Fit(Circuit circuit, double distance, boolean isConverged, int evaluations) {}

  private final CircuitModel model;
  private final Method method;
  private int evaluations;

  public CircuitFitter(Circuit circuit, Method method) {
    if (method == Method.LEVENBERG_MARQUARDT && circuit.qubits() > MAX_JACOBIAN_QUBITS) {
      throw new IllegalArgumentException(
          "Levenberg-Marquardt takes at most "
              + MAX_JACOBIAN_QUBITS
              + " qubits, found "
              + circuit.qubits());
    }
    model = new CircuitModel(circuit);
    this.method = method;
  }

  /// @param target unitary, row-major, interleaved re/im; not modified
  /// @param checkpoint asked once an iteration; throws to cancel
  public Fit fit(double[] target, InstantiationOptions options, long seed, Runnable checkpoint) {
    model.setTarget(target);
    SplittableRandom random = new SplittableRandom(seed);
    double[] values = model.initialParameters();
    double[] best = values.clone();
    double least = Double.POSITIVE_INFINITY;
    int spent = 0;
    for (int start = 0; start < options.starts() && spent < options.evaluations(); start++) {
      if (start > 0) {
        for (int i = 0; i < values.length; i++) {
          values[i] = random.nextDouble(-Math.PI, Math.PI);
        }
      }
      double cost = run(values, options.goal(), options.evaluations() - spent, checkpoint);
      spent += evaluations;
      if (cost < least) {
        least = cost;
        System.arraycopy(values, 0, best, 0, best.length);
      }
      if (least <= options.goal()) {
        break;
      }
    }
    return new Fit(model.circuit(best), least, least <= options.goal(), spent);
  }

  private double run(double[] values, double goal, int most, Runnable checkpoint) {
    return switch (method) {
      case LEVENBERG_MARQUARDT -> leastSquares(values, goal, most, checkpoint);
      case L_BFGS -> {
        LimitedMemoryBfgs descent =
            new LimitedMemoryBfgs(model.parameters(), model::costAndGradient);
        double cost = descent.minimise(values, goal, most, checkpoint);
        evaluations = descent.evaluations();
        yield cost;
      }
      case QFACTOR -> {
        QFactor sweeps = new QFactor(model);
        double cost = sweeps.run(values, goal, most, checkpoint);
        evaluations = sweeps.sweeps();
        yield cost;
      }
    };
  }

  /// As [LevenbergMarquardt], with the Jacobian written out.
  private double leastSquares(double[] values, double goal, int most, Runnable checkpoint) {
    int n = model.parameters();
    int stride = RowKernel.stride(n + 1);
    int rows = 2 << (2 * model.qubits());
    double[] residuals = new double[rows];
    double[] jacobian = new double[rows * stride];
    double[] gram = new double[stride * stride];
    double[] system = new double[stride * stride];
    double[] factors = new double[stride * stride];
    double[] delta = new double[stride];
    double[] trial = new double[n];
    double damping = 0.01;
    double growth = 2;
    double cost = model.residuals(values, residuals, jacobian, stride);
    evaluations = 1;
    while (cost > goal) {
      checkpoint.run();
      for (int r = 0; r < rows; r++) {
        jacobian[r * stride + n] = residuals[r];
      }
      KERNEL.gram(jacobian, rows, stride, n, gram);
      boolean isBetter = false;
      while (!isBetter) {
        if (evaluations >= most || damping > MOST_DAMPING) {
          return cost;
        }
        System.arraycopy(gram, 0, system, 0, n * stride);
        for (int i = 0; i < n; i++) {
          system[i * stride + i] += damping;
        }
        double promised = 0;
        if (KERNEL.factor(system, n, stride, factors)) {
          for (int i = 0; i < n; i++) {
            delta[i] = -system[i * stride + n] / system[i * stride + i];
          }
          KERNEL.eliminateBackward(factors, n, stride, delta);
          for (int i = 0; i < n; i++) {
            trial[i] = values[i] + delta[i];
            promised += delta[i] * (damping * delta[i] - gram[i * stride + n]);
          }
        }
        evaluations++;
        double found = promised > 0 ? model.cost(trial) : Double.POSITIVE_INFINITY;
        if (found < cost) {
          isBetter = true;
          double ratio = 2 * (cost - found) / promised - 1;
          damping = Math.max(1e-15, damping * Math.max(1.0 / 3, 1 - ratio * ratio * ratio));
          growth = 2;
          System.arraycopy(trial, 0, values, 0, n);
        } else {
          damping *= growth;
          growth *= 2;
        }
      }
      cost = model.residuals(values, residuals, jacobian, stride);
    }
    return cost;
  }
}
