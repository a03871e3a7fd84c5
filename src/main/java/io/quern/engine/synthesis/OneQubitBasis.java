package io.quern.engine.synthesis;

import static java.lang.Math.PI;

import io.quern.engine.circuit.Location;
import io.quern.engine.circuit.Operation;
import io.quern.engine.circuit.Operation.GateOperation;
import io.quern.engine.circuit.Parameters;
import io.quern.engine.circuit.StandardGate;
import io.quern.engine.linalg.Rotation;
import io.quern.engine.machine.GateSet;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Writes any one-qubit gate in the one-qubit gates of a gate set.
public abstract sealed class OneQubitBasis {
  private static final double TOLERANCE = 1e-14;

  /// The shortest way the gate set offers.
  ///
  /// @throws IllegalArgumentException if the gates do not generate every one-qubit gate
  public static OneQubitBasis of(GateSet gates) {
    for (StandardGate gate : List.of(StandardGate.U3, StandardGate.U)) {
      if (gates.contains(gate)) {
        return new UniversalGate(gate);
      }
    }
    StandardGate z = first(gates, StandardGate.RZ, StandardGate.P, StandardGate.U1);
    StandardGate root = first(gates, StandardGate.SX, StandardGate.SXDG);
    if (z != null && root != null) {
      return new RootsOfX(z, root, gates.contains(StandardGate.X));
    }
    if (gates.contains(StandardGate.R)) {
      return new PhasedTurns(z);
    }
    if (gates.contains(StandardGate.U2)) {
      return new HalfTurns(z);
    }
    return EulerTurns.of(gates, z);
  }

  /// Appends gates equal to the rotation up to global phase; none for the identity.
  public abstract void write(Rotation rotation, int qubit, List<Operation> out);

  private static @Nullable StandardGate first(GateSet gates, StandardGate... candidates) {
    for (StandardGate gate : candidates) {
      if (gates.contains(gate)) {
        return gate;
      }
    }
    return null;
  }

  private static void gate(StandardGate gate, int qubit, List<Operation> out) {
    out.add(new GateOperation(gate, Location.of(qubit), Parameters.NONE));
  }

  /// A rotation gate, unless its angle is 0.
  private static void turn(StandardGate gate, double angle, int qubit, List<Operation> out) {
    double tidy = Angles.tidy(angle);
    if (tidy != 0) {
      out.add(new GateOperation(gate, Location.of(qubit), Parameters.of(tidy)));
    }
  }

  /// u3 or u: one gate.
  private static final class UniversalGate extends OneQubitBasis {
    private final StandardGate gate;

    UniversalGate(StandardGate gate) {
      this.gate = gate;
    }

    @Override
    public void write(Rotation rotation, int qubit, List<Operation> out) {
      if (rotation.isIdentity(TOLERANCE)) {
        return;
      }
      EulerAngles angles = EulerAngles.of(rotation);
      out.add(
          new GateOperation(
              gate,
              Location.of(qubit),
              Parameters.of(angles.theta(), angles.phi(), angles.lambda())));
    }
  }

  /// rz and sx: at most three turns about Z and two roots of X between them (D. C. McKay et al.,
  /// Efficient Z gates for quantum computing, 2017, doi 10.1103/PhysRevA.96.022330).
  private static final class RootsOfX extends OneQubitBasis {
    private final StandardGate z;
    private final StandardGate root;
    private final boolean hasX;

    /// sxdg is sx between two Z.
    private final double shift;

    RootsOfX(StandardGate z, StandardGate root, boolean hasX) {
      this.z = z;
      this.root = root;
      this.hasX = hasX;
      this.shift = root == StandardGate.SX ? 0 : PI;
    }

    @Override
    public void write(Rotation rotation, int qubit, List<Operation> out) {
      if (rotation.isIdentity(TOLERANCE)) {
        return;
      }
      EulerAngles angles = EulerAngles.of(rotation);
      double theta = angles.theta();
      if (theta == 0) {
        turn(z, angles.lambda(), qubit, out);
      } else if (theta == PI && hasX) {
        // rz(phi) y rz(lambda) = x rz(lambda - phi + pi)
        turn(z, angles.lambda() - angles.phi() + PI, qubit, out);
        gate(StandardGate.X, qubit, out);
      } else if (theta == PI / 2) {
        turn(z, angles.lambda() - PI / 2 + shift, qubit, out);
        gate(root, qubit, out);
        turn(z, angles.phi() + PI / 2 + shift, qubit, out);
      } else {
        turn(z, angles.lambda() + shift, qubit, out);
        gate(root, qubit, out);
        turn(z, theta + PI, qubit, out);
        gate(root, qubit, out);
        turn(z, angles.phi() + PI + shift, qubit, out);
      }
    }
  }

