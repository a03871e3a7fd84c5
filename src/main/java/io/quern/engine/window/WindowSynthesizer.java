package io.quern.engine.window;

import io.quern.engine.instantiation.Instantiater;
import io.quern.engine.instantiation.Instantiation;
import io.quern.engine.instantiation.InstantiationOptions;
import io.quern.engine.instantiation.InstantiationResult;
import io.quern.engine.instantiation.Template;
import io.quern.engine.linalg.Rotation;
import io.quern.engine.machine.CouplingGraph.Edge;
import io.quern.engine.synthesis.search.GateBound;
import io.quern.engine.synthesis.search.GenericSynthesis;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/// Looks for a circuit with fewer two-qubit gates for a unitary of a few qubits.
///
/// From above: two-qubit gates are left out of the circuit there is, one after the other, as long
/// as the rest can be fitted. From below: templates grow gate by gate, at each size the few that
/// come nearest are kept (a beam search over the tree of M. G. Davis et al., Towards optimal
/// topology aware quantum circuit synthesis, 2020, doi 10.1109/QCE49297.2020.00036). A template
/// starts from its parent's gates; only those of the largest size, which are worth it, from random
/// gates too. What [GateBound] excludes is not tried: most windows of up to four gates are known to
/// need them without a single fit. Holds scratch space; not thread-safe.
final class WindowSynthesizer {
  /// A pair needs no more gates in a row.
  private static final int LONGEST_RUN = 3;

  private static final int RUN_EVALUATIONS = 250;

  /// Qubits of windows that [GenericSynthesis] has few gates for.
  private static final int ENOUGH_QUBITS = 3;

  /// Evaluations for a template that fits almost anything; a start takes some hundreds.
  private static final int ENOUGH_EVALUATIONS = 2_000;

  /// Sizes passed over below [#enough], from where structure may be some gates away.
  private static final int GAPS = 2;

  /// Random starts for each template whose gates alternate between two pairs.
  private static final int ALTERNATING_STARTS = 4;

  private final Instantiater instantiater = new Instantiater();
  private final Runnable checkpoint;
  private final BooleanSupplier isTimeUp;
  private int evaluations;
  private int limit;

  /// D1 up to which a fit is used.
  private double goal;

  private GateBound bound = GateBound.NONE;

  /// @param checkpoint asked once an iteration; throws to cancel
  /// @param isTimeUp whether to stop searching and answer with what was found
  WindowSynthesizer(Runnable checkpoint, BooleanSupplier isTimeUp) {
    this.checkpoint = checkpoint;
    this.isTimeUp = isTimeUp;
  }

  WindowAnswer synthesize(WindowProblem problem, SearchEffort effort) {
    evaluations = 0;
    limit = effort.evaluations();
    goal = effort.goal();
    SplittableRandom random = new SplittableRandom(problem.seed());
    Instantiation best = null;
    int size = problem.known().size();
    bound = GateBound.of(problem.unitary(), problem.qubits(), problem.couplings(), goal);
    if (bound.gates() >= size) {
      return new WindowAnswer(null, 0);
    }
    Instantiation start = problem.known();
    Instantiation enough = enough(problem, random);
    if (enough != null) {
      start = enough;
      best = enough;
      size = enough.size();
    }
    if (effort.deletionStarts() > 0) {
      Instantiation shorter = withFewer(problem, start, effort.deletionStarts(), random);
      best = shorter.size() < size ? shorter : best;
      size = shorter.size();
    }
    if (effort.beamWidth() > 0) {
      Instantiation alternating = alternating(problem, size, enough == null ? 0 : GAPS, random);
      best = alternating == null ? best : alternating;
      size = alternating == null ? size : alternating.size();
      Instantiation grown = grown(problem, size - 1, effort, random);
      best = grown == null ? best : grown;
    }
    return new WindowAnswer(best, evaluations);
  }

  /// A window on three qubits with as many gates as almost any unitary needs, or one more, if it
  /// has more: leaving gates out one by one would take long to get there.
  private @Nullable Instantiation enough(WindowProblem problem, SplittableRandom random) {
    int least = GenericSynthesis.leastGates(ENOUGH_QUBITS);
    boolean isLine = problem.qubits() == ENOUGH_QUBITS && problem.couplings().size() >= 2;
    for (int size = least; isLine && size <= least + 1 && size < problem.known().size(); size++) {
      Template template = alternatingTemplate(problem, size, 0);
      Instantiation found =
          taken(
              instantiater.instantiate(
                  template,
                  problem.unitary(),
                  new InstantiationOptions(goal, ALTERNATING_STARTS, ENOUGH_EVALUATIONS),
                  random.nextLong(),
                  checkpoint));
      if (found.distance() <= goal) {
        return found;
      }
    }
    return null;
  }

  private static Template alternatingTemplate(WindowProblem problem, int size, int first) {
    Template template = Template.of(problem.qubits(), List.of());
    for (int k = 0; k < size; k++) {
      Edge pair = problem.couplings().get((first + k) % 2);
      template = template.append(pair.a(), pair.b());
    }
    return template;
  }

