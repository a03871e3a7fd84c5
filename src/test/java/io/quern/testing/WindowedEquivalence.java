package io.quern.testing;

import io.quern.engine.circuit.Circuit;
import io.quern.engine.circuit.Operation;
import io.quern.engine.circuit.Operation.Barrier;
import io.quern.engine.circuit.Operation.Conditional;
import io.quern.engine.circuit.Operation.GateOperation;
import io.quern.engine.circuit.Operation.Measurement;
import io.quern.engine.circuit.Operation.Reset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;

/// Compares wide circuits whose qubits interact within small windows only, window by window, with
/// full states and any gates.
///
/// A state of n qubits is kept as a product of states of clusters of qubits. A gate across clusters
/// joins them; a cluster that grows large is taken apart again where it is a product, which is what
/// a router's SWAPs through foreign windows leave. So a routed circuit of a hundred qubits costs no
/// more than its windows, while nothing is assumed of where they lie or how SWAPs were merged with
/// gates. The input is one random state on each window: two operators that differ agree on it with
/// probability zero (Burgholzer, Kueng, Wille, Random stimuli generation for the verification of
/// quantum circuits, ASP-DAC 2021, arXiv 2011.07288).
public final class WindowedEquivalence {
  /// A cluster wider than this is searched for parts that can be split off.
  private static final int COMFORTABLE = 10;

  /// A cluster wider than this is given up.
  private static final int LARGEST = 20;

  private static final double PRODUCT_TOLERANCE = 1e-9;

  /// Some qubits and their common state: a matrix of one column, the first qubit the most
  /// significant bit.
  private static final class Cluster {
    private final int[] qubits;
    private final ComplexMatrix state;

    Cluster(int[] qubits, ComplexMatrix state) {
      this.qubits = qubits;
      this.state = state;
    }

    int position(int qubit) {
      for (int k = 0; k < qubits.length; k++) {
        if (qubits[k] == qubit) {
          return k;
        }
      }
      throw new IllegalArgumentException(qubit + " is not in " + Arrays.toString(qubits));
    }
  }

  private final Cluster[] clusterOf;

  private WindowedEquivalence(int qubits) {
    this.clusterOf = new Cluster[qubits];
  }

  /// The largest distance 1 − |⟨a|b⟩| over the windows, computed as half the squared norm of the
  /// difference.
  public static double distance(
      Circuit expected, Circuit actual, List<Integer> initialMapping, List<Integer> finalMapping) {
    Random random = new Random(20261123);
    WindowedEquivalence logical = new WindowedEquivalence(expected.qubits());
    WindowedEquivalence physical = new WindowedEquivalence(actual.qubits());
    for (int p = 0; p < actual.qubits(); p++) {
      ComplexMatrix zero = new ComplexMatrix(2, 1);
      zero.set(0, 0, 1, 0);
      physical.put(new Cluster(new int[] {p}, zero));
    }
    for (int[] window : windows(expected)) {
      ComplexMatrix state = randomState(1 << window.length, random);
      logical.put(new Cluster(window, state));
      physical.put(new Cluster(renamed(window, initialMapping), state.copy()));
    }
    logical.run(expected);
    physical.run(actual);
    return physical.distanceFrom(logical, finalMapping);
  }

  /// The sets of qubits that gates connect, directly or by way of others.
  public static List<int[]> windows(Circuit circuit) {
    int[] label = new int[circuit.qubits()];
    Arrays.setAll(label, q -> q);
    for (Operation operation : circuit.operations()) {
      if (operation instanceof Barrier) {
        continue;
      }
      int[] qubits = operation.location().toArray();
      for (int q : qubits) {
        int from = label[q];
        int to = label[qubits[0]];
        Arrays.setAll(label, k -> label[k] == from ? to : label[k]);
      }
    }
    TreeMap<Integer, List<Integer>> byLabel = new TreeMap<>();
    for (int q = 0; q < label.length; q++) {
      byLabel.computeIfAbsent(label[q], _ -> new ArrayList<>()).add(q);
    }
    return byLabel.values().stream()
        .map(window -> window.stream().mapToInt(Integer::intValue).toArray())
        .toList();
  }

  private void put(Cluster cluster) {
    for (int q : cluster.qubits) {
      clusterOf[q] = cluster;
    }
  }

  private void run(Circuit circuit) {
    for (Operation operation : circuit.operations()) {
      switch (operation) {
        case GateOperation gate -> apply(gate);
        case Barrier _ -> {}
        case Measurement _, Reset _, Conditional _ ->
            throw new IllegalArgumentException("not unitary: " + operation);
      }
    }
  }