  /// r: one of them and a turn about Z, or one or two where there is no such gate. A turn about Z
  /// is two half turns about axes across it.
  private static final class PhasedTurns extends OneQubitBasis {
    private final @Nullable StandardGate z;

    PhasedTurns(@Nullable StandardGate z) {
      this.z = z;
    }

    @Override
    public void write(Rotation rotation, int qubit, List<Operation> out) {
      if (rotation.isIdentity(TOLERANCE)) {
        return;
      }
      // u3(theta, phi, lambda) = rz(phi + lambda) r(theta, pi/2 - lambda)
      EulerAngles angles = EulerAngles.of(rotation);
      double theta = angles.theta();
      double axis = PI / 2 - angles.lambda();
      double rest = Angles.tidy(angles.phi() + angles.lambda());
      if (theta == PI) {
        // rz(rest) r(pi, axis) = r(pi, axis + rest/2)
        phased(PI, axis + rest / 2, qubit, out);
      } else if (rest == 0 || z != null) {
        phased(theta, axis, qubit, out);
        if (z != null) {
          turn(z, rest, qubit, out);
        }
      } else {
        // rz(rest) = r(pi, axis + rest/2) r(pi, axis)
        phased(theta + PI, axis, qubit, out);
        phased(PI, axis + rest / 2, qubit, out);
      }
    }

    private static void phased(double theta, double phi, int qubit, List<Operation> out) {
      double tidy = Angles.tidy(theta);
      if (tidy != 0) {
        out.add(
            new GateOperation(
                StandardGate.R, Location.of(qubit), Parameters.of(tidy, Angles.tidy(phi))));
      }
    }
  }

  /// u2: two of them, or one, or a turn about Z where there is such a gate.
  private static final class HalfTurns extends OneQubitBasis {
    private final @Nullable StandardGate z;

    HalfTurns(@Nullable StandardGate z) {
      this.z = z;
    }

    @Override
    public void write(Rotation rotation, int qubit, List<Operation> out) {
      if (rotation.isIdentity(TOLERANCE)) {
        return;
      }
      EulerAngles angles = EulerAngles.of(rotation);
      if (angles.theta() == 0 && z != null) {
        turn(z, angles.lambda(), qubit, out);
      } else if (angles.theta() == PI / 2) {
        halfTurn(angles.phi(), angles.lambda(), qubit, out);
      } else {
        // u3(theta, phi, lambda) = rz(phi + pi) sx rz(theta + pi) sx rz(lambda)
        halfTurn(0, angles.lambda() + PI / 2, qubit, out);
        halfTurn(angles.phi() + PI / 2, angles.theta() + PI, qubit, out);
      }
    }

    private static void halfTurn(double phi, double lambda, int qubit, List<Operation> out) {
      out.add(
          new GateOperation(
              StandardGate.U2,
              Location.of(qubit),
              Parameters.of(Angles.tidy(phi), Angles.tidy(lambda))));
    }
  }

  /// Turns about one axis, and about a second one: by a gate of its own, or by the first between a
  /// fixed gate and its inverse.
  private static final class EulerTurns extends OneQubitBasis {
    private static final int X = 0;
    private static final int Y = 1;
    private static final int Z = 2;

    private final StandardGate outer;
    private final int outerAxis;
    private final StandardGate inner;
    private final int innerAxis;

    /// 1, or -1 where the inner turn goes the other way.
    private final int innerSign;

    /// What comes before and after the inner turn.
    private final List<StandardGate> before;

    private final List<StandardGate> after;

    private EulerTurns(
        StandardGate outer,
        int outerAxis,
        StandardGate inner,
        int innerAxis,
        int innerSign,
        List<StandardGate> before,
        List<StandardGate> after) {
      this.outer = outer;
      this.outerAxis = outerAxis;
      this.inner = inner;
      this.innerAxis = innerAxis;
      this.innerSign = innerSign;
      this.before = before;
      this.after = after;
    }

