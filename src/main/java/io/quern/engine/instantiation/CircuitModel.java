package io.quern.engine.instantiation;

import io.quern.engine.circuit.Circuit;
import io.quern.engine.circuit.Gate;
import io.quern.engine.circuit.Location;
import io.quern.engine.circuit.Operation;
import io.quern.engine.circuit.Operation.Barrier;
import io.quern.engine.circuit.Operation.Conditional;
import io.quern.engine.circuit.Operation.GateOperation;
import io.quern.engine.circuit.Operation.Measurement;
import io.quern.engine.circuit.Operation.Reset;
import io.quern.engine.circuit.Parameters;
import io.quern.engine.simulation.GateKernel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Distance of a circuit of any known gates from a unitary as a function of all its angles: cost,
/// residuals, and their exact derivatives.
///
/// With C the circuit's unitary and U the target, the residuals are the entries of `(C U^dagger -
/// e^(i phi)) / sqrt(2 d)`, phi such that their sum of squares is least; the sum is the cost, `D1 =
/// 1 - |Tr(U^dagger C)|/d`. [Template]s with free one-qubit gates are fitted much faster by
/// [Instantiater]; this is for circuits whose gates are given. Angles are in the order of the
/// operations.
///
/// Holds scratch space: two d x d matrices and a small one for each gate. Cost and derivatives
/// allocate nothing. Not thread-safe.
public final class CircuitModel {
  /// Two matrices of 16 bytes times 4^qubits are held.
  public static final int MAX_QUBITS = 12;

  private static final double FAR = 1e-3;

  private final int qubits;
  private final int dimension;
  private final List<GateOperation> gates = new ArrayList<>();
  private final int[] firstParameter;
  private final int parameters;
  private final double[][] matrices;
  private final double[][] angles;
  private final Location[] rows;
  private final Location[] columns;
  private final GateKernel kernel = new GateKernel();
  private final double[] adjointTarget;
  private final double[] work;
  private final double[] block = new double[2 << 10];
  private final double[] derivative = new double[2 << 10];
  private final double[] transposed = new double[2 << 10];
  private double traceRe;
  private double traceIm;

  /// @throws IllegalArgumentException if the circuit measures, resets, has conditions or more than
  ///   [#MAX_QUBITS] qubits
  public CircuitModel(Circuit circuit) {
    qubits = circuit.qubits();
    if (qubits > MAX_QUBITS) {
      throw new IllegalArgumentException("at most " + MAX_QUBITS + " qubits, found " + qubits);
    }
    dimension = 1 << qubits;
    for (Operation operation : circuit.operations()) {
      switch (operation) {
        case GateOperation gate -> gates.add(gate);
        case Barrier _ -> {}
        case Measurement _, Reset _, Conditional _ ->
            throw new IllegalArgumentException(operation + " has no unitary");
      }
    }
    int count = gates.size();
    firstParameter = new int[count];
    matrices = new double[count][];
    angles = new double[count][];
    rows = new Location[count];
    columns = new Location[count];
    int next = 0;
    for (int k = 0; k < count; k++) {
      GateOperation gate = gates.get(k);
      firstParameter[k] = next;
      next += gate.gate().parameterCount();
      matrices[k] = new double[2 << (2 * gate.gate().qubits())];
      angles[k] = gate.parameters().toArray();
      gate.gate().unitary(angles[k], matrices[k]);
      rows[k] = gate.location();
      int[] shifted = gate.location().toArray();
      for (int i = 0; i < shifted.length; i++) {
        shifted[i] += qubits;
      }
      columns[k] = Location.of(shifted);
    }
    parameters = next;
    adjointTarget = new double[2 * dimension * dimension];
    work = new double[2 * dimension * dimension];
  }

  int gateCount() {
    return matrices.length;
  }

  Gate gate(int k) {
    return gates.get(k).gate();
  }

  /// The angles of a gate; [#setGate] must follow a change.
  double[] anglesOf(int k) {
    return angles[k];
  }

  int firstParameter(int k) {
    return firstParameter[k];
  }

  /// The environment of a gate that [#environment] left: the trace is the sum of its products with
  /// the gate's entries.
  double[] environment() {
    return block;
  }

  double[] matrixOf(int k) {
    return matrices[k];
  }

  /// Computes a gate's matrix from its angles.
  void setGate(int k) {
    gates.get(k).gate().unitary(angles[k], matrices[k]);
  }

  public int qubits() {
    return qubits;
  }

  /// How many angles there are.
  public int parameters() {
    return parameters;
  }

  /// The angles the circuit came with.
  public double[] initialParameters() {
    double[] initial = new double[parameters];
    for (int k = 0; k < gates.size(); k++) {
      double[] own = gates.get(k).parameters().toArray();
      System.arraycopy(own, 0, initial, firstParameter[k], own.length);
    }
    return initial;
  }

