package io.quern.engine.simulation;

import io.quern.engine.circuit.Circuit;
import io.quern.engine.circuit.ClassicalRegister;
import io.quern.engine.circuit.Operation;
import io.quern.engine.circuit.Operation.Barrier;
import io.quern.engine.circuit.Operation.Conditional;
import io.quern.engine.circuit.Operation.GateOperation;
import io.quern.engine.circuit.Operation.Measurement;
import io.quern.engine.circuit.Operation.Reset;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/// Runs a circuit with measurements, resets and conditions along every outcome, with states that
/// are not normalised: the squared norm of a branch is its probability.
///
/// Measurements of one classical bit happen in the same order in every circuit that means the same,
/// measurements of different bits need not: an outcome string is therefore kept by bit.
final class BranchSimulator {
  /// Branches less likely than this are dropped; far below what a distance can resolve.
  private static final double NEGLIGIBLE = 1e-30;

  private final Circuit circuit;
  private final int maxAmplitudes;
  private final long maxWork;
  private final Runnable checkpoint;
  private final int[] firstBits;
  private final GateKernel kernel = new GateKernel();
  private List<Branch> branches = List.of();

  /// @param maxAmplitudes complex numbers of all branches together
  /// @param maxWork complex numbers of all branches, summed over the operations
  BranchSimulator(Circuit circuit, int maxAmplitudes, long maxWork, Runnable checkpoint) {
    this.circuit = circuit;
    this.maxAmplitudes = maxAmplitudes;
    this.maxWork = maxWork;
    this.checkpoint = checkpoint;
    this.firstBits = new int[circuit.classicalRegisters().size() + 1];
    for (int r = 0; r + 1 < firstBits.length; r++) {
      firstBits[r + 1] = firstBits[r] + circuit.classicalRegisters().get(r).size();
    }
  }

  /// @param state modified
  /// @return whether all branches had room, and the work was not too much
  boolean run(double[] state) {
    long work = 0;
    branches = new ArrayList<>();
    branches.add(new Branch(state, BigInteger.ZERO, new TreeMap<>()));
    for (Operation operation : circuit.operations()) {
      checkpoint.run();
      List<Branch> next = new ArrayList<>(branches.size());
      for (Branch branch : branches) {
        step(operation, branch, next);
      }
      branches = next;
      long amplitudes = (long) branches.size() * (state.length / 2);
      work += amplitudes;
      if (amplitudes > maxAmplitudes || work > maxWork) {
        return false;
      }
    }
    return true;
  }

  private void step(Operation operation, Branch branch, List<Branch> next) {
    switch (operation) {
      case GateOperation gate -> {
        kernel.apply(gate, branch.state, circuit.qubits());
        next.add(branch);
      }
      case Barrier _ -> next.add(branch);
      case Measurement(int qubit, int register, int bit) -> {
        int at = firstBits[register] + bit;
        for (int outcome = 0; outcome < 2; outcome++) {
          add(branch.measured(project(branch.state, qubit, outcome), at, outcome), next);
        }
      }
      case Reset(int qubit) -> {
        for (int outcome = 0; outcome < 2; outcome++) {
          double[] state = project(branch.state, qubit, outcome);
          if (outcome == 1) {
            lower(state, qubit);
          }
          add(new Branch(state, branch.bits, branch.outcomes), next);
        }
      }
      case Conditional(int register, BigInteger value, Operation body) -> {
        ClassicalRegister classical = circuit.classicalRegisters().get(register);
        BigInteger mask = BigInteger.ONE.shiftLeft(classical.size()).subtract(BigInteger.ONE);
        if (branch.bits.shiftRight(firstBits[register]).and(mask).equals(value)) {
          step(body, branch, next);
        } else {
          next.add(branch);
        }
      }
    }
  }

  private static void add(Branch branch, List<Branch> next) {
    if (norm(branch.state) > NEGLIGIBLE) {
      next.add(branch);
    }
  }

  /// A copy of a state with a qubit's other value taken out.
  private double[] project(double[] state, int qubit, int outcome) {
    double[] projected = state.clone();
    int position = circuit.qubits() - 1 - qubit;
    for (int k = 0; k < projected.length / 2; k++) {
      if ((k >> position & 1) != outcome) {
        projected[2 * k] = 0;
        projected[2 * k + 1] = 0;
      }
    }
    return projected;
  }

