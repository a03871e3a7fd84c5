package io.quern.testing;

/// The unitary of every gate Quern knows by name, written down from the textbook's matrices and the
/// definitions of OpenQASM 2's qelib1.inc (Cross et al., Open Quantum Assembly Language, 2017,
/// arXiv 1707.03429) with the additions of Qiskit's legacy set: an independent second opinion on
/// the engine's own matrices.
///
/// The first qubit of a gate is the most significant bit of the index, so `cx` is diag(I, X). Where
/// the definition in qelib1 fixes a gate only up to a global phase, the phase of the textbook
/// matrix is taken: exp(-iθP/2) for rotations about a Pauli operator P.
public final class ReferenceGates {
  private static final double H = Math.sqrt(0.5);

  private static final ComplexMatrix I = ComplexMatrix.identity(2);
  private static final ComplexMatrix X = ComplexMatrix.ofInterleaved(2, 0, 0, 1, 0, 1, 0, 0, 0);
  private static final ComplexMatrix Y = ComplexMatrix.ofInterleaved(2, 0, 0, 0, -1, 0, 1, 0, 0);
  private static final ComplexMatrix Z = ComplexMatrix.ofInterleaved(2, 1, 0, 0, 0, 0, 0, -1, 0);
  private static final ComplexMatrix HADAMARD =
      ComplexMatrix.ofInterleaved(2, H, 0, H, 0, H, 0, -H, 0);
  private static final ComplexMatrix SX =
      ComplexMatrix.ofInterleaved(2, 0.5, 0.5, 0.5, -0.5, 0.5, -0.5, 0.5, 0.5);
  private static final ComplexMatrix SWAP = permutation(new int[] {0, 2, 1, 3});
  private static final ComplexMatrix CX = X.controlled();

  private ReferenceGates() {}

  /// The unitary of a gate.
  ///
  /// @param name as in OpenQASM
  /// @param p the gate's parameters in radians
  public static ComplexMatrix unitary(String name, double... p) {
    return switch (name) {
      case "id", "u0" -> I;
      case "x" -> X;
      case "y" -> Y;
      case "z" -> Z;
      case "h" -> HADAMARD;
      case "s" -> phase(Math.PI / 2);
      case "sdg" -> phase(-Math.PI / 2);
      case "t" -> phase(Math.PI / 4);
      case "tdg" -> phase(-Math.PI / 4);
      case "sx" -> SX;
      case "sxdg" -> SX.adjoint();
      case "rx" -> rotation(X, p[0]);
      case "ry" -> rotation(Y, p[0]);
      case "rz" -> rotation(Z, p[0]);
      case "p", "u1" -> phase(p[0]);
      case "u2" -> u3(Math.PI / 2, p[0], p[1]);
      case "u3", "u", "U" -> u3(p[0], p[1], p[2]);
      case "cx", "CX" -> CX;
      case "cy" -> Y.controlled();
      case "cz" -> Z.controlled();
      case "ch" -> HADAMARD.controlled();
      case "csx" -> SX.controlled();
      case "crx" -> rotation(X, p[0]).controlled();
      case "cry" -> rotation(Y, p[0]).controlled();
      case "crz" -> rotation(Z, p[0]).controlled();
      case "cp", "cu1" -> phase(p[0]).controlled();
      case "cu3" -> u3(p[0], p[1], p[2]).controlled();
      case "cu" -> u3(p[0], p[1], p[2]).phased(p[3]).controlled();
      case "swap" -> SWAP;
      case "iswap" ->
          ComplexMatrix.ofInterleaved(
              4, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0,
              0, 0, 1, 0);
      case "sqisw" -> rotation(X.kron(X), -Math.PI / 4).times(rotation(Y.kron(Y), -Math.PI / 4));
      case "b" -> rotation(X.kron(X), -Math.PI / 2).times(rotation(Y.kron(Y), -Math.PI / 4));
      case "ecr" ->
          rotation(Z.kron(X), -Math.PI / 4)
              .times(X.kron(I))
              .times(rotation(Z.kron(X), Math.PI / 4));
      case "r" -> phase(p[1]).times(rotation(X, p[0])).times(phase(-p[1]));
      case "rxx" -> rotation(X.kron(X), p[0]);
      case "ryy" -> rotation(Y.kron(Y), p[0]);
      case "rzz" -> rotation(Z.kron(Z), p[0]);
      case "rzx" -> rotation(Z.kron(X), p[0]);
      case "ccx" -> CX.controlled();
      case "ccz" -> Z.controlled().controlled();
      case "cswap" -> SWAP.controlled();
      case "c3x" -> CX.controlled().controlled();
      case "c4x" -> CX.controlled().controlled().controlled();
      case "c3sqrtx" -> SX.controlled().controlled().controlled();
      case "rccx" -> rccx();
      case "rc3x" -> rc3x();
      default -> throw new IllegalArgumentException("no reference matrix for gate " + name);
    };
  }

