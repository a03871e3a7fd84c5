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
/// A state is a layout and the nodes carried out. From it either one more layer of nodes is carried
/// out, or a SWAP at a node in front is made; while there are nodes to carry out, only SWAPs that
/// merge into a block, for which it may be too late afterwards. After a SWAP the nodes it made
/// possible follow at once. States with equally many moves are compared by the CX gates spent on
/// SWAPs so far plus a guess of those to come: the hops of the next nodes, the sooner the heavier.
/// Of states that carried out the same nodes and hold the same layout only the cheapest stays.
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

  private static final int NO_SWAP = -1;

  private final RoutingProblem problem;
  private final Options options;
  private final int words;
  private final long[][] predecessorMask;
  private final double[] weight;

  /// How many nodes from the first one left on are looked at.
  private final int window;

  private final ArrayDeque<Candidate> pool = new ArrayDeque<>();
  private final boolean[] edgeChosen;

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
    window = 4 * options.lookahead() + problem.wires;
    edgeChosen = new boolean[problem.edgeA.length];
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
    if (parent.hasReadyNodes) {
      Candidate child = take();
      child.follow(parent, NO_SWAP);
      keepIfPromising(child, bestExcess, children);
    }
    Arrays.fill(edgeChosen, false);
    for (int i = 0; i < parent.frontSize; i++) {
      int node = parent.front[i];
      chooseEdgesAt(parent.layout.physicalOf(problem.wireA[node]));
      chooseEdgesAt(parent.layout.physicalOf(problem.wireB[node]));
    }
    for (int edge = 0; edge < edgeChosen.length; edge++) {
      boolean takesBack = edge == parent.swapEdge && !parent.madeProgress;
      if (edgeChosen[edge]
          && !takesBack
          && (!parent.hasReadyNodes || parent.layout.priceOfSwap(edge) < problem.swapCost)) {
        Candidate child = take();
        child.follow(parent, edge);
        keepIfPromising(child, bestExcess, children);
      }
    }
  }

  private void keepIfPromising(Candidate child, int bestExcess, List<Candidate> children) {
    if (child.leastExcess < bestExcess) {
      children.add(child);
    } else {
      pool.push(child);
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
      if (c.swapEdge != NO_SWAP) {
        start.swapPhysical(problem.edgeA[c.swapEdge], problem.edgeB[c.swapEdge]);
      }
    }
    long[] done = new long[words];
    for (Candidate c : path) {
      if (c.swapEdge != NO_SWAP) {
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

    /// What was done when the layer began.
    private final long[] doneBefore = new long[words];

    /// Nodes that wait for nothing but, some of them, for neighbours.
    private final int[] front = new int[Math.max(8, problem.wires)];

    private int frontSize;
    private int left;
    private int firstLeft;

    /// Whether some nodes could be carried out as things are.
    private boolean hasReadyNodes;

    private boolean madeProgress;
    private double guess;

    /// The excess if every open SWAP finds a block that swallows it.
    private int leastExcess;

    private int swapEdge;
    private boolean isSuperseded;
    private @Nullable Candidate parent;

    void begin(Layout start) {
      layout.start(start);
      Arrays.fill(done, 0);
      left = problem.nodes;
      firstLeft = 0;
      swapEdge = NO_SWAP;
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
      if (edge != NO_SWAP) {
        layout.swap(edge);
      }
      advance();
    }

    private void advance() {
      int before = left;
      carryOutLayer();
      madeProgress = left < before;
      lookAhead();
    }

    private void carryOutLayer() {
      System.arraycopy(done, 0, doneBefore, 0, words);
      int end = Math.min(problem.nodes, firstLeft + window);
      for (int node = firstLeft; node < end; node++) {
        if (!contains(done, node) && isReady(node) && isPossible(node)) {
          layout.carryOut(node);
          done[node >> 6] |= 1L << node;
          left--;
        }
      }
      while (firstLeft < problem.nodes && contains(done, firstLeft)) {
        firstLeft++;
      }
    }

    private void lookAhead() {
      System.arraycopy(done, 0, doneBefore, 0, words);
      hasReadyNodes = false;
      frontSize = 0;
      int looked = 0;
      double hops = 0;
      int end = Math.min(problem.nodes, firstLeft + window);
      for (int node = firstLeft; node < end; node++) {
        if (contains(done, node)) {
          continue;
        }
        if (isReady(node)) {
          hasReadyNodes |= isPossible(node);
          if (problem.needsNeighbours(node) && frontSize < front.length) {
            front[frontSize++] = node;
          }
        }
        if (problem.needsNeighbours(node) && looked < weight.length) {
          hops += weight[looked++] * (layout.distance(node) - 1);
        }
      }
      guess = layout.excess() + hops;
      int openSwaps = left == 0 ? 0 : layout.openSwaps();
      leastExcess = layout.excess() - problem.swapCost * openSwaps;
    }

    private boolean isPossible(int node) {
      return !problem.needsNeighbours(node) || layout.distance(node) == 1;
    }

    private boolean isReady(int node) {
      long[] mask = predecessorMask[node];
      for (int w = 0; w < words; w++) {
        if ((mask[w] & ~doneBefore[w]) != 0) {
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
