package io.quern.engine.instantiation;

import io.quern.engine.circuit.Gate;
import io.quern.engine.circuit.StandardGate;

/// How an angle enters a gate's matrix.
final class AngleKind {
  private AngleKind() {}

  /// Whether the entries depend on half the angle, as those of a rotation do, rather than on the
  /// angle itself, as phases do.
  static boolean isHalf(Gate gate, int parameter) {
    return switch ((StandardGate) gate) {
      case RX, RY, RZ, CRX, CRY, CRZ, RXX, RZZ, RYY -> true;
      case U3, U, R, CU3, CU -> parameter == 0;
      case P, U0, U1, U2, CP, CU1 -> false;
      case ID,
          X,
          Y,
          Z,
          H,
          S,
          SDG,
          T,
          TDG,
          SX,
          SXDG,
          CX,
          CY,
          CZ,
          CH,
          CSX,
          SWAP,
          ECR,
          ISWAP,
          SQISW,
          B,
          CCX,
          CSWAP,
          RCCX,
          C3X,
          RC3X,
          C3SQRTX,
          C4X ->
          throw new IllegalArgumentException(gate.qasmName() + " takes no angles");
    };
  }
}
