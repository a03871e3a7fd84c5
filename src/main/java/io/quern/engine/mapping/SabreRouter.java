package io.quern.engine.mapping;

import io.quern.engine.pass.RuntimeHandle;
import java.util.Arrays;
import java.util.SplittableRandom;

/// SABRE: carry out what can be, then the SWAP that brings the nodes in front, and with less weight
/// those behind them, closest; again until nothing is left.
///
/// Source: Li, Ding, Xie, Tackling the Qubit Mapping Problem for NISQ-Era Quantum Devices, ASPLOS
/// 2019, doi 10.1145/3297858.3304023. As in LightSABRE (Zou et al., 2024, arXiv 2409.08368) only
/// the change a SWAP makes to the score is computed, and a release valve guarantees progress: after
/// many SWAPs without it they are taken back and the closest node is brought together on a shortest
/// path. Unlike both, a SWAP also pays for the CX gates it adds, which is what the result is judged
/// by: one that merges into the block before it is cheaper than one that does not.
///
/// Holds all scratch, so one router serves many trials; not thread-safe.
final class SabreRouter {
  /// How many nodes behind the front are looked at.
  private static final int EXTENDED_SIZE = 20;

  /// How many steps from node to node are made in search of them: where many nodes commute, each
  /// has many behind it that wait for others.
  private static final int EXTENDED_VISITS = 1000;

  /// How many nodes count at one wire, the first in the circuit's order among them; where many
  /// commute, all of them together would pull in every direction.
  private static final int ENTRIES_AT_WIRE = 8;

  /// Weight of the mean distance in the extended set against that in the front.
  private static final double EXTENDED_WEIGHT = 0.5;

  /// What a SWAP of three CX costs, in hops of one node in front.
  private static final double PRICE_WEIGHT = 0.75;

  /// Added for each recent SWAP on a qubit, so that SWAPs spread out.
  private static final double DECAY = 0.02;

  /// SWAPs after which what was recent is forgotten.
  private static final int DECAY_RESET = 5;

  private static final double TIE = 1e-9;

  private final RoutingProblem problem;
  private final PricedLayout state;
  private final ActionList actions = new ActionList();
  private final int[] waitingFor;
  private final int[] front;
  private int frontSize;
  private final int[] extended = new int[EXTENDED_SIZE];
  private int extendedSize;
  private final int[] queue;
  private final int[] seenInRound;
  private int round;
  private final int[] waitingForInRound;
  private final int[] recentSwaps;
  private final int[] edgeSeenInRound;
  private int edgeRound;

  /// For each wire, the front and extended nodes at it as linked lists: entry 2·k and 2·k + 1
  /// belong to the k-th node.
  private final int[] firstEntry;

  private final int[] entriesAt;
  private final boolean[] isInFront;

  private final int[] nextEntry;

  /// For each entry the wire at the other end of its node.
  private final int[] partner;

  SabreRouter(RoutingProblem problem) {
    this.problem = problem;
    state = new PricedLayout(problem);
    waitingFor = new int[problem.nodes];
    front = new int[problem.nodes];
    queue = new int[problem.nodes];
    seenInRound = new int[problem.nodes];
    waitingForInRound = new int[problem.nodes];
    recentSwaps = new int[problem.physicalQubits];
    edgeSeenInRound = new int[problem.edgeA.length];
    entriesAt = new int[problem.physicalQubits];
    isInFront = new boolean[problem.physicalQubits];
    firstEntry = new int[problem.physicalQubits];
    nextEntry = new int[2 * (problem.nodes + EXTENDED_SIZE)];
    partner = new int[nextEntry.length];
  }

  /// How many nodes its problem has.
  int nodes() {
    return problem.nodes;
  }

