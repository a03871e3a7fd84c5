package io.quern.engine.synthesis;

import io.quern.engine.linalg.Rotation;

/// Moves coordinates of a two-qubit gate into the Weyl chamber and adjusts the one-qubit gates.
final class WeylChamber {
  private static final double QUARTER = Math.PI / 4;
  private static final Rotation QUARTER_X = Rotation.aboutX(Math.PI / 2);
  private static final Rotation QUARTER_Y = Rotation.aboutY(Math.PI / 2);
  private static final Rotation QUARTER_Z = Rotation.aboutZ(Math.PI / 2);
  private static final Rotation[] PAULI = {Rotation.X, Rotation.Y, Rotation.Z};

  /// The turn at an index exchanges the other two axes.
  private static final Rotation[] QUARTER_TURN = {QUARTER_X, QUARTER_Y, QUARTER_Z};

  private final double[] c;
  private Rotation beforeA;
  private Rotation beforeB;
  private Rotation afterA;
  private Rotation afterB;
  private double error;

  private WeylChamber(
      Rotation beforeA,
      Rotation beforeB,
      double x,
      double y,
      double z,
      Rotation afterA,
      Rotation afterB) {
    this.c = new double[] {x, y, z};
    this.beforeA = beforeA;
    this.beforeB = beforeB;
    this.afterA = afterA;
    this.afterB = afterB;
  }

  /// The same gate, up to global phase and [WeylDecomposer#SNAP], with canonical coordinates.
  static WeylDecomposition canonical(
      Rotation beforeA,
      Rotation beforeB,
      double x,
      double y,
      double z,
      Rotation afterA,
      Rotation afterB) {
    WeylChamber chamber = new WeylChamber(beforeA, beforeB, x, y, z, afterA, afterB);
    for (int axis = 0; axis < 3; axis++) {
      chamber.reduce(axis);
    }
    chamber.sort();
    if (chamber.c[0] < 0) {
      chamber.negate(0, chamber.c[1] < 0 ? 1 : 2);
    }
    if (chamber.c[1] < 0) {
      chamber.negate(1, 2);
    }
    if (chamber.c[0] == QUARTER && chamber.c[2] < 0) {
      // (pi/4, y, z) and (pi/4, y, -z) are the same gate: shift x by -pi/2, then flip x and z.
      chamber.afterA = chamber.afterA.after(Rotation.X);
      chamber.afterB = chamber.afterB.after(Rotation.X);
      chamber.c[0] = -QUARTER;
      chamber.negate(0, 2);
    }
    return new WeylDecomposition(
        chamber.beforeA,
        chamber.beforeB,
        chamber.c[0],
        chamber.c[1],
        chamber.c[2],
        chamber.afterA,
        chamber.afterB,
        chamber.error);
  }

  /// Brings a coordinate into (-pi/4, pi/4]: `exp(i pi/2 PP)` is `P (x) P` up to phase.
  private void reduce(int axis) {
    double turns = Math.rint(c[axis] / (Math.PI / 2));
    double rest = c[axis] - turns * (Math.PI / 2);
    double exact = rest;
    if (Math.abs(rest) < WeylDecomposer.SNAP) {
      exact = 0;
    } else if (Math.abs(Math.abs(rest) - QUARTER) < WeylDecomposer.SNAP) {
      exact = QUARTER;
      if (rest < 0) {
        turns -= 1;
        rest += Math.PI / 2;
      }
    }
    error += Math.abs(rest - exact);
    c[axis] = exact;
    if (Math.floorMod((long) turns, 2L) == 1) {
      afterA = afterA.after(PAULI[axis]);
      afterB = afterB.after(PAULI[axis]);
    }
  }

  private void sort() {
    if (Math.abs(c[0]) < Math.abs(c[1])) {
      exchange(0, 1);
    }
    if (Math.abs(c[1]) < Math.abs(c[2])) {
      exchange(1, 2);
    }
    if (Math.abs(c[0]) < Math.abs(c[1])) {
      exchange(0, 1);
    }
  }

  private void exchange(int first, int second) {
    double t = c[first];
    c[first] = c[second];
    c[second] = t;
    Rotation turn = QUARTER_TURN[3 - first - second];
    conjugate(turn, turn);
  }

  private void negate(int first, int second) {
    c[first] = -c[first];
    c[second] = -c[second];
    conjugate(PAULI[3 - first - second], Rotation.IDENTITY);
  }

  private void conjugate(Rotation turnA, Rotation turnB) {
    beforeA = turnA.after(beforeA);
    beforeB = turnB.after(beforeB);
    afterA = afterA.after(turnA.inverse());
    afterB = afterB.after(turnB.inverse());
  }
}
