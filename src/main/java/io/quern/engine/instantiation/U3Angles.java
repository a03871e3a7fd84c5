package io.quern.engine.instantiation;

/// The angles of u3 for a one-qubit gate.
final class U3Angles {
  private U3Angles() {}

  /// Writes theta, phi and lambda of `w - i (x X + y Y + z Z)`, which up to phase is `rz(phi)
  /// ry(theta) rz(lambda)`.
  static void write(double w, double x, double y, double z, double[] out) {
    double sum = Math.atan2(z, w);
    double difference = Math.atan2(-x, y);
    out[0] = 2 * Math.atan2(Math.sqrt(x * x + y * y), Math.sqrt(w * w + z * z));
    out[1] = sum + difference;
    out[2] = sum - difference;
  }
}
