package io.quern.engine.synthesis;

import io.quern.engine.linalg.Rotation;

/// A one-qubit gate as `rz(phi) ry(theta) rz(lambda)`, up to global phase.
///
/// Angles are in radians, theta in [0, pi], the others in (-pi, pi]; where theta is 0, phi is 0,
/// and where theta is pi, phi is 0 too.
record EulerAngles(double theta, double phi, double lambda) {

  static EulerAngles of(Rotation r) {
    double cos = Math.hypot(r.w(), r.z());
    double sin = Math.hypot(r.x(), r.y());
    double theta = Angles.tidy(2 * Math.atan2(sin, cos));
    // w + iz = cos e^(i(phi+lambda)/2), y - ix = sin e^(i(phi-lambda)/2)
    double sum = 2 * Math.atan2(r.z(), r.w());
    double difference = 2 * Math.atan2(-r.x(), r.y());
    if (theta == 0) {
      return new EulerAngles(0, 0, Angles.tidy(sum));
    }
    if (theta == Math.PI) {
      return new EulerAngles(Math.PI, 0, Angles.tidy(-difference));
    }
    return new EulerAngles(
        theta, Angles.tidy((sum + difference) / 2), Angles.tidy((sum - difference) / 2));
  }
}
