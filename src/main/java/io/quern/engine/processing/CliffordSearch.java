package io.quern.engine.processing;

import io.quern.engine.machine.CouplingGraph.Edge;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Looks for few two-qubit gates for a Clifford gate on more qubits than [CliffordTable] takes, by
/// beam search over the classes of gates that differ by one-qubit gates.
///
/// For each pair of qubits i and j the Paulis taken to those of i have a part on j, of rank 0, 1 or
/// 2. Where only ranks (i, i) are left the gate is local; states are compared by the logarithms of
/// the sums of ranks in rows and columns, which favours gates that finish a qubit. Source of that
/// measure: M. Webster, S. Koutsioumpas, D. Browne, Heuristic and optimal synthesis of CNOT and
/// Clifford circuits, 2025, arXiv 2503.14660.
final class CliffordSearch {
  /// States kept at each size.
  private static final int WIDTH = 48;

  /// What a qubit that is not in its place counts.
  private static final double MISPLACED = 0.3;

  private final int qubits;
  private final int[] moves;

  /// What is left to do, and how it came about.
  private static final class State {
    final int[] planes;
    final double rest;
    final @Nullable State before;
    final int pauli;

    State(int[] planes, double rest, @Nullable State before, int pauli) {
      this.planes = planes;
      this.rest = rest;
      this.before = before;
      this.pauli = pauli;
    }
  }

  /// @param couplings pairs that may have gates
  CliffordSearch(int qubits, List<Edge> couplings) {
    this.qubits = qubits;
    List<Integer> all = new ArrayList<>();
    for (Edge pair : couplings) {
      for (int a = 1; a <= 3; a++) {
        for (int b = 1; b <= 3; b++) {
          all.add(pauli(pair.a(), a) | pauli(pair.b(), b));
        }
      }
    }
    moves = all.stream().mapToInt(Integer::intValue).toArray();
  }

  /// @param kind bit 0 for X, bit 1 for Z
  private int pauli(int qubit, int kind) {
    return ((kind & 1) << qubit) | ((kind >> 1) << (qubits + qubit));
  }

  /// The Paulis P of `exp(i pi/4 P)` in circuit order after which one-qubit gates are left; null if
  /// no fewer than `limit` were found.
  ///
  /// @param planes for each qubit the Paulis taken to its X and its Z; not modified
  @Nullable List<Integer> search(int[] planes, int limit, Runnable checkpoint) {
    List<State> level = List.of(new State(planes.clone(), rest(planes), null, 0));
    // What was reached with fewer gates is not looked at again: so no state is left for one before.
    Set<List<Integer>> seen = new HashSet<>();
    seen.add(key(planes));
    for (int size = 0; size < limit; size++) {
      List<State> next = new ArrayList<>();
      for (State state : level) {
        if (isLocal(state.planes)) {
          return path(state);
        }
        checkpoint.run();
        for (int pauli : moves) {
          int[] moved = moved(state.planes, pauli);
          next.add(new State(moved, rest(moved), state, pauli));
        }
      }
      next.sort(Comparator.comparingDouble((State state) -> state.rest));
      level = unseen(next, seen);
    }
    return null;
  }

  private List<State> unseen(List<State> sorted, Set<List<Integer>> seen) {
    List<State> kept = new ArrayList<>();
    for (State state : sorted) {
      if (kept.size() == WIDTH) {
        break;
      }
      if (seen.add(key(state.planes))) {
        kept.add(state);
      }
    }
    return kept;
  }

  private static List<Integer> path(State last) {
    List<Integer> path = new ArrayList<>();
    for (State state = last; state.before != null; state = state.before) {
      path.add(state.pauli);
    }
    return path.reversed();
  }

  private int[] moved(int[] planes, int pauli) {
    int[] moved = planes.clone();
    int low = (1 << qubits) - 1;
    for (int i = 0; i < moved.length; i++) {
      int product = (moved[i] & low & pauli >> qubits) ^ (moved[i] >> qubits & pauli & low);
      moved[i] ^= Integer.bitCount(product) % 2 == 0 ? 0 : pauli;
    }
    return moved;
  }

  private int rank(int[] planes, int row, int column) {
    int first = planes[2 * row] >> column & 1 | (planes[2 * row] >> qubits + column & 1) << 1;
    int second =
        planes[2 * row + 1] >> column & 1 | (planes[2 * row + 1] >> qubits + column & 1) << 1;
    if (first == 0 && second == 0) {
      return 0;
    }
    return first == 0 || second == 0 || first == second ? 1 : 2;
  }

  private boolean isLocal(int[] planes) {
    for (int row = 0; row < qubits; row++) {
      int own = 1 << row | 1 << qubits + row;
      if (((planes[2 * row] | planes[2 * row + 1]) & ~own) != 0) {
        return false;
      }
    }
    return true;
  }

  /// Less is nearer to local. A qubit whose Paulis are all on another one is as far as a SWAP.
  private double rest(int[] planes) {
    double rest = 0;
    int[] columns = new int[qubits];
    for (int row = 0; row < qubits; row++) {
      int sum = 0;
      for (int column = 0; column < qubits; column++) {
        int rank = rank(planes, row, column);
        sum += rank;
        columns[column] += rank;
      }
      rest += Math.log(sum) + (rank(planes, row, row) == 2 ? 0 : MISPLACED);
    }
    for (int sum : columns) {
      rest += Math.log(sum);
    }
    return rest;
  }

  /// The two smallest vectors of each plane.
  private List<Integer> key(int[] planes) {
    Integer[] key = new Integer[2 * qubits];
    for (int q = 0; q < qubits; q++) {
      int a = planes[2 * q];
      int b = planes[2 * q + 1];
      int c = a ^ b;
      int least = Math.min(a, Math.min(b, c));
      key[2 * q] = least;
      key[2 * q + 1] = least ^ Math.max(a, Math.max(b, c));
    }
    return Arrays.asList(key);
  }
}
