package io.quern.engine.mapping;

import io.quern.engine.pass.RuntimeHandle;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Beam search over the SWAPs of a small problem, from many layouts at once.
///
/// States with equally many SWAPs are compared by the CX gates spent on SWAPs so far, merged where
/// they can be, plus a guess of those to come: the hops of the next nodes, the sooner the heavier.
/// Of states that carried out the same nodes and hold the same layout only the cheapest stays. The
/// width of the beam is what a budget of evaluations (states made) allows.
///
/// Holds all scratch; not thread-safe.
final class BeamRouter {
  /// How a beam guesses what is to come.
  ///
  /// @param hopCost CX gates for each hop of the next node
  /// @param fading by which factor the weight falls from one node to the next
  /// @param lookahead how many nodes are looked at
  /// @param width how many states are kept
  record Options(double hopCost, double fading, int lookahead, int width) {}

  private final RoutingProblem problem;
  private final Options options;
  private final int words;
  private final long[][] predecessorMask;
  private final double[] weight;
  private final ArrayDeque<Candidate> pool = new ArrayDeque<>();
  private final boolean[] edgeChosen;
  private int evaluations;

  BeamRouter(RoutingProblem problem, Options options) {
    this.problem = problem;
    this.options = options;
    words = (problem.nodes + 63) / 64;
    predecessorMask = new long[problem.nodes][words];
    for (int node = 0; node < problem.nodes; node++) {
      for (int earlier : problem.predecessors[node]) {
        predecessorMask[node][earlier >> 6] |= 1L << earlier;
      }
    }
    weight = new double[options.lookahead()];
    double w = options.hopCost();
    for (int i = 0; i < weight.length; i++) {
      weight[i] = w;
      w *= options.fading();
    }
    edgeChosen = new boolean[problem.edgeA.length];
  }

  /// States made so far.
  int evaluations() {
    return evaluations;
  }

  /// The cheapest ways found, cheapest first; empty if none costs less than `bound`.
  ///
  /// @param starts where the beam starts; more than its width are thinned by their guesses
  /// @param bound only results of a smaller cost are looked for
  /// @param count how many results at most
  List<RoutingResult> route(List<Layout> starts, int bound, int count, RuntimeHandle runtime) {
    int base = Arrays.stream(problem.cost).sum();
    List<Candidate> beam = new ArrayList<>();
    for (Layout start : starts) {
      Candidate candidate = take();
      candidate.begin(start);
      beam.add(candidate);
    }
    List<Candidate> complete = new ArrayList<>();
    int bestExcess = bound - base;
    beam = thin(beam);
    int patience = 3 * problem.nodes + 10;
    for (int swaps = 0; !beam.isEmpty() && swaps <= patience; swaps++) {
      runtime.checkCancelled();
      List<Candidate> open = new ArrayList<>();
      for (Candidate candidate : beam) {
        if (candidate.left == 0) {
          complete.add(candidate);
          bestExcess = Math.min(bestExcess, candidate.layout.excess() + 1);
        } else {
          open.add(candidate);
        }
      }
      if (runtime.isTimeUp()) {
        break;
      }
      List<Candidate> children = new ArrayList<>();
      for (Candidate candidate : open) {
        expand(candidate, bestExcess, children);
      }
      beam = thin(children);
    }
    int limit = bound - base;
    return complete.stream()
        .filter(c -> c.layout.excess() < limit)
        .sorted((a, b) -> Integer.compare(a.layout.excess(), b.layout.excess()))
        .limit(count)
        .map(c -> result(c, base))
        .toList();
  }

  private void expand(Candidate parent, int bestExcess, List<Candidate> children) {
    Arrays.fill(edgeChosen, false);
    for (int i = 0; i < parent.frontSize; i++) {
      int node = parent.front[i];
      chooseEdgesAt(parent.layout.physicalOf(problem.wireA[node]));
      chooseEdgesAt(parent.layout.physicalOf(problem.wireB[node]));
    }
    for (int edge = 0; edge < edgeChosen.length; edge++) {
      if (!edgeChosen[edge]
          || edge == parent.swapEdge && parent.doneSinceSwap == 0
          || parent.layout.excess() + parent.layout.priceOfSwap(edge) >= bestExcess + 2) {
        continue;
      }
      Candidate child = take();
      child.follow(parent, edge);
      if (child.layout.excess() < bestExcess) {
        children.add(child);
      } else {
        pool.push(child);
      }
    }
  }

  private void chooseEdgesAt(int physical) {
    for (int edge : problem.edgesAt[physical]) {
      edgeChosen[edge] = true;
    }
  }

