package io.quern.engine.processing;

import io.quern.engine.linalg.Rotation;
import io.quern.engine.machine.CouplingGraph.Edge;
import io.quern.engine.partition.Block;
import io.quern.engine.partition.BlockCircuit;
import io.quern.engine.partition.BlockElement;
import io.quern.engine.partition.BlockElement.LocalGate;
import io.quern.engine.partition.BlockWriter;
import io.quern.engine.pass.Pass;
import io.quern.engine.pass.PassData;
import io.quern.engine.pass.RuntimeHandle;
import io.quern.engine.simulation.UnitarySimulator;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// Carries out a Clifford circuit of up to three qubits with the fewest two-qubit gates there are,
/// from a table; the result is Clifford gate by gate. Leaves other circuits alone.
public record CliffordSynthesis() implements Pass {
  public static final String NAME = "CliffordSynthesis";

  /// The widest circuit it makes.
  public static final int MOST_QUBITS = CliffordTable.MOST_QUBITS;

  /// How far from 0 or 1 the size of an entry of a Pauli may be.
  private static final double TOLERANCE = 1e-9;

  private record Key(int qubits, List<Edge> couplings) {}

  /// What was computed once; the same whoever computes it.
  private static final Map<Key, CliffordTable> TABLES = new ConcurrentHashMap<>();

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public void run(PassData data, RuntimeHandle runtime) {
    WholeCircuit.of(data, NAME, MOST_QUBITS).ifPresent(CliffordSynthesis::replace);
  }

  private static void replace(WholeCircuit whole) {
    List<BlockElement> elements =
        shorter(whole.unitary(), whole.qubits(), whole.couplings(), whole.limit());
    if (elements != null) {
      whole.replaceIfShorter(elements);
    }
  }

  /// Blocks worth one CX each, and Clifford one-qubit gates behind them, for a unitary.
  ///
  /// @param unitary on up to [#MOST_QUBITS] qubits, row-major, interleaved re/im; not modified
  /// @param couplings pairs that may have blocks
  /// @param limit fewer blocks than that are wanted
  /// @return the fewest there are; null if those are too many, or the unitary is no Clifford gate
  public static @Nullable List<BlockElement> shorter(
      double[] unitary, int qubits, List<Edge> couplings, int limit) {
    int[] planes = planes(unitary, qubits);
    if (planes == null) {
      return null;
    }
    List<Integer> paulis =
        TABLES
            .computeIfAbsent(
                new Key(qubits, List.copyOf(couplings)),
                key -> new CliffordTable(key.qubits(), key.couplings()))
            .shortest(planes);
    return paulis == null || paulis.size() >= limit ? null : elements(paulis, unitary, qubits);
  }

  /// Null if what is left is no product of Clifford one-qubit gates.
  ///
  /// @param paulis of `exp(i pi/4 P)` in circuit order
  static @Nullable List<BlockElement> elements(List<Integer> paulis, double[] unitary, int n) {
    List<BlockElement> elements = new ArrayList<>();
    for (int pauli : paulis) {
      elements.add(block(pauli, n));
    }
    double[] done =
        UnitarySimulator.unitary(
            BlockWriter.write(new BlockCircuit(n, List.of(), elements, 0), WholeCircuit.CZ));
    double[] rest = product(unitary, done, 1 << n, false, true);
    for (int q = 0; q < n; q++) {
      Rotation left = factor(rest, n, q);
      if (!left.isClifford()) {
        return null;
      }
      elements.add(new LocalGate(q, left));
    }
    return elements;
  }

  /// `exp(i pi/4 P)` up to a Pauli, for a Pauli P on two qubits.
  private static Block block(int pauli, int n) {
    int[] on = new int[2];
    Rotation[] turns = new Rotation[2];
    int count = 0;
    for (int q = 0; q < n; q++) {
      boolean x = (pauli >> q & 1) != 0;
      boolean z = (pauli >> (n + q) & 1) != 0;
      if (x || z) {
        on[count] = q;
        turns[count++] = !z ? Rotation.IDENTITY : x ? Rotation.aboutZ(Math.PI / 2) : Rotation.H;
      }
    }
    return new Block(on[0], on[1], Math.PI / 4, 0, 0, turns[0], turns[1]);
  }