  private static ComplexMatrix phase(double angle) {
    return ComplexMatrix.ofInterleaved(2, 1, 0, 0, 0, 0, 0, Math.cos(angle), Math.sin(angle));
  }

  /// exp(-iθP/2) = cos(θ/2)·I − i·sin(θ/2)·P for P² = I.
  private static ComplexMatrix rotation(ComplexMatrix pauli, double angle) {
    int dimension = pauli.rows();
    double c = Math.cos(angle / 2);
    double s = Math.sin(angle / 2);
    ComplexMatrix rotation = new ComplexMatrix(dimension, dimension);
    for (int i = 0; i < dimension; i++) {
      for (int j = 0; j < dimension; j++) {
        rotation.set(i, j, (i == j ? c : 0) + s * pauli.im(i, j), -s * pauli.re(i, j));
      }
    }
    return rotation;
  }

  private static ComplexMatrix u3(double theta, double phi, double lambda) {
    double c = Math.cos(theta / 2);
    double s = Math.sin(theta / 2);
    return ComplexMatrix.ofInterleaved(
        2,
        c,
        0,
        -s * Math.cos(lambda),
        -s * Math.sin(lambda),
        s * Math.cos(phi),
        s * Math.sin(phi),
        c * Math.cos(phi + lambda),
        c * Math.sin(phi + lambda));
  }

  /// The matrix that has the one of column i in the row images gives for i.
  private static ComplexMatrix permutation(int[] images) {
    ComplexMatrix matrix = new ComplexMatrix(images.length, images.length);
    for (int i = 0; i < images.length; i++) {
      matrix.set(images[i], i, 1, 0);
    }
    return matrix;
  }

  /// Margolus' gate, step by step as qelib1 defines it.
  private static ComplexMatrix rccx() {
    return new Steps(3)
        .u2(0, Math.PI, 2)
        .u1(Math.PI / 4, 2)
        .cx(1, 2)
        .u1(-Math.PI / 4, 2)
        .cx(0, 2)
        .u1(Math.PI / 4, 2)
        .cx(1, 2)
        .u1(-Math.PI / 4, 2)
        .u2(0, Math.PI, 2)
        .unitary;
  }

  /// The simplified three-controlled Toffoli, step by step as qelib1 defines it.
  private static ComplexMatrix rc3x() {
    return new Steps(4)
        .u2(0, Math.PI, 3)
        .u1(Math.PI / 4, 3)
        .cx(2, 3)
        .u1(-Math.PI / 4, 3)
        .u2(0, Math.PI, 3)
        .cx(0, 3)
        .u1(Math.PI / 4, 3)
        .cx(1, 3)
        .u1(-Math.PI / 4, 3)
        .cx(0, 3)
        .u1(Math.PI / 4, 3)
        .cx(1, 3)
        .u1(-Math.PI / 4, 3)
        .u2(0, Math.PI, 3)
        .u1(Math.PI / 4, 3)
        .cx(2, 3)
        .u1(-Math.PI / 4, 3)
        .u2(0, Math.PI, 3)
        .unitary;
  }

  private static final class Steps {
    private final int qubits;
    private final ComplexMatrix unitary;

    Steps(int qubits) {
      this.qubits = qubits;
      this.unitary = ComplexMatrix.identity(1 << qubits);
    }

    Steps u1(double lambda, int qubit) {
      unitary.applyToRows(phase(lambda), qubits, qubit);
      return this;
    }

    Steps u2(double phi, double lambda, int qubit) {
      unitary.applyToRows(u3(Math.PI / 2, phi, lambda), qubits, qubit);
      return this;
    }

    Steps cx(int control, int target) {
      unitary.applyToRows(CX, qubits, control, target);
      return this;
    }
  }
}
