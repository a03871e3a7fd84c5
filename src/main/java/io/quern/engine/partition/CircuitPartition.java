package io.quern.engine.partition;

import io.quern.engine.circuit.Operation;
import io.quern.engine.partition.BlockCollector.Merging;
import io.quern.engine.partition.BlockElement.Fence;
import io.quern.engine.partition.BlockElement.LocalGate;
import io.quern.engine.synthesis.Entangler;
import java.util.ArrayList;
import java.util.List;

/// A circuit cut into parts on few qubits, in an order in which they can be carried out one after
/// the other. Immutable.
public final class CircuitPartition {

  /// What a circuit is cut into.
  public sealed interface Part {}

  /// Blocks on few qubits.
  ///
  /// @param circuit on positions in `qubits`
  /// @param qubits ascending
  public record Piece(List<Integer> qubits, BlockCircuit circuit) implements Part {
    public Piece {
      qubits = List.copyOf(qubits);
    }

    /// The same piece on more qubits, which it leaves alone.
    ///
    /// @param wider ascending, the piece's qubits among them
    public Piece on(List<Integer> wider) {
      List<Integer> names = qubits.stream().map(wider::indexOf).toList();
      List<BlockElement> renamed = new ArrayList<>();
      for (BlockElement element : circuit.elements()) {
        renamed.add(renamed(element, names));
      }
      return new Piece(
          wider,
          new BlockCircuit(wider.size(), circuit.classicalRegisters(), renamed, circuit.errorD2()));
    }

    private List<Piece> cut(int mostElements) {
      List<BlockElement> elements = circuit.elements();
      if (elements.size() <= mostElements) {
        return List.of(this);
      }
      List<Piece> shorter = new ArrayList<>();
      for (int from = 0; from < elements.size(); from += mostElements) {
        int to = Math.min(elements.size(), from + mostElements);
        double errorD2 = from == 0 ? circuit.errorD2() : 0;
        shorter.add(
            with(
                new BlockCircuit(
                    circuit.qubits(),
                    circuit.classicalRegisters(),
                    elements.subList(from, to),
                    errorD2)));
      }
      return shorter;
    }

    /// The same piece with another circuit.
    public Piece with(BlockCircuit other) {
      return new Piece(qubits, other);
    }
  }

  /// A fence with the one-qubit gates before it; nothing changes it.
  public record Fenced(BlockOrder.Fenced node) implements Part {}

  private final BlockCircuit whole;
  private final List<Part> parts;
  private final List<LocalGate> localsAtEnd;

  private CircuitPartition(BlockCircuit whole, List<Part> parts, List<LocalGate> localsAtEnd) {
    this.whole = whole;
    this.parts = List.copyOf(parts);
    this.localsAtEnd = List.copyOf(localsAtEnd);
  }

  /// @param groups nodes of `order` in an order the parts may have; each node once, fences alone
  static CircuitPartition of(BlockCircuit whole, BlockOrder order, List<List<Integer>> groups) {
    List<Part> parts = new ArrayList<>(groups.size());
    for (List<Integer> group : groups) {
      parts.add(part(order, group));
    }
    return new CircuitPartition(whole, parts, order.localsAtEnd());
  }

  /// @param parts all of the circuit, in an order in which they can be carried out
  static CircuitPartition of(BlockCircuit whole, List<Part> parts) {
    return new CircuitPartition(whole, parts, List.of());
  }

  private static Part part(BlockOrder order, List<Integer> group) {
    if (order.nodes().get(group.getFirst()) instanceof BlockOrder.Fenced fenced) {
      return new Fenced(fenced);
    }
    List<Block> blocks = new ArrayList<>(group.size());
    for (int node : group) {
      if (order.nodes().get(node) instanceof BlockOrder.Pair(Block block)) {
        blocks.add(block);
      }
    }
    List<Integer> qubits =
        blocks.stream()
            .flatMap(block -> java.util.stream.Stream.of(block.a(), block.b()))
            .distinct()
            .sorted()
            .toList();
    List<BlockElement> renamed = new ArrayList<>(blocks.size());
    for (Block block : blocks) {
      renamed.add(block.on(qubits.indexOf(block.a()), qubits.indexOf(block.b())));
    }
    return new Piece(qubits, new BlockCircuit(qubits.size(), List.of(), renamed, 0));
  }

  /// An element on other qubits.
  ///
  /// @param names qubit -> its new name
  public static BlockElement renamed(BlockElement element, List<Integer> names) {
    return switch (element) {
      case Block block -> block.on(names.get(block.a()), names.get(block.b()));
      case LocalGate(int qubit, var rotation) -> new LocalGate(names.get(qubit), rotation);
      case Fence(Operation operation) ->
          new Fence(operation.mapQubits(names.stream().mapToInt(Integer::intValue).toArray()));
    };
  }

  public List<Part> parts() {
    return parts;
  }

  /// The pieces of more than fences, in order.
  public List<Piece> pieces() {
    List<Piece> pieces = new ArrayList<>();
    for (Part part : parts) {
      if (part instanceof Piece piece) {
        pieces.add(piece);
      }
    }
    return pieces;
  }

  /// The same partition with other circuits in its pieces, in the order of [#pieces].
  public CircuitPartition with(List<Piece> pieces) {
    List<Part> replaced = new ArrayList<>(parts.size());
    int next = 0;
    for (Part part : parts) {
      replaced.add(
          switch (part) {
            case Piece _ -> pieces.get(next++);
            case Fenced fenced -> fenced;
          });
    }
    return new CircuitPartition(whole, replaced, localsAtEnd);
  }

  /// The same circuit with long pieces cut into several, one after the other.
  ///
  /// @param mostElements of a piece
  public CircuitPartition cut(int mostElements) {
    List<Part> shorter = new ArrayList<>(parts.size());
    for (Part part : parts) {
      switch (part) {
        case Piece piece -> shorter.addAll(piece.cut(mostElements));
        case Fenced fenced -> shorter.add(fenced);
      }
    }
    return new CircuitPartition(whole, shorter, localsAtEnd);
  }

  /// One circuit again.
  public BlockCircuit joined(Entangler entangler, Merging merging) {
    double errorD2 = whole.errorD2();
    // Where commuting blocks changed places their axes may be off by the tolerance.
    errorD2 += 2 * Block.AXIS_TOLERANCE * whole.blockCount();
    for (Piece piece : pieces()) {
      errorD2 += piece.circuit().errorD2();
    }
    BlockCollector collector =
        new BlockCollector(whole.qubits(), whole.classicalRegisters(), entangler, merging, errorD2);
    for (Part part : parts) {
      switch (part) {
        case Piece piece -> add(piece, collector);
        case Fenced(BlockOrder.Fenced node) -> {
          collector.add(List.copyOf(node.before()));
          collector.fence(node.operation());
        }
      }
    }
    collector.add(List.copyOf(localsAtEnd));
    return collector.finish();
  }

  private static void add(Piece piece, BlockCollector collector) {
    for (BlockElement element : piece.circuit().elements()) {
      switch (element) {
        case Block block ->
            collector.add(block.on(piece.qubits().get(block.a()), piece.qubits().get(block.b())));
        case LocalGate(int qubit, var rotation) ->
            collector.add(piece.qubits().get(qubit), rotation);
        case Fence(Operation operation) ->
            throw new IllegalArgumentException("a piece holds no fence: " + operation);
      }
    }
  }
}