  /// @param unitary row-major, interleaved re/im; not modified
  public void setTarget(double[] unitary) {
    if (unitary.length != work.length) {
      throw new IllegalArgumentException(
          "a unitary of " + work.length + " numbers expected, found " + unitary.length);
    }
    for (int r = 0; r < dimension; r++) {
      for (int c = 0; c < dimension; c++) {
        int from = 2 * (r * dimension + c);
        int to = 2 * (c * dimension + r);
        adjointTarget[to] = unitary[from];
        adjointTarget[to + 1] = -unitary[from + 1];
      }
    }
  }

  /// The circuit with its angles replaced.
  public Circuit circuit(double[] values) {
    Circuit.Builder builder = Circuit.builder(qubits);
    for (int k = 0; k < gates.size(); k++) {
      GateOperation gate = gates.get(k);
      int from = firstParameter[k];
      int to = from + gate.gate().parameterCount();
      builder.add(
          new GateOperation(
              gate.gate(), gate.location(), Parameters.of(Arrays.copyOfRange(values, from, to))));
    }
    return builder.build();
  }

  /// D1 at the given angles.
  public double cost(double[] values) {
    setAngles(values);
    System.arraycopy(adjointTarget, 0, work, 0, work.length);
    for (int k = 0; k < gates.size(); k++) {
      kernel.apply(matrices[k], rows[k], work, 2 * qubits);
    }
    return costOfProduct();
  }

  /// D1 and its derivatives by all angles, in the time of a few costs: the product `C U^dagger` is
  /// turned around gate by gate, so that each gate in its turn sees all others in one matrix.
  ///
  /// @param gradient overwritten
  public double costAndGradient(double[] values, double[] gradient) {
    double cost = cost(values);
    double length = Math.hypot(traceRe, traceIm);
    double phaseRe = length == 0 ? 1 : traceRe / length;
    double phaseIm = length == 0 ? 0 : -traceIm / length;
    for (int k = gates.size() - 1; k >= 0; k--) {
      passLeft(k);
      environment(k);
      for (int i = 0; i < angles[k].length; i++) {
        derive(k, i);
        double re = 0;
        double im = 0;
        for (int at = 0; at < matrices[k].length; at += 2) {
          re += block[at] * derivative[at] - block[at + 1] * derivative[at + 1];
          im += block[at] * derivative[at + 1] + block[at + 1] * derivative[at];
        }
        gradient[firstParameter[k] + i] = -(phaseRe * re - phaseIm * im) / dimension;
      }
      passRight(k);
    }
    return cost;
  }

  /// The residuals and their derivatives, with the part along the global phase taken out.
  ///
  /// @param residuals 2 d^2 numbers; overwritten
  /// @param jacobian one row of `stride` numbers for each residual; the first [#parameters] of each
  ///   are overwritten
  /// @return the cost
  public double residuals(double[] values, double[] residuals, double[] jacobian, int stride) {
    double cost = cost(values);
    double length = Math.hypot(traceRe, traceIm);
    double phaseRe = length == 0 ? 1 : traceRe / length;
    double phaseIm = length == 0 ? 0 : traceIm / length;
    double scale = 1 / Math.sqrt(2.0 * dimension);
    for (int at = 0; at < work.length; at += 2) {
      int index = at / 2;
      boolean isDiagonal = index / dimension == index % dimension;
      residuals[at] = scale * (work[at] - (isDiagonal ? phaseRe : 0));
      residuals[at + 1] = scale * (work[at + 1] - (isDiagonal ? phaseIm : 0));
    }
    for (int k = 0; k < gates.size(); k++) {
      for (int i = 0; i < angles[k].length; i++) {
        column(k, i);
        int parameter = firstParameter[k] + i;
        double along = 0;
        for (int r = 0; r < dimension; r++) {
          int at = 2 * (r * dimension + r);
          along += phaseRe * work[at + 1] - phaseIm * work[at];
        }
        along /= dimension;
        for (int at = 0; at < work.length; at += 2) {
          int index = at / 2;
          boolean isDiagonal = index / dimension == index % dimension;
          double re = work[at] + (isDiagonal ? along * phaseIm : 0);
          double im = work[at + 1] - (isDiagonal ? along * phaseRe : 0);
          jacobian[at * stride + parameter] = scale * re;
          jacobian[(at + 1) * stride + parameter] = scale * im;
        }
      }
    }
    return cost;
  }

