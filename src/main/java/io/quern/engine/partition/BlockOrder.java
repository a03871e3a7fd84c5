package io.quern.engine.partition;

import io.quern.engine.circuit.Operation;
import io.quern.engine.partition.BlockElement.Fence;
import io.quern.engine.partition.BlockElement.LocalGate;
import java.util.ArrayList;
import java.util.List;

/// Which blocks and fences of a circuit must come after which; any order that keeps to this does
/// the same.
///
/// Nodes are numbered in the circuit's order. One-qubit gates stand before a fence, and belong to
/// it, or at the end. Immutable.
public final class BlockOrder {

  /// What has a place in the order.
  public sealed interface Node {}

  /// A two-qubit block.
  public record Pair(Block block) implements Node {}

  /// A measurement, reset, barrier or conditional with the one-qubit gates that stand before it.
  public record Fenced(List<LocalGate> before, Operation operation) implements Node {
    public Fenced {
      before = List.copyOf(before);
    }
  }

  private final List<Node> nodes;
  private final List<LocalGate> localsAtEnd;
  private final List<WireOrder.Place> places;

  private BlockOrder(List<Node> nodes, List<LocalGate> localsAtEnd, List<WireOrder.Place> places) {
    this.nodes = List.copyOf(nodes);
    this.localsAtEnd = List.copyOf(localsAtEnd);
    this.places = List.copyOf(places);
  }

  /// @throws IllegalArgumentException if a block follows a one-qubit gate without a fence between
  public static BlockOrder of(BlockCircuit circuit) {
    List<Node> nodes = new ArrayList<>();
    List<WireOrder.Place> places = new ArrayList<>();
    List<LocalGate> waiting = new ArrayList<>();
    WireOrder order = new WireOrder(circuit.qubits(), circuit.classicalRegisters());
    for (BlockElement element : circuit.elements()) {
      switch (element) {
        case Block block -> {
          for (LocalGate gate : waiting) {
            if (gate.qubit() == block.a() || gate.qubit() == block.b()) {
              throw new IllegalArgumentException(gate + " stands before " + block);
            }
          }
          nodes.add(new Pair(block));
          places.add(order.add(block));
        }
        case LocalGate gate -> waiting.add(gate);
        case Fence(Operation operation) -> {
          List<LocalGate> before = new ArrayList<>();
          for (LocalGate gate : waiting) {
            if (operation.location().contains(gate.qubit())) {
              before.add(gate);
            }
          }
          waiting.removeAll(before);
          nodes.add(new Fenced(before, operation));
          places.add(order.add(operation));
        }
      }
    }
    return new BlockOrder(nodes, waiting, places);
  }

  public List<Node> nodes() {
    return nodes;
  }

  /// One-qubit gates after everything else.
  public List<LocalGate> localsAtEnd() {
    return localsAtEnd;
  }

  /// A fresh array of the nodes directly before one, ascending.
  public int[] predecessors(int node) {
    return places.get(node).predecessors().stream().mapToInt(Integer::intValue).toArray();
  }

  /// The commuting group a node belongs to on its first qubit, numbered over all wires. Blocks of
  /// one group on a qubit may change places there.
  public int groupA(int node) {
    return places.get(node).groupA();
  }

  /// As [#groupA], on the second qubit if there is one.
  public int groupB(int node) {
    return places.get(node).groupB();
  }
}
