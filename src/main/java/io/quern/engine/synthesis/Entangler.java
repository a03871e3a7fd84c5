package io.quern.engine.synthesis;

import static java.lang.Math.PI;

import io.quern.engine.circuit.StandardGate;
import io.quern.engine.linalg.Rotation;
import io.quern.engine.machine.GateSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// How a gate set makes two-qubit interactions, and what they cost.
///
/// Everything is built from `exp(i x XX)`: once for a gate on the XX axis, twice for `N(x,y,0)`,
/// three times in general, where a gate worth CX is used with the circuits of F. Vatan, C.
/// Williams, Optimal quantum circuits for general two-qubit gates, 2004, doi
/// 10.1103/PhysRevA.69.032315, and a gate with an angle takes one coordinate each time. These
/// counts are the fewest possible for CX (V. V. Shende, S. S. Bullock, I. L. Markov, Recognizing
/// small-circuit structure in two-qubit operators, 2004, doi 10.1103/PhysRevA.70.012310).
public final class Entangler {
  private static final double QUARTER = PI / 4;
  private static final Rotation HALF_PI_X = Rotation.aboutX(PI / 2);
  private static final Rotation HALF_PI_Z = Rotation.aboutZ(PI / 2);

  private final @Nullable Interaction fixed;
  private final @Nullable Interaction angled;
  private final boolean hasSwap;

  /// Applications of `fixed` for one quarter interaction (CX).
  private final int repeats;

  private Entangler(@Nullable Interaction fixed, @Nullable Interaction angled, boolean hasSwap) {
    this.fixed = fixed;
    this.angled = angled;
    this.hasSwap = hasSwap;
    this.repeats = fixed == null ? 0 : fixed.perQuarter();
  }

  /// A gate set without an entangling gate makes one-qubit gates only: nothing else can be written.
  public static Entangler of(GateSet gates) {
    Interaction fixed = null;
    for (StandardGate gate : FIXED) {
      if (fixed == null && gates.contains(gate)) {
        fixed = new Interaction(gate);
      }
    }
    Interaction angled = null;
    for (StandardGate gate : ANGLED) {
      if (angled == null && gates.contains(gate)) {
        angled = new Interaction(gate);
      }
    }
    return new Entangler(fixed, angled, gates.contains(StandardGate.SWAP));
  }

  /// In order of preference.
  private static final List<StandardGate> FIXED =
      List.of(StandardGate.CX, StandardGate.CZ, StandardGate.CY, StandardGate.CH, StandardGate.CSX);

  private static final List<StandardGate> ANGLED =
      List.of(
          StandardGate.RZZ,
          StandardGate.RXX,
          StandardGate.CP,
          StandardGate.CU1,
          StandardGate.CRZ,
          StandardGate.CRX,
          StandardGate.CRY,
          StandardGate.CU3,
          StandardGate.CU);

  /// Two-qubit gates needed for a gate with these coordinates of the Weyl chamber.
  public int cost(double x, double y, double z) {
    int plain = plainCost(x, y, z);
    if (hasSwap && plain > 1) {
      WeylDecomposition rest = withSwap(x, y, z);
      return Math.min(plain, 1 + plainCost(rest.x(), rest.y(), rest.z()));
    }
    return plain;
  }

  /// As [#cost], for the gate followed by a SWAP.
  public int costWithSwap(double x, double y, double z) {
    WeylDecomposition swapped = withSwap(x, y, z);
    return cost(swapped.x(), swapped.y(), swapped.z());
  }

  private int plainCost(double x, double y, double z) {
    if (x == 0) {
      return 0;
    }
    if (angled != null) {
      if (y == 0) {
        return fixed != null && x == QUARTER ? repeats : 1;
      }
      return z == 0 ? 2 : 3;
    }
    if (y == 0) {
      return x == QUARTER ? repeats : 2 * repeats;
    }
    return z == 0 ? 2 * repeats : 3 * repeats;
  }

