package io.quern.engine.instantiation;

import io.quern.engine.linalg.Matrices;
import io.quern.engine.linalg.RowKernel;
import java.util.Arrays;

/// Cost and linear model of a template's distance to a target, as a function of its free gates.
///
/// With C the template's unitary and U the target, the *remainder* is `M = e^(i phi) C^dagger U`,
/// phi such that its trace is real and positive, and the cost is `||M - 1||^2 / (2 d)`, which is D1
/// = 1 - |Tr(C^dagger U)|/d without cancellation. A step turns free gate k to `g_k (1 - i sum_j
/// delta_kj sigma_j)`, which changes C to `C (1 - i sum delta_kj H_kj)` with the Hermitian `H_kj =
/// W_k^dagger sigma_j W_k`, W_k all that comes before the gate. These are the columns of the
/// Jacobian; written in the basis of Pauli strings they are real vectors h, the Gram matrix is `h_a
/// . h_b`, and the gradient is `h_a . kappa`, kappa the vector of M's anti-Hermitian part `(M -
/// M^dagger)/(2i)`. A change of phase is orthogonal to every column, so it needs none itself.
///
/// The frame is that behind the first layer of gates, of which the steps stand on their left: so no
/// column passes that layer. Vectors are turned to this frame gate by gate, last gate first.
///
/// Holds all scratch space; nothing allocates but a change to a larger template. Not thread-safe.
final class GroupModel {
  private static final RowKernel KERNEL = Matrices.rows();

  /// Above this cost, trace and squares agree to more digits than anything needs.
  private static final double FAR = 1e-3;

  FramePlan plan;

  /// Upper triangle of the Gram matrix with the gradient as column [FramePlan#directions].
  double[] gram = {};

  private double[] target = {};
  private double[] remainder = {};
  private double[] columns = {};
  private double[] kappa = {};
  private double[] walshRe = {};
  private double[] walshIm = {};
  private final double[] turn = new double[36];
  private double phaseRe;
  private double phaseIm;

  GroupModel(FramePlan plan) {
    this.plan = plan;
    setPlan(plan);
  }

  /// Changes to another template; scratch space only grows.
  void setPlan(FramePlan plan) {
    this.plan = plan;
    int plane = plan.dimension * plan.rowStride;
    target = grown(target, 2 * plane);
    remainder = grown(remainder, 2 * plane);
    columns = grown(columns, plan.strings * plan.stride);
    gram = grown(gram, plan.stride * plan.stride);
    kappa = grown(kappa, plan.strings);
    walshRe = grown(walshRe, plan.dimension);
    walshIm = grown(walshIm, plan.dimension);
  }

  static double[] grown(double[] array, int length) {
    return array.length >= length ? array : new double[length];
  }

  /// @param unitary row-major, interleaved re/im; not modified
  void setTarget(double[] unitary) {
    int d = plan.dimension;
    int plane = d * plan.rowStride;
    for (int r = 0; r < d; r++) {
      for (int c = 0; c < d; c++) {
        target[r * plan.rowStride + c] = unitary[2 * (r * d + c)];
        target[plane + r * plan.rowStride + c] = unitary[2 * (r * d + c) + 1];
      }
    }
  }

  /// The cost, D1. Leaves the remainder for [#linearise].
  ///
  /// @param gates w, x, y, z for each free gate; not modified
  double evaluate(double[] gates) {
    int d = plan.dimension;
    int stride = plan.rowStride;
    int plane = d * stride;
    System.arraycopy(target, 0, remainder, 0, 2 * plane);
    for (int gate = plan.freeGates - 1; gate >= 0; gate--) {
      KERNEL.turnPairs(
          remainder, plane, d, plan.pairs[gate], plan.pairSigns[gate], gates, 4 * gate);
    }
    double re = 0;
    double im = 0;
    for (int r = 0; r < d; r++) {
      re += plan.remainderSign[r] * remainder[r * stride + r];
      im += plan.remainderSign[r] * remainder[plane + r * stride + r];
    }
    double length = Math.sqrt(re * re + im * im);
    phaseRe = length == 0 ? 1 : re / length;
    phaseIm = length == 0 ? 0 : -im / length;
    double cost = 1 - length / d;
    return cost > FAR ? cost : squares();
  }

  /// The cost as a sum of squares.
  private double squares() {
    int d = plan.dimension;
    int plane = d * plan.rowStride;
    double sum = 0;
    for (int r = 0; r < d; r++) {
      int row = r * plan.rowStride;
      double sumRe = 0;
      double sumIm = 0;
      for (int c = 0; c < d; c++) {
        double re = remainder[row + c];
        double im = remainder[plane + row + c];
        if (c == r) {
          re -= plan.remainderSign[r] * phaseRe;
          im += plan.remainderSign[r] * phaseIm;
        }
        sumRe = Math.fma(re, re, sumRe);
        sumIm = Math.fma(im, im, sumIm);
      }
      sum += sumRe + sumIm;
    }
    return sum / (2 * d);
  }

