package io.quern.engine.mapping;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/// Layouts to start from.
final class Placements {
  private final RoutingProblem problem;

  /// How many nodes join two wires, row-major.
  private final int[] interactions;

  Placements(RoutingProblem problem) {
    this.problem = problem;
    int n = problem.wires;
    interactions = new int[n * n];
    for (int node = 0; node < problem.nodes; node++) {
      if (problem.needsNeighbours(node)) {
        interactions[problem.wireA[node] * n + problem.wireB[node]]++;
        interactions[problem.wireB[node] * n + problem.wireA[node]]++;
      }
    }
  }

  /// Every way to put the wires on the machine, or none if there are more than `limit`.
  List<Layout> all(int limit) {
    long count = 1;
    for (int i = 0; i < problem.wires; i++) {
      count *= problem.physicalQubits - i;
      if (count > limit) {
        return List.of();
      }
    }
    List<Layout> layouts = new ArrayList<>((int) count);
    extend(new int[problem.wires], 0, new boolean[problem.physicalQubits], layouts);
    return layouts;
  }

  private void extend(int[] placed, int wire, boolean[] taken, List<Layout> layouts) {
    if (wire == placed.length) {
      layouts.add(Layout.of(placed, problem.physicalQubits));
      return;
    }
    for (int physical = 0; physical < taken.length; physical++) {
      if (!taken[physical]) {
        taken[physical] = true;
        placed[wire] = physical;
        extend(placed, wire + 1, taken, layouts);
        taken[physical] = false;
      }
    }
  }

  /// Wires in random order on a random connected part of the machine.
  Layout random(SplittableRandom random) {
    int n = problem.wires;
    int[] part = grow(random.nextInt(problem.physicalQubits), random);
    for (int i = n - 1; i > 0; i--) {
      int j = random.nextInt(i + 1);
      int physical = part[i];
      part[i] = part[j];
      part[j] = physical;
    }
    return Layout.of(part, problem.physicalQubits);
  }

  private int[] grow(int first, SplittableRandom random) {
    int[] part = new int[problem.wires];
    int size = 0;
    boolean[] seen = new boolean[problem.physicalQubits];
    int[] frontier = new int[problem.physicalQubits];
    int frontierSize = 1;
    frontier[0] = first;
    seen[first] = true;
    while (size < part.length) {
      int pick = random.nextInt(Math.min(frontierSize, 3));
      int physical = frontier[pick];
      System.arraycopy(frontier, pick + 1, frontier, pick, frontierSize - pick - 1);
      frontierSize--;
      part[size++] = physical;
      for (int edge : problem.edgesAt[physical]) {
        int next = problem.edgeA[edge] == physical ? problem.edgeB[edge] : problem.edgeA[edge];
        if (!seen[next]) {
          seen[next] = true;
          frontier[frontierSize++] = next;
        }
      }
    }
    return part;
  }

  /// Wire after wire, the one most joined to those placed first, each where it is closest to its
  /// partners; begins at a random physical qubit.
  Layout greedy(SplittableRandom random) {
    int n = problem.wires;
    int[] placed = new int[n];
    Arrays.fill(placed, -1);
    boolean[] taken = new boolean[problem.physicalQubits];
    int start = random.nextInt(problem.physicalQubits);
    for (int step = 0; step < n; step++) {
      int wire = nextWire(placed, random);
      int physical = step == 0 ? start : closest(wire, placed, taken);
      placed[wire] = physical;
      taken[physical] = true;
    }
    return Layout.of(placed, problem.physicalQubits);
  }

  private int nextWire(int[] placed, SplittableRandom random) {
    int best = -1;
    int bestJoined = -1;
    int ties = 0;
    for (int wire = 0; wire < problem.wires; wire++) {
      if (placed[wire] >= 0) {
        continue;
      }
      int joined = 0;
      for (int other = 0; other < problem.wires; other++) {
        if (placed[other] >= 0) {
          joined += interactions[wire * problem.wires + other];
        }
      }
      if (joined > bestJoined) {
        bestJoined = joined;
        best = wire;
        ties = 1;
      } else if (joined == bestJoined && random.nextInt(++ties) == 0) {
        best = wire;
      }
    }
    return best;
  }

  private int closest(int wire, int[] placed, boolean[] taken) {
    int best = -1;
    long bestHops = Long.MAX_VALUE;
    for (int physical = 0; physical < problem.physicalQubits; physical++) {
      if (taken[physical]) {
        continue;
      }
      long hops = 0;
      for (int other = 0; other < problem.wires; other++) {
        if (placed[other] >= 0) {
          // Without a partner yet a wire still stays with the others.
          int weight = 1 + 16 * interactions[wire * problem.wires + other];
          hops +=
              (long) weight * problem.distance[physical * problem.physicalQubits + placed[other]];
        }
      }
      if (hops < bestHops) {
        bestHops = hops;
        best = physical;
      }
    }
    return best;
  }
}
