package io.quern.engine.synthesis;

import io.quern.engine.circuit.Parameters;
import io.quern.engine.circuit.StandardGate;
import io.quern.engine.linalg.Rotation;

/// Interactions from iSWAP, which is `exp(-i pi/4 ZZ)`, worth CX, after a SWAP.
///
/// k of them are a network of k CX after k SWAPs. So an even number makes what that many CX make,
/// an odd number what that many CX make of the gate followed by a SWAP: 1 for iSWAP itself, 2 for
/// `N(x,y,0)`, 3 in general, which is the fewest possible.
final class SwappingGate implements EntanglingMethod {
  private static final double QUARTER = Math.PI / 4;

  private final StandardGate gate;
  private final WeylDecomposition parts;

  SwappingGate(StandardGate gate) {
    this.gate = gate;
    double[] unitary = new double[32];
    gate.unitary(new double[0], unitary);
    parts = new WeylDecomposer().decompose(unitary);
    if (parts.x() != QUARTER || parts.y() != QUARTER || parts.z() != 0) {
      throw new IllegalArgumentException(gate + " is not iSWAP up to one-qubit gates");
    }
  }

  @Override
  public int cost(double x, double y, double z) {
    if (x == 0) {
      return 0;
    }
    if (z != 0) {
      return 3;
    }
    return x == QUARTER && y == QUARTER ? 1 : 2;
  }

  @Override
  public void emit(int a, int b, double x, double y, double z, NativeWriter out) {
    Crossing wires = new Crossing(a, b, out);
    switch (cost(x, y, z)) {
      case 0 -> {}
      case 1 -> wires.apply();
      case 2 -> CxNetwork.two(x, y, wires);
      default -> {
        // The SWAPs exchange the wires once more than back: the network is that of the gate
        // followed by a SWAP.
        WeylDecomposition swapped = Entangler.withSwap(x, y, z);
        wires.local(0, swapped.beforeA());
        wires.local(1, swapped.beforeB());
        CxNetwork.three(swapped.x(), swapped.y(), swapped.z(), wires);
        wires.local(0, swapped.afterA());
        wires.local(1, swapped.afterB());
      }
    }
  }

  /// Two wires that every gate exchanges.
  private final class Crossing implements CxNetwork.Wires {
    private final NativeWriter out;
    private int first;
    private int second;

    Crossing(int a, int b, NativeWriter out) {
      first = a;
      second = b;
      this.out = out;
    }

    @Override
    public void local(int wire, Rotation rotation) {
      out.local(wire == 0 ? first : second, rotation);
    }

    /// `N(pi/4, pi/4, 0)` where the wires are now.
    void apply() {
      out.local(first, parts.beforeA().inverse());
      out.local(second, parts.beforeB().inverse());
      out.entangle(gate, Parameters.NONE, first, second);
      out.local(first, parts.afterA().inverse());
      out.local(second, parts.afterB().inverse());
    }

    /// `exp(i pi/4 XX) = (H (x) H) SWAP N(pi/4, pi/4, 0) (Z (x) Z) (H (x) H)` up to phase.
    @Override
    public void quarter() {
      Rotation turn = Rotation.Z.after(Rotation.H);
      out.local(first, turn);
      out.local(second, turn);
      apply();
      int exchanged = first;
      first = second;
      second = exchanged;
      out.local(first, Rotation.H);
      out.local(second, Rotation.H);
    }
  }
}
