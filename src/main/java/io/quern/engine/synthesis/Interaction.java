package io.quern.engine.synthesis;

import io.quern.engine.circuit.Parameters;
import io.quern.engine.circuit.StandardGate;
import io.quern.engine.linalg.Rotation;
import org.jspecify.annotations.Nullable;

/// A two-qubit gate on the XX edge of the Weyl chamber, used as `exp(i x XX)` between one-qubit
/// gates.
final class Interaction {
  /// Components across its axis up to which a turn is one about that axis: rounding.
  private static final double PARALLEL = 2 * Rotation.SNAP;

  private final StandardGate gate;

  /// Of a gate without parameters.
  private final @Nullable WeylDecomposition only;

  Interaction(StandardGate gate) {
    this.gate = gate;
    this.only = gate.parameterCount() == 0 ? decompose(gate, Parameters.NONE) : null;
  }

  boolean isCx() {
    return gate == StandardGate.CX;
  }

  /// How many applications make one CX.
  int perQuarter() {
    return gate == StandardGate.CSX ? 2 : 1;
  }

  /// Writes `exp(i x XX)` on qubits a and b.
  ///
  /// @param x in [-pi/4, pi/4]; the gate's own coordinate if it has no parameters
  void emit(int a, int b, double x, NativeWriter out) {
    if (x < 0) {
      out.local(a, Rotation.Z);
      emit(a, b, -x, out);
      out.local(a, Rotation.Z);
      return;
    }
    Parameters parameters = parameters(x);
    WeylDecomposition found = only != null ? only : decompose(gate, parameters);
    Rotation passingA = passing(a, found.beforeA(), out);
    Rotation passingB = passing(b, found.beforeB(), out);
    out.entangle(gate, parameters, a, b);
    out.local(a, passingA.after(found.afterA().inverse()));
    out.local(b, passingB.after(found.afterB().inverse()));
  }

  /// Makes a qubit ready for the gate. If what is pending there is a turn about the gate's axis it
  /// need not be written before the gate: it passes.
  ///
  /// @param before what the gate has between the qubit and its interaction
  /// @return the turn about X that goes behind the interaction
  private static Rotation passing(int qubit, Rotation before, NativeWriter out) {
    Rotation turn = out.pending(qubit).after(before.inverse());
    if (Math.abs(turn.y()) > PARALLEL || Math.abs(turn.z()) > PARALLEL) {
      out.local(qubit, before.inverse());
      return Rotation.IDENTITY;
    }
    out.drop(qubit);
    return Rotation.aboutX(2 * Math.atan2(turn.x(), turn.w()));
  }

  private Parameters parameters(double x) {
    if (only != null) {
      return Parameters.NONE;
    }
    // A controlled turn by t has the coordinate t/4, a turn by t about ZZ, XX or YY has t/2.
    double angle = Angles.tidy(isTurn() ? 2 * x : 4 * x);
    double[] all = new double[gate.parameterCount()];
    all[0] = angle;
    return Parameters.of(all);
  }

  private boolean isTurn() {
    return switch (gate) {
      case RZZ, RXX, RYY -> true;
      default -> false;
    };
  }

  private static WeylDecomposition decompose(StandardGate gate, Parameters parameters) {
    double[] unitary = new double[32];
    gate.unitary(parameters.toArray(), unitary);
    return new WeylDecomposer().decompose(unitary);
  }
}
