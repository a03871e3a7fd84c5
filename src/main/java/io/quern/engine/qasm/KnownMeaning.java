package io.quern.engine.qasm;

import io.quern.engine.circuit.Circuit;
import io.quern.engine.circuit.Operation;
import io.quern.engine.circuit.Operation.Barrier;
import io.quern.engine.circuit.StandardGate;
import io.quern.engine.simulation.UnitarySimulator;
import java.util.ArrayList;
import java.util.List;

/// Recognises a definition that says of a known gate what is known of it.
///
/// Programs often carry the definitions of the gates they use (those of [QasmWriter] do). Read as
/// what they are, such gates keep their name and stay one operation.
final class KnownMeaning {
  /// A definition of more operations is expanded without a look; the longest of the library has 37.
  private static final int MAX_OPERATIONS = 200;

  /// Largest difference of two entries, beyond rounding of a few dozen products.
  private static final double TOLERANCE = 1e-13;

  /// Angles at which parametrised gates are compared. Entries are combinations of a few
  /// exponentials of the angles; agreeing at such points without being the same takes intent.
  private static final double[][] ANGLES = {
    {0.8390723, 1.9137421, -2.3716532, 0.4471128}, {-2.7129351, 0.3398716, 1.1270945, -1.6193817}
  };

  private KnownMeaning() {}

  /// The known gate of that name if the definition equals it up to global phase, else the
  /// definition.
  static Definition of(String name, Definition.Composite definition, Source source) {
    StandardGate gate = StandardGate.ofQasmName(name);
    if (gate == null
        || gate.qubits() != definition.qubits()
        || gate.parameterCount() != definition.parameters()
        || definition.operations() > MAX_OPERATIONS) {
      return definition;
    }
    for (double[] angles : ANGLES) {
      double[] parameters = java.util.Arrays.copyOf(angles, gate.parameterCount());
      if (!agree(gate, definition, parameters, source)) {
        return definition;
      }
    }
    return new Definition.Known(gate);
  }

  private static boolean agree(
      StandardGate gate, Definition.Composite definition, double[] parameters, Source source) {
    List<Operation> operations = new ArrayList<>();
    int[] qubits = new int[gate.qubits()];
    for (int q = 0; q < qubits.length; q++) {
      qubits[q] = q;
    }
    try {
      new Expansion(source, operations::add).apply(definition, parameters, qubits, 0);
    } catch (QasmException _) {
      // Whether this matters shows when the gate is applied.
      return false;
    }
    Circuit.Builder builder = Circuit.builder(gate.qubits());
    for (Operation operation : operations) {
      if (operation instanceof Barrier) {
        return false;
      }
      builder.add(operation);
    }
    double[] defined = UnitarySimulator.unitary(builder.build());
    double[] known = new double[defined.length];
    gate.unitary(parameters, known);
    return areEqualUpToPhase(known, defined);
  }

  private static boolean areEqualUpToPhase(double[] a, double[] b) {
    double re = 0;
    double im = 0;
    for (int k = 0; k < a.length; k += 2) {
      re += a[k] * b[k] + a[k + 1] * b[k + 1];
      im += a[k + 1] * b[k] - a[k] * b[k + 1];
    }
    double length = Math.hypot(re, im);
    if (length == 0) {
      return false;
    }
    re /= length;
    im /= length;
    for (int k = 0; k < a.length; k += 2) {
      double dRe = a[k] - (re * b[k] - im * b[k + 1]);
      double dIm = a[k + 1] - (re * b[k + 1] + im * b[k]);
      if (Math.abs(dRe) > TOLERANCE || Math.abs(dIm) > TOLERANCE) {
        return false;
      }
    }
    return true;
  }
}
