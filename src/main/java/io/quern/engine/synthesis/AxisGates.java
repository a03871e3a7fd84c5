package io.quern.engine.synthesis;

import static java.lang.Math.PI;

import io.quern.engine.linalg.Rotation;
import org.jspecify.annotations.Nullable;

/// Interactions from gates on the XX axis of the Weyl chamber: a gate worth CX, or half of it, and
/// a gate with an angle.
///
/// Everything is built from `exp(i x XX)`: once for a gate on the XX axis, twice for `N(x,y,0)`,
/// three times in general, where a gate worth CX is used with [CxNetwork] and a gate with an angle
/// takes one coordinate each time.
final class AxisGates implements EntanglingMethod {
  private static final double QUARTER = PI / 4;
  private static final Rotation HALF_PI_Z = Rotation.aboutZ(PI / 2);

  private final @Nullable Interaction fixed;
  private final @Nullable Interaction angled;

  /// Applications of `fixed` for one quarter interaction (CX).
  private final int repeats;

  AxisGates(@Nullable Interaction fixed, @Nullable Interaction angled) {
    this.fixed = fixed;
    this.angled = angled;
    this.repeats = fixed == null ? 0 : fixed.perQuarter();
  }

  @Override
  public int cost(double x, double y, double z) {
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

  @Override
  public void emit(int a, int b, double x, double y, double z, NativeWriter out) {
    if (x == 0) {
      return;
    }
    if (angled != null && (y != 0 || x != QUARTER || fixed == null)) {
      emitAngled(angled, a, b, x, y, z, out);
    } else if (fixed != null && fixed.isCx() && y == 0) {
      AxialCx.along(a, b, x, fixed, out);
    } else if (fixed != null && fixed.isCx() && x == QUARTER && y == QUARTER) {
      AxialCx.swapped(a, b, z, out);
    } else if (y == 0 && x == QUARTER) {
      quarter(a, b, out);
    } else {
      CxNetwork.Wires wires =
          new CxNetwork.Wires() {
            @Override
            public void local(int wire, Rotation rotation) {
              out.local(wire == 0 ? a : b, rotation);
            }

            @Override
            public void quarter() {
              AxisGates.this.quarter(a, b, out);
            }
          };
      if (z == 0) {
        CxNetwork.two(x, y, wires);
      } else {
        CxNetwork.three(x, y, z, wires);
      }
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
