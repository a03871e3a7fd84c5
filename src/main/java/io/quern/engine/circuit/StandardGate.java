package io.quern.engine.circuit;

import static io.quern.engine.circuit.GateMatrix.constant;
import static io.quern.engine.circuit.GateMatrix.controlled;
import static io.quern.engine.circuit.GateMatrix.identityExcept;
import static io.quern.engine.circuit.GateMatrix.phase;
import static io.quern.engine.circuit.GateMatrix.writePolar;
import static io.quern.engine.circuit.GateMatrix.writeU;

import java.util.Arrays;
import java.util.Collections;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The gates known by name: OpenQASM 2's `qelib1.inc` with the additions of Qiskit's legacy set,
/// and gates of devices that no library declares.
///
/// Unitaries have Qiskit's global phases: `rz(t)` is diag(e^(-it/2), e^(it/2)) while `u1(t)` and
/// `p(t)` are diag(1, e^(it)), and `sx` has the eigenvalue 1. Controlled gates control exactly that
/// matrix, so `crz` and `cu1` differ by more than a global phase.
///
/// Sources: Cross, Bishop, Smolin, Gambetta, Open Quantum Assembly Language, 2017,
/// arXiv:1707.03429; the additions are those of Qiskit's `qelib1.inc`.
public enum StandardGate implements Gate {
  /// The identity.
  ID("id", 1, 0, constant(1, 0, 0, 0, 0, 0, 1, 0)),
  /// The identity for a time its parameter tells; the time is kept, nothing else comes of it.
  U0("u0", 1, 1, constant(1, 0, 0, 0, 0, 0, 1, 0)),
  X("x", 1, 0, Shape.X),
  Y("y", 1, 0, Shape.Y),
  Z("z", 1, 0, phase(-1, 0)),
  H("h", 1, 0, Shape.H),
  /// The square root of Z.
  S("s", 1, 0, phase(0, 1)),
  SDG("sdg", 1, 0, phase(0, -1)),
  /// The square root of S.
  T("t", 1, 0, phase(Math.sqrt(0.5), Math.sqrt(0.5))),
  TDG("tdg", 1, 0, phase(Math.sqrt(0.5), -Math.sqrt(0.5))),
  /// The square root of X with eigenvalues 1 and i.
  SX("sx", 1, 0, Shape.SX),
  SXDG("sxdg", 1, 0, constant(0.5, -0.5, 0.5, 0.5, 0.5, 0.5, 0.5, -0.5)),
  /// e^(-i theta X/2)
  RX("rx", 1, 1, Shape.RX),
  /// e^(-i theta Y/2)
  RY("ry", 1, 1, Shape.RY),
  /// e^(-i theta Z/2)
  RZ("rz", 1, 1, Shape.RZ),
  /// diag(1, e^(i lambda))
  P("p", 1, 1, Shape.P),
  /// The same as [#P].
  U1("u1", 1, 1, Shape.P),
  /// u3(pi/2, phi, lambda)
  U2("u2", 1, 2, (p, out) -> writeU(Math.PI / 2, p[0], p[1], 0, out)),
  /// Any one-qubit unitary up to global phase: rz(phi)·ry(theta)·rz(lambda).
  U3("u3", 1, 3, Shape.U),
  /// The same as [#U3].
  U("u", 1, 3, Shape.U),
  /// The phased X gate e^(-i theta (cos(phi) X + sin(phi) Y)/2).
  R("r", 1, 2, (p, out) -> writeU(p[0], p[1] - Math.PI / 2, Math.PI / 2 - p[1], 0, out)),
  CX("cx", 2, 0, controlled(1, 1, Shape.X)),
  CY("cy", 2, 0, controlled(1, 1, Shape.Y)),
  CZ("cz", 2, 0, controlled(1, 1, phase(-1, 0))),
  CH("ch", 2, 0, controlled(1, 1, Shape.H)),
  CSX("csx", 2, 0, controlled(1, 1, Shape.SX)),
  SWAP("swap", 2, 0, Shape.SWAP),
  CRX("crx", 2, 1, controlled(1, 1, Shape.RX)),
  CRY("cry", 2, 1, controlled(1, 1, Shape.RY)),
  CRZ("crz", 2, 1, controlled(1, 1, Shape.RZ)),
  CP("cp", 2, 1, controlled(1, 1, Shape.P)),
  /// The same as [#CP].
  CU1("cu1", 2, 1, controlled(1, 1, Shape.P)),
  CU3("cu3", 2, 3, controlled(1, 1, Shape.U)),
  /// Controlled e^(i gamma)·u3(theta, phi, lambda), parameters in the order theta, phi, lambda,
  /// gamma.
  CU("cu", 2, 4, controlled(1, 1, (p, out) -> writeU(p[0], p[1], p[2], p[3], out))),
  /// e^(-i theta XX/2)
  RXX("rxx", 2, 1, Shape.RXX),
  /// e^(-i theta ZZ/2)
  RZZ("rzz", 2, 1, Shape.RZZ),
  /// e^(-i theta YY/2)
  RYY("ryy", 2, 1, Shape.RYY),
  /// The echoed cross-resonance gate (XI - YX)/sqrt(2), CX up to one-qubit gates.
  ECR("ecr", 2, 0, Shape.ECR),
  /// e^(i pi/4 (XX + YY))
  ISWAP("iswap", 2, 0, (p, out) -> Shape.exchange(Math.PI / 2, 0, out)),
  /// The square root of [#ISWAP].
  SQISW("sqisw", 2, 0, (p, out) -> Shape.exchange(Math.PI / 4, 0, out)),
  /// e^(i pi/8 (2 XX + YY)), of which two make any two-qubit gate (Zhang et al., doi
  /// 10.1103/PhysRevLett.93.020502).
  B("b", 2, 0, (p, out) -> Shape.exchange(3 * Math.PI / 8, Math.PI / 8, out)),
  CCX("ccx", 3, 0, controlled(2, 1, Shape.X)),
  CSWAP("cswap", 3, 0, controlled(1, 2, Shape.SWAP)),
  /// The Toffoli gate up to relative phases, of 3 CX (Maslov, arXiv:1508.03273, figure 3).
  RCCX("rccx", 3, 0, identityExcept(3, 5, 5, -1, 0, 6, 7, 0, -1, 7, 6, 0, 1)),
  C3X("c3x", 4, 0, controlled(3, 1, Shape.X)),
  /// [#C3X] up to relative phases, of 6 CX (Maslov, arXiv:1508.03273, figure 4).
  RC3X("rc3x", 4, 0, identityExcept(4, 12, 12, 0, 1, 13, 13, 0, -1, 14, 15, 1, 0, 15, 14, -1, 0)),
  /// Triple-controlled [#SX].
  C3SQRTX("c3sqrtx", 4, 0, controlled(3, 1, Shape.SX)),
  C4X("c4x", 5, 0, controlled(4, 1, Shape.X));

