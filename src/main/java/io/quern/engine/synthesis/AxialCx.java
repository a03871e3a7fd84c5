package io.quern.engine.synthesis;

import io.quern.engine.circuit.Parameters;
import io.quern.engine.circuit.StandardGate;
import io.quern.engine.linalg.Rotation;

/// Writes interactions along one axis of each qubit, with or without a SWAP behind them, in CX
/// gates and as few one-qubit gates as the qubits' frames allow.
///
/// `exp(i d A (x) B)` passes the one-qubit gates pending before it, which only turns its axes A and
/// B. CX makes it where the control's axis is Z and the target's is X; two CX make it for any d
/// where the control's is Z and the target's lies across X, by a turn of the target between them,
/// or where the target's is X and the control's lies across Z, by a turn of the control. Only a
/// qubit whose axis is none of these gets a one-qubit gate before. Of the SWAP's three CX the first
/// cancels the last of the interaction.
final class AxialCx {
  /// How far components of an axis may be off: rounding.
  private static final double TOLERANCE = 2 * Rotation.SNAP;

  private static final double QUARTER = Math.PI / 4;
  private static final Axis X = new Axis(1, 0, 0);
  private static final Axis Z = new Axis(0, 0, 1);

  private AxialCx() {}

  /// A direction in the Bloch sphere.
  private record Axis(double x, double y, double z) {

    /// What a gate carries to X.
    static Axis carriedToX(Rotation gate) {
      return new Axis(
          1 - 2 * (gate.y() * gate.y() + gate.z() * gate.z()),
          2 * (gate.x() * gate.y() - gate.w() * gate.z()),
          2 * (gate.x() * gate.z() + gate.w() * gate.y()));
    }

    /// What a gate carries to Z.
    static Axis carriedToZ(Rotation gate) {
      return new Axis(
          2 * (gate.x() * gate.z() - gate.w() * gate.y()),
          2 * (gate.y() * gate.z() + gate.w() * gate.x()),
          1 - 2 * (gate.x() * gate.x() + gate.y() * gate.y()));
    }

    boolean isAlongX() {
      return Math.abs(y) <= TOLERANCE && Math.abs(z) <= TOLERANCE;
    }

    boolean isAlongZ() {
      return Math.abs(x) <= TOLERANCE && Math.abs(y) <= TOLERANCE;
    }

    boolean isAcrossX() {
      return Math.abs(x) <= TOLERANCE;
    }

    boolean isAcrossZ() {
      return Math.abs(z) <= TOLERANCE;
    }

    double dot(Axis other) {
      return x * other.x + y * other.y + z * other.z;
    }

    Axis reversed() {
      return new Axis(-x, -y, -z);
    }

    /// The least turn that carries this axis to another, at most a right angle away.
    Rotation to(Axis other) {
      return unit(
          1 + dot(other),
          y * other.z - z * other.y,
          z * other.x - x * other.z,
          x * other.y - y * other.x);
    }

    /// `exp(i angle A)`.
    Rotation turn(double angle) {
      double s = -Math.sin(angle);
      return unit(Math.cos(angle), s * x, s * y, s * z);
    }

    private static Rotation unit(double w, double x, double y, double z) {
      double scale = 1 / Math.sqrt(w * w + x * x + y * y + z * z);
      return Rotation.IDENTITY.after(new Rotation(w * scale, x * scale, y * scale, z * scale));
    }
  }

  /// Writes `exp(i angle XX)`.
  ///
  /// @param cx a CX between one-qubit gates
  static void along(int a, int b, double angle, Interaction cx, NativeWriter out) {
    Axis axisA = Axis.carriedToX(out.pending(a));
    Axis axisB = Axis.carriedToX(out.pending(b));
    boolean isCx = (axisA.isAlongZ() && axisB.isAlongX()) || (axisB.isAlongZ() && axisA.isAlongX());
    if (angle == QUARTER && out.keepsFrames() && !isCx) {
      cx.emit(out.prefersSecond() ? b : a, out.prefersSecond() ? a : b, angle, out);
    } else {
      write(a, b, axisA, axisB, angle, false, out);
    }
  }

