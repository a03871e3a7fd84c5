package io.quern.engine.instantiation;

/// Minimises a smooth function of many variables by the limited-memory BFGS method.
///
/// The direction is the two-loop recursion over the last [#MEMORY] steps (J. Nocedal, Updating
/// quasi-Newton matrices with limited storage, 1980, doi 10.1090/S0025-5718-1980-0572855-7); the
/// line search brackets and bisects for the weak Wolfe conditions, which keep the curvature of each
/// remembered step positive.
///
/// Nothing allocates after construction. Not thread-safe.
public final class LimitedMemoryBfgs {
  /// Remembered steps.
  static final int MEMORY = 10;

  private static final double DECREASE = 1e-4;
  private static final double CURVATURE = 0.9;
  private static final int MOST_TRIALS = 40;

  private final int n;
  private final Objective objective;
  private final double[][] steps;
  private final double[][] changes;
  private final double[] inverses = new double[MEMORY];
  private final double[] weights = new double[MEMORY];
  private final double[] direction;
  private final double[] trial;
  private final double[] trialGradient;
  private final double[] gradient;
  private int remembered;
  private int newest;
  private int evaluations;

  /// A function with its gradient.
  @FunctionalInterface
  public interface Objective {
    /// @param x not modified
    /// @param gradient overwritten
    double evaluate(double[] x, double[] gradient);
  }

  /// @param n variables
  public LimitedMemoryBfgs(int n, Objective objective) {
    this.n = n;
    this.objective = objective;
    steps = new double[MEMORY][n];
    changes = new double[MEMORY][n];
    direction = new double[n];
    trial = new double[n];
    trialGradient = new double[n];
    gradient = new double[n];
  }

  /// Goes down from x until the value is at most `goal`, a number of evaluations is used up, or no
  /// step leads further down.
  ///
  /// @param x the start; becomes the best point found
  /// @param checkpoint asked once an iteration; may throw
  /// @return the value there
  public double minimise(double[] x, double goal, int mostEvaluations, Runnable checkpoint) {
    remembered = 0;
    newest = -1;
    evaluations = 1;
    double value = objective.evaluate(x, gradient);
    while (value > goal && evaluations < mostEvaluations) {
      checkpoint.run();
      double slope = direct();
      if (!(slope < 0)) {
        if (remembered == 0) {
          return value;
        }
        remembered = 0;
        continue;
      }
      double found = search(x, value, slope, mostEvaluations);
      if (!(found < value)) {
        if (remembered == 0) {
          return value;
        }
        // The remembered curvature misled; steepest descent may still lead down.
        remembered = 0;
        continue;
      }
      remember(x);
      System.arraycopy(trial, 0, x, 0, n);
      System.arraycopy(trialGradient, 0, gradient, 0, n);
      value = found;
    }
    return value;
  }

  /// How often the objective was evaluated in the last run.
  public int evaluations() {
    return evaluations;
  }

  /// @return the slope along the direction
  private double direct() {
    for (int i = 0; i < n; i++) {
      direction[i] = -gradient[i];
    }
    for (int back = 0; back < remembered; back++) {
      int k = Math.floorMod(newest - back, MEMORY);
      weights[k] = inverses[k] * dot(steps[k], direction);
      add(-weights[k], changes[k]);
    }
    if (remembered > 0) {
      double scale = 1 / (inverses[newest] * dot(changes[newest], changes[newest]));
      for (int i = 0; i < n; i++) {
        direction[i] *= scale;
      }
    }
    for (int back = remembered - 1; back >= 0; back--) {
      int k = Math.floorMod(newest - back, MEMORY);
      add(weights[k] - inverses[k] * dot(changes[k], direction), steps[k]);
    }
    return dot(gradient, direction);
  }

  private double search(double[] x, double value, double slope, int mostEvaluations) {
    double low = 0;
    double high = Double.POSITIVE_INFINITY;
    double length = 1;
    double found = value;
    for (int t = 0; t < MOST_TRIALS && evaluations < mostEvaluations; t++) {
      for (int i = 0; i < n; i++) {
        trial[i] = x[i] + length * direction[i];
      }
      evaluations++;
      found = objective.evaluate(trial, trialGradient);
      if (!(found <= value + DECREASE * length * slope)) {
        high = length;
      } else if (dot(trialGradient, direction) < CURVATURE * slope) {
        low = length;
      } else {
        return found;
      }
      length = high == Double.POSITIVE_INFINITY ? 2 * length : (low + high) / 2;
    }
    return found;
  }

  private void remember(double[] x) {
    int k = (newest + 1) % MEMORY;
    double curvature = 0;
    for (int i = 0; i < n; i++) {
      steps[k][i] = trial[i] - x[i];
      changes[k][i] = trialGradient[i] - gradient[i];
      curvature += steps[k][i] * changes[k][i];
    }
    if (curvature > 0) {
      inverses[k] = 1 / curvature;
      newest = k;
      remembered = Math.min(MEMORY, remembered + 1);
    }
  }

  private double dot(double[] a, double[] b) {
    double sum = 0;
    for (int i = 0; i < n; i++) {
      sum += a[i] * b[i];
    }
    return sum;
  }

  private void add(double factor, double[] vector) {
    for (int i = 0; i < n; i++) {
      direction[i] += factor * vector[i];
    }
  }
}