  /// Leaves gates out while that works: each first with the others as they are, which finds most of
  /// what there is for little, then from random starts.
  private Instantiation withFewer(
      WindowProblem problem, Instantiation start, int starts, SplittableRandom random) {
    Instantiation best = start;
    boolean isRandom = false;
    int failures = 0;
    int k = best.size() - 1;
    while (mayGoOn() && best.size() > 0) {
      Template template = best.template();
      // Of a run on one pair it does not matter which one goes.
      boolean isRepeated =
          isRandom
              && k > 0
              && template.first(k) == template.first(k - 1)
              && template.second(k) == template.second(k - 1);
      boolean isHopeless = isRepeated || bound.lacking(template.without(k)) > 0;
      Instantiation found =
          isHopeless
              ? best
              : isRandom
                  ? instantiated(problem, template.without(k), starts, random)
                  : improved(problem, best.without(k));
      if (!isHopeless && found.distance() <= goal) {
        best = found;
        failures = 0;
        isRandom = false;
      } else {
        failures++;
        if (failures >= best.size()) {
          if (isRandom) {
            break;
          }
          isRandom = true;
          failures = 0;
        }
      }
      k = k > 0 ? Math.min(k, best.size()) - 1 : best.size() - 1;
    }
    return best;
  }

  private Instantiation improved(WindowProblem problem, Instantiation start) {
    return taken(
        instantiater.improve(
            start.template(),
            start.gates(),
            problem.unitary(),
            new InstantiationOptions(goal, 1, RUN_EVALUATIONS),
            checkpoint));
  }

  /// Grows templates up to a size until one fits.
  private @Nullable Instantiation grown(
      WindowProblem problem, int largest, SearchEffort effort, SplittableRandom random) {
    Template empty = Template.of(problem.qubits(), List.of());
    List<Instantiation> level = new ArrayList<>();
    level.add(instantiated(problem, empty, 1, random));
    for (int size = 0; size <= largest; size++) {
      if (level.getFirst().distance() <= goal) {
        return level.getFirst();
      }
      if (size == largest) {
        return null;
      }
      List<Instantiation> next = new ArrayList<>();
      for (Instantiation parent : level) {
        for (Edge pair : problem.couplings()) {
          Template template = parent.template().append(pair.a(), pair.b());
          if (run(parent.template(), pair) < LONGEST_RUN
              && template.size() + bound.lacking(template) <= largest) {
            if (!mayGoOn()) {
              return null;
            }
            Instantiation child =
                child(problem, parent, template, size + 1 == largest, effort, random);
            if (child.distance() <= goal) {
              return child;
            }
            next.add(child);
          }
        }
      }
      if (next.isEmpty()) {
        return null;
      }
      next.sort(Comparator.comparingDouble(Instantiation::distance));
      level = next.subList(0, Math.min(effort.beamWidth(), next.size()));
    }
    return null;
  }

  /// Tries the templates on a line whose gates alternate, which is what most windows come to, gate
  /// by gate fewer.
  ///
  /// @param gaps how many sizes that fit nothing are passed over
  private @Nullable Instantiation alternating(
      WindowProblem problem, int size, int gaps, SplittableRandom random) {
    Instantiation best = null;
    if (problem.couplings().size() == 2) {
      int failures = 0;
      for (int next = size - 1; next > 0 && failures <= gaps && mayGoOn(); next--) {
        Instantiation shorter = alternatingOf(problem, next, random);
        if (shorter == null) {
          failures++;
        } else {
          best = shorter;
          failures = 0;
        }
      }
    }
    return best;
  }

  private @Nullable Instantiation alternatingOf(
      WindowProblem problem, int size, SplittableRandom random) {
    for (int first = 0; first < 2; first++) {
      Template template = alternatingTemplate(problem, size, first);
      if (bound.lacking(template) == 0) {
        Instantiation found = instantiated(problem, template, ALTERNATING_STARTS, random);
        if (found.distance() <= goal) {
          return found;
        }
      }
    }
    return null;
  }

  private boolean mayGoOn() {
    return evaluations < limit && !isTimeUp.getAsBoolean();
  }

  /// How many gates at a template's end lie on a pair.
  private static int run(Template template, Edge pair) {
    int run = 0;
    for (int k = template.size() - 1; k >= 0; k--) {
      if (template.first(k) != pair.a() || template.second(k) != pair.b()) {
        break;
      }
      run++;
    }
    return run;
  }

  private Instantiation child(
      WindowProblem problem,
      Instantiation parent,
      Template template,
      boolean isLast,
      SearchEffort effort,
      SplittableRandom random) {
    List<Rotation> start = new ArrayList<>(parent.gates());
    start.add(random(random));
    start.add(random(random));
    Instantiation best =
        taken(
            instantiater.improve(
                template,
                start,
                problem.unitary(),
                new InstantiationOptions(goal, 1, RUN_EVALUATIONS),
                checkpoint));
    if (best.distance() > goal && isLast && effort.beamStarts() > 0) {
      Instantiation other = instantiated(problem, template, effort.beamStarts(), random);
      best = other.distance() < best.distance() ? other : best;
    }
    return best;
  }

  private Instantiation instantiated(
      WindowProblem problem, Template template, int starts, SplittableRandom random) {
    return taken(
        instantiater.instantiate(
            template,
            problem.unitary(),
            new InstantiationOptions(goal, starts, starts * RUN_EVALUATIONS),
            random.nextLong(),
            checkpoint));
  }

  private Instantiation taken(InstantiationResult result) {
    evaluations += result.evaluations();
    return result.best();
  }

  private static Rotation random(SplittableRandom random) {
    while (true) {
      double w = 2 * random.nextDouble() - 1;
      double x = 2 * random.nextDouble() - 1;
      double y = 2 * random.nextDouble() - 1;
      double z = 2 * random.nextDouble() - 1;
      double squared = w * w + x * x + y * y + z * z;
      if (squared <= 1 && squared >= 0.01) {
        double scale = 1 / Math.sqrt(squared);
        return new Rotation(w * scale, x * scale, y * scale, z * scale);
      }
    }
  }
}
