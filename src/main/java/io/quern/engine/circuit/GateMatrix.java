package io.quern.engine.circuit;

import java.util.Arrays;

/// How a gate writes its unitary, and the shapes the known gates are made of.
///
/// Matrices are row-major with interleaved re/im; the first qubit is the most significant bit of
/// the index, so a controlled gate has its target's matrix in the lower right corner.
@FunctionalInterface
interface GateMatrix {

  /// @param p the gate's parameters in radians; not modified
  /// @param out all zero; entries that are not zero are written
  void fill(double[] p, double[] out);

  /// A matrix without parameters, from all its entries.
  static GateMatrix constant(double... entries) {
    return (p, out) -> System.arraycopy(entries, 0, out, 0, entries.length);
  }

  /// diag(1, .., 1, re + i·im) on one qubit.
  static GateMatrix phase(double re, double im) {
    return constant(1, 0, 0, 0, 0, 0, re, im);
  }

  /// `target` on the last qubits, applied where the first `controls` qubits are all 1.
  ///
  /// @param targetQubits how many qubits the target acts on
  static GateMatrix controlled(int controls, int targetQubits, GateMatrix target) {
    int targetSize = 1 << targetQubits;
    int size = targetSize << controls;
    return (p, out) -> {
      // The target is written to the beginning of the array, which nothing else uses yet, and its
      // rows are moved: no scratch array.
      target.fill(p, out);
      int corner = size - targetSize;
      for (int row = 0; row < targetSize; row++) {
        System.arraycopy(
            out, 2 * row * targetSize, out, 2 * ((corner + row) * size + corner), 2 * targetSize);
      }
      Arrays.fill(out, 0, 2 * targetSize * targetSize, 0);
      for (int k = 0; k < corner; k++) {
        out[2 * (k * size + k)] = 1;
      }
    };
  }

  /// The identity on `qubits` qubits but for the given entries: row, column, re, im for each.
  static GateMatrix identityExcept(int qubits, double... entries) {
    int size = 1 << qubits;
    return (p, out) -> {
      for (int k = 0; k < size; k++) {
        out[2 * (k * size + k)] = 1;
      }
      for (int e = 0; e < entries.length; e += 4) {
        int row = (int) entries[e];
        Arrays.fill(out, 2 * row * size, 2 * (row + 1) * size, 0);
      }
      for (int e = 0; e < entries.length; e += 4) {
        int at = 2 * (((int) entries[e]) * size + (int) entries[e + 1]);
        out[at] = entries[e + 2];
        out[at + 1] = entries[e + 3];
      }
    };
  }

  /// e^(i·gamma)·U(theta, phi, lambda) with U as in Cross et al., Open Quantum Assembly Language,
  /// arXiv:1707.03429, but with a real first entry:
  ///
  /// ```
  /// |  cos(theta/2)             -e^(i lambda) sin(theta/2)       |
  /// |  e^(i phi) sin(theta/2)    e^(i(phi+lambda)) cos(theta/2)  |
  /// ```
  static void writeU(double theta, double phi, double lambda, double gamma, double[] out) {
    double c = Math.cos(theta / 2);
    double s = Math.sin(theta / 2);
    writePolar(c, gamma, out, 0);
    writePolar(-s, gamma + lambda, out, 2);
    writePolar(s, gamma + phi, out, 4);
    writePolar(c, gamma + phi + lambda, out, 6);
  }

  /// Writes length·e^(i·angle) at an index of the interleaved array.
  static void writePolar(double length, double angle, double[] out, int at) {
    out[at] = length * Math.cos(angle);
    out[at + 1] = length * Math.sin(angle);
  }
}