  private List<Candidate> thin(List<Candidate> candidates) {
    Map<Candidate, Candidate> best = new HashMap<>(2 * candidates.size());
    for (Candidate candidate : candidates) {
      candidate.isSuperseded = false;
      Candidate known = best.putIfAbsent(candidate, candidate);
      if (known == null) {
        continue;
      }
      if (candidate.layout.excess() < known.layout.excess()) {
        known.isSuperseded = true;
        best.remove(known);
        best.put(candidate, candidate);
      } else {
        candidate.isSuperseded = true;
      }
    }
    List<Candidate> kept = new ArrayList<>(best.size());
    for (Candidate candidate : candidates) {
      if (candidate.isSuperseded) {
        pool.push(candidate);
      } else {
        kept.add(candidate);
      }
    }
    // A stable sort of a list whose order does not depend on hashing.
    kept.sort((a, b) -> Double.compare(a.guess, b.guess));
    while (kept.size() > options.width()) {
      pool.push(kept.removeLast());
    }
    return kept;
  }

  private Candidate take() {
    evaluations++;
    Candidate pooled = pool.poll();
    return pooled == null ? new Candidate() : pooled;
  }

  private RoutingResult result(Candidate end, int base) {
    ArrayDeque<Candidate> path = new ArrayDeque<>();
    for (Candidate c = end; c != null; c = c.parent) {
      path.push(c);
    }
    ActionList actions = new ActionList();
    Layout start = end.layout.layout();
    for (Candidate c = end; c.parent != null; c = c.parent) {
      start.swapPhysical(problem.edgeA[c.swapEdge], problem.edgeB[c.swapEdge]);
    }
    long[] done = new long[words];
    for (Candidate c : path) {
      if (c.parent != null) {
        actions.add(-1 - c.swapEdge);
      }
      for (int node = 0; node < problem.nodes; node++) {
        if (contains(c.done, node) && !contains(done, node)) {
          actions.add(node);
        }
      }
      done = c.done;
    }
    return new RoutingResult(
        start, end.layout.layout(), actions.toArray(), base + end.layout.excess());
  }

  private static boolean contains(long[] set, int node) {
    return (set[node >> 6] & (1L << node)) != 0;
  }

  /// A state of the search; equal to another if both did the same nodes and hold the same layout.
  private final class Candidate {
    private final PricedLayout layout = new PricedLayout(problem);
    private final long[] done = new long[words];
    private final int[] front = new int[Math.max(8, problem.wires)];
    private int frontSize;
    private int left;
    private int firstLeft;
    private int doneSinceSwap;
    private double guess;
    private int swapEdge;
    private boolean isSuperseded;
    private @Nullable Candidate parent;

    void begin(Layout start) {
      layout.start(start);
      Arrays.fill(done, 0);
      left = problem.nodes;
      firstLeft = 0;
      swapEdge = -1;
      parent = null;
      advance();
    }

    void follow(Candidate from, int edge) {
      layout.copyFrom(from.layout);
      System.arraycopy(from.done, 0, done, 0, words);
      left = from.left;
      firstLeft = from.firstLeft;
      swapEdge = edge;
      parent = from;
      layout.swap(edge);
      advance();
    }

    /// Carries out what can be, finds the front and guesses.
    private void advance() {
      int before = left;
      frontSize = 0;
      int looked = 0;
      double hops = 0;
      boolean reachedFirst = false;
      for (int node = firstLeft; node < problem.nodes; node++) {
        if (contains(done, node)) {
          continue;
        }
        boolean needsNeighbours = problem.needsNeighbours(node);
        boolean ready = looked < 4 * weight.length + 32 && isReady(node);
        int distance = needsNeighbours ? layout.distance(node) : 1;
        if (ready && distance == 1) {
          layout.carryOut(node);
          done[node >> 6] |= 1L << node;
          left--;
          continue;
        }
        if (!reachedFirst) {
          reachedFirst = true;
          firstLeft = node;
        }
        if (!needsNeighbours) {
          continue;
        }
        if (ready && frontSize < front.length) {
          front[frontSize++] = node;
        }
        if (looked < weight.length) {
          hops += weight[looked] * (distance - 1);
        } else if (looked > 4 * weight.length + 32) {
          break;
        }
        looked++;
      }
      if (!reachedFirst) {
        firstLeft = problem.nodes;
      }
      doneSinceSwap = before - left;
      guess = layout.excess() + hops;
    }

    private boolean isReady(int node) {
      long[] mask = predecessorMask[node];
      for (int w = 0; w < words; w++) {
        if ((mask[w] & ~done[w]) != 0) {
          return false;
        }
      }
      return true;
    }

    @Override
    public boolean equals(@Nullable Object other) {
      return other instanceof Candidate that
          && Arrays.equals(done, that.done)
          && layout.hasSameLayout(that.layout);
    }

    @Override
    public int hashCode() {
      return 31 * layout.layoutHash() + Arrays.hashCode(done);
    }
  }
}
