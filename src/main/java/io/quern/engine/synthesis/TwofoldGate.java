package io.quern.engine.synthesis;

import static java.lang.Math.PI;
import static java.lang.Math.abs;
import static java.lang.Math.cos;
import static java.lang.Math.sin;
import static java.lang.Math.sqrt;

import io.quern.engine.circuit.Parameters;
import io.quern.engine.circuit.StandardGate;
import io.quern.engine.linalg.Matrices;
import io.quern.engine.linalg.Rotation;

/// Interactions from a gate of which two, with the right one-qubit gates between, make most or all
/// interactions: B and the square root of iSWAP.
///
/// The one-qubit gates between are given by formulas; the ones around then follow from the Weyl
/// decomposition of what the formulas made.
final class TwofoldGate implements EntanglingMethod {
  private static final double EIGHTH = PI / 8;

  /// Coordinates this near are those of the gate itself; the D2 distance this costs is less.
  private static final double SAME = 2e-14;

  private final StandardGate gate;
  private final Middle middle;
  private final WeylDecomposition parts;

  private TwofoldGate(StandardGate gate, Middle middle) {
    this.gate = gate;
    this.middle = middle;
    double[] unitary = new double[32];
    gate.unitary(new double[0], unitary);
    parts = new WeylDecomposer().decompose(unitary);
  }

  /// What stands between two applications of `N` of the gate's coordinates.
  private sealed interface Middle {
    /// Whether two applications make these coordinates.
    boolean reaches(double x, double y, double z);

    Rotation first(double x, double y, double z);

    Rotation second(double x, double y, double z);
  }

  static TwofoldGate b() {
    return new TwofoldGate(StandardGate.B, new MiddleOfB());
  }

  static TwofoldGate rootOfIswap() {
    return new TwofoldGate(StandardGate.SQISW, new MiddleOfRoot());
  }

  @Override
  public int cost(double x, double y, double z) {
    if (x == 0) {
      return 0;
    }
    if (isGate(x, y, z)) {
      return 1;
    }
    return middle.reaches(x, y, z) ? 2 : 3;
  }

  private boolean isGate(double x, double y, double z) {
    return abs(x - parts.x()) < SAME && abs(y - parts.y()) < SAME && abs(z - parts.z()) < SAME;
  }

  @Override
  public void emit(int a, int b, double x, double y, double z, NativeWriter out) {
    switch (cost(x, y, z)) {
      case 0 -> {}
      case 1 -> once(a, b, out);
      case 2 -> twice(a, b, x, y, z, out);
      default -> {
        // One application brings the coordinates to where two reach (Huang et al., as below).
        boolean isNear = y <= EIGHTH;
        double dx = isNear ? -EIGHTH : 0;
        double dz = isNear ? 0 : z < 0 ? -EIGHTH : EIGHTH;
        WeylDecomposition one = canonical(dx, EIGHTH, dz);
        WeylDecomposition rest = canonical(x - dx, y - EIGHTH, z - dz);
        around(one, a, b, out, () -> once(a, b, out));
        around(rest, a, b, out, () -> emit(a, b, rest.x(), rest.y(), rest.z(), out));
      }
    }
  }

  private static WeylDecomposition canonical(double x, double y, double z) {
    Rotation none = Rotation.IDENTITY;
    return WeylDecomposition.canonical(none, none, x, y, z, none, none);
  }

  private static void around(
      WeylDecomposition parts, int a, int b, NativeWriter out, Runnable inner) {
    out.local(a, parts.beforeA());
    out.local(b, parts.beforeB());
    inner.run();
    out.local(a, parts.afterA());
    out.local(b, parts.afterB());
  }

  /// N of the gate's coordinates.
  private void once(int a, int b, NativeWriter out) {
    out.local(a, parts.beforeA().inverse());
    out.local(b, parts.beforeB().inverse());
    out.entangle(gate, Parameters.NONE, a, b);
    out.local(a, parts.afterA().inverse());
    out.local(b, parts.afterB().inverse());
  }