    static EulerTurns of(GateSet gates, @Nullable StandardGate z) {
      boolean x = gates.contains(StandardGate.RX);
      boolean y = gates.contains(StandardGate.RY);
      if (z != null && y) {
        return direct(z, Z, StandardGate.RY, Y);
      }
      if (z != null && x) {
        return direct(z, Z, StandardGate.RX, X);
      }
      if (x && y) {
        return direct(StandardGate.RX, X, StandardGate.RY, Y);
      }
      if (z != null && gates.contains(StandardGate.H)) {
        return turned(z, Z, X, 1, List.of(StandardGate.H), List.of(StandardGate.H));
      }
      if (x && gates.contains(StandardGate.H)) {
        return turned(StandardGate.RX, X, Z, 1, List.of(StandardGate.H), List.of(StandardGate.H));
      }
      StandardGate root = first(gates, StandardGate.SX, StandardGate.SXDG);
      if (y && root != null) {
        // sx y sx^dagger = z
        int sign = root == StandardGate.SX ? 1 : -1;
        return turned(StandardGate.RY, Y, Z, sign, inverse(gates, root), List.of(root));
      }
      StandardGate s =
          first(gates, StandardGate.S, StandardGate.SDG, StandardGate.T, StandardGate.TDG);
      if (s != null && (x || y)) {
        // s x s^dagger = y, s y s^dagger = -x
        boolean forward = s == StandardGate.S || s == StandardGate.T;
        List<StandardGate> turn =
            s == StandardGate.S || s == StandardGate.SDG ? List.of(s) : List.of(s, s);
        List<StandardGate> back = inverse(gates, s);
        return x
            ? turned(StandardGate.RX, X, Y, forward ? 1 : -1, back, turn)
            : turned(StandardGate.RY, Y, X, forward ? -1 : 1, back, turn);
      }
      throw new IllegalArgumentException(
          "gate set " + gates.qasmNames() + " does not make every one-qubit gate");
    }

    private static EulerTurns direct(
        StandardGate outer, int outerAxis, StandardGate inner, int innerAxis) {
      return new EulerTurns(outer, outerAxis, inner, innerAxis, 1, List.of(), List.of());
    }

    private static EulerTurns turned(
        StandardGate outer,
        int outerAxis,
        int innerAxis,
        int innerSign,
        List<StandardGate> before,
        List<StandardGate> after) {
      return new EulerTurns(outer, outerAxis, outer, innerAxis, innerSign, before, after);
    }

    /// The inverse of a quarter turn (of two eighths) in the gates of the set.
    private static List<StandardGate> inverse(GateSet gates, StandardGate turn) {
      StandardGate back =
          switch (turn) {
            case SX -> StandardGate.SXDG;
            case SXDG -> StandardGate.SX;
            case S -> StandardGate.SDG;
            case SDG -> StandardGate.S;
            case T -> StandardGate.TDG;
            case TDG -> StandardGate.T;
            default -> throw new IllegalArgumentException(turn.qasmName());
          };
      boolean isEighth = turn == StandardGate.T || turn == StandardGate.TDG;
      List<StandardGate> gatesBack = new ArrayList<>();
      if (gates.contains(back)) {
        for (int k = 0; k < (isEighth ? 2 : 1); k++) {
          gatesBack.add(back);
        }
      } else {
        for (int k = 0; k < (isEighth ? 6 : 3); k++) {
          gatesBack.add(turn);
        }
      }
      return gatesBack;
    }

    @Override
    public void write(Rotation rotation, int qubit, List<Operation> out) {
      if (rotation.isIdentity(TOLERANCE)) {
        return;
      }
      double[] v = {rotation.x(), rotation.y(), rotation.z()};
      int third = 3 - outerAxis - innerAxis;
      // Outer, inner and third axis take the roles of z, y and x: y cross z = x.
      int handedness = innerAxis == (outerAxis + 2) % 3 ? 1 : -1;
      EulerAngles angles =
          EulerAngles.of(
              new Rotation(
                  rotation.w(),
                  handedness * innerSign * v[third],
                  innerSign * v[innerAxis],
                  v[outerAxis]));
      if (angles.theta() == 0) {
        turn(outer, angles.lambda(), qubit, out);
        return;
      }
      turn(outer, angles.lambda(), qubit, out);
      for (StandardGate gate : before) {
        gate(gate, qubit, out);
      }
      turn(inner, angles.theta(), qubit, out);
      for (StandardGate gate : after) {
        gate(gate, qubit, out);
      }
      turn(outer, angles.phi(), qubit, out);
    }
  }
}