  private static final Set<StandardGate> DIAGONAL =
      EnumSet.of(ID, U0, Z, S, SDG, T, TDG, RZ, P, U1, CZ, CRZ, CP, CU1, RZZ);
  private static final Set<StandardGate> SELF_INVERSE =
      EnumSet.of(ID, U0, X, Y, Z, H, CX, CY, CZ, CH, SWAP, ECR, CCX, CSWAP, RCCX, C3X, C4X);
  private static final Set<StandardGate> CLIFFORD =
      EnumSet.of(ID, U0, X, Y, Z, H, S, SDG, SX, SXDG, CX, CY, CZ, SWAP, ECR, ISWAP);
  private static final Set<StandardGate> SYMMETRIC =
      EnumSet.of(CZ, SWAP, CP, CU1, RXX, RZZ, RYY, ISWAP, SQISW, B);
  private static final Set<StandardGate> OUTSIDE_LIBRARY = EnumSet.of(R, RYY, ECR, ISWAP, SQISW, B);
  private static final Map<String, StandardGate> BY_NAME = byName();

  private final String qasmName;
  private final int qubits;
  private final int parameterCount;
  private final GateMatrix matrix;

  StandardGate(String qasmName, int qubits, int parameterCount, GateMatrix matrix) {
    this.qasmName = qasmName;
    this.qubits = qubits;
    this.parameterCount = parameterCount;
    this.matrix = matrix;
  }

  /// The gate of an OpenQASM name, or null if none has it.
  public static @Nullable StandardGate ofQasmName(String name) {
    return BY_NAME.get(name);
  }

  /// The names of all gates, in their order here.
  public static Set<String> qasmNames() {
    return BY_NAME.keySet();
  }

  @Override
  public String qasmName() {
    return qasmName;
  }

  @Override
  public int qubits() {
    return qubits;
  }

  @Override
  public int parameterCount() {
    return parameterCount;
  }

  @Override
  public boolean isDiagonal() {
    return DIAGONAL.contains(this);
  }

  @Override
  public boolean isSelfInverse() {
    return SELF_INVERSE.contains(this);
  }

  /// Whether `qelib1.inc` declares it, in Qiskit's form of that file; a program that uses another
  /// gate has to define it.
  public boolean isInLibrary() {
    return !OUTSIDE_LIBRARY.contains(this);
  }

