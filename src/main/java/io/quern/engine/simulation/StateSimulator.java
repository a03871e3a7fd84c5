package io.quern.engine.simulation;

import io.quern.engine.circuit.Circuit;
import io.quern.engine.circuit.Operation;
import io.quern.engine.circuit.Operation.Barrier;
import io.quern.engine.circuit.Operation.Conditional;
import io.quern.engine.circuit.Operation.GateOperation;
import io.quern.engine.circuit.Operation.Measurement;
import io.quern.engine.circuit.Operation.Reset;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/// Runs circuits of gates on state vectors: interleaved re/im, length 2·2^qubits, qubit 0 the most
/// significant bit of the index.
public final class StateSimulator {
  /// What an array can hold; memory is 16 bytes times 2^qubits.
  public static final int MAX_QUBITS = 29;

  private StateSimulator() {}

  /// |0..0>
  public static double[] zero(int qubits) {
    double[] state = new double[length(qubits)];
    state[0] = 1;
    return state;
  }

  /// A state drawn uniformly from the unit sphere (Haar measure), the same for the same seed.
  public static double[] random(int qubits, long seed) {
    RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
    double[] state = new double[length(qubits)];
    double norm = 0;
    for (int k = 0; k < state.length; k++) {
      state[k] = random.nextGaussian();
      norm += state[k] * state[k];
    }
    double scale = 1 / Math.sqrt(norm);
    for (int k = 0; k < state.length; k++) {
      state[k] *= scale;
    }
    return state;
  }

  /// Applies a circuit of gates and barriers.
  ///
  /// @param state modified
  /// @throws IllegalArgumentException if the circuit measures, resets or has conditions
  public static void run(Circuit circuit, double[] state) {
    if (state.length != length(circuit.qubits())) {
      throw new IllegalArgumentException(
          "a state of " + state.length + " numbers for " + circuit.qubits() + " qubits");
    }
    run(circuit, state, circuit.qubits(), () -> {});
  }

  /// @param stateQubits at least the circuit's; the circuit acts on the first of them
  /// @param checkpoint asked before each operation; may throw
  static void run(Circuit circuit, double[] state, int stateQubits, Runnable checkpoint) {
    GateKernel kernel = new GateKernel();
    for (Operation operation : circuit.operations()) {
      checkpoint.run();
      switch (operation) {
        case GateOperation gate -> kernel.apply(gate, state, stateQubits);
        case Barrier _ -> {}
        case Measurement _, Reset _, Conditional _ ->
            throw new IllegalArgumentException(operation + " has no unitary");
      }
    }
  }

  static int length(int qubits) {
    if (qubits < 1 || qubits > MAX_QUBITS) {
      throw new IllegalArgumentException(
          "a state of 1 to " + MAX_QUBITS + " qubits fits an array, found " + qubits);
    }
    return 2 << qubits;
  }
}
