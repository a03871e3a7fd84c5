package io.quern.engine.instantiation;

import io.quern.engine.instantiation.InstantiationResult.BestEffort;
import io.quern.engine.instantiation.InstantiationResult.Converged;
import io.quern.engine.linalg.Rotation;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/// Fits the free gates of templates to unitaries, by Levenberg-Marquardt from one or more starts.
///
/// Holds scratch space and remembers the tables of the templates it has seen, up to [#REMEMBERED]:
/// make one and use it for many targets. The same target, start and seed give the same bits on
/// every processor, whatever was done before. Not thread-safe.
public final class Instantiater {
  /// Entries ([FramePlan#size]) of the tables that are kept, of four bytes or less: those of a
  /// thousand templates of three qubits and twenty gates, or of a dozen of six and thirty.
  static final int REMEMBERED = 4_000_000;

  private final Map<Template, FramePlan> plans = new HashMap<>();
  private long remembered;
  private final LevenbergMarquardt solver;
  private double[] best = {};

  public Instantiater() {
    solver = new LevenbergMarquardt(new FramePlan(Template.of(1, List.of())));
  }

  /// Tries random starts, each free gate drawn uniformly (Haar measure).
  ///
  /// @param target unitary, row-major, interleaved re/im, first qubit most significant; not
  ///   modified
  /// @param checkpoint asked once an iteration; throws to cancel
  public InstantiationResult instantiate(
      Template template,
      double[] target,
      InstantiationOptions options,
      long seed,
      Runnable checkpoint) {
    prepare(template, target);
    SplittableRandom random = new SplittableRandom(seed);
    int evaluations = 0;
    double least = Double.POSITIVE_INFINITY;
    for (int start = 0; start < options.starts() && evaluations < options.evaluations(); start++) {
      RandomGates.fill(solver.gates(), 0, template.freeGates(), random);
      solver.run(Stopping.of(options, options.evaluations() - evaluations), checkpoint);
      evaluations += solver.evaluations();
      if (solver.cost() < least) {
        least = solver.cost();
        System.arraycopy(solver.gates(), 0, best, 0, 4 * template.freeGates());
      }
      if (least <= options.goal()) {
        return new Converged(result(template, best, least), evaluations);
      }
    }
    return new BestEffort(result(template, best, least), evaluations);
  }

  /// Improves a given start; [InstantiationOptions#starts] does not matter.
  ///
  /// @param start one gate for each free gate of the template
  public InstantiationResult improve(
      Template template,
      List<Rotation> start,
      double[] target,
      InstantiationOptions options,
      Runnable checkpoint) {
    if (start.size() != template.freeGates()) {
      throw new IllegalArgumentException(
          start.size() + " gates for a template with " + template.freeGates());
    }
    prepare(template, target);
    for (int gate = 0; gate < start.size(); gate++) {
      Rotation rotation = start.get(gate);
      solver.gates()[4 * gate] = rotation.w();
      solver.gates()[4 * gate + 1] = rotation.x();
      solver.gates()[4 * gate + 2] = rotation.y();
      solver.gates()[4 * gate + 3] = rotation.z();
    }
    solver.run(Stopping.of(options, options.evaluations()), checkpoint);
    Instantiation found = result(template, solver.gates(), solver.cost());
    return solver.cost() <= options.goal()
        ? new Converged(found, solver.evaluations())
        : new BestEffort(found, solver.evaluations());
  }

  private void prepare(Template template, double[] target) {
    int expected = 2 << (2 * template.qubits());
    if (target.length != expected) {
      throw new IllegalArgumentException(
          "a unitary of " + expected + " numbers expected, found " + target.length);
    }
    solver.setPlan(plan(template));
    solver.model.setTarget(target);
    best = GroupModel.grown(best, 4 * template.freeGates());
  }

  private FramePlan plan(Template template) {
    FramePlan known = plans.get(template);
    if (known != null) {
      return known;
    }
    FramePlan plan = new FramePlan(template);
    if (remembered + plan.size() > REMEMBERED) {
      plans.clear();
      remembered = 0;
    }
    plans.put(template, plan);
    remembered += plan.size();
    return plan;
  }

  private static Instantiation result(Template template, double[] gates, double distance) {
    List<Rotation> rotations = new ArrayList<>(template.freeGates());
    for (int gate = 0; gate < template.freeGates(); gate++) {
      int g = 4 * gate;
      rotations.add(new Rotation(gates[g], gates[g + 1], gates[g + 2], gates[g + 3]));
    }
    return new Instantiation(template, rotations, distance);
  }
}