  private void apply(GateOperation operation) {
    int[] location = operation.location().toArray();
    Cluster cluster = clusterOf[location[0]];
    for (int q : location) {
      if (clusterOf[q] != cluster) {
        cluster = join(cluster, clusterOf[q]);
        put(cluster);
      }
    }
    Cluster whole = cluster;
    int[] positions = Arrays.stream(location).map(whole::position).toArray();
    ComplexMatrix gate =
        ReferenceGates.unitary(operation.gate().qasmName(), operation.parameters().toArray());
    whole.state.applyToRows(gate, whole.qubits.length, positions);
    if (whole.qubits.length > COMFORTABLE) {
      split(whole);
    }
  }

  private static Cluster join(Cluster left, Cluster right) {
    int width = left.qubits.length + right.qubits.length;
    if (width > LARGEST) {
      throw new IllegalArgumentException("a cluster of " + width + " qubits is entangled");
    }
    int[] qubits = Arrays.copyOf(left.qubits, width);
    System.arraycopy(right.qubits, 0, qubits, left.qubits.length, right.qubits.length);
    return new Cluster(qubits, left.state.kron(right.state));
  }

  /// Takes a cluster apart into the sets of qubits that are correlated pair by pair, where the
  /// state is a product of these.
  private void split(Cluster cluster) {
    int width = cluster.qubits.length;
    int[] label = new int[width];
    Arrays.setAll(label, k -> k);
    for (int a = 0; a < width; a++) {
      for (int b = a + 1; b < width; b++) {
        if (label[a] != label[b] && areCorrelated(cluster.state, width, a, b)) {
          int from = label[b];
          int to = label[a];
          Arrays.setAll(label, k -> label[k] == from ? to : label[k]);
        }
      }
    }
    Cluster rest = cluster;
    for (int part : Arrays.stream(label).distinct().toArray()) {
      List<Integer> members = new ArrayList<>();
      for (int k = 0; k < width; k++) {
        if (label[k] == part) {
          members.add(cluster.qubits[k]);
        }
      }
      if (members.size() < rest.qubits.length) {
        rest = splitOff(rest, members);
      }
    }
  }

  /// Whether the state of two qubits differs from the product of their states.
  private static boolean areCorrelated(ComplexMatrix state, int width, int a, int b) {
    int bitA = 1 << (width - 1 - a);
    int bitB = 1 << (width - 1 - b);
    int[] offset = {0, bitB, bitA, bitA | bitB};
    ComplexMatrix pair = new ComplexMatrix(4, 4);
    for (int base = 0; base < state.rows(); base++) {
      if ((base & offset[3]) != 0) {
        continue;
      }
      for (int i = 0; i < 4; i++) {
        for (int j = 0; j < 4; j++) {
          double ar = state.re(base | offset[i], 0);
          double ai = state.im(base | offset[i], 0);
          double br = state.re(base | offset[j], 0);
          double bi = state.im(base | offset[j], 0);
          pair.add(i, j, ar * br + ai * bi, ai * br - ar * bi);
        }
      }
    }
    ComplexMatrix first = new ComplexMatrix(2, 2);
    ComplexMatrix second = new ComplexMatrix(2, 2);
    for (int i = 0; i < 2; i++) {
      for (int j = 0; j < 2; j++) {
        for (int k = 0; k < 2; k++) {
          first.add(i, j, pair.re(2 * i + k, 2 * j + k), pair.im(2 * i + k, 2 * j + k));
          second.add(i, j, pair.re(2 * k + i, 2 * k + j), pair.im(2 * k + i, 2 * k + j));
        }
      }
    }
    return pair.maxDifference(first.kron(second)) > PRODUCT_TOLERANCE;
  }

