package io.quern.engine.synthesis;

import static java.lang.Math.PI;

import io.quern.engine.linalg.Rotation;

/// Circuits for `N(x,y,z)` from two or three interactions `exp(i pi/4 XX)`, which are CX up to
/// one-qubit gates.
///
/// Source: F. Vatan, C. Williams, Optimal quantum circuits for general two-qubit gates, 2004, doi
/// 10.1103/PhysRevA.69.032315. These counts are the fewest possible (V. V. Shende, S. S. Bullock,
/// I. L. Markov, Recognizing small-circuit structure in two-qubit operators, 2004, doi
/// 10.1103/PhysRevA.70.012310).
final class CxNetwork {
  private static final double QUARTER = PI / 4;
  private static final Rotation HALF_PI_X = Rotation.aboutX(PI / 2);
  private static final Rotation HALF_PI_Z = Rotation.aboutZ(PI / 2);

  private CxNetwork() {}

  /// Two wires, 0 and 1, wherever they run.
  interface Wires {
    void local(int wire, Rotation rotation);

    /// `exp(i pi/4 XX)` on both.
    void quarter();
  }

  /// `N(x,y,0)` for any x and y, with two interactions.
  static void two(double x, double y, Wires wires) {
    if (x == QUARTER) {
      twoCrossed(y, wires);
      return;
    }
    // CX carries XX to XI and ZZ to IZ; a quarter turn about X exchanges YY and ZZ.
    wires.local(0, HALF_PI_X);
    wires.local(1, HALF_PI_X);
    cx(0, 1, wires);
    wires.local(0, Rotation.aboutX(-2 * x));
    wires.local(1, Rotation.aboutZ(-2 * y));
    cx(0, 1, wires);
    wires.local(0, HALF_PI_X.inverse());
    wires.local(1, HALF_PI_X.inverse());
  }

  /// `N(pi/4,y,0)`, with one gate between the two interactions, none for iSWAP.
  private static void twoCrossed(double y, Wires wires) {
    // N(pi/4,pi/4,0) is a SWAP after exp(-i pi/4 ZZ), which is CX up to one-qubit gates; of the
    // four CX two cancel. With the turn about Z on wire 1 that is taken back on wire 0, YY becomes
    // ZY before the first CX and Y on wire 1 after it.
    wires.local(0, Rotation.H.after(HALF_PI_Z));
    wires.local(1, Rotation.Z);
    cx(0, 1, wires);
    wires.local(1, Rotation.aboutY(2 * (QUARTER - y)));
    cx(1, 0, wires);
    wires.local(0, HALF_PI_Z.inverse());
    wires.local(1, Rotation.H);
  }

  /// `N(x,y,z)` for any x, y and z, with three interactions.
  static void three(double x, double y, double z, Wires wires) {
    // N(x,y,z) = N(x-pi/4, y-pi/4, z-pi/4) SWAP, and CX(b,a) CX(a,b) CX(b,a) = SWAP with the three
    // interactions written between.
    wires.local(0, HALF_PI_Z);
    cx(1, 0, wires);
    wires.local(1, Rotation.aboutY(-2 * (QUARTER - y)));
    cx(0, 1, wires);
    wires.local(0, Rotation.aboutZ(-2 * (z - QUARTER)));
    wires.local(1, Rotation.aboutY(-2 * (x - QUARTER)));
    cx(1, 0, wires);
    wires.local(1, HALF_PI_Z.inverse());
  }

  /// CX is `exp(i pi/4 ZX)` after `exp(-i pi/4 Z) (x) exp(-i pi/4 X)`.
  private static void cx(int control, int target, Wires wires) {
    wires.local(control, Rotation.H.after(HALF_PI_Z));
    wires.local(target, HALF_PI_X);
    wires.quarter();
    wires.local(control, Rotation.H);
  }
}
