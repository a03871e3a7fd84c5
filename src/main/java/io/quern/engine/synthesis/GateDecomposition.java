package io.quern.engine.synthesis;

import static io.quern.engine.circuit.StandardGate.C3SQRTX;
import static io.quern.engine.circuit.StandardGate.C3X;
import static io.quern.engine.circuit.StandardGate.CCX;
import static io.quern.engine.circuit.StandardGate.CP;
import static io.quern.engine.circuit.StandardGate.CX;
import static io.quern.engine.circuit.StandardGate.H;
import static io.quern.engine.circuit.StandardGate.P;
import static io.quern.engine.circuit.StandardGate.RC3X;
import static io.quern.engine.circuit.StandardGate.T;
import static io.quern.engine.circuit.StandardGate.TDG;

import io.quern.engine.circuit.Location;
import io.quern.engine.circuit.Operation.GateOperation;
import io.quern.engine.circuit.Parameters;
import io.quern.engine.circuit.StandardGate;
import java.util.ArrayList;
import java.util.List;

/// Gates on more than two qubits as gates on fewer.
///
/// The controlled-phase networks behind ccx, c3x and c3sqrtx put a phase on each parity of the
/// qubits and walk the parities in Gray-code order, one CX a step (A. Barenco et al., Elementary
/// gates for quantum computation, 1995, doi 10.1103/PhysRevA.52.3457, section 7): 6 CX for three
/// qubits, 14 for four. The relative-phase gates are those of D. Maslov, 2016, doi
/// 10.1103/PhysRevA.93.022311.
public final class GateDecomposition {
  private GateDecomposition() {}

  /// @param operation a gate on three or more qubits
  /// @return equal up to global phase, possibly with gates on more than two qubits again
  public static List<GateOperation> expand(GateOperation operation) {
    Builder out = new Builder(operation.location());
    StandardGate gate =
        switch (operation.gate()) {
          case StandardGate standard -> standard;
        };
    switch (gate) {
      case CCX -> {
        out.add(H, 2);
        out.phaseOnOnes(Math.PI, 0, 1, 2);
        out.add(H, 2);
      }
      case CSWAP -> {
        out.add(CX, 2, 1);
        out.add(CCX, 0, 1, 2);
        out.add(CX, 2, 1);
      }
      case C3X -> {
        out.add(H, 3);
        out.phaseOnOnes(Math.PI, 0, 1, 2, 3);
        out.add(H, 3);
      }
      case C3SQRTX -> {
        out.add(H, 3);
        out.phaseOnOnes(Math.PI / 2, 0, 1, 2, 3);
        out.add(H, 3);
      }
      case C4X -> {
        // x = v v with v = sx: c4x is sx on 4 from qubit 3, undone unless 0, 1 and 2 are set.
        out.add(H, 4);
        out.add(CP, Parameters.of(Math.PI / 2), 3, 4);
        out.add(H, 4);
        out.add(RC3X, 0, 1, 2, 3);
        out.add(H, 4);
        out.add(CP, Parameters.of(-Math.PI / 2), 3, 4);
        out.add(H, 4);
        out.relativeC3XInverse(0, 1, 2, 3);
        out.add(C3SQRTX, 0, 1, 2, 4);
      }
      case RCCX -> {
        out.add(H, 2);
        out.add(T, 2);
        out.add(CX, 1, 2);
        out.add(TDG, 2);
        out.add(CX, 0, 2);
        out.add(T, 2);
        out.add(CX, 1, 2);
        out.add(TDG, 2);
        out.add(H, 2);
      }
      case RC3X -> out.relativeC3X(0, 1, 2, 3);
      default -> throw new IllegalArgumentException("no decomposition of " + gate.qasmName());
    }
    return out.operations;
  }

  private static final class Builder {
    private final Location location;
    private final List<GateOperation> operations = new ArrayList<>();

    Builder(Location location) {
      this.location = location;
    }

    void add(StandardGate gate, int... qubits) {
      add(gate, Parameters.NONE, qubits);
    }

    void add(StandardGate gate, Parameters parameters, int... qubits) {
      operations.add(new GateOperation(gate, place(qubits), parameters));
    }

    private Location place(int... qubits) {
      int[] placed = new int[qubits.length];
      for (int i = 0; i < qubits.length; i++) {
        placed[i] = location.get(qubits[i]);
      }
      return Location.of(placed);
    }

    /// `e^(i angle)` on the state with all the given qubits 1: with w = 2^(1-n) angle, a phase w on
    /// each parity of an odd number of qubits and -w on each of an even number.
    void phaseOnOnes(double angle, int... qubits) {
      int n = qubits.length;
      double w = angle / (1 << (n - 1));
      for (int top = 0; top < n; top++) {
        // Parities that contain qubit `top` and any of those before it, in Gray-code order.
        add(P, Parameters.of(w), qubits[top]);
        int parity = 0;
        for (int step = 1; step < 1 << top; step++) {
          int bit = Integer.numberOfTrailingZeros(step);
          add(CX, qubits[bit], qubits[top]);
          parity ^= 1 << bit;
          double sign = Integer.bitCount(parity) % 2 == 0 ? w : -w;
          add(P, Parameters.of(sign), qubits[top]);
        }
        if (top > 0) {
          add(CX, qubits[top - 1], qubits[top]);
        }
      }
    }

    void relativeC3X(int a, int b, int c, int t) {
      add(H, t);
      add(T, t);
      add(CX, c, t);
      add(TDG, t);
      add(H, t);
      add(CX, a, t);
      add(T, t);
      add(CX, b, t);
      add(TDG, t);
      add(CX, a, t);
      add(T, t);
      add(CX, b, t);
      add(TDG, t);
      add(H, t);
      add(T, t);
      add(CX, c, t);
      add(TDG, t);
      add(H, t);
    }

    void relativeC3XInverse(int a, int b, int c, int t) {
      add(H, t);
      add(T, t);
      add(CX, c, t);
      add(TDG, t);
      add(H, t);
      add(T, t);
      add(CX, b, t);
      add(TDG, t);
      add(CX, a, t);
      add(T, t);
      add(CX, b, t);
      add(TDG, t);
      add(CX, a, t);
      add(H, t);
      add(T, t);
      add(CX, c, t);
      add(TDG, t);
      add(H, t);
    }
  }
}
