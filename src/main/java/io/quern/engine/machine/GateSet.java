package io.quern.engine.machine;

import io.quern.engine.circuit.StandardGate;
import io.quern.failure.ErrorCode;
import io.quern.failure.QuernException;
import java.util.Collection;
import java.util.Collections;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// The gates a machine can carry out, in the order they were given in.
public record GateSet(Set<StandardGate> gates) {
  /// {cx, u3}
  public static final GateSet DEFAULT =
      new GateSet(new LinkedHashSet<>(List.of(StandardGate.CX, StandardGate.U3)));

  /// Two-qubit gates that are no product of one-qubit gates and SWAP, whatever the parameters (for
  /// those that have some: for almost all parameters).
  private static final Set<StandardGate> ENTANGLING =
      EnumSet.of(
          StandardGate.CX,
          StandardGate.CY,
          StandardGate.CZ,
          StandardGate.CH,
          StandardGate.CSX,
          StandardGate.CRX,
          StandardGate.CRY,
          StandardGate.CRZ,
          StandardGate.CP,
          StandardGate.CU1,
          StandardGate.CU3,
          StandardGate.CU,
          StandardGate.RXX,
          StandardGate.RZZ,
          StandardGate.RYY,
          StandardGate.ECR,
          StandardGate.ISWAP,
          StandardGate.SQISW,
          StandardGate.B);

  public GateSet {
    if (gates.isEmpty()) {
      throw new IllegalArgumentException("a gate set needs at least one gate");
    }
    gates = Collections.unmodifiableSet(new LinkedHashSet<>(gates));
  }

  /// Reads OpenQASM names.
  ///
  /// @throws QuernException if a name is not known, or there is none
  public static GateSet parse(Collection<String> names) {
    Set<StandardGate> gates = new LinkedHashSet<>();
    for (String name : names) {
      StandardGate gate = StandardGate.ofQasmName(name);
      if (gate == null) {
        List<String> known = List.copyOf(StandardGate.qasmNames());
        throw new QuernException(
            ErrorCode.INVALID_MACHINE,
            "unknown gate '" + name + "' in the machine's gate set; known are " + known,
            Map.of("field", "machine.gates", "found", name, "known", known));
      }
      gates.add(gate);
    }
    if (gates.isEmpty()) {
      throw new QuernException(
          ErrorCode.INVALID_MACHINE,
          "the machine's gate set is empty; expected OpenQASM names such as cx and u3",
          Map.of("field", "machine.gates"));
    }
    return new GateSet(gates);
  }

  public boolean contains(StandardGate gate) {
    return gates.contains(gate);
  }

  /// The OpenQASM names, in the order the gates were given in.
  public List<String> qasmNames() {
    return gates.stream().map(StandardGate::qasmName).toList();
  }

  /// The two-qubit gates that entangle.
  public Set<StandardGate> entanglers() {
    EnumSet<StandardGate> found = EnumSet.copyOf(gates);
    found.retainAll(ENTANGLING);
    return found;
  }

  /// Whether every one-qubit unitary is exactly a finite product of the one-qubit gates.
  ///
  /// That is so if there is a rotation by any angle about one axis and a way to turn that axis into
  /// another: two such rotations generate SU(2). Gate sets that only come close to every unitary,
  /// such as {h, t}, do not count.
  public boolean hasAllOneQubitUnitaries() {
    if (containsAny(StandardGate.U, StandardGate.U3, StandardGate.U2, StandardGate.R)) {
      return true;
    }
    boolean x = contains(StandardGate.RX);
    boolean y = contains(StandardGate.RY);
    boolean z = containsAny(StandardGate.RZ, StandardGate.P, StandardGate.U1);
    if ((x ? 1 : 0) + (y ? 1 : 0) + (z ? 1 : 0) > 1) {
      return true;
    }
    boolean turnsAboutX = containsAny(StandardGate.SX, StandardGate.SXDG);
    boolean turnsAboutZ =
        containsAny(StandardGate.S, StandardGate.SDG, StandardGate.T, StandardGate.TDG);
    boolean exchangesXAndZ = contains(StandardGate.H);
    return (x && (turnsAboutZ || exchangesXAndZ))
        || (y && (turnsAboutX || turnsAboutZ))
        || (z && (turnsAboutX || exchangesXAndZ));
  }

  /// Whether every circuit of a width can be expressed exactly.
  ///
  /// @param qubits width of the circuit; a single qubit needs no entangling gate
  public boolean isUniversal(int qubits) {
    return hasAllOneQubitUnitaries() && (qubits < 2 || !entanglers().isEmpty());
  }

  private boolean containsAny(StandardGate... candidates) {
    for (StandardGate gate : candidates) {
      if (gates.contains(gate)) {
        return true;
      }
    }
    return false;
  }
}