  /// For each qubit the Paulis that the unitary takes to its X and its Z; null if one is none.
  static int @Nullable [] planes(double[] unitary, int n) {
    int[] planes = new int[2 * n];
    int size = 1 << n;
    for (int q = 0; q < n; q++) {
      int bit = 1 << (n - 1 - q);
      for (int kind = 0; kind < 2; kind++) {
        double[] turned = new double[unitary.length];
        for (int r = 0; r < size; r++) {
          int from = kind == 0 ? r ^ bit : r;
          double sign = kind == 1 && (r & bit) != 0 ? -1 : 1;
          for (int c = 0; c < 2 * size; c++) {
            turned[2 * size * r + c] = sign * unitary[2 * size * from + c];
          }
        }
        int pauli = pauli(product(unitary, turned, size, true, false), n);
        if (pauli < 0) {
          return null;
        }
        planes[2 * q + kind] = pauli;
      }
    }
    return planes;
  }

  /// The Pauli that a matrix is up to phase, or -1 if it is none.
  private static int pauli(double[] matrix, int n) {
    int size = 1 << n;
    int x = 0;
    while (x < size && Math.abs(size(matrix, x * size) - 1) > TOLERANCE) {
      x++;
    }
    if (x == size) {
      return -1;
    }
    int first = 2 * x * size;
    int z = 0;
    for (int c = 0; c < size; c++) {
      int at = 2 * ((c ^ x) * size + c);
      double ratio = matrix[at] * matrix[first] + matrix[at + 1] * matrix[first + 1];
      if (Math.abs(Math.abs(ratio) - 1) > TOLERANCE) {
        return -1;
      }
      if (Integer.bitCount(c) == 1 && ratio < 0) {
        z |= c;
      }
      if ((ratio < 0) != (Integer.bitCount(c & z) % 2 == 1)) {
        return -1;
      }
    }
    int pauli = 0;
    for (int q = 0; q < n; q++) {
      pauli |= (x >> (n - 1 - q) & 1) << q;
      pauli |= (z >> (n - 1 - q) & 1) << (n + q);
    }
    return pauli;
  }

  private static double size(double[] matrix, int entry) {
    return Math.hypot(matrix[2 * entry], matrix[2 * entry + 1]);
  }

  /// The gate of one qubit in a product of one-qubit gates.
  private static Rotation factor(double[] matrix, int n, int qubit) {
    int size = 1 << n;
    int bit = 1 << (n - 1 - qubit);
    int largest = 0;
    for (int entry = 1; entry < size * size; entry++) {
      if (size(matrix, entry) > size(matrix, largest) + TOLERANCE) {
        largest = entry;
      }
    }
    int row = largest / size & ~bit;
    int column = largest % size & ~bit;
    double[] gate = new double[8];
    for (int r = 0; r < 2; r++) {
      for (int c = 0; c < 2; c++) {
        int at = 2 * ((row | r * bit) * size + (column | c * bit));
        gate[4 * r + 2 * c] = matrix[at];
        gate[4 * r + 2 * c + 1] = matrix[at + 1];
      }
    }
    return Rotation.ofMatrix(gate);
  }

  /// A product of two matrices, either of them conjugated and transposed.
  private static double[] product(
      double[] a, double[] b, int size, boolean adjointA, boolean adjointB) {
    double[] product = new double[a.length];
    for (int r = 0; r < size; r++) {
      for (int c = 0; c < size; c++) {
        double re = 0;
        double im = 0;
        for (int k = 0; k < size; k++) {
          int p = 2 * (adjointA ? k * size + r : r * size + k);
          int q = 2 * (adjointB ? c * size + k : k * size + c);
          double ai = adjointA ? -a[p + 1] : a[p + 1];
          double bi = adjointB ? -b[q + 1] : b[q + 1];
          re += a[p] * b[q] - ai * bi;
          im += a[p] * bi + ai * b[q];
        }
        product[2 * (r * size + c)] = re;
        product[2 * (r * size + c) + 1] = im;
      }
    }
    return product;
  }
}
