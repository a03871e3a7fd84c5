package io.quern.engine.partition;

import io.quern.engine.circuit.Gate;
import io.quern.engine.circuit.Operation;
import io.quern.engine.circuit.Operation.GateOperation;
import io.quern.engine.circuit.StandardGate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// Takes out gates on three and more qubits that meet their inverse, before they are decomposed and
/// what they were is hard to see.
///
/// Between the two may stand what commutes with them because on every qubit they share both are
/// diagonal, or both are functions of X. One-qubit gates that are their own inverse cancel too, so
/// that the X gates around the controls of oracles are not in the way.
final class WideGateCancellation {
  /// How many operations on a qubit are looked at.
  private static final int REACH = 48;

  private final List<@Nullable Operation> kept = new ArrayList<>();

  /// For each qubit the places in `kept` of what is on it, ascending.
  private final List<List<Integer>> wires = new ArrayList<>();

  private boolean hasCancelledWide;

  private WideGateCancellation(int qubits) {
    for (int qubit = 0; qubit < qubits; qubit++) {
      wires.add(new ArrayList<>());
    }
  }

  /// The operations without those that cancel; the same list if no wide gate does.
  static List<Operation> of(List<Operation> operations, int qubits) {
    if (operations.stream().noneMatch(WideGateCancellation::isWide)) {
      return operations;
    }
    WideGateCancellation cancellation = new WideGateCancellation(qubits);
    operations.forEach(cancellation::add);
    if (!cancellation.hasCancelledWide) {
      return operations;
    }
    List<Operation> left = new ArrayList<>();
    for (Operation operation : cancellation.kept) {
      if (operation != null) {
        left.add(operation);
      }
    }
    return left;
  }

  private static boolean isWide(Operation operation) {
    return operation instanceof GateOperation gate && gate.gate().qubits() > 2;
  }

  private void add(Operation operation) {
    if (operation instanceof GateOperation gate
        && gate.gate().isSelfInverse()
        && gate.gate().qubits() != 2) {
      int partner = partner(gate);
      if (partner >= 0) {
        hasCancelledWide |= isWide(operation);
        remove(partner);
        return;
      }
    }
    kept.add(operation);
    for (int qubit : operation.location().toArray()) {
      wires.get(qubit).add(kept.size() - 1);
    }
  }

  private void remove(int place) {
    Operation operation = kept.set(place, null);
    if (operation != null) {
      for (int qubit : operation.location().toArray()) {
        // Within reach of the end, and the list may be as long as the circuit.
        List<Integer> wire = wires.get(qubit);
        int last = wire.lastIndexOf(place);
        wire.subList(last, last + 1).clear();
      }
    }
  }

  /// The place of the same gate, if the gate can be brought next to it; otherwise -1.
  private int partner(GateOperation gate) {
    int found = -1;
    for (int position = 0; position < gate.location().size(); position++) {
      int there = partnerOn(position, gate);
      if (there < 0 || (position > 0 && there != found)) {
        return -1;
      }
      found = there;
    }
    return found;
  }

  private int partnerOn(int position, GateOperation gate) {
    int qubit = gate.location().get(position);
    List<Integer> wire = wires.get(qubit);
    Side side = side(gate, position);
    int end = Math.max(0, wire.size() - REACH);
    for (int k = wire.size() - 1; k >= end; k--) {
      if (!(kept.get(wire.get(k)) instanceof GateOperation other)) {
        return -1;
      }
      if (isSame(gate, other)) {
        return wire.get(k);
      }
      if (side == Side.OTHER || side != side(other, indexOf(qubit, other))) {
        return -1;
      }
    }
    return -1;
  }

  private static int indexOf(int qubit, GateOperation gate) {
    int position = 0;
    while (gate.location().get(position) != qubit) {
      position++;
    }
    return position;
  }

  /// What a gate is as a function of one of its qubits.
  private enum Side {
    DIAGONAL,
    OF_X,
    OTHER
  }

  private static Side side(GateOperation operation, int position) {
    if (operation.gate().isDiagonal()) {
      return Side.DIAGONAL;
    }
    boolean isTarget = position == operation.gate().qubits() - 1;
    StandardGate gate =
        switch (operation.gate()) {
          case StandardGate standard -> standard;
        };
    return switch (gate) {
      case X, SX, SXDG, RX, CX, CSX, CRX, CCX, C3X, C4X, C3SQRTX ->
          isTarget ? Side.OF_X : Side.DIAGONAL;
      case CY, CH, CRY, CU, CU3 -> isTarget ? Side.OTHER : Side.DIAGONAL;
      case CSWAP -> position == 0 ? Side.DIAGONAL : Side.OTHER;
      case RXX -> Side.OF_X;
      default -> Side.OTHER;
    };
  }

  /// Whether two gates are the same, controls and exchanged qubits in whatever order.
  private static boolean isSame(GateOperation one, GateOperation other) {
    Gate gate = one.gate();
    if (gate != other.gate() || !one.parameters().equals(other.parameters())) {
      return false;
    }
    int[] first = one.location().toArray();
    int[] second = other.location().toArray();
    if (gate == StandardGate.CSWAP) {
      return first[0] == second[0] && set(first, 1, 3).equals(set(second, 1, 3));
    }
    if (gate == StandardGate.CCX || gate == StandardGate.C3X || gate == StandardGate.C4X) {
      int target = first.length - 1;
      return first[target] == second[target]
          && set(first, 0, target).equals(set(second, 0, target));
    }
    return Arrays.equals(first, second);
  }

  private static Set<Integer> set(int[] qubits, int from, int to) {
    Set<Integer> found = new TreeSet<>();
    for (int k = from; k < to; k++) {
      found.add(qubits[k]);
    }
    return found;
  }
}