  /// Routes the problem from a layout.
  ///
  /// @param seed decides between SWAPs of equal score
  RoutingResult route(Layout start, long seed, RuntimeHandle runtime) {
    SplittableRandom random = new SplittableRandom(seed);
    begin(start);
    carryOutReady();
    int valveLength = Math.max(20, 3 * problem.physicalQubits);
    int lengthAtProgress = actions.length();
    int swapsSinceReset = 0;
    while (frontSize > 0) {
      runtime.checkCancelled();
      if (actions.length() - lengthAtProgress >= valveLength) {
        release(lengthAtProgress);
      } else {
        int edge = bestSwap(random);
        swap(edge);
        recentSwaps[problem.edgeA[edge]]++;
        recentSwaps[problem.edgeB[edge]]++;
        if (++swapsSinceReset == DECAY_RESET) {
          Arrays.fill(recentSwaps, 0);
          swapsSinceReset = 0;
        }
      }
      if (carryOutReady()) {
        lengthAtProgress = actions.length();
        Arrays.fill(recentSwaps, 0);
        swapsSinceReset = 0;
      }
    }
    int cost = state.excess();
    for (int nodeCost : problem.cost) {
      cost += nodeCost;
    }
    return new RoutingResult(start.copy(), state.layout(), actions.toArray(), cost);
  }

  private void begin(Layout start) {
    state.start(start);
    actions.clear();
    frontSize = 0;
    Arrays.fill(recentSwaps, 0);
    for (int node = 0; node < problem.nodes; node++) {
      waitingFor[node] = problem.predecessors[node].length;
      if (waitingFor[node] == 0) {
        front[frontSize++] = node;
      }
    }
  }

  private void swap(int edge) {
    state.swap(edge);
    actions.add(-1 - edge);
  }

  /// Carries out every node that can be, and those that thereby can; whether there was one.
  private boolean carryOutReady() {
    boolean progress = false;
    int kept = 0;
    // The front grows at its end while it is read; what stays is moved to its start. No node comes
    // twice, so there is always room.
    for (int i = 0; i < frontSize; i++) {
      int node = front[i];
      if (problem.needsNeighbours(node) && state.distance(node) > 1) {
        front[kept++] = node;
        continue;
      }
      progress = true;
      state.carryOut(node);
      actions.add(node);
      for (int next : problem.successors[node]) {
        if (--waitingFor[next] == 0) {
          front[frontSize++] = next;
        }
      }
    }
    frontSize = kept;
    if (progress || actions.length() == 0) {
      extend();
    }
    return progress;
  }

  /// Finds the extended set, breadth first behind the front, and hangs both on their wires.
  private void extend() {
    round++;
    extendedSize = 0;
    int tail = 0;
    for (int i = 0; i < frontSize; i++) {
      queue[tail++] = front[i];
    }
    int visits = EXTENDED_VISITS;
    for (int head = 0; head < tail && extendedSize < EXTENDED_SIZE && visits > 0; head++) {
      visits -= problem.successors[queue[head]].length;
      for (int next : problem.successors[queue[head]]) {
        if (seenInRound[next] != round) {
          seenInRound[next] = round;
          waitingForInRound[next] = waitingFor[next];
        }
        if (--waitingForInRound[next] == 0) {
          queue[tail++] = next;
          if (problem.needsNeighbours(next) && extendedSize < EXTENDED_SIZE) {
            extended[extendedSize++] = next;
          }
        }
      }
    }
    Arrays.fill(firstEntry, -1);
    Arrays.fill(entriesAt, 0);
    Arrays.fill(isInFront, false);
    for (int k = 0; k < frontSize + extendedSize; k++) {
      int node = listed(k);
      hang(2 * k, problem.wireA[node], problem.wireB[node]);
      hang(2 * k + 1, problem.wireB[node], problem.wireA[node]);
    }
  }

  private void hang(int entry, int wire, int other) {
    isInFront[wire] |= entry >> 1 < frontSize;
    if (++entriesAt[wire] > ENTRIES_AT_WIRE) {
      return;
    }
    partner[entry] = other;
    nextEntry[entry] = firstEntry[wire];
    firstEntry[wire] = entry;
  }

  private int listed(int k) {
    return k < frontSize ? front[k] : extended[k - frontSize];
  }