  /// Moves a qubit from |1> to |0>.
  private void lower(double[] state, int qubit) {
    int bit = 1 << (circuit.qubits() - 1 - qubit);
    for (int k = 0; k < state.length / 2; k++) {
      if ((k & bit) != 0) {
        state[2 * (k ^ bit)] = state[2 * k];
        state[2 * (k ^ bit) + 1] = state[2 * k + 1];
        state[2 * k] = 0;
        state[2 * k + 1] = 0;
      }
    }
  }

  /// The sum over outcome strings of half the squared distance, up to a phase for each string.
  ///
  /// @param found what a circuit on more qubits came to
  /// @param indices where this circuit's basis states lie among those of the other
  double distance(BranchSimulator found, int[] indices) {
    Map<String, List<double[]>> mine = byOutcome();
    Map<String, List<double[]>> theirs = found.byOutcome();
    Set<String> outcomes = new TreeSet<>(mine.keySet());
    outcomes.addAll(theirs.keySet());
    double sum = 0;
    for (String outcome : outcomes) {
      List<double[]> expected = mine.getOrDefault(outcome, List.of());
      List<double[]> actual = theirs.getOrDefault(outcome, List.of());
      if (expected.size() == 1 && actual.size() == 1) {
        PhaseFit fit = new PhaseFit();
        fit.add(expected.getFirst(), actual.getFirst(), indices);
        sum += fit.minimum() / 2;
      } else {
        sum += mixtureDistance(expected, actual, indices);
      }
    }
    return sum;
  }

  /// What corresponds to half the squared distance for mixtures: ||rho - sigma||_F² over four times
  /// the weight, which for one state on each side is the same to first order.
  private static double mixtureDistance(
      List<double[]> expected, List<double[]> actual, int[] indices) {
    List<double[]> inside = new ArrayList<>();
    double weight = 0;
    double outside = 0;
    for (double[] state : actual) {
      double[] part = new double[2 * indices.length];
      for (int k = 0; k < indices.length; k++) {
        part[2 * k] = state[2 * indices[k]];
        part[2 * k + 1] = state[2 * indices[k] + 1];
      }
      outside += norm(state) - norm(part);
      weight += norm(state);
      inside.add(part);
    }
    double expectedWeight = expected.stream().mapToDouble(BranchSimulator::norm).sum();
    weight = Math.max(weight, expectedWeight);
    double frobenius =
        purity(expected, expected) + purity(inside, inside) - 2 * purity(expected, inside);
    return Math.max(0, frobenius) / (4 * weight) + Math.max(0, outside) / 2;
  }

  /// Tr(rho·sigma) of mixtures of unnormalised states.
  private static double purity(List<double[]> rho, List<double[]> sigma) {
    double sum = 0;
    for (double[] a : rho) {
      for (double[] b : sigma) {
        double re = 0;
        double im = 0;
        for (int k = 0; k < a.length; k += 2) {
          re += a[k] * b[k] + a[k + 1] * b[k + 1];
          im += a[k] * b[k + 1] - a[k + 1] * b[k];
        }
        sum += re * re + im * im;
      }
    }
    return sum;
  }

  private Map<String, List<double[]>> byOutcome() {
    Map<String, List<double[]>> states = new TreeMap<>();
    for (Branch branch : branches) {
      String key = branch.outcomes.toString();
      states.computeIfAbsent(key, _ -> new ArrayList<>()).add(branch.state);
    }
    return states;
  }

  private static double norm(double[] state) {
    return Arrays.stream(state).map(x -> x * x).sum();
  }

  /// One line of outcomes; owns its state, which changes in place.
  private static final class Branch {
    private final double[] state;

    /// What the classical bits hold, numbered over all registers.
    private final BigInteger bits;

    /// Of each measured bit its outcomes, in order.
    private final Map<Integer, String> outcomes;

    private Branch(double[] state, BigInteger bits, Map<Integer, String> outcomes) {
      this.state = state;
      this.bits = bits;
      this.outcomes = outcomes;
    }

    private Branch measured(double[] projected, int bit, int outcome) {
      Map<Integer, String> more = new TreeMap<>(outcomes);
      more.merge(bit, String.valueOf(outcome), String::concat);
      return new Branch(projected, outcome == 1 ? bits.setBit(bit) : bits.clearBit(bit), more);
    }
  }
}
