package io.quern.engine.window;

import io.quern.engine.circuit.StandardGate;
import io.quern.engine.instantiation.Instantiation;
import io.quern.engine.machine.CouplingGraph;
import io.quern.engine.machine.CouplingGraph.Edge;
import io.quern.engine.machine.GateSet;
import io.quern.engine.partition.BlockWriter;
import io.quern.engine.partition.Window;
import io.quern.engine.synthesis.NativeGates;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;

/// A window's unitary in a form that is the same whatever its global phase and the order of its
/// qubits: of all orders the one whose rounded entries come first.
///
/// @param key rounded entries and couplings
/// @param order canonical qubit -> position in the window
record CanonicalWindow(Key key, List<Integer> order, WindowProblem problem) {
  private static final double GRID = 1e-9;

  private static final NativeGates CZ =
      NativeGates.of(new GateSet(EnumSet.of(StandardGate.CZ, StandardGate.U3)));

  /// Entries this near to the largest in size count as the largest.
  private static final double TIE = 1e-6;

  /// What windows are recognised by.
  record Key(List<Long> entries) {
    Key {
      entries = List.copyOf(entries);
    }
  }

  /// @param seed of the compilation
  static CanonicalWindow of(Window window, CouplingGraph coupling, long seed) {
    int k = window.qubits().size();
    double[] unitary = window.unitary();
    double[] bestUnitary = unitary;
    long[] bestEntries = null;
    int[] bestOrder = new int[k];
    for (int[] order : orders(k)) {
      double[] turned = withoutPhase(permuted(unitary, k, order), 1 << k);
      long[] entries = entries(turned, couplings(window, coupling, order));
      if (bestEntries == null || Arrays.compare(entries, bestEntries) < 0) {
        bestEntries = entries;
        bestOrder = order;
        bestUnitary = turned;
      }
    }
    List<Long> key = new ArrayList<>();
    for (long entry : bestEntries == null ? new long[0] : bestEntries) {
      key.add(entry);
    }
    int[] canonicalOf = new int[k];
    for (int q = 0; q < k; q++) {
      canonicalOf[bestOrder[q]] = q;
    }
    return new CanonicalWindow(
        new Key(key),
        Arrays.stream(bestOrder).boxed().toList(),
        new WindowProblem(
            k,
            bestUnitary,
            couplings(window, coupling, bestOrder),
            Instantiation.of(BlockWriter.write(window.circuit(canonicalOf), CZ)),
            seed ^ (0x9E3779B97F4A7C15L * Arrays.hashCode(bestEntries))));
  }

  private static List<Edge> couplings(Window window, CouplingGraph coupling, int[] order) {
    List<Edge> edges = new ArrayList<>();
    for (int a = 0; a < order.length; a++) {
      for (int b = a + 1; b < order.length; b++) {
        if (coupling.isEdge(window.qubits().get(order[a]), window.qubits().get(order[b]))) {
          edges.add(new Edge(a, b));
        }
      }
    }
    return edges;
  }

  /// The first of the largest entries made real and positive.
  private static double[] withoutPhase(double[] unitary, int size) {
    double largest = 0;
    int at = 0;
    for (int i = 0; i < size * size; i++) {
      double length = Math.hypot(unitary[2 * i], unitary[2 * i + 1]);
      if (length > largest + TIE) {
        largest = length;
        at = i;
      }
    }
    double c = unitary[2 * at] / largest;
    double s = -unitary[2 * at + 1] / largest;
    double norm = 1 / Math.hypot(c, s);
    double[] turned = new double[unitary.length];
    for (int i = 0; i < unitary.length; i += 2) {
      turned[i] = norm * (c * unitary[i] - s * unitary[i + 1]);
      turned[i + 1] = norm * (c * unitary[i + 1] + s * unitary[i]);
    }
    return turned;
  }

  /// @param order new qubit -> old qubit
  private static double[] permuted(double[] unitary, int qubits, int[] order) {
    int size = 1 << qubits;
    int[] old = new int[size];
    for (int index = 0; index < size; index++) {
      for (int q = 0; q < qubits; q++) {
        if ((index >> (qubits - 1 - q) & 1) != 0) {
          old[index] |= 1 << (qubits - 1 - order[q]);
        }
      }
    }
    double[] found = new double[unitary.length];
    for (int r = 0; r < size; r++) {
      for (int c = 0; c < size; c++) {
        int from = 2 * (old[r] * size + old[c]);
        found[2 * (r * size + c)] = unitary[from];
        found[2 * (r * size + c) + 1] = unitary[from + 1];
      }
    }
    return found;
  }

  private static long[] entries(double[] unitary, List<Edge> couplings) {
    long[] entries = new long[unitary.length + couplings.size()];
    for (int i = 0; i < unitary.length; i++) {
      entries[couplings.size() + i] = Math.round(unitary[i] / GRID);
    }
    for (int i = 0; i < couplings.size(); i++) {
      entries[i] = 100L * couplings.get(i).a() + couplings.get(i).b();
    }
    return entries;
  }

  private static List<int[]> orders(int k) {
    List<int[]> found = new ArrayList<>();
    permute(new int[k], 0, 0, found);
    return found;
  }

  private static void permute(int[] order, int length, int used, List<int[]> found) {
    if (length == order.length) {
      found.add(order.clone());
      return;
    }
    for (int q = 0; q < order.length; q++) {
      if ((used & 1 << q) == 0) {
        order[length] = q;
        permute(order, length + 1, used | 1 << q, found);
      }
    }
  }
}
