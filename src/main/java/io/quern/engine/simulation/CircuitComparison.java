package io.quern.engine.simulation;

import io.quern.engine.circuit.Circuit;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;

/// How far a circuit on physical qubits is from the circuit on logical qubits it should carry out.
///
/// The logical qubits start in any state at the places of the initial mapping and are looked for at
/// those of the final mapping; all other physical qubits start in |0> and must end there. The
/// distance is D1 = 1 - |Tr(U^dagger V)|/d, computed as min over phi of ||U - e^(i
/// phi)·V||_F²/(2d).
///
/// A comparison asks the `checkpoint` it is given before each operation; it may throw to end the
/// comparison.
public final class CircuitComparison {
  /// The largest state made by putting states side by side: 1 MiB, to stay in cache.
  private static final int SIDE_BY_SIDE_QUBITS = 16;

  private final MappedCircuits circuits;

  /// @param input a circuit on n logical qubits
  /// @param output a circuit on physical qubits with the same classical registers
  /// @param initialMapping logical qubit -> physical qubit at the start
  /// @param finalMapping logical qubit -> physical qubit at the end
  public CircuitComparison(
      Circuit input, Circuit output, List<Integer> initialMapping, List<Integer> finalMapping) {
    this.circuits = MappedCircuits.of(input, output, initialMapping, finalMapping);
  }

  /// Qubits of the larger of the two simulations: time and memory grow with 2 to this.
  public int width() {
    return circuits.output().qubits();
  }

  /// D1 of the unitaries, over every basis state of the logical qubits.
  public double ofUnitaries(Runnable checkpoint) {
    int n = circuits.input().qubits();
    int[] initial = circuits.indices(circuits.initialPlaces());
    int[] last = circuits.indices(circuits.finalPlaces());
    // Basis states run side by side, as if further qubits told which: each gate is set up once for
    // all of them.
    int columnBits = Math.clamp(SIDE_BY_SIDE_QUBITS - width(), 0, n);
    int columns = 1 << columnBits;
    double[] expected = new double[StateSimulator.length(n + columnBits)];
    double[] found = new double[StateSimulator.length(width() + columnBits)];
    PhaseFit fit = new PhaseFit();
    for (int first = 0; first < initial.length; first += columns) {
      Arrays.fill(expected, 0);
      Arrays.fill(found, 0);
      for (int c = 0; c < columns; c++) {
        expected[2 * ((first + c) * columns + c)] = 1;
        found[2 * (initial[first + c] * columns + c)] = 1;
      }
      StateSimulator.run(circuits.input(), expected, n + columnBits, checkpoint);
      StateSimulator.run(circuits.output(), found, width() + columnBits, checkpoint);
      fit.add(expected, found, last, columnBits);
    }
    return fit.minimum() / 2 / initial.length;
  }

  /// The largest D1 of the states that random states become: 1 - |<a|b>| for each.
  public double ofRandomStates(int count, long seed, Runnable checkpoint) {
    int[] initial = circuits.indices(circuits.initialPlaces());
    int[] last = circuits.indices(circuits.finalPlaces());
    double largest = 0;
    for (int s = 0; s < count; s++) {
      double[] expected = StateSimulator.random(circuits.input().qubits(), seed + s);
      double[] found = scatter(expected, initial, width());
      StateSimulator.run(circuits.input(), expected, circuits.input().qubits(), checkpoint);
      StateSimulator.run(circuits.output(), found, width(), checkpoint);
      PhaseFit fit = new PhaseFit();
      fit.add(expected, found, last);
      largest = Math.max(largest, fit.minimum() / 2);
    }
    return largest;
  }

  /// The largest D1 of what random states become if every outcome of measurements and resets is
  /// followed: the sum over outcome strings of half the squared distance of the unnormalised
  /// states.
  ///
  /// @param maxAmplitudes how many complex numbers all branches of a circuit may have together
  /// @param maxWork how many of them may be touched for one state and circuit, over all operations
  /// @return empty if that is not enough
  public OptionalDouble ofBranches(
      int count, long seed, int maxAmplitudes, long maxWork, Runnable checkpoint) {
    int[] initial = circuits.indices(circuits.initialPlaces());
    int[] last = circuits.indices(circuits.finalPlaces());
    double largest = 0;
    for (int s = 0; s < count; s++) {
      double[] state = StateSimulator.random(circuits.input().qubits(), seed + s);
      double[] placed = scatter(state, initial, width());
      BranchSimulator expected =
          new BranchSimulator(circuits.input(), maxAmplitudes, maxWork, checkpoint);
      BranchSimulator found =
          new BranchSimulator(circuits.output(), maxAmplitudes, maxWork, checkpoint);
      if (!expected.run(state) || !found.run(placed)) {
        return OptionalDouble.empty();
      }
      largest = Math.max(largest, expected.distance(found, last));
    }
    return OptionalDouble.of(largest);
  }

  private static double[] scatter(double[] state, int[] indices, int qubits) {
    double[] placed = new double[StateSimulator.length(qubits)];
    for (int k = 0; k < indices.length; k++) {
      placed[2 * indices[k]] = state[2 * k];
      placed[2 * indices[k] + 1] = state[2 * k + 1];
    }
    return placed;
  }
}