  /// Writes `N(pi/4, pi/4, z)`, which is a SWAP after `exp(i (z - pi/4) ZZ)`.
  static void swapped(int a, int b, double z, NativeWriter out) {
    write(
        a,
        b,
        Axis.carriedToZ(out.pending(a)),
        Axis.carriedToZ(out.pending(b)),
        z - QUARTER,
        true,
        out);
  }

  private static void write(
      int a, int b, Axis axisA, Axis axisB, double angle, boolean isSwapped, NativeWriter out) {
    boolean isQuarter = Math.abs(angle) == QUARTER;
    boolean bestIsBackward = false;
    boolean bestTurnsTarget = true;
    int most = -1;
    for (boolean isBackward : new boolean[] {out.prefersSecond(), !out.prefersSecond()}) {
      Axis control = isBackward ? axisB : axisA;
      Axis target = isBackward ? axisA : axisB;
      for (boolean turnsTarget : new boolean[] {true, false}) {
        boolean isControlFit = turnsTarget || isQuarter ? control.isAlongZ() : control.isAcrossZ();
        boolean isTargetFit = turnsTarget && !isQuarter ? target.isAcrossX() : target.isAlongX();
        int fit = (isControlFit ? 1 : 0) + (isTargetFit ? 1 : 0);
        if (fit > most) {
          most = fit;
          bestIsBackward = isBackward;
          bestTurnsTarget = turnsTarget;
        }
      }
    }
    if (bestIsBackward) {
      write(b, a, axisB, axisA, angle, isSwapped, isQuarter, bestTurnsTarget, out);
    } else {
      write(a, b, axisA, axisB, angle, isSwapped, isQuarter, bestTurnsTarget, out);
    }
  }

  private static void write(
      int control,
      int target,
      Axis axisOfControl,
      Axis axisOfTarget,
      double angle,
      boolean isSwapped,
      boolean isQuarter,
      boolean turnsTarget,
      NativeWriter out) {
    Rotation passingControl = out.pending(control);
    Rotation passingTarget = out.pending(target);
    out.drop(control);
    out.drop(target);
    if (angle != 0) {
      Axis goalOfControl =
          isQuarter || turnsTarget || !axisOfControl.isAcrossZ()
              ? (isQuarter || turnsTarget ? Z : X)
              : axisOfControl;
      Axis goalOfTarget =
          isQuarter || !turnsTarget || !axisOfTarget.isAcrossX()
              ? (isQuarter || !turnsTarget ? X : Z)
              : axisOfTarget;
      double signed = angle;
      if (axisOfControl.dot(goalOfControl) < 0) {
        axisOfControl = axisOfControl.reversed();
        signed = -signed;
      }
      if (axisOfTarget.dot(goalOfTarget) < 0) {
        axisOfTarget = axisOfTarget.reversed();
        signed = -signed;
      }
      Rotation turnOfControl = axisOfControl.to(goalOfControl);
      Rotation turnOfTarget = axisOfTarget.to(goalOfTarget);
      out.local(control, turnOfControl);
      out.local(target, turnOfTarget);
      passingControl = passingControl.after(turnOfControl.inverse());
      passingTarget = passingTarget.after(turnOfTarget.inverse());
      if (isQuarter) {
        // exp(i pi/4 ZX) = exp(i pi/4 Z) exp(i pi/4 X) CX.
        passingControl = passingControl.after(Z.turn(signed));
        passingTarget = passingTarget.after(X.turn(signed));
      } else {
        cx(control, target, out);
        if (turnsTarget) {
          out.local(target, goalOfTarget.turn(signed));
        } else {
          out.local(control, goalOfControl.turn(signed));
        }
      }
    }
    if (isSwapped) {
      if (angle == 0) {
        cx(control, target, out);
      }
      cx(target, control, out);
    }
    cx(control, target, out);
    out.local(control, isSwapped ? passingTarget : passingControl);
    out.local(target, isSwapped ? passingControl : passingTarget);
  }

  private static void cx(int control, int target, NativeWriter out) {
    out.entangle(StandardGate.CX, Parameters.NONE, control, target);
  }
}
