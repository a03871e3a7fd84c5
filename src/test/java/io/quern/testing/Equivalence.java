package io.quern.testing;

import io.quern.engine.circuit.Circuit;
import java.util.List;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeSet;
import java.util.stream.IntStream;

/// How far a circuit on physical qubits is from the circuit on logical qubits it should carry out.
///
/// Equal means: whatever state the logical qubits are in at the start (placed by the initial
/// mapping, every other physical qubit |0>), each outcome string leaves the same unnormalised state
/// on them, up to a global phase, found by the final mapping, with every other physical qubit back
/// in |0>.
public final class Equivalence {
  /// Up to this width a unitary is compared as a whole, above on [#RANDOM_STATES] random states.
  private static final int WHOLE_UNITARY_QUBITS = 8;

  /// As [#WHOLE_UNITARY_QUBITS] for circuits that branch.
  private static final int WHOLE_BRANCHING_QUBITS = 4;

  private static final int RANDOM_STATES = 3;

  private Equivalence() {}

  /// The distance of two circuits on the same qubits.
  public static double distance(Circuit expected, Circuit actual) {
    List<Integer> identity = IntStream.range(0, expected.qubits()).boxed().toList();
    return distance(expected, actual, identity, identity);
  }

  /// D1 = 1 − |Tr(U†V)|/d, computed as min over φ of ‖U − e^(iφ)V‖²/(2d); for circuits with
  /// measurements the sum over the outcome strings of the same figure for their unnormalised
  /// states.
  ///
  /// @param initialMapping logical -> physical qubit at the start
  /// @param finalMapping logical -> physical qubit at the end
  public static double distance(
      Circuit expected, Circuit actual, List<Integer> initialMapping, List<Integer> finalMapping) {
    if (!expected.classicalRegisters().equals(actual.classicalRegisters())) {
      throw new AssertionError(
          "classical registers differ: expected %s, found %s"
              .formatted(expected.classicalRegisters(), actual.classicalRegisters()));
    }
    int n = expected.qubits();
    int m = actual.qubits();
    boolean unitary =
        ReferenceSimulator.isUnitary(expected) && ReferenceSimulator.isUnitary(actual);
    int whole = unitary ? WHOLE_UNITARY_QUBITS : WHOLE_BRANCHING_QUBITS;
    ComplexMatrix input =
        n <= whole ? ComplexMatrix.identity(1 << n) : randomStates(1 << n, RANDOM_STATES);
    SortedMap<String, List<ComplexMatrix>> expectedStates = ReferenceSimulator.run(expected, input);
    SortedMap<String, List<ComplexMatrix>> actualStates =
        ReferenceSimulator.run(actual, place(input, n, m, initialMapping));
    double sum = 0;
    TreeSet<String> outcomes = new TreeSet<>(expectedStates.keySet());
    outcomes.addAll(actualStates.keySet());
    for (String outcome : outcomes) {
      double leaked = 0;
      List<ComplexMatrix> found =
          actualStates.getOrDefault(outcome, List.of()).stream()
              .map(state -> extract(state, n, m, finalMapping))
              .toList();
      for (ComplexMatrix state : actualStates.getOrDefault(outcome, List.of())) {
        leaked += leakage(state, m, finalMapping);
      }
      sum += distance(expectedStates.getOrDefault(outcome, List.of()), found) + leaked / 2;
    }
    return sum / input.columns();
  }

  /// Half the squared distance of two unnormalised states, or what corresponds to it for mixtures.
  private static double distance(List<ComplexMatrix> expected, List<ComplexMatrix> actual) {
    if (expected.size() == 1 && actual.size() == 1) {
      return expected.getFirst().distanceSquaredUpToPhase(actual.getFirst()) / 2;
    }
    double weight = Math.max(weight(expected), weight(actual));
    if (weight < 1e-14) {
      return weight;
    }
    // ‖ρ − σ‖² = Tr ρ² + Tr σ² − 2 Tr ρσ; for pure states of weight p it is 4p times the figure
    // above, to first order.
    double squared =
        overlap(expected, expected) + overlap(actual, actual) - 2 * overlap(expected, actual);
    return Math.max(0, squared) / (4 * weight);
  }

  private static double weight(List<ComplexMatrix> states) {
    return states.stream().mapToDouble(ComplexMatrix::normSquared).sum();
  }

  private static double overlap(List<ComplexMatrix> left, List<ComplexMatrix> right) {
    double sum = 0;
    for (ComplexMatrix a : left) {
      for (ComplexMatrix b : right) {
        sum += a.overlapSquared(b);
      }
    }
    return sum;
  }

  /// Random states as columns, each of norm 1; always the same ones.
  private static ComplexMatrix randomStates(int dimension, int count) {
    Random random = new Random(20261123);
    ComplexMatrix states = new ComplexMatrix(dimension, count);
    for (int column = 0; column < count; column++) {
      double norm = 0;
      double[] values = new double[2 * dimension];
      for (int i = 0; i < values.length; i++) {
        values[i] = random.nextGaussian();
        norm += values[i] * values[i];
      }
      for (int row = 0; row < dimension; row++) {
        states.set(
            row, column, values[2 * row] / Math.sqrt(norm), values[2 * row + 1] / Math.sqrt(norm));
      }
    }
    return states;
  }

  /// The row of the physical state in which the logical qubits read `row` and all others 0.
  private static int physicalRow(int row, int n, int m, List<Integer> mapping) {
    int physical = 0;
    for (int i = 0; i < n; i++) {
      if ((row >> (n - 1 - i) & 1) == 1) {
        physical |= 1 << (m - 1 - mapping.get(i));
      }
    }
    return physical;
  }

  private static ComplexMatrix place(ComplexMatrix logical, int n, int m, List<Integer> mapping) {
    ComplexMatrix physical = new ComplexMatrix(1 << m, logical.columns());
    for (int row = 0; row < logical.rows(); row++) {
      int target = physicalRow(row, n, m, mapping);
      for (int column = 0; column < logical.columns(); column++) {
        physical.set(target, column, logical.re(row, column), logical.im(row, column));
      }
    }
    return physical;
  }

  private static ComplexMatrix extract(
      ComplexMatrix physical, int n, int m, List<Integer> mapping) {
    ComplexMatrix logical = new ComplexMatrix(1 << n, physical.columns());
    for (int row = 0; row < logical.rows(); row++) {
      int source = physicalRow(row, n, m, mapping);
      for (int column = 0; column < physical.columns(); column++) {
        logical.set(row, column, physical.re(source, column), physical.im(source, column));
      }
    }
    return logical;
  }

  /// The weight of what has a physical qubit without a logical one in |1>.
  private static double leakage(ComplexMatrix physical, int m, List<Integer> mapping) {
    int idle = (1 << m) - 1;
    for (int qubit : mapping) {
      idle &= ~(1 << (m - 1 - qubit));
    }
    double sum = 0;
    for (int row = 0; row < physical.rows(); row++) {
      if ((row & idle) != 0) {
        for (int column = 0; column < physical.columns(); column++) {
          double re = physical.re(row, column);
          double im = physical.im(row, column);
          sum += re * re + im * im;
        }
      }
    }
    return sum;
  }
}
