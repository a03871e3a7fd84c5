package io.quern.engine.instantiation;

import io.quern.engine.machine.CouplingGraph.Edge;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// A circuit of free one-qubit gates around fixed two-qubit gates: one free gate on each qubit,
/// then on each pair in turn a CZ followed by a free gate on both of its qubits. Immutable.
///
/// CZ stands for every gate that is equal to it up to one-qubit gates (CX, CY, ECR, RZZ(pi/2), ..):
/// the free gates take up the difference. Free gates are numbered in circuit order: gate q on qubit
/// q, then `qubits + 2 k` and `qubits + 2 k + 1` on the smaller and larger qubit of pair k.
public final class Template {
  /// Columns and tables grow with 4^qubits.
  public static final int MAX_QUBITS = 6;

  private final int qubits;
  private final int[] pairs;

  private Template(int qubits, int[] pairs) {
    if (qubits < 1 || qubits > MAX_QUBITS) {
      throw new IllegalArgumentException(
          "a template has 1 to " + MAX_QUBITS + " qubits, found " + qubits);
    }
    for (int k = 0; k < pairs.length; k += 2) {
      if (pairs[k] < 0 || pairs[k] >= pairs[k + 1] || pairs[k + 1] >= qubits) {
        throw new IllegalArgumentException(
            "no pair of " + qubits + " qubits: " + pairs[k] + "-" + pairs[k + 1]);
      }
    }
    this.qubits = qubits;
    this.pairs = pairs;
  }

  /// @param pairs in circuit order; the order within a pair does not matter
  public static Template of(int qubits, List<Edge> pairs) {
    int[] flat = new int[2 * pairs.size()];
    for (int k = 0; k < pairs.size(); k++) {
      Edge pair = pairs.get(k);
      flat[2 * k] = Math.min(pair.a(), pair.b());
      flat[2 * k + 1] = Math.max(pair.a(), pair.b());
    }
    return new Template(qubits, flat);
  }

  /// The template with one more two-qubit gate at its end.
  public Template append(int a, int b) {
    int[] longer = Arrays.copyOf(pairs, pairs.length + 2);
    longer[pairs.length] = Math.min(a, b);
    longer[pairs.length + 1] = Math.max(a, b);
    return new Template(qubits, longer);
  }

  /// The template without its two-qubit gate number k.
  public Template without(int k) {
    int[] shorter = new int[pairs.length - 2];
    System.arraycopy(pairs, 0, shorter, 0, 2 * k);
    System.arraycopy(pairs, 2 * k + 2, shorter, 2 * k, shorter.length - 2 * k);
    return new Template(qubits, shorter);
  }

  public int qubits() {
    return qubits;
  }

  /// How many two-qubit gates it has.
  public int size() {
    return pairs.length / 2;
  }

  /// The smaller qubit of pair k.
  public int first(int k) {
    return pairs[2 * k];
  }

  /// The larger qubit of pair k.
  public int second(int k) {
    return pairs[2 * k + 1];
  }

  /// How many free gates it has.
  public int freeGates() {
    return qubits + pairs.length;
  }

  /// The qubit of a free gate.
  public int qubitOf(int freeGate) {
    return freeGate < qubits ? freeGate : pairs[freeGate - qubits];
  }

  /// The pairs in circuit order.
  public List<Edge> pairs() {
    List<Edge> edges = new ArrayList<>(size());
    for (int k = 0; k < size(); k++) {
      edges.add(new Edge(first(k), second(k)));
    }
    return List.copyOf(edges);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Template that
        && qubits == that.qubits
        && Arrays.equals(pairs, that.pairs);
  }

  @Override
  public int hashCode() {
    return 31 * qubits + Arrays.hashCode(pairs);
  }

  @Override
  public String toString() {
    return qubits + " qubits, pairs " + pairs();
  }
}