  /// Leaves in `work` the derivative of `C U^dagger` by an angle.
  private void column(int gate, int parameter) {
    System.arraycopy(adjointTarget, 0, work, 0, work.length);
    for (int k = 0; k < gates.size(); k++) {
      if (k == gate) {
        derive(k, parameter);
        kernel.apply(derivative, rows[k], work, 2 * qubits);
      } else {
        kernel.apply(matrices[k], rows[k], work, 2 * qubits);
      }
    }
  }

  private void setAngles(double[] values) {
    for (int k = 0; k < matrices.length; k++) {
      if (angles[k].length > 0) {
        System.arraycopy(values, firstParameter[k], angles[k], 0, angles[k].length);
        gates.get(k).gate().unitary(angles[k], matrices[k]);
      }
    }
  }

  private double costOfProduct() {
    traceRe = 0;
    traceIm = 0;
    for (int r = 0; r < dimension; r++) {
      traceRe += work[2 * (r * dimension + r)];
      traceIm += work[2 * (r * dimension + r) + 1];
    }
    double length = Math.hypot(traceRe, traceIm);
    double cost = 1 - length / dimension;
    if (cost > FAR) {
      return cost;
    }
    double sum = 0;
    for (int r = 0; r < dimension; r++) {
      for (int c = 0; c < dimension; c++) {
        int at = 2 * (r * dimension + c);
        double re = work[at] - (r == c ? traceRe / length : 0);
        double im = work[at + 1] - (r == c ? traceIm / length : 0);
        sum += re * re + im * im;
      }
    }
    return sum / (2 * dimension);
  }

  /// Takes a gate off the product's left end.
  void passLeft(int k) {
    int size = 1 << rows[k].size();
    adjoint(matrices[k], size, transposed, true);
    kernel.apply(transposed, rows[k], work, 2 * qubits);
  }

  /// Puts a gate to the product's right end.
  void passRight(int k) {
    int size = 1 << rows[k].size();
    adjoint(matrices[k], size, transposed, false);
    kernel.apply(transposed, columns[k], work, 2 * qubits);
  }

  private static void adjoint(double[] matrix, int size, double[] out, boolean conjugated) {
    for (int r = 0; r < size; r++) {
      for (int c = 0; c < size; c++) {
        int from = 2 * (r * size + c);
        int to = 2 * (c * size + r);
        out[to] = matrix[from];
        out[to + 1] = conjugated ? -matrix[from + 1] : matrix[from + 1];
      }
    }
  }

  /// Leaves in `block`, transposed, the trace of the product over all qubits but the gate's: the
  /// sum of `block * G` over its entries is the trace of the product with G put in.
  void environment(int gate) {
    Location location = rows[gate];
    int k = location.size();
    int size = 1 << k;
    int mask = 0;
    for (int i = 0; i < k; i++) {
      mask |= 1 << (qubits - 1 - location.get(i));
    }
    for (int g = 0; g < size; g++) {
      for (int h = 0; h < size; h++) {
        int row = spread(h, location);
        int column = spread(g, location);
        double re = 0;
        double im = 0;
        for (int rest = 0; rest < dimension; rest++) {
          if ((rest & mask) == 0) {
            int at = 2 * ((rest | row) * dimension + (rest | column));
            re += work[at];
            im += work[at + 1];
          }
        }
        block[2 * (g * size + h)] = re;
        block[2 * (g * size + h) + 1] = im;
      }
    }
  }

  private int spread(int index, Location location) {
    int k = location.size();
    int spread = 0;
    for (int i = 0; i < k; i++) {
      if ((index >> (k - 1 - i) & 1) == 1) {
        spread |= 1 << (qubits - 1 - location.get(i));
      }
    }
    return spread;
  }

  /// Leaves in `derivative` that of a gate's matrix by one of its angles. Entries are sums of a
  /// constant and of terms with the angle or half of it, so a difference of two shifted matrices is
  /// exact: shifted by pi/2 for the angle, by pi for half of it.
  private void derive(int gate, int parameter) {
    boolean isHalf = AngleKind.isHalf(gates.get(gate).gate(), parameter);
    double shift = isHalf ? Math.PI : Math.PI / 2;
    double factor = isHalf ? 0.25 : 0.5;
    int length = matrices[gate].length;
    double[] own = angles[gate];
    double angle = own[parameter];
    // The gate's own matrix serves as scratch space and is computed again at the end.
    double[] matrix = matrices[gate];
    own[parameter] = angle + shift;
    gates.get(gate).gate().unitary(own, matrix);
    for (int at = 0; at < length; at++) {
      derivative[at] = factor * matrix[at];
    }
    own[parameter] = angle - shift;
    gates.get(gate).gate().unitary(own, matrix);
    for (int at = 0; at < length; at++) {
      derivative[at] -= factor * matrix[at];
    }
    own[parameter] = angle;
    gates.get(gate).gate().unitary(own, matrix);
  }
}