  /// Splits `members` off if the state is a product, and returns what remains.
  private Cluster splitOff(Cluster cluster, List<Integer> members) {
    int[] inside = members.stream().mapToInt(Integer::intValue).toArray();
    int[] outside = Arrays.stream(cluster.qubits).filter(q -> !members.contains(q)).toArray();
    ComplexMatrix matrix = arranged(cluster, inside, outside);
    // In a product every column is a multiple of the inner state; the longest tells it best.
    int longest = 0;
    double longestNorm = 0;
    for (int column = 0; column < matrix.columns(); column++) {
      double norm = 0;
      for (int row = 0; row < matrix.rows(); row++) {
        norm += Math.pow(matrix.re(row, column), 2) + Math.pow(matrix.im(row, column), 2);
      }
      if (norm > longestNorm) {
        longest = column;
        longestNorm = norm;
      }
    }
    ComplexMatrix inner = new ComplexMatrix(matrix.rows(), 1);
    for (int row = 0; row < matrix.rows(); row++) {
      inner.set(
          row,
          0,
          matrix.re(row, longest) / Math.sqrt(longestNorm),
          matrix.im(row, longest) / Math.sqrt(longestNorm));
    }
    ComplexMatrix outer = inner.adjoint().times(matrix);
    if (inner.times(outer).maxDifference(matrix) > PRODUCT_TOLERANCE) {
      return cluster;
    }
    put(new Cluster(inside, inner));
    ComplexMatrix column = new ComplexMatrix(outer.columns(), 1);
    for (int k = 0; k < outer.columns(); k++) {
      column.set(k, 0, outer.re(0, k), outer.im(0, k));
    }
    Cluster rest = new Cluster(outside, column);
    put(rest);
    return rest;
  }

  /// The state as a matrix whose rows are the states of `inside` and columns those of `outside`.
  private static ComplexMatrix arranged(Cluster cluster, int[] inside, int[] outside) {
    int width = cluster.qubits.length;
    ComplexMatrix matrix = new ComplexMatrix(1 << inside.length, 1 << outside.length);
    for (int row = 0; row < cluster.state.rows(); row++) {
      int in = 0;
      for (int q : inside) {
        in = 2 * in + (row >> (width - 1 - cluster.position(q)) & 1);
      }
      int out = 0;
      for (int q : outside) {
        out = 2 * out + (row >> (width - 1 - cluster.position(q)) & 1);
      }
      matrix.set(in, out, cluster.state.re(row, 0), cluster.state.im(row, 0));
    }
    return matrix;
  }

  /// Compares cluster by cluster with the product of the logical clusters that lie in it.
  private double distanceFrom(WindowedEquivalence logical, List<Integer> finalMapping) {
    Cluster[] expectedOf = new Cluster[clusterOf.length];
    for (Cluster cluster : Arrays.stream(logical.clusterOf).distinct().toList()) {
      Cluster moved = new Cluster(renamed(cluster.qubits, finalMapping), cluster.state);
      for (int p : moved.qubits) {
        expectedOf[p] = moved;
      }
    }
    for (int p = 0; p < expectedOf.length; p++) {
      if (expectedOf[p] == null) {
        ComplexMatrix zero = new ComplexMatrix(2, 1);
        zero.set(0, 0, 1, 0);
        expectedOf[p] = new Cluster(new int[] {p}, zero);
      }
    }
    double largest = 0;
    boolean[] done = new boolean[clusterOf.length];
    for (int p = 0; p < clusterOf.length; p++) {
      if (done[p]) {
        continue;
      }
      // Join on both sides until both consist of the same qubits.
      Cluster found = clusterOf[p];
      Cluster expected = expectedOf[p];
      boolean grew = true;
      while (grew) {
        grew = false;
        for (int q : found.qubits) {
          if (!contains(expected, q)) {
            expected = join(expected, expectedOf[q]);
            grew = true;
          }
        }
        for (int q : expected.qubits) {
          if (!contains(found, q)) {
            found = join(found, clusterOf[q]);
            grew = true;
          }
        }
      }
      for (int q : found.qubits) {
        done[q] = true;
      }
      ComplexMatrix same = arranged(found, expected.qubits, new int[0]);
      largest = Math.max(largest, expected.state.distanceSquaredUpToPhase(same) / 2);
    }
    return largest;
  }

  private static boolean contains(Cluster cluster, int qubit) {
    return Arrays.stream(cluster.qubits).anyMatch(q -> q == qubit);
  }

  private static int[] renamed(int[] qubits, List<Integer> mapping) {
    return Arrays.stream(qubits).map(mapping::get).toArray();
  }

  private static ComplexMatrix randomState(int dimension, Random random) {
    ComplexMatrix state = new ComplexMatrix(dimension, 1);
    for (int row = 0; row < dimension; row++) {
      state.set(row, 0, random.nextGaussian(), random.nextGaussian());
    }
    double norm = Math.sqrt(state.normSquared());
    for (int row = 0; row < dimension; row++) {
      state.set(row, 0, state.re(row, 0) / norm, state.im(row, 0) / norm);
    }
    return state;
  }
}
