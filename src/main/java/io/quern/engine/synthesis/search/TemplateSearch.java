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
import java.util.PriorityQueue;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// One best-first search over templates, see [CircuitSearch].
final class TemplateSearch {
  /// Templates fitted at most: those that wait to be extended are kept with their gates.
  private static final int MOST_TEMPLATES = 200_000;

  /// Gates in a row on one pair that make every two-qubit gate.
  private static final int MOST_IN_A_ROW = 3;

  private record Node(Instantiation fit, double priority, int index) {
    static final Comparator<Node> ORDER =
        Comparator.comparingDouble(Node::priority).thenComparingInt(Node::index);
  }

  private final Instantiater instantiater;
  private final double[] unitary;
  private final int qubits;
  private final List<Edge> couplings;
  private final SearchOptions options;
  private final long seed;
  private final Runnable checkpoint;
  private final GateBound bound;
  private final PriorityQueue<Node> open = new PriorityQueue<>(Node.ORDER);
  private final Set<Template> seen = new HashSet<>();
  private int limit;
  private int prefix;
  private int evaluations;
  private int nodes;
  private @Nullable Instantiation best;

  TemplateSearch(
      Instantiater instantiater,
      double[] unitary,
      int qubits,
      List<Edge> couplings,
      int limit,
      SearchOptions options,
      long seed,
      Runnable checkpoint) {
    this.instantiater = instantiater;
    this.unitary = unitary;
    this.qubits = qubits;
    this.couplings = couplings;
    this.limit = limit;
    this.options = options;
    this.seed = seed;
    this.checkpoint = checkpoint;
    bound = GateBound.of(unitary, qubits, couplings, options.threshold());
  }

  /// @return the shortest circuit found, or null
  @Nullable Instantiation run() {
    Template root = Template.of(qubits, List.of());
    if (isWithinLimit(root)) {
      visit(root, null);
    }
    while (!open.isEmpty() && evaluations < options.evaluations() && nodes < MOST_TEMPLATES) {
      Node node = open.remove();
      if (options.heuristic() == SearchHeuristic.LEAP
          && node.fit.size() >= prefix + SearchHeuristic.PREFIX) {
        prefix = node.fit.size();
        open.clear();
      }
      for (Edge pair : couplings) {
        Template child = node.fit.template().append(pair.a(), pair.b());
        if (isWithinLimit(child) && isSensible(child) && seen.add(child)) {
          visit(child, node.fit);
        }
      }
    }
    return best != null && options.heuristic() == SearchHeuristic.LEAP ? shortened(best) : best;
  }

  private Instantiation shortened(Instantiation found) {
    int left = options.evaluations() - evaluations;
    if (left <= 0) {
      return found;
    }
    GateRemoval removal =
        new GateRemoval(instantiater, unitary, options.withEvaluations(left), seed, checkpoint);
    Instantiation shorter = removal.run(found);
    evaluations += removal.evaluations();
    return shorter == null ? found : shorter;
  }

  /// What the search has spent.
  int evaluations() {
    return evaluations;
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
              instantiater.instantiate(template, unitary, fitting(left), seed + nodes, checkpoint));
      if (fit == null || random.distance() < fit.distance()) {
        fit = random;
      }
    }
    nodes++;
    if (fit == null) {
      return;
    }
    if (fit.distance() <= options.threshold()) {
      best = polished(fit);
      limit = fit.size();
    } else {
      open.add(new Node(fit, options.heuristic().priority(fit.size(), fit.distance()), nodes));
    }
  }

  /// A fit that is good enough, made as good as it gets.
  private Instantiation polished(Instantiation fit) {
    int left = options.evaluations() - evaluations;
    if (fit.distance() <= InstantiationOptions.PRECISE || left <= 0) {
      return fit;
    }
    Instantiation better =
        take(
            instantiater.improve(
                fit.template(),
                fit.gates(),
                unitary,
                new InstantiationOptions(InstantiationOptions.PRECISE, 1, left),
                checkpoint));
    return better.distance() < fit.distance() ? better : fit;
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
    return template.size() + bound.lacking(template) < limit;
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
