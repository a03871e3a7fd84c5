package io.quern.engine.partition;

import io.quern.engine.linalg.Matrices;
import io.quern.engine.linalg.Rotation;
import io.quern.engine.partition.BlockElement.LocalGate;
import io.quern.engine.synthesis.Entangler;
import java.util.ArrayList;
import java.util.List;

/// A piece of a circuit on few qubits that can be carried out as one: nothing outside comes after
/// one of its blocks and before another.
///
/// @param qubits ascending
/// @param nodes nodes of the [BlockOrder] it was found in, ascending
/// @param blocks of these nodes, qubits renamed to their positions in `qubits`
public record Window(List<Integer> qubits, List<Integer> nodes, List<Block> blocks) {
  public Window {
    qubits = List.copyOf(qubits);
    nodes = List.copyOf(nodes);
    blocks = List.copyOf(blocks);
  }

  /// Two-qubit gates the window needs as it is.
  public int cost(Entangler entangler) {
    int cost = 0;
    for (Block block : blocks) {
      cost += entangler.cost(block.x(), block.y(), block.z());
    }
    return cost;
  }

  /// Whether the window consists of Clifford gates, seen between its [#frame].
  public boolean isClifford() {
    List<Rotation> frame = frame();
    for (Block block : blocks) {
      if (!isCliffordAngle(block.x())
          || !isCliffordAngle(block.y())
          || !isCliffordAngle(block.z())
          || !block.turnA().after(frame.get(block.a()).inverse()).isClifford()
          || !block.turnB().after(frame.get(block.b()).inverse()).isClifford()) {
        return false;
      }
    }
    return true;
  }

  private static boolean isCliffordAngle(double angle) {
    return angle == 0 || Math.abs(angle) == Math.PI / 4;
  }

  /// The turn of the first block on each qubit: `L` in `L^dagger W' L`.
  ///
  /// One-qubit gates that pass a window turn all of it; seen between these turns it stays the same.
  public List<Rotation> frame() {
    List<Rotation> frame = new ArrayList<>();
    for (int q = 0; q < qubits.size(); q++) {
      Rotation first = Rotation.IDENTITY;
      for (Block block : blocks) {
        if (block.a() == q || block.b() == q) {
          first = block.turn(q);
          break;
        }
      }
      frame.add(first);
    }
    return frame;
  }

  /// The unitary of the window between its [#frame].
  public double[] unitary() {
    List<Rotation> frame = frame();
    BlockUnitary unitary = new BlockUnitary(qubits.size());
    double[] matrix = new double[32];
    for (Block block : blocks) {
      block.behind(frame.get(block.a()).inverse(), frame.get(block.b()).inverse()).unitary(matrix);
      unitary.apply(block.a(), block.b(), matrix);
    }
    return unitary.matrix();
  }

  /// The window between its [#frame] as a circuit.
  ///
  /// @param names position in `qubits` -> qubit of the circuit; not modified
  public BlockCircuit circuit(int... names) {
    List<Rotation> frame = frame();
    List<BlockElement> elements = new ArrayList<>();
    for (Block block : blocks) {
      elements.add(
          block
              .behind(frame.get(block.a()).inverse(), frame.get(block.b()).inverse())
              .on(names[block.a()], names[block.b()]));
    }
    return new BlockCircuit(qubits.size(), List.of(), elements, 0);
  }

  /// The distance D1 of others elements from this window between its frame.
  ///
  /// @param inside blocks and one-qubit gates on positions in `qubits`
  public double distance(List<BlockElement> inside) {
    BlockUnitary unitary = new BlockUnitary(qubits.size());
    double[] matrix = new double[32];
    for (BlockElement element : inside) {
      switch (element) {
        case Block block -> {
          block.unitary(matrix);
          unitary.apply(block.a(), block.b(), matrix);
        }
        case LocalGate(int qubit, Rotation rotation) -> unitary.apply(qubit, rotation);
        case BlockElement.Fence fence ->
            throw new IllegalArgumentException("a window holds no fence: " + fence);
      }
    }
    return Matrices.distance(unitary(), unitary.matrix(), 1 << qubits.size());
  }

  /// Elements that do what others do between this window's frame, on the circuit's qubits.
  ///
  /// @param inside blocks and one-qubit gates on positions in `qubits`
  public List<BlockElement> framed(List<BlockElement> inside) {
    List<BlockElement> all = new ArrayList<>();
    List<Rotation> frame = frame();
    for (int q = 0; q < qubits.size(); q++) {
      all.add(new LocalGate(qubits.get(q), frame.get(q)));
    }
    for (BlockElement element : inside) {
      switch (element) {
        case Block block -> all.add(block.on(qubits.get(block.a()), qubits.get(block.b())));
        case LocalGate(int qubit, Rotation rotation) ->
            all.add(new LocalGate(qubits.get(qubit), rotation));
        case BlockElement.Fence fence ->
            throw new IllegalArgumentException("a window holds no fence: " + fence);
      }
    }
    for (int q = 0; q < qubits.size(); q++) {
      all.add(new LocalGate(qubits.get(q), frame.get(q).inverse()));
    }
    return all;
  }
}
