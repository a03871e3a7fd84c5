package io.quern.engine.synthesis.search;

import io.quern.engine.instantiation.Instantiater;
import io.quern.engine.instantiation.Instantiation;
import io.quern.engine.machine.CouplingGraph;
import io.quern.engine.machine.CouplingGraph.Edge;
import java.util.List;
import java.util.Optional;

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
  private final Instantiater instantiater = new Instantiater();

  private int evaluations;

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
    TemplateSearch search =
        new TemplateSearch(
            instantiater, unitary, qubits, couplings, limit, options, seed, checkpoint);
    Instantiation found = search.run();
    evaluations = search.evaluations();
    return Optional.ofNullable(found);
  }

  /// Finds a circuit with fewer two-qubit gates than a known one: removes gates from it, and
  /// searches with what that leaves of the budget. Empty if there is none or it was not found.
  ///
  /// @param unitary of the known circuit; not modified
  /// @param known see [Instantiation#of]
  /// @param couplings pairs that may have gates
  public Optional<Instantiation> shorten(
      double[] unitary,
      Instantiation known,
      List<Edge> couplings,
      SearchOptions options,
      long seed,
      Runnable checkpoint) {
    int qubits = known.template().qubits();
    evaluations = 0;
    if (known.size() <= GateBound.of(unitary, qubits, couplings, options.threshold()).gates()) {
      return Optional.empty();
    }
    GateRemoval removal = new GateRemoval(instantiater, unitary, options, seed, checkpoint);
    Instantiation shorter = removal.run(known);
    int spent = removal.evaluations();
    evaluations = spent;
    if (spent >= options.evaluations()) {
      return Optional.ofNullable(shorter);
    }
    Optional<Instantiation> found =
        synthesize(
            unitary,
            qubits,
            couplings,
            shorter == null ? known.size() : shorter.size(),
            options.withEvaluations(options.evaluations() - spent),
            seed,
            checkpoint);
    evaluations += spent;
    return found.isPresent() ? found : Optional.ofNullable(shorter);
  }

  /// What the last call spent of its budget.
  public int evaluations() {
    return evaluations;
  }

  /// The two-qubit gates that every circuit for a unitary has at least, whatever pairs are coupled,
  /// by a bound that is cheap: at most 5 for three qubits, 6 for four.
  public static int lowerBound(double[] unitary, int qubits) {
    List<Edge> couplings = CouplingGraph.all(qubits).edges();
    return GateBound.of(unitary, qubits, couplings, 0).gates();
  }
}