  /// The gate followed by a SWAP, which is N(pi/4, pi/4, pi/4) up to phase.
  private static WeylDecomposition withSwap(double x, double y, double z) {
    return WeylDecomposition.canonical(
        Rotation.IDENTITY,
        Rotation.IDENTITY,
        x + QUARTER,
        y + QUARTER,
        z + QUARTER,
        Rotation.IDENTITY,
        Rotation.IDENTITY);
  }

  /// Writes `exp(i (x XX + y YY + z ZZ))` on qubits a and b.
  public void emit(int a, int b, double x, double y, double z, NativeWriter out) {
    int plain = plainCost(x, y, z);
    if (hasSwap && plain > 1) {
      WeylDecomposition rest = withSwap(x, y, z);
      if (1 + plainCost(rest.x(), rest.y(), rest.z()) < plain) {
        out.local(a, rest.beforeA());
        out.local(b, rest.beforeB());
        emitPlain(a, b, rest.x(), rest.y(), rest.z(), out);
        out.local(a, rest.afterA());
        out.local(b, rest.afterB());
        out.swap(a, b);
        return;
      }
    }
    emitPlain(a, b, x, y, z, out);
  }

  private void emitPlain(int a, int b, double x, double y, double z, NativeWriter out) {
    if (x == 0) {
      return;
    }
    if (angled != null && (y != 0 || x != QUARTER || fixed == null)) {
      emitAngled(angled, a, b, x, y, z, out);
    } else if (y == 0 && x == QUARTER) {
      quarter(a, b, out);
    } else if (z == 0) {
      // CX carries XX to XI and ZZ to IZ; a quarter turn about X exchanges YY and ZZ.
      out.local(a, HALF_PI_X);
      out.local(b, HALF_PI_X);
      cx(a, b, out);
      out.local(a, Rotation.aboutX(-2 * x));
      out.local(b, Rotation.aboutZ(-2 * y));
      cx(a, b, out);
      out.local(a, HALF_PI_X.inverse());
      out.local(b, HALF_PI_X.inverse());
    } else {
      // N(x,y,z) = N(x-pi/4, y-pi/4, z-pi/4) SWAP, and CX(b,a) CX(a,b) CX(b,a) = SWAP with the
      // three
      // interactions written between.
      out.local(a, HALF_PI_Z);
      cx(b, a, out);
      out.local(b, Rotation.aboutY(-2 * (QUARTER - y)));
      cx(a, b, out);
      out.local(a, Rotation.aboutZ(-2 * (z - QUARTER)));
      out.local(b, Rotation.aboutY(-2 * (x - QUARTER)));
      cx(b, a, out);
      out.local(b, HALF_PI_Z.inverse());
    }
  }

  private static void emitAngled(
      Interaction gate, int a, int b, double x, double y, double z, NativeWriter out) {
    gate.emit(a, b, x, out);
    if (y != 0) {
      conjugated(gate, HALF_PI_Z, a, b, y, out);
    }
    if (z != 0) {
      conjugated(gate, Rotation.aboutY(PI / 2), a, b, z, out);
    }
  }

  /// `exp(i angle PP)` where the turn carries P to X or -X.
  private static void conjugated(
      Interaction gate, Rotation turn, int a, int b, double angle, NativeWriter out) {
    out.local(a, turn);
    out.local(b, turn);
    gate.emit(a, b, angle, out);
    out.local(a, turn.inverse());
    out.local(b, turn.inverse());
  }

  /// CX is `exp(i pi/4 ZX)` after `exp(-i pi/4 Z) (x) exp(-i pi/4 X)`.
  private void cx(int control, int target, NativeWriter out) {
    out.local(control, Rotation.H.after(HALF_PI_Z));
    out.local(target, HALF_PI_X);
    quarter(control, target, out);
    out.local(control, Rotation.H);
  }

  /// `exp(i pi/4 XX)`.
  private void quarter(int a, int b, NativeWriter out) {
    if (fixed != null) {
      for (int k = 0; k < repeats; k++) {
        fixed.emit(a, b, QUARTER / repeats, out);
      }
    } else if (angled != null) {
      angled.emit(a, b, QUARTER, out);
    } else {
      throw new IllegalStateException("the gate set has no entangling gate");
    }
  }
}