  /// Fills [#gram] for the gates evaluated last.
  ///
  /// @param gates those of the last [#evaluate]; not modified
  void linearise(double[] gates) {
    Arrays.fill(columns, 0, plan.strings * plan.stride, 0);
    for (int gate = plan.freeGates - 1; gate >= 0; gate--) {
      boolean isFirstLayer = gate < plan.qubits;
      int from = plan.firstColumn[gate];
      if (!isFirstLayer) {
        if (from > 0) {
          setTurn(gates, 4 * gate, false);
          KERNEL.rotateTriples(columns, from, plan.triples[gate], plan.variants[gate], turn);
        }
      }
      int to = from + (isFirstLayer ? 3 : 2);
      for (int column = from; column < to; column++) {
        columns[plan.seedOffset[column]] = plan.seedSign[column];
      }
    }
    vectorOfRemainder();
    turnToFrame(gates);
    for (int string = 0; string < plan.strings; string++) {
      columns[plan.finalRow[string] + plan.directions] = plan.finalSign[string] * kappa[string];
    }
    KERNEL.gram(columns, plan.strings, plan.stride, plan.directions, gram);
  }

  /// Writes the rotation of Bloch vectors by `g h g^dagger` (or `g^dagger h g`) in all patterns of
  /// signs.
  private void setTurn(double[] gates, int g, boolean forward) {
    double w = gates[g];
    double x = forward ? gates[g + 1] : -gates[g + 1];
    double y = forward ? gates[g + 2] : -gates[g + 2];
    double z = forward ? gates[g + 3] : -gates[g + 3];
    double xy = 2 * (x * y - w * z);
    double yx = 2 * (x * y + w * z);
    double xz = 2 * (x * z + w * y);
    double zx = 2 * (x * z - w * y);
    double yz = 2 * (y * z - w * x);
    double zy = 2 * (y * z + w * x);
    for (int v = 0; v < 4; v++) {
      double sy = (v & 1) == 0 ? 1 : -1;
      double sz = (v & 2) == 0 ? 1 : -1;
      int at = 9 * v;
      turn[at] = 1 - 2 * (y * y + z * z);
      turn[at + 1] = sy * xy;
      turn[at + 2] = sz * xz;
      turn[at + 3] = sy * yx;
      turn[at + 4] = 1 - 2 * (x * x + z * z);
      turn[at + 5] = sy * sz * yz;
      turn[at + 6] = sz * zx;
      turn[at + 7] = sy * sz * zy;
      turn[at + 8] = 1 - 2 * (x * x + y * y);
    }
  }

  /// `kappa_P = Im Tr(P M) / d`, by one Walsh transform for each X part of P.
  private void vectorOfRemainder() {
    int d = plan.dimension;
    int stride = plan.rowStride;
    int plane = d * stride;
    for (int x = 0; x < d; x++) {
      for (int s = 0; s < d; s++) {
        int at = s * stride + (s ^ x);
        double re = remainder[at];
        double im = remainder[plane + at];
        double sign = plan.remainderSign[s] / d;
        walshRe[s] = sign * (phaseRe * re - phaseIm * im);
        walshIm[s] = sign * (phaseRe * im + phaseIm * re);
      }
      for (int half = 1; half < d; half <<= 1) {
        for (int block = 0; block < d; block += 2 * half) {
          for (int s = block; s < block + half; s++) {
            int t = s + half;
            double re = walshRe[s];
            double im = walshIm[s];
            walshRe[s] = re + walshRe[t];
            walshIm[s] = im + walshIm[t];
            walshRe[t] = re - walshRe[t];
            walshIm[t] = im - walshIm[t];
          }
        }
      }
      scatter(x);
    }
  }

  private void scatter(int x) {
    for (int z = 0; z < plan.dimension; z++) {
      int string = plan.stringOf[x * plan.dimension + z];
      // P is i^(number of Y) times a product of X and Z.
      kappa[string] =
          switch (Integer.bitCount(x & z) & 3) {
            case 0 -> walshIm[z];
            case 1 -> walshRe[z];
            case 2 -> -walshIm[z];
            default -> -walshRe[z];
          };
    }
  }

  /// Turns kappa from the frame before the first layer to that behind it.
  private void turnToFrame(double[] gates) {
    for (int qubit = 0; qubit < plan.qubits; qubit++) {
      setTurn(gates, 4 * qubit, true);
      int unit = 1 << (2 * (plan.qubits - 1 - qubit));
      for (int block = 0; block < plan.strings; block += 4 * unit) {
        for (int rest = block; rest < block + unit; rest++) {
          double x = kappa[rest + unit];
          double y = kappa[rest + 2 * unit];
          double z = kappa[rest + 3 * unit];
          kappa[rest + unit] = turn[0] * x + turn[1] * y + turn[2] * z;
          kappa[rest + 2 * unit] = turn[3] * x + turn[4] * y + turn[5] * z;
          kappa[rest + 3 * unit] = turn[6] * x + turn[7] * y + turn[8] * z;
        }
      }
    }
  }
}
