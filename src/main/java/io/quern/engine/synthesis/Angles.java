package io.quern.engine.synthesis;

/// Angles as gates carry them.
final class Angles {
  /// Angles this near to a multiple of pi/64 become it: what was pi/4 before a hundred roundings is
  /// written as pi/4 again, and Clifford gates keep exact multiples of pi/2.
  static final double TIDY = 1e-14;

  private static final double STEP = Math.PI / 64;

  private Angles() {}

  /// The angle brought into (-pi, pi] and made exact where it is all but a multiple of pi/64.
  static double tidy(double angle) {
    double reduced = Math.IEEEremainder(angle, 2 * Math.PI);
    double steps = Math.rint(reduced / STEP);
    if (Math.abs(reduced - steps * STEP) < TIDY) {
      int whole = (int) steps;
      return whole == -64 ? Math.PI : whole * Math.PI / 64;
    }
    return reduced;
  }
}
