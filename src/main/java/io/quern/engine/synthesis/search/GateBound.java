package io.quern.engine.synthesis.search;

import io.quern.engine.instantiation.Template;
import io.quern.engine.machine.CouplingGraph.Edge;
import java.util.Arrays;
import java.util.List;

/// A lower bound on the CX gates of a unitary, and on what a template lacks. Immutable.
///
/// Each qubit needs a number of gates that touch it ([SchmidtBound]); a gate touches two qubits
/// that are coupled. So no gate counts for two qubits of a set without couplings, such as the ends
/// of a line.
public final class GateBound {
  /// Says nothing about circuits on no qubits.
  public static final GateBound NONE = new GateBound(new int[0], new int[0]);

  private final int[] touching;

  /// Sets of qubits without couplings inside, as bits.
  private final int[] independent;

  private GateBound(int[] touching, int[] independent) {
    this.touching = touching;
    this.independent = independent;
  }

  /// @param unitary row-major, interleaved re/im, first qubit most significant; not modified
  /// @param couplings pairs that may have gates
  /// @param threshold distance (D1) from the unitary that a circuit may have
  public static GateBound of(double[] unitary, int qubits, List<Edge> couplings, double threshold) {
    int[] sets = new int[1 << qubits];
    int count = 0;
    for (int set = 1; set < 1 << qubits; set++) {
      boolean isCoupled = false;
      for (Edge edge : couplings) {
        isCoupled |= (set >> edge.a() & set >> edge.b() & 1) != 0;
      }
      if (!isCoupled) {
        sets[count++] = set;
      }
    }
    return new GateBound(
        SchmidtBound.touching(unitary, qubits, threshold), Arrays.copyOf(sets, count));
  }

  /// Gates at least.
  public int gates() {
    return gates(touching);
  }

  /// Gates that must at least be added to a template before it can fit.
  public int lacking(Template template) {
    int[] left = touching.clone();
    for (int k = 0; k < template.size(); k++) {
      left[template.first(k)]--;
      left[template.second(k)]--;
    }
    return gates(left);
  }

  private int gates(int[] left) {
    int sum = 0;
    for (int least : left) {
      sum += Math.max(0, least);
    }
    int gates = (sum + 1) / 2;
    for (int set : independent) {
      int inSet = 0;
      for (int qubit = 0; qubit < left.length; qubit++) {
        inSet += (set >> qubit & 1) * Math.max(0, left[qubit]);
      }
      gates = Math.max(gates, inSet);
    }
    return gates;
  }
}
