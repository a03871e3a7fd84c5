package io.quern.engine.synthesis.search;

import io.quern.engine.instantiation.Instantiater;
import io.quern.engine.instantiation.Instantiation;
import io.quern.engine.instantiation.InstantiationOptions;
import io.quern.engine.instantiation.InstantiationResult;
import io.quern.engine.instantiation.Template;
import io.quern.engine.linalg.Rotation;
import io.quern.engine.machine.CouplingGraph.Edge;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Finds circuits with few CZ (or CX, which cost the same) for unitaries on two to four qubits, by
/// best-first search over templates.
///
/// A template is extended by one gate on each coupled pair; each extension is fitted to the
/// unitary, starting from its parent's gates and from random ones. Templates that differ by the
/// order of gates on disjoint pairs are one; more than three gates in a row on a pair are never
/// needed; and no template is extended from which the operator-Schmidt ranks say that the limit
/// cannot be kept.
///
/// Source: M. G. Davis et al., Towards optimal topology aware quantum circuit synthesis (QSearch),
/// 2020, doi 10.1109/QCE49297.2020.00036.
///
/// Holds scratch space and remembers tables of templates: make one for a thread and use it for many
/// unitaries. Results depend on the arguments alone. Not thread-safe.
public final class CircuitSearch {
  /// Gates in a row on one pair that make every two-qubit gate.
  private static final int MOST_IN_A_ROW = 3;

  private final Instantiater instantiater = new Instantiater();

  private record Node(Instantiation fit, double priority, int index) {
    static final Comparator<Node> ORDER =
        Comparator.comparingDouble(Node::priority).thenComparingInt(Node::index);
  }

  /// Finds a circuit with fewer than `limit` two-qubit gates; the shortest that the budget allows
  /// to find. Empty if there is none or it was not found.
  ///
  /// @param unitary row-major, interleaved re/im, first qubit most significant; not modified
  /// @param qubits of the unitary
  /// @param couplings pairs that may have gates
  /// @param checkpoint asked once an iteration of the fits; throws to cancel
  public Optional<Instantiation> synthesize(
      double[] unitary,
      int qubits,
      List<Edge> couplings,
      int limit,
      SearchOptions options,
      long seed,
      Runnable checkpoint) {
    Search search = new Search(unitary, qubits, couplings, limit, options, seed, checkpoint);
    search.run();
    return Optional.ofNullable(search.best);
  }

  /// The two-qubit gates that every circuit for a unitary has at least, by a bound that is cheap
  /// and weak: at most 3 for three qubits, 4 for four.
  public static int lowerBound(double[] unitary, int qubits) {
    return SchmidtBound.total(SchmidtBound.touching(unitary, qubits, 0));
  }

  /// One search.
  private final class Search {
    private final double[] unitary;
    private final int qubits;
    private final List<Edge> couplings;
    private final SearchOptions options;
    private final long seed;
    private final Runnable checkpoint;
    private final int[] touching;
    private final PriorityQueue<Node> open = new PriorityQueue<>(Node.ORDER);
    private final Set<Template> seen = new HashSet<>();
    private int limit;
    private int evaluations;
    private int nodes;
    private @Nullable Instantiation best;

    Search(
        double[] unitary,
        int qubits,
        List<Edge> couplings,
        int limit,
        SearchOptions options,
        long seed,
        Runnable checkpoint) {
      this.unitary = unitary;
      this.qubits = qubits;
      this.couplings = couplings;
      this.limit = limit;
      this.options = options;
      this.seed = seed;
      this.checkpoint = checkpoint;
      touching = SchmidtBound.touching(unitary, qubits, options.threshold());
    }

    void run() {
      Template root = Template.of(qubits, List.of());
      if (isWithinLimit(root)) {
        visit(root, null);
      }
      while (!open.isEmpty() && evaluations < options.evaluations()) {
        Node node = open.remove();
        for (Edge pair : couplings) {
          Template child = node.fit.template().append(pair.a(), pair.b());
          if (isWithinLimit(child) && isSensible(child) && seen.add(child)) {
            visit(child, node.fit);
          }
        }
      }
    }

    private void visit(Template template, @Nullable Instantiation parent) {
      int left = options.evaluations() - evaluations;
      if (left <= 0) {
        return;
      }
      Instantiation fit = null;
      if (parent != null) {
        fit =
            take(
                instantiater.improve(
                    template, extended(parent, template), unitary, fitting(left), checkpoint));
      }
      left = options.evaluations() - evaluations;
      if ((fit == null || fit.distance() > options.threshold()) && left > 0) {
        Instantiation random =
            take(
                instantiater.instantiate(
                    template, unitary, fitting(left), seed + nodes, checkpoint));
        if (fit == null || random.distance() < fit.distance()) {
          fit = random;
        }
      }
      nodes++;
      if (fit == null) {
        return;
      }
      if (fit.distance() <= options.threshold()) {
        best = fit;
        limit = fit.size();
      } else {
        open.add(new Node(fit, options.heuristic().priority(fit.size(), fit.distance()), nodes));
      }
    }

    private Instantiation take(InstantiationResult result) {
      evaluations += result.evaluations();
      return result.best();
    }

    private InstantiationOptions fitting(int left) {
      return new InstantiationOptions(options.threshold(), options.starts(), left);
    }

    private List<Rotation> extended(Instantiation parent, Template template) {
      List<Rotation> gates = new ArrayList<>(parent.gates());
      while (gates.size() < template.freeGates()) {
        gates.add(Rotation.IDENTITY);
      }
      return gates;
    }

    /// Whether the gates that must still touch each qubit fit below the limit.
    private boolean isWithinLimit(Template template) {
      int[] left = touching.clone();
      for (int k = 0; k < template.size(); k++) {
        left[template.first(k)]--;
        left[template.second(k)]--;
      }
      for (int qubit = 0; qubit < qubits; qubit++) {
        left[qubit] = Math.max(left[qubit], 0);
      }
      return template.size() + SchmidtBound.total(left) < limit;
    }

    /// Whether no other template does the same: gates on disjoint pairs stand in one order, and at
    /// most three on a pair follow each other.
    private boolean isSensible(Template template) {
      int last = template.size() - 1;
      int a = template.first(last);
      int b = template.second(last);
      int inARow = 1;
      boolean isNext = true;
      for (int k = last - 1; k >= 0; k--) {
        int p = template.first(k);
        int q = template.second(k);
        if (p == a && q == b) {
          inARow++;
          isNext = false;
          if (inARow > MOST_IN_A_ROW) {
            return false;
          }
        } else if (p == a || q == a || p == b || q == b) {
          return true;
        } else if (isNext && p > a) {
          return false;
        }
      }
      return true;
    }
  }
}