  private int bestSwap(SplittableRandom random) {
    edgeRound++;
    double best = Double.POSITIVE_INFINITY;
    int bestEdge = -1;
    int ties = 0;
    for (int wire = 0; wire < problem.wires; wire++) {
      if (!isInFront[wire]) {
        continue;
      }
      for (int edge : problem.edgesAt[state.physicalOf(wire)]) {
        if (edgeSeenInRound[edge] == edgeRound) {
          continue;
        }
        edgeSeenInRound[edge] = edgeRound;
        double score = score(edge);
        if (score < best - TIE) {
          best = score;
          bestEdge = edge;
          ties = 1;
        } else if (score < best + TIE && random.nextInt(++ties) == 0) {
          bestEdge = edge;
        }
      }
    }
    return bestEdge;
  }

  /// The change a SWAP makes, in hops of one node in front; less is better.
  private double score(int edge) {
    int physicalA = problem.edgeA[edge];
    int physicalB = problem.edgeB[edge];
    int wireA = state.wireAt(physicalA);
    int wireB = state.wireAt(physicalB);
    double price = PRICE_WEIGHT * state.priceOfSwap(edge) / problem.swapCost;
    double decay = DECAY * (recentSwaps[physicalA] + recentSwaps[physicalB]);
    return change(wireA, physicalA, physicalB, wireB)
        + change(wireB, physicalB, physicalA, wireA)
        + price
        + decay;
  }

  /// Weighted hops that a wire's nodes gain when it moves, without those that join it to `other`.
  private double change(int wire, int from, int to, int other) {
    int rowFrom = from * problem.physicalQubits;
    int rowTo = to * problem.physicalQubits;
    double inFront = 0;
    double behind = 0;
    for (int entry = firstEntry[wire]; entry >= 0; entry = nextEntry[entry]) {
      if (partner[entry] == other) {
        continue;
      }
      int at = state.physicalOf(partner[entry]);
      int hops = problem.distance[rowTo + at] - problem.distance[rowFrom + at];
      if (entry >> 1 < frontSize) {
        inFront += hops;
      } else {
        behind += hops;
      }
    }
    return behind == 0 ? inFront : inFront + behind * EXTENDED_WEIGHT * frontSize / extendedSize;
  }

  /// Takes back the SWAPs since there was progress and brings the closest node of the front
  /// together.
  private void release(int lengthAtProgress) {
    for (int i = actions.length() - 1; i >= lengthAtProgress; i--) {
      state.exchange(-1 - actions.get(i));
    }
    Layout restart = state.layout();
    actions.truncate(lengthAtProgress);
    replay(restart);
    int closest = front[0];
    for (int i = 1; i < frontSize; i++) {
      if (state.distance(front[i]) < state.distance(closest)) {
        closest = front[i];
      }
    }
    while (state.distance(closest) > 1) {
      swap(edgeTowards(closest));
    }
  }

  /// Prices the actions once more, after some were taken back.
  private void replay(Layout atTheEnd) {
    Layout start = atTheEnd;
    for (int i = actions.length() - 1; i >= 0; i--) {
      if (actions.get(i) < 0) {
        int edge = -1 - actions.get(i);
        start.swapPhysical(problem.edgeA[edge], problem.edgeB[edge]);
      }
    }
    state.start(start);
    for (int i = 0; i < actions.length(); i++) {
      if (actions.get(i) < 0) {
        state.swap(-1 - actions.get(i));
      } else {
        state.carryOut(actions.get(i));
      }
    }
  }

  /// An edge at one end of a node whose SWAP brings the node a hop closer.
  private int edgeTowards(int node) {
    int from = state.physicalOf(problem.wireA[node]);
    int to = state.physicalOf(problem.wireB[node]);
    int hops = state.distance(node);
    for (int edge : problem.edgesAt[from]) {
      int next = problem.edgeA[edge] == from ? problem.edgeB[edge] : problem.edgeA[edge];
      if (problem.distance[next * problem.physicalQubits + to] == hops - 1) {
        return edge;
      }
    }
    throw new IllegalStateException("no way from physical qubit " + from + " to " + to);
  }
}
