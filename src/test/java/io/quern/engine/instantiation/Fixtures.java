package io.quern.engine.instantiation;

import io.quern.engine.linalg.Rotation;
import io.quern.engine.machine.CouplingGraph;
import io.quern.engine.machine.CouplingGraph.Edge;
import io.quern.testing.ComplexMatrix;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/// Templates and targets for tests.
final class Fixtures {
  private Fixtures() {}

  /// Random pairs of neighbours on a ring.
  static Template template(int qubits, int size, SplittableRandom random) {
    List<Edge> edges = CouplingGraph.ring(qubits).edges();
    List<Edge> pairs = new ArrayList<>();
    for (int k = 0; k < size; k++) {
      pairs.add(edges.get(random.nextInt(edges.size())));
    }
    return Template.of(qubits, pairs);
  }

  static double[] gates(Template template, SplittableRandom random) {
    double[] gates = new double[4 * template.freeGates()];
    RandomGates.fill(gates, 0, template.freeGates(), random);
    return gates;
  }

  static Instantiation instantiation(Template template, double[] gates) {
    List<Rotation> rotations = new ArrayList<>();
    for (int g = 0; g < 4 * template.freeGates(); g += 4) {
      rotations.add(new Rotation(gates[g], gates[g + 1], gates[g + 2], gates[g + 3]));
    }
    return new Instantiation(template, rotations, 0);
  }

  /// One product of whole matrices for each gate, with the phases of the quaternions.
  static double[] unitary(Template template, double[] gates) {
    int n = template.qubits();
    int d = 1 << n;
    ComplexMatrix product = ComplexMatrix.identity(d);
    for (int gate = 0; gate < template.freeGates(); gate++) {
      if (gate >= n && (gate - n) % 2 == 0) {
        product = cz(template, (gate - n) / 2).times(product);
      }
      product = local(n, template.qubitOf(gate), gates, 4 * gate).times(product);
    }
    double[] unitary = new double[2 * d * d];
    for (int r = 0; r < d; r++) {
      for (int c = 0; c < d; c++) {
        unitary[2 * (r * d + c)] = product.re(r, c);
        unitary[2 * (r * d + c) + 1] = product.im(r, c);
      }
    }
    return unitary;
  }

  private static ComplexMatrix cz(Template template, int k) {
    int n = template.qubits();
    int d = 1 << n;
    int both = 1 << (n - 1 - template.first(k)) | 1 << (n - 1 - template.second(k));
    double[] entries = new double[2 * d * d];
    for (int r = 0; r < d; r++) {
      entries[2 * (r * d + r)] = (r & both) == both ? -1 : 1;
    }
    return ComplexMatrix.ofInterleaved(d, entries);
  }

  private static ComplexMatrix local(int n, int qubit, double[] gates, int g) {
    int d = 1 << n;
    int bit = 1 << (n - 1 - qubit);
    double w = gates[g];
    double x = gates[g + 1];
    double y = gates[g + 2];
    double z = gates[g + 3];
    double[] entries = new double[2 * d * d];
    for (int r = 0; r < d; r++) {
      int same = 2 * (r * d + r);
      int other = 2 * (r * d + (r ^ bit));
      boolean isOne = (r & bit) != 0;
      entries[same] = w;
      entries[same + 1] = isOne ? z : -z;
      entries[other] = isOne ? y : -y;
      entries[other + 1] = -x;
    }
    return ComplexMatrix.ofInterleaved(d, entries);
  }

  /// D1 by its definition.
  static double distance(double[] a, double[] b) {
    double re = 0;
    double im = 0;
    for (int k = 0; k < a.length; k += 2) {
      re += a[k] * b[k] + a[k + 1] * b[k + 1];
      im += a[k] * b[k + 1] - a[k + 1] * b[k];
    }
    return 1 - Math.hypot(re, im) / Math.sqrt(a.length / 2.0);
  }
}
