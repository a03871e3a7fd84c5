package io.quern.engine.instantiation;

import io.quern.engine.circuit.StandardGate;

/// Fits a circuit's gates one at a time, each to the best it can be while all others stay, sweep
/// after sweep.
///
/// The trace of a gate with its environment is linear in the gate's matrix. So the best u3 is found
/// in closed form: as a unit quaternion q it makes `|a . q|` largest for four complex numbers a,
/// which is a 2x2 eigenvalue problem. The best angle of a rotation makes `|a cos(t/2) + b
/// sin(t/2)|` largest. Gates with other parameters stay as they are.
///
/// Needs no derivatives and little memory; converges linearly, where Levenberg-Marquardt converges
/// quadratically. Source: A. Kukliansky et al., QFactor, a domain-specific optimizer for quantum
/// circuit instantiation, 2023, arXiv 2306.08152.
///
/// Nothing allocates after construction. Not thread-safe.
public final class QFactor {
  /// A sweep that gains less than this part of the cost is the last.
  private static final double LEAST_GAIN = 1e-5;

  private final CircuitModel model;
  private final double[] linear = new double[8];
  private int sweeps;

  public QFactor(CircuitModel model) {
    this.model = model;
  }

  /// @param values angles to start from; become those found
  /// @param checkpoint asked once a sweep; may throw
  /// @return the cost there
  public double run(double[] values, double goal, int mostSweeps, Runnable checkpoint) {
    double cost = model.cost(values);
    for (sweeps = 0; sweeps < mostSweeps && cost > goal; sweeps++) {
      checkpoint.run();
      for (int k = model.gateCount() - 1; k >= 0; k--) {
        model.passLeft(k);
        if (isFitted(k)) {
          model.environment(k);
          fit(k);
          System.arraycopy(
              model.anglesOf(k), 0, values, model.firstParameter(k), model.anglesOf(k).length);
        }
        model.passRight(k);
      }
      double found = model.cost(values);
      boolean isLast = found > cost * (1 - LEAST_GAIN);
      cost = found;
      if (isLast) {
        break;
      }
    }
    return cost;
  }

  /// Sweeps of the last run.
  public int sweeps() {
    return sweeps;
  }

  private boolean isFitted(int k) {
    return switch ((StandardGate) model.gate(k)) {
      case U3, U, RX, RY, RZ, RXX, RZZ, RYY -> true;
      default -> false;
    };
  }

  private void fit(int k) {
    double[] angles = model.anglesOf(k);
    if (angles.length == 3) {
      if (fitQuaternion(model.environment())) {
        U3Angles.write(linear[0], linear[1], linear[2], linear[3], angles);
      }
    } else {
      angles[0] = 0;
      model.setGate(k);
      overlap(k, 0);
      angles[0] = Math.PI;
      model.setGate(k);
      overlap(k, 2);
      double cross = linear[0] * linear[2] + linear[1] * linear[3];
      double difference =
          (linear[0] * linear[0]
                  + linear[1] * linear[1]
                  - linear[2] * linear[2]
                  - linear[3] * linear[3])
              / 2;
      angles[0] = Math.atan2(cross, difference);
    }
    model.setGate(k);
  }

  private void overlap(int k, int at) {
    double[] environment = model.environment();
    double[] matrix = model.matrixOf(k);
    double re = 0;
    double im = 0;
    for (int i = 0; i < matrix.length; i += 2) {
      re += environment[i] * matrix[i] - environment[i + 1] * matrix[i + 1];
      im += environment[i] * matrix[i + 1] + environment[i + 1] * matrix[i];
    }
    linear[at] = re;
    linear[at + 1] = im;
  }

  /// Leaves the best w, x, y, z in `linear`. With `w - i (x X + y Y + z Z)` the trace is a . q for
  /// `a = (e00 + e11, -i (e01 + e10), e10 - e01, -i (e00 - e11))`; the best q is the real part of
  /// `e^(i phi) a` with phi such that this part is longest.
  ///
  /// @return false if every gate is as good, because the trace is 0 whatever this one is
  private boolean fitQuaternion(double[] e) {
    double[] re = linear;
    re[0] = e[0] + e[6];
    re[1] = e[3] + e[5];
    re[2] = e[4] - e[2];
    re[3] = e[1] - e[7];
    re[4] = e[1] + e[7];
    re[5] = -(e[2] + e[4]);
    re[6] = e[5] - e[3];
    re[7] = e[6] - e[0];
    double difference = 0;
    double cross = 0;
    for (int i = 0; i < 4; i++) {
      difference += (re[i] * re[i] - re[i + 4] * re[i + 4]) / 2;
      cross += re[i] * re[i + 4];
    }
    double phase = -Math.atan2(cross, difference) / 2;
    double c = Math.cos(phase);
    double s = Math.sin(phase);
    double squared = 0;
    for (int i = 0; i < 4; i++) {
      re[i] = c * re[i] - s * re[i + 4];
      squared += re[i] * re[i];
    }
    if (squared == 0) {
      return false;
    }
    double scale = 1 / Math.sqrt(squared);
    for (int i = 0; i < 4; i++) {
      re[i] *= scale;
    }
    return true;
  }
}
