package io.quern.engine.synthesis.search;

import io.quern.engine.instantiation.Instantiater;
import io.quern.engine.instantiation.Instantiation;
import io.quern.engine.instantiation.InstantiationOptions;
import io.quern.engine.instantiation.InstantiationResult;
import io.quern.engine.instantiation.Template;
import io.quern.engine.machine.CouplingGraph.Edge;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Finds circuits for any unitary on up to four qubits with as few two-qubit gates as counting
/// parameters allows: 3, 14 and 61 on two, three and four qubits.
///
/// A template with as many parameters as the group has dimensions fits almost every unitary, and a
/// few random starts find it. So nothing is searched: one template along a path of the couplings,
/// and one gate more should it fail. The bound: V. V. Shende, I. L. Markov, S. S. Bullock, Minimal
/// universal two-qubit controlled-NOT-based circuits, 2004, doi 10.1103/PhysRevA.69.062321;
/// optimisation towards it: P. Rakyta, Z. Zimboras, Approaching the theoretical limit in quantum
/// gate decomposition, 2022, arXiv 2109.06770 (who needed one or two gates more).
///
/// Unitaries with structure have shorter circuits, which [CircuitSearch] looks for.
public final class GenericSynthesis {
  /// Gates that may be added to the least number.
  private static final int MOST_ADDED = 4;

  /// Beyond it each iteration takes seconds.
  private static final int MAX_QUBITS = 4;

  private static final InstantiationOptions OPTIONS =
      new InstantiationOptions(InstantiationOptions.PRECISE, 4, 2_000);

  private final Instantiater instantiater = new Instantiater();

  /// The two-qubit gates without which almost no unitary can be made.
  public static int leastGates(int qubits) {
    int dimensions = (1 << (2 * qubits)) - 1;
    return (Math.max(0, dimensions - 3 * qubits) + 3) / 4;
  }

  /// @param unitary row-major, interleaved re/im, first qubit most significant; not modified
  /// @param couplings pairs that may have gates; must connect all qubits
  /// @return empty only if no start converged
  public Optional<Instantiation> synthesize(
      double[] unitary, int qubits, List<Edge> couplings, long seed, Runnable checkpoint) {
    if (qubits > MAX_QUBITS) {
      throw new IllegalArgumentException(
          "at most " + MAX_QUBITS + " qubits expected, found " + qubits);
    }
    List<Edge> layers = layers(qubits, couplings);
    int least = leastGates(qubits);
    for (int size = least; size <= least + MOST_ADDED; size++) {
      List<Edge> pairs = new ArrayList<>(size);
      for (int k = 0; k < size; k++) {
        pairs.add(layers.get(k % layers.size()));
      }
      InstantiationResult result =
          instantiater.instantiate(
              Template.of(qubits, pairs), unitary, OPTIONS, seed + size, checkpoint);
      if (result instanceof InstantiationResult.Converged) {
        return Optional.of(result.best());
      }
      if (layers.isEmpty()) {
        break;
      }
    }
    return Optional.empty();
  }

  /// The edges of a path through all qubits, every second edge first; without such a path all
  /// couplings.
  private static List<Edge> layers(int qubits, List<Edge> couplings) {
    for (int first = 0; first < qubits; first++) {
      List<Integer> path = new ArrayList<>(List.of(first));
      if (extend(path, qubits, couplings)) {
        List<Edge> layers = new ArrayList<>();
        for (int parity = 0; parity < 2; parity++) {
          for (int i = parity; i + 1 < qubits; i += 2) {
            layers.add(new Edge(path.get(i), path.get(i + 1)));
          }
        }
        return layers;
      }
    }
    return couplings;
  }

  private static boolean extend(List<Integer> path, int qubits, List<Edge> couplings) {
    if (path.size() == qubits) {
      return true;
    }
    int end = path.getLast();
    for (Edge edge : couplings) {
      int next = edge.a() == end ? edge.b() : edge.b() == end ? edge.a() : -1;
      if (next >= 0 && !path.contains(next)) {
        path.add(next);
        if (extend(path, qubits, couplings)) {
          return true;
        }
        path.removeLast();
      }
    }
    return false;
  }
}