  /// Whether it maps Pauli operators to Pauli operators whatever the parameters.
  public boolean isClifford() {
    return CLIFFORD.contains(this);
  }

  /// Whether a two-qubit gate is the same with its qubits exchanged.
  public boolean isSymmetric() {
    return SYMMETRIC.contains(this);
  }

  @Override
  public void unitary(double[] parameters, double[] out) {
    if (parameters.length != parameterCount) {
      throw new IllegalArgumentException(
          qasmName + " takes " + parameterCount + " parameters, found " + parameters.length);
    }
    if (out.length != 2 << (2 * qubits)) {
      throw new IllegalArgumentException(
          "the unitary of "
              + qasmName
              + " has "
              + (2 << (2 * qubits))
              + " numbers, room for "
              + out.length);
    }
    Arrays.fill(out, 0);
    matrix.fill(parameters, out);
  }

  private static Map<String, StandardGate> byName() {
    Map<String, StandardGate> gates = new LinkedHashMap<>();
    for (StandardGate gate : values()) {
      gates.put(gate.qasmName, gate);
    }
    return Collections.unmodifiableMap(gates);
  }

  /// Matrices that more than one gate is made of; apart because constants of an enum cannot refer
  /// to its static fields.
  private static final class Shape {
    static final GateMatrix X = constant(0, 0, 1, 0, 1, 0, 0, 0);
    static final GateMatrix Y = constant(0, 0, 0, -1, 0, 1, 0, 0);
    static final GateMatrix H =
        constant(Math.sqrt(0.5), 0, Math.sqrt(0.5), 0, Math.sqrt(0.5), 0, -Math.sqrt(0.5), 0);
    static final GateMatrix SX = constant(0.5, 0.5, 0.5, -0.5, 0.5, -0.5, 0.5, 0.5);
    static final GateMatrix SWAP = identityExcept(2, 1, 2, 1, 0, 2, 1, 1, 0);
    static final GateMatrix U = (p, out) -> writeU(p[0], p[1], p[2], 0, out);

    static final GateMatrix P =
        (p, out) -> {
          out[0] = 1;
          writePolar(1, p[0], out, 6);
        };

    static final GateMatrix RX =
        (p, out) -> {
          out[0] = out[6] = Math.cos(p[0] / 2);
          out[3] = out[5] = -Math.sin(p[0] / 2);
        };

    static final GateMatrix RY =
        (p, out) -> {
          out[0] = out[6] = Math.cos(p[0] / 2);
          out[2] = -Math.sin(p[0] / 2);
          out[4] = Math.sin(p[0] / 2);
        };

    static final GateMatrix RZ =
        (p, out) -> {
          writePolar(1, -p[0] / 2, out, 0);
          writePolar(1, p[0] / 2, out, 6);
        };

    static final GateMatrix RXX =
        (p, out) -> {
          for (int row = 0; row < 4; row++) {
            out[2 * (4 * row + row)] = Math.cos(p[0] / 2);
            out[2 * (4 * row + 3 - row) + 1] = -Math.sin(p[0] / 2);
          }
        };

    static final GateMatrix RYY =
        (p, out) -> {
          for (int row = 0; row < 4; row++) {
            boolean isOuter = row == 0 || row == 3;
            out[2 * (4 * row + row)] = Math.cos(p[0] / 2);
            out[2 * (4 * row + 3 - row) + 1] = Math.sin(p[0] / 2) * (isOuter ? 1 : -1);
          }
        };

    static final GateMatrix ECR =
        (p, out) -> {
          double h = Math.sqrt(0.5);
          out[2 * 2] = out[2 * 7] = out[2 * 8] = out[2 * 13] = h;
          out[2 * 3 + 1] = out[2 * 6 + 1] = h;
          out[2 * 9 + 1] = out[2 * 12 + 1] = -h;
        };

    /// Turns span{01,10} by `e^(i inner X)` and span{00,11} by `e^(i outer X)`.
    static void exchange(double inner, double outer, double[] out) {
      out[2 * 0] = out[2 * 15] = Math.cos(outer);
      out[2 * 3 + 1] = out[2 * 12 + 1] = Math.sin(outer);
      out[2 * 5] = out[2 * 10] = Math.cos(inner);
      out[2 * 6 + 1] = out[2 * 9 + 1] = Math.sin(inner);
    }

    static final GateMatrix RZZ =
        (p, out) -> {
          for (int row = 0; row < 4; row++) {
            boolean isEven = row == 0 || row == 3;
            writePolar(1, isEven ? -p[0] / 2 : p[0] / 2, out, 2 * (4 * row + row));
          }
        };
  }
}
