package io.quern.engine.pass;

import io.quern.engine.partition.BlockCircuit;
import io.quern.engine.partition.BlockCollector;
import io.quern.engine.partition.BlockCollector.Merging;
import io.quern.engine.partition.BlockElement.LocalGate;
import io.quern.engine.partition.BlockOrder;
import io.quern.engine.partition.PairPartition;
import io.quern.engine.synthesis.Entangler;
import java.util.Arrays;
import java.util.SplittableRandom;

/// Looks for an order of the blocks in which more of them merge.
///
/// What merges when blocks are gathered one after the other depends on which of those that commute
/// comes first, and a merge can stand in the way of a better one. So blocks are gathered again and
/// again in random orders that do the same: a random walk that goes where resynthesis of runs on
/// pairs needs no more gates, from the circuit as it was again after some steps. The result is
/// never worse, with that resynthesis, than what came in. How many orders are tried depends on the
/// circuit's size alone.
public final class ReorderBlocks implements Pass {
  /// Blocks gathered in all, over all orders.
  private static final int BUDGET = 6_000;

  private static final int LEAST_ORDERS = 2;
  private static final int MOST_ORDERS = 96;

  /// Steps of one walk.
  private static final int STEPS = 24;

  /// One in so many orders also merges blocks where that saves nothing yet.
  private static final int ADJACENT_ONE_IN = 4;

  @Override
  public String name() {
    return "ReorderBlocks";
  }

  @Override
  public void run(PassData data, RuntimeHandle runtime) {
    Entangler entangler = data.entangler();
    BlockCircuit start = data.blocks();
    int blocks = start.blockCount();
    if (blocks < 2) {
      return;
    }
    int orders = Math.clamp(BUDGET / blocks, LEAST_ORDERS, MOST_ORDERS);
    SplittableRandom random = new SplittableRandom(data.seed());
    BlockCircuit best = start;
    int bestCost = PairPartition.of(start).cost(entangler);
    BlockCircuit current = start;
    int currentCost = bestCost;
    for (int i = 0; i < orders; i++) {
      runtime.checkCancelled();
      if (runtime.isTimeUp()) {
        data.setCutShort();
        break;
      }
      boolean restarts = i % STEPS == 0;
      Merging merging = random.nextInt(ADJACENT_ONE_IN) == 0 ? Merging.ADJACENT : Merging.GAIN;
      BlockCircuit next = gathered(restarts ? start : current, entangler, merging, random);
      int cost = PairPartition.of(next).cost(entangler);
      if (restarts || cost <= currentCost) {
        current = next;
        currentCost = cost;
      }
      if (cost < bestCost) {
        best = next;
        bestCost = cost;
      }
    }
    data.setBlocks(best);
  }

  /// The circuit's blocks gathered in a random order.
  private static BlockCircuit gathered(
      BlockCircuit circuit, Entangler entangler, Merging merging, SplittableRandom random) {
    BlockOrder order = BlockOrder.of(circuit);
    BlockCollector collector =
        new BlockCollector(
            circuit.qubits(), circuit.classicalRegisters(), entangler, merging, circuit.errorD2());
    for (int node : randomOrder(order, random)) {
      switch (order.nodes().get(node)) {
        case BlockOrder.Pair(var block) -> collector.add(block);
        case BlockOrder.Fenced(var before, var operation) -> {
          for (LocalGate gate : before) {
            collector.add(gate.qubit(), gate.rotation());
          }
          collector.fence(operation);
        }
      }
    }
    for (LocalGate gate : order.localsAtEnd()) {
      collector.add(gate.qubit(), gate.rotation());
    }
    return collector.finish();
  }

  /// Nodes in an order they may have: one of the ready ones at random each time, among all of them
  /// or among those that were ready first.
  private static int[] randomOrder(BlockOrder order, SplittableRandom random) {
    int nodes = order.nodes().size();
    int[][] successors = successors(order);
    int[] waitingFor = new int[nodes];
    int[] ready = new int[nodes];
    int readyCount = 0;
    for (int node = 0; node < nodes; node++) {
      waitingFor[node] = order.predecessors(node).length;
      if (waitingFor[node] == 0) {
        ready[readyCount++] = node;
      }
    }
    int choice = random.nextBoolean() ? 2 : nodes;
    int[] found = new int[nodes];
    for (int i = 0; i < nodes; i++) {
      int pick = random.nextInt(Math.min(choice, readyCount));
      int node = ready[pick];
      System.arraycopy(ready, pick + 1, ready, pick, readyCount - pick - 1);
      readyCount--;
      found[i] = node;
      for (int next : successors[node]) {
        if (--waitingFor[next] == 0) {
          ready[readyCount++] = next;
        }
      }
    }
    return found;
  }

  private static int[][] successors(BlockOrder order) {
    int nodes = order.nodes().size();
    int[] count = new int[nodes];
    for (int node = 0; node < nodes; node++) {
      for (int earlier : order.predecessors(node)) {
        count[earlier]++;
      }
    }
    int[][] successors = new int[nodes][];
    Arrays.setAll(successors, node -> new int[count[node]]);
    for (int node = nodes - 1; node >= 0; node--) {
      for (int earlier : order.predecessors(node)) {
        successors[earlier][--count[earlier]] = node;
      }
    }
    return successors;
  }
}
