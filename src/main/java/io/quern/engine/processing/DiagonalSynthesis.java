package io.quern.engine.processing;

import io.quern.engine.circuit.Circuit;
import io.quern.engine.circuit.Parameters;
import io.quern.engine.circuit.StandardGate;
import io.quern.engine.linalg.Rotation;
import io.quern.engine.partition.BlockCollector.Merging;
import io.quern.engine.partition.BlockElement;
import io.quern.engine.partition.BlockElement.LocalGate;
import io.quern.engine.partition.GateReader;
import io.quern.engine.pass.Pass;
import io.quern.engine.pass.PassData;
import io.quern.engine.pass.RuntimeHandle;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Carries out a circuit of up to six qubits whose unitary is diagonal, up to one-qubit gates
/// around it, by CX gates and Z rotations of parities: 2^n - 2 CX at most, fewer where parities
/// have no phase. Leaves other circuits alone; BQSKit's WalshDiagonalSynthesisPass.
///
/// Source: J. Welch, D. Greenbaum, S. Mostame, A. Aspuru-Guzik, Efficient quantum circuits for
/// diagonal unitaries without ancillas, 2014, doi 10.1088/1367-2630/16/3/033040.
public record DiagonalSynthesis() implements Pass {
  public static final String NAME = "DiagonalSynthesis";

  /// The widest circuit it makes.
  public static final int MOST_QUBITS = 6;

  /// Sum of squares beside the diagonal, and phases, that count as none.
  private static final double NOTHING = 1e-13;

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public void run(PassData data, RuntimeHandle runtime) {
    WholeCircuit.of(data, NAME, MOST_QUBITS)
        .filter(
            whole ->
                whole.couplings().size() == whole.qubits() * (whole.qubits() - 1) / 2
                    && (1 << whole.qubits()) - 2 < 2 * whole.limit())
        .ifPresent(whole -> replace(whole, data));
  }

  private static void replace(WholeCircuit whole, PassData data) {
    int n = whole.qubits();
    List<Rotation> frame = whole.frame();
    List<Rotation> last = whole.localsAtEnd();
    List<Rotation> back = new ArrayList<>();
    for (int q = 0; q < n; q++) {
      back.add(last.get(q).after(frame.get(q).inverse()));
    }
    // The circuit as it stands, or as a part of another: between its frame the first block on each
    // qubit acts along X.
    List<Rotation> turned = Collections.nCopies(n, Rotation.H);
    if (!replace(whole, frame, back, data)) {
      replace(whole, turned, turned, data);
    }
  }

  /// Goes on with rotations of parities if the unitary between these gates is diagonal.
  private static boolean replace(
      WholeCircuit whole, List<Rotation> before, List<Rotation> after, PassData data) {
    int n = whole.qubits();
    int size = 1 << n;
    double[] unitary = whole.unitary();
    for (int q = 0; q < n; q++) {
      int bit = 1 << (n - 1 - q);
      multiply(unitary, size, bit, after.get(q), true);
      multiply(unitary, size, bit, before.get(q), false);
    }
    double[] angles = angles(unitary, n);
    if (angles == null) {
      return false;
    }
    List<BlockElement> elements = new ArrayList<>();
    for (int q = 0; q < n; q++) {
      elements.add(new LocalGate(q, before.get(q).inverse()));
    }
    elements.addAll(new GateReader(data.gates()).read(network(angles, n), Merging.GAIN).elements());
    for (int q = 0; q < n; q++) {
      elements.add(new LocalGate(q, after.get(q).inverse()));
    }
    whole.replaceIfShorter(elements);
    return true;
  }

  /// Multiplies a one-qubit gate on from the left or from the right.
  private static void multiply(double[] unitary, int size, int bit, Rotation gate, boolean isLeft) {
    double[] g = new double[8];
    gate.matrix(g);
    int along = isLeft ? size : 1;
    int across = isLeft ? 1 : size;
    // From the right the gate's rows and columns change places.
    int upper = isLeft ? 2 : 4;
    int lower = isLeft ? 4 : 2;
    for (int i = 0; i < size; i++) {
      if ((i & bit) != 0) {
        continue;
      }
      for (int k = 0; k < size; k++) {
        int p = 2 * (i * along + k * across);
        int q = 2 * ((i | bit) * along + k * across);
        double ar = unitary[p];
        double ai = unitary[p + 1];
        double br = unitary[q];
        double bi = unitary[q + 1];
        unitary[p] = g[0] * ar - g[1] * ai + g[upper] * br - g[upper + 1] * bi;
        unitary[p + 1] = g[0] * ai + g[1] * ar + g[upper] * bi + g[upper + 1] * br;
        unitary[q] = g[lower] * ar - g[lower + 1] * ai + g[6] * br - g[7] * bi;
        unitary[q + 1] = g[lower] * ai + g[lower + 1] * ar + g[6] * bi + g[7] * br;
      }
    }
  }

  /// For each set of qubits the angle of the Z rotation of its parity; null if the unitary is not
  /// diagonal.
  private static double @Nullable [] angles(double[] unitary, int n) {
    int size = 1 << n;
    double[] angles = new double[size];
    double beside = 0;
    for (int r = 0; r < size; r++) {
      for (int c = 0; c < size; c++) {
        int at = 2 * (r * size + c);
        if (r == c) {
          angles[r] = Math.atan2(unitary[at + 1], unitary[at]);
        } else {
          beside += unitary[at] * unitary[at] + unitary[at + 1] * unitary[at + 1];
        }
      }
    }
    if (beside > NOTHING) {
      return null;
    }
    // Walsh-Hadamard transform: diag(e^(i t_x)) = product over sets S of exp(-i a_S/2 Z_S).
    for (int bit = 1; bit < size; bit <<= 1) {
      for (int x = 0; x < size; x++) {
        if ((x & bit) == 0) {
          double a = angles[x];
          double b = angles[x | bit];
          angles[x] = a + b;
          angles[x | bit] = a - b;
        }
      }
    }
    for (int set = 0; set < size; set++) {
      angles[set] *= -2.0 / size;
    }
    return angles;
  }

  /// On each qubit in turn the parities with those before it, in the order of a Gray code.
  private static Circuit network(double[] angles, int n) {
    Circuit.Builder builder = Circuit.builder(n);
    for (int target = 0; target < n; target++) {
      int held = 0;
      for (int k = 0; k < 1 << target; k++) {
        int wanted = k ^ k >> 1;
        int set = wanted << (n - target) | 1 << (n - 1 - target);
        if (Math.abs(angles[set]) > NOTHING) {
          add(held ^ wanted, target, builder);
          held = wanted;
          builder.gate(StandardGate.RZ, Parameters.of(angles[set]), target);
        }
      }
      add(held, target, builder);
    }
    return builder.build();
  }

  /// Adds qubits to a target's parity.
  ///
  /// @param qubits of those before the target, the first the most significant bit
  private static void add(int qubits, int target, Circuit.Builder builder) {
    for (int q = 0; q < target; q++) {
      if ((qubits >> (target - 1 - q) & 1) != 0) {
        builder.gate(StandardGate.CX, q, target);
      }
    }
  }
}