  private void twice(int a, int b, double x, double y, double z, NativeWriter out) {
    Rotation first = middle.first(x, y, z);
    Rotation second = middle.second(x, y, z);
    double[] inner = new double[32];
    double[] outer = new double[32];
    double[] made = new double[32];
    Rotation none = Rotation.IDENTITY;
    TwoQubitMatrix.write(none, none, parts.x(), parts.y(), parts.z(), first, second, inner);
    TwoQubitMatrix.write(none, none, parts.x(), parts.y(), parts.z(), none, none, outer);
    Matrices.kernel().multiply4(outer, inner, made);
    WeylDecomposition found = new WeylDecomposer().decompose(made);
    out.local(a, found.beforeA().inverse());
    out.local(b, found.beforeB().inverse());
    once(a, b, out);
    out.local(a, first);
    out.local(b, second);
    once(a, b, out);
    out.local(a, found.afterA().inverse());
    out.local(b, found.afterB().inverse());
  }

  /// Two B make everything (J. Zhang, J. Vala, S. Sastry, K. B. Whaley, Minimum construction of
  /// two-qubit quantum operations, 2004, doi 10.1103/PhysRevLett.93.020502).
  ///
  /// With `exp(i u Y)` on the first qubit and w + i (u Y + v Z) on the second, `B K B` is symmetric
  /// in the magic basis, so its own eigenphases are those of the canonical gate: they are `x +- (y
  /// + z + pi/2)` and `-x +- (y - z + pi/2)` for the values below.
  private static final class MiddleOfB implements Middle {
    @Override
    public boolean reaches(double x, double y, double z) {
      return true;
    }

    @Override
    public Rotation first(double x, double y, double z) {
      return Rotation.aboutY(2 * x);
    }

    @Override
    public Rotation second(double x, double y, double z) {
      // The squares add up to 1; at the edge of the chamber rounding may make the last one
      // negative.
      return new Rotation(
          -sqrt(2) * sin(y) * cos(z),
          0,
          -sqrt(2) * cos(y) * sin(z),
          -sqrt(Math.max(0, cos(2 * y) * cos(2 * z))));
    }
  }

  /// The angles of the paper are given by their cosines; the forms here are equal and lose no
  /// digits where coordinates are near 0 or pi/4. C. Huang et al., Quantum instruction set design
  /// for performance, 2023, doi 10.1103/PhysRevLett.130.070601, arXiv:2105.06074.
  private static final class MiddleOfRoot implements Middle {
    /// Beyond rounding of the sum; nearer the edge a third gate would be spent on nothing.
    private static final double EDGE = 1e-14;

    @Override
    public boolean reaches(double x, double y, double z) {
      return x >= y + abs(z) - EDGE;
    }

    @Override
    public Rotation first(double x, double y, double z) {
      double edge = 2 * abs(cos(x) * cos(z) * sin(y));
      double rest = sqrt(Math.max(0, cos(2 * x) * cos(2 * y) * cos(2 * z)));
      Rotation turn = Rotation.aboutZ(Math.atan2(rest, z < 0 ? -edge : edge));
      return turn.after(aboutX(small(x, y, z), sqrt(cosines(x, y, z)))).after(turn);
    }

    @Override
    public Rotation second(double x, double y, double z) {
      // Cosines of the half angles by their product, which has no difference in it.
      double product = 2 * square(sin(y) * cos(z)) + cos(2 * x) * (1 - 2 * square(sin(z) * cos(y)));
      return aboutX(sqrt(sines(x, y, z)), sqrt(Math.max(0, product) / cosines(x, y, z)));
    }

    /// The square of the sine of half the second angle.
    private static double sines(double x, double y, double z) {
      return sin(x + y) * sin(x - y) + square(sin(z)) + root(x, y, z);
    }

    /// The square of the cosine of half the first angle; about 1/2 at least.
    private static double cosines(double x, double y, double z) {
      return cos(x + y) * cos(x - y) + 2 * square(sin(y)) - square(sin(z)) + root(x, y, z);
    }

    /// The sine of half the first angle, by the product of the two sines.
    private static double small(double x, double y, double z) {
      return z == 0 ? 0 : 2 * abs(sin(z)) * sin(x) * cos(y) / sqrt(sines(x, y, z));
    }

    private static double root(double x, double y, double z) {
      return sqrt(Math.max(0, sin(x + y - z) * sin(x - y + z) * sin(x + y + z) * sin(x - y - z)));
    }

    private static Rotation aboutX(double sine, double cosine) {
      double scale = 1 / Math.hypot(sine, cosine);
      return new Rotation(cosine * scale, sine * scale, 0, 0);
    }

    private static double square(double value) {
      return value * value;
    }
  }
}
