package io.quern.engine.instantiation;

import io.quern.engine.linalg.Matrices;
import io.quern.engine.linalg.RowKernel;

/// Levenberg-Marquardt on the group of a template's free gates.
///
/// Each iteration solves `(G + lambda) delta = -gradient` for the linear model of [GroupModel] and
/// turns every gate by its part of delta. The turn is the quaternion `(1, delta)` scaled to length
/// 1, a retraction without trigonometric functions, so that it has the same bits everywhere. The
/// damping follows the ratio of what a step gained to what the model promised (K. Madsen, H. B.
/// Nielsen, O. Tingleff, Methods for non-linear least squares problems, 2004, section 3.2).
///
/// Holds all scratch space; nothing allocates but a change to a larger template. Not thread-safe.
final class LevenbergMarquardt {
  private static final RowKernel KERNEL = Matrices.rows();
  private static final double FIRST_DAMPING = 0.1;

  /// The most the damping falls in one step.
  private static final double RELIEF = 0.5;

  private static final double LEAST_DAMPING = 1e-12;
  private static final double MOST_DAMPING = 1e6;

  final GroupModel model;
  private FramePlan plan;
  private double[] system = {};
  private double[] factors = {};
  private double[] delta = {};
  private double[] gates = {};
  private double[] trial = {};
  private double cost;
  private int evaluations;

  LevenbergMarquardt(FramePlan plan) {
    this.plan = plan;
    model = new GroupModel(plan);
    setPlan(plan);
  }

  /// Changes to another template; the target must be set again if the width is another.
  void setPlan(FramePlan plan) {
    this.plan = plan;
    model.setPlan(plan);
    system = GroupModel.grown(system, plan.stride * plan.stride);
    factors = GroupModel.grown(factors, plan.stride * plan.stride);
    delta = GroupModel.grown(delta, plan.stride);
    gates = GroupModel.grown(gates, 4 * plan.freeGates);
    trial = GroupModel.grown(trial, 4 * plan.freeGates);
  }

  /// The free gates, w, x, y, z of each: the start before [#run], the best found after it. May be
  /// longer than the template needs, and another array after each run.
  double[] gates() {
    return gates;
  }

  double cost() {
    return cost;
  }

  /// How often the cost was computed in the last run.
  int evaluations() {
    return evaluations;
  }

  /// Improves [#gates] until the cost is at most the goal, no step improves it, or it is not worth
  /// going on.
  ///
  /// @param checkpoint asked once an iteration; may throw
  void run(Stopping stopping, Runnable checkpoint) {
    cost = model.evaluate(gates);
    evaluations = 1;
    double damping = FIRST_DAMPING;
    double growth = 2;
    int flatSteps = 0;
    while (cost > stopping.goal()) {
      checkpoint.run();
      model.linearise(gates);
      boolean isBetter = false;
      while (!isBetter) {
        if (evaluations >= stopping.evaluations() || damping > MOST_DAMPING) {
          return;
        }
        double promised = step(damping);
        double found = promised > 0 ? tryStep() : Double.POSITIVE_INFINITY;
        double gain = cost - found;
        if (gain > 0) {
          isBetter = true;
          flatSteps = stopping.isFlat(promised, cost) ? flatSteps + 1 : 0;
          double ratio = 2 * gain / promised - 1;
          damping = Math.max(LEAST_DAMPING, damping * Math.max(RELIEF, 1 - ratio * ratio * ratio));
          growth = 2;
          accept(found);
        } else {
          damping *= growth;
          growth *= 2;
        }
      }
      if (flatSteps >= stopping.patience()) {
        return;
      }
    }
  }

  /// Computes delta.
  ///
  /// @return what the linear model says the cost falls by, or 0 if the system is singular
  private double step(double damping) {
    int n = plan.directions;
    int stride = plan.stride;
    System.arraycopy(model.gram, 0, system, 0, n * stride);
    for (int i = 0; i < n; i++) {
      system[i * stride + i] += damping;
    }
    if (!KERNEL.factor(system, n, stride, factors)) {
      return 0;
    }
    for (int i = 0; i < n; i++) {
      delta[i] = -system[i * stride + n] / system[i * stride + i];
    }
    KERNEL.eliminateBackward(factors, n, stride, delta);
    double squared = 0;
    double slope = 0;
    for (int i = 0; i < n; i++) {
      squared += delta[i] * delta[i];
      slope += delta[i] * model.gram[i * stride + n];
    }
    return (damping * squared - slope) / 2;
  }

  private double tryStep() {
    for (int gate = 0; gate < plan.freeGates; gate++) {
      int column = plan.firstColumn[gate];
      boolean isFirstLayer = gate < plan.qubits;
      double x = delta[column];
      double y = delta[column + 1];
      double z = isFirstLayer ? delta[column + 2] : 0;
      int g = 4 * gate;
      double w0 = gates[g];
      double x0 = gates[g + 1];
      double y0 = gates[g + 2];
      double z0 = gates[g + 3];
      // The step stands behind a gate of the first layer and before every other.
      double side = isFirstLayer ? -1 : 1;
      double w1 = w0 - x0 * x - y0 * y - z0 * z;
      double x1 = w0 * x + x0 + side * (y0 * z - z0 * y);
      double y1 = w0 * y + y0 + side * (z0 * x - x0 * z);
      double z1 = w0 * z + z0 + side * (x0 * y - y0 * x);
      double scale = 1 / Math.sqrt(w1 * w1 + x1 * x1 + y1 * y1 + z1 * z1);
      trial[g] = w1 * scale;
      trial[g + 1] = x1 * scale;
      trial[g + 2] = y1 * scale;
      trial[g + 3] = z1 * scale;
    }
    evaluations++;
    return model.evaluate(trial);
  }

  private void accept(double found) {
    double[] previous = gates;
    gates = trial;
    trial = previous;
    cost = found;
  }
}
