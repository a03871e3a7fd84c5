package io.quern.engine.processing;

import io.quern.engine.machine.CouplingGraph.Edge;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The fewest two-qubit gates of every Clifford gate on two or three qubits, by breadth-first
/// search over the classes of gates that differ by one-qubit gates at the end: 20 on two qubits,
/// 6,720 on three. Immutable.
///
/// A gate's class is told by the Paulis that it takes to those of each single qubit: for each qubit
/// a plane of vectors over F2, bits 0 to n-1 for X and n to 2n-1 for Z. `exp(i pi/4 P)`, a CX up to
/// one-qubit gates where P acts on two qubits, adds P to those that it does not commute with.
///
/// Source: S. Bravyi, R. Shaydulin, S. Hu, D. Maslov, Clifford circuit optimization with templates
/// and symbolic Pauli gates, 2021, doi 10.22331/q-2021-11-16-580, arXiv:2105.02291.
final class CliffordTable {
  /// Beyond it there are tens of millions of classes.
  static final int MOST_QUBITS = 3;

  private final int qubits;

  /// For each class the Pauli that leads on the shortest way to the identity; 0 for that itself.
  private final Map<Long, Integer> next = new HashMap<>();

  /// @param couplings pairs that may have gates
  CliffordTable(int qubits, List<Edge> couplings) {
    this.qubits = qubits;
    List<Integer> moves = moves(couplings);
    int[] identity = new int[2 * qubits];
    for (int q = 0; q < qubits; q++) {
      identity[2 * q] = 1 << q;
      identity[2 * q + 1] = 1 << (qubits + q);
    }
    ArrayDeque<int[]> open = new ArrayDeque<>();
    next.put(key(identity), 0);
    open.add(identity);
    while (!open.isEmpty()) {
      int[] planes = open.remove();
      for (int pauli : moves) {
        int[] found = moved(planes, pauli);
        if (next.putIfAbsent(key(found), pauli) == null) {
          open.add(found);
        }
      }
    }
  }

  /// How many classes the couplings reach.
  int classes() {
    return next.size();
  }

  private List<Integer> moves(List<Edge> couplings) {
    List<Integer> moves = new ArrayList<>();
    for (Edge pair : couplings) {
      for (int a = 1; a <= 3; a++) {
        for (int b = 1; b <= 3; b++) {
          moves.add(pauli(pair.a(), a) | pauli(pair.b(), b));
        }
      }
    }
    return moves;
  }

  /// @param kind bit 0 for X, bit 1 for Z
  private int pauli(int qubit, int kind) {
    return ((kind & 1) << qubit) | ((kind >> 1) << (qubits + qubit));
  }

  /// The Paulis of two-qubit gates in circuit order, the fewest, after which one-qubit gates are
  /// left; null if the couplings do not suffice.
  ///
  /// @param planes for each qubit the Paulis taken to its X and its Z; not modified
  @Nullable List<Integer> shortest(int[] planes) {
    List<Integer> path = new ArrayList<>();
    int[] at = planes;
    while (true) {
      Integer pauli = next.get(key(at));
      if (pauli == null) {
        return null;
      }
      if (pauli == 0) {
        return path;
      }
      path.add(pauli);
      at = moved(at, pauli);
    }
  }

  private int[] moved(int[] planes, int pauli) {
    int[] moved = planes.clone();
    for (int i = 0; i < moved.length; i++) {
      moved[i] ^= anticommute(moved[i], pauli) ? pauli : 0;
    }
    return moved;
  }

  private boolean anticommute(int v, int w) {
    int low = (1 << qubits) - 1;
    return (Integer.bitCount((v & low) & (w >> qubits)) + Integer.bitCount((v >> qubits) & w & low))
            % 2
        == 1;
  }

  /// The two smallest vectors of each plane.
  private long key(int[] planes) {
    long key = 0;
    for (int q = 0; q < qubits; q++) {
      int a = planes[2 * q];
      int b = planes[2 * q + 1];
      int c = a ^ b;
      int least = Math.min(a, Math.min(b, c));
      int most = Math.max(a, Math.max(b, c));
      key = key << (4 * qubits) | (long) least << (2 * qubits) | (least ^ most);
    }
    return key;
  }
}
