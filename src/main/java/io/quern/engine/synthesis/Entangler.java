package io.quern.engine.synthesis;

import io.quern.engine.circuit.StandardGate;
import io.quern.engine.linalg.Rotation;
import io.quern.engine.machine.GateSet;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// How a gate set makes two-qubit interactions, and what they cost: each interaction by the method
/// that needs the fewest two-qubit gates for it.
public final class Entangler {
  private static final double QUARTER = Math.PI / 4;

  private final List<EntanglingMethod> methods;
  private final boolean hasSwap;

  private Entangler(List<EntanglingMethod> methods, boolean hasSwap) {
    this.methods = List.copyOf(methods);
    this.hasSwap = hasSwap;
  }

  /// A gate set without an entangling gate makes one-qubit gates only: nothing else can be written.
  public static Entangler of(GateSet gates) {
    Interaction fixed = first(FIXED, gates);
    Interaction angled = first(ANGLED, gates);
    List<EntanglingMethod> methods = new ArrayList<>();
    if (fixed != null || angled != null) {
      methods.add(new AxisGates(fixed, angled));
    }
    if (gates.contains(StandardGate.B)) {
      methods.add(TwofoldGate.b());
    }
    if (gates.contains(StandardGate.SQISW)) {
      methods.add(TwofoldGate.rootOfIswap());
    }
    if (gates.contains(StandardGate.ISWAP)) {
      methods.add(new SwappingGate(StandardGate.ISWAP));
    }
    if (methods.isEmpty()) {
      methods.add(new AxisGates(null, null));
    }
    return new Entangler(methods, gates.contains(StandardGate.SWAP));
  }

  private static @Nullable Interaction first(List<StandardGate> candidates, GateSet gates) {
    for (StandardGate gate : candidates) {
      if (gates.contains(gate)) {
        return new Interaction(gate);
      }
    }
    return null;
  }

  /// In order of preference.
  private static final List<StandardGate> FIXED =
      List.of(
          StandardGate.CX,
          StandardGate.CZ,
          StandardGate.ECR,
          StandardGate.CY,
          StandardGate.CH,
          StandardGate.CSX);

  private static final List<StandardGate> ANGLED =
      List.of(
          StandardGate.RZZ,
          StandardGate.RXX,
          StandardGate.RYY,
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
    int least = Integer.MAX_VALUE;
    for (EntanglingMethod method : methods) {
      least = Math.min(least, method.cost(x, y, z));
    }
    return least;
  }

  /// The gate followed by a SWAP, which is N(pi/4, pi/4, pi/4) up to phase.
  static WeylDecomposition withSwap(double x, double y, double z) {
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
    int least = plainCost(x, y, z);
    for (EntanglingMethod method : methods) {
      if (method.cost(x, y, z) == least) {
        method.emit(a, b, x, y, z, out);
        return;
      }
    }
  }
}
