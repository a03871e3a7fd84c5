package io.quern.testing;

import io.quern.engine.circuit.Circuit;
import io.quern.engine.circuit.Operation;
import io.quern.engine.circuit.Operation.Barrier;
import io.quern.engine.circuit.Operation.Conditional;
import io.quern.engine.circuit.Operation.GateOperation;
import io.quern.engine.circuit.Operation.Measurement;
import io.quern.engine.circuit.Operation.Reset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What a Clifford circuit does, as the images U·X·U† and U·Z·U† of the Pauli operators of every
/// qubit (Aaronson, Gottesman, Improved simulation of stabilizer circuits, Phys. Rev. A 70, 052328,
/// 2004, arXiv quant-ph/0406196): exact at any width, and complete, since the images fix U up to a
/// global phase.
///
/// Gates are recognised by what their matrices do to Pauli operators, whatever their names are.
public final class StabilizerTableau {
  /// How far a matrix entry may be from that of the Pauli operator it is taken for.
  private static final double TOLERANCE = 1e-6;

  private final int qubits;
  private final List<PauliString> imagesOfX = new ArrayList<>();
  private final List<PauliString> imagesOfZ = new ArrayList<>();

  private StabilizerTableau(int qubits) {
    this.qubits = qubits;
    for (int q = 0; q < qubits; q++) {
      imagesOfX.add(PauliString.x(q));
      imagesOfZ.add(PauliString.z(q));
    }
  }

  /// The tableau of a whole circuit.
  ///
  /// @throws IllegalArgumentException if an operation is no Clifford gate or barrier
  public static StabilizerTableau of(Circuit circuit) {
    StabilizerTableau tableau = new StabilizerTableau(circuit.qubits());
    Map<String, LocalAction> actions = new HashMap<>();
    for (Operation operation : circuit.operations()) {
      switch (operation) {
        case GateOperation gate -> {
          String key = gate.gate().qasmName() + gate.parameters();
          tableau.apply(
              actions.computeIfAbsent(key, _ -> LocalAction.of(gate)), gate.location().toArray());
        }
        case Barrier _ -> {}
        case Measurement _, Reset _, Conditional _ ->
            throw new IllegalArgumentException("not a Clifford gate: " + operation);
      }
    }
    return tableau;
  }

  private void apply(LocalAction action, int[] location) {
    for (int q = 0; q < qubits; q++) {
      action.apply(imagesOfX.get(q), location);
      action.apply(imagesOfZ.get(q), location);
    }
  }

  /// The first difference between this circuit on logical qubits and `routed` on physical ones;
  /// empty if `routed` carries it out. Physical qubits without a logical one start in |0> and must
  /// end in |0>, so that images may differ by the Z operators of those.
  public Optional<String> differenceFrom(
      StabilizerTableau routed, List<Integer> initialMapping, List<Integer> finalMapping) {
    boolean[] usedAtStart = new boolean[routed.qubits];
    boolean[] usedAtEnd = new boolean[routed.qubits];
    int[] names = new int[qubits];
    for (int i = 0; i < qubits; i++) {
      usedAtStart[initialMapping.get(i)] = true;
      usedAtEnd[finalMapping.get(i)] = true;
      names[i] = finalMapping.get(i);
    }
    for (int p = 0; p < routed.qubits; p++) {
      if (!usedAtStart[p]) {
        PauliString image = onLogical(routed.imagesOfZ.get(p), usedAtEnd);
        if (!image.equals(PauliString.identity())) {
          return Optional.of(
              "idle qubit %d is not |0> at the end: Z becomes %s"
                  .formatted(p, routed.imagesOfZ.get(p)));
        }
      }
    }
    for (int i = 0; i < qubits; i++) {
      int p = initialMapping.get(i);
      PauliString expectedX = imagesOfX.get(i).renamed(names);
      PauliString expectedZ = imagesOfZ.get(i).renamed(names);
      if (!onLogical(routed.imagesOfX.get(p), usedAtEnd).equals(expectedX)) {
        return Optional.of(
            "X of logical qubit %d: expected %s, found %s"
                .formatted(i, expectedX, routed.imagesOfX.get(p)));
      }
      if (!onLogical(routed.imagesOfZ.get(p), usedAtEnd).equals(expectedZ)) {
        return Optional.of(
            "Z of logical qubit %d: expected %s, found %s"
                .formatted(i, expectedZ, routed.imagesOfZ.get(p)));
      }
    }
    return Optional.empty();
  }

  /// The operator without its Z factors on unused qubits, which act on |0> as the identity.
  private static PauliString onLogical(PauliString pauli, boolean[] used) {
    PauliString logical = pauli.copy();
    for (int p = 0; p < used.length; p++) {
      if (!used[p] && !logical.hasX(p)) {
        logical.clear(p);
      }
    }
    return logical;
  }

  /// The images of X and Z of each of a gate's own qubits.
  private record LocalAction(List<PauliString> imagesOfX, List<PauliString> imagesOfZ) {

    static LocalAction of(GateOperation operation) {
      ComplexMatrix gate =
          ReferenceGates.unitary(operation.gate().qasmName(), operation.parameters().toArray());
      int k = operation.location().size();
      List<PauliString> x = new ArrayList<>();
      List<PauliString> z = new ArrayList<>();
      for (int q = 0; q < k; q++) {
        x.add(conjugate(gate, k, PauliString.x(q), operation));
        z.add(conjugate(gate, k, PauliString.z(q), operation));
      }
      return new LocalAction(x, z);
    }

    private static PauliString conjugate(
        ComplexMatrix gate, int k, PauliString pauli, GateOperation operation) {
      ComplexMatrix image = gate.times(matrix(pauli, k)).times(gate.adjoint());
      for (int bits = 0; bits < 1 << (2 * k); bits++) {
        PauliString candidate = PauliString.identity();
        for (int q = 0; q < k; q++) {
          if ((bits >> (2 * q) & 1) == 1) {
            candidate.multiply(PauliString.x(q));
          }
          if ((bits >> (2 * q + 1) & 1) == 1) {
            candidate.multiply(PauliString.z(q));
          }
        }
        for (int quarters = 0; quarters < 4; quarters++) {
          if (matrix(candidate, k).maxDifference(image) < TOLERANCE) {
            return candidate;
          }
          candidate.turn(1);
        }
      }
      throw new IllegalArgumentException("not a Clifford gate: " + operation);
    }

    private static ComplexMatrix matrix(PauliString pauli, int k) {
      ComplexMatrix matrix = ComplexMatrix.identity(1);
      for (int q = 0; q < k; q++) {
        ComplexMatrix factor = ComplexMatrix.identity(2);
        if (pauli.hasX(q)) {
          factor = factor.times(ReferenceGates.unitary("x"));
        }
        if (pauli.hasZ(q)) {
          factor = factor.times(ReferenceGates.unitary("z"));
        }
        matrix = matrix.kron(factor);
      }
      return matrix.phased(pauli.phase() * Math.PI / 2);
    }

    /// Replaces the part of `row` on the location by its image. The part is taken out as a product
    /// of X and Z factors; operators on different qubits commute, so the order of qubits is free.
    void apply(PauliString row, int[] location) {
      PauliString image = PauliString.identity();
      for (int k = 0; k < location.length; k++) {
        int q = location[k];
        if (row.hasX(q)) {
          image.multiply(imagesOfX.get(k).renamed(location));
        }
        if (row.hasZ(q)) {
          image.multiply(imagesOfZ.get(k).renamed(location));
        }
        row.clear(q);
      }
      row.multiply(image);
    }
  }
}
