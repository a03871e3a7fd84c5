package io.quern.engine.partition;

import io.quern.engine.circuit.ClassicalRegister;
import io.quern.engine.circuit.Location;
import io.quern.engine.circuit.Operation;
import io.quern.engine.linalg.Matrices;
import io.quern.engine.linalg.Rotation;
import io.quern.engine.partition.BlockElement.Fence;
import io.quern.engine.partition.BlockElement.LocalGate;
import io.quern.engine.synthesis.Entangler;
import io.quern.engine.synthesis.WeylDecomposer;
import io.quern.engine.synthesis.WeylDecomposition;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Gathers gates into blocks, one after the other; not thread-safe, one use.
///
/// Each new block looks back along its two qubits for a block on the same pair that it can reach,
/// because everything in between commutes with one of the two, and merges with it. This does at
/// once what is elsewhere commutative cancellation, rotation merging through controls and targets
/// (Y. Nam et al., Automated optimization of large quantum circuits with continuous parameters,
/// 2018, arXiv:1710.07345) and two-qubit consolidation, for gates along any axis. Time is linear in
/// the number of gates; a look-back ends after [#WINDOW] blocks.
public final class BlockCollector {

  /// When two blocks on the same pair become one.
  public enum Merging {
    /// Only where it saves a two-qubit gate: axes that others may commute with are kept.
    GAIN,
    /// Also where the blocks stand side by side.
    ADJACENT
  }

  private static final int WINDOW = 48;
  private static final double LOCAL_IDENTITY = 1e-15;

  private final int qubits;
  private final List<ClassicalRegister> classicalRegisters;
  private final Entangler entangler;
  private final Merging merging;
  private final ArrayList<@Nullable BlockElement> elements = new ArrayList<>();
  private final Rotation[] frame;

  /// Indices into `elements` of the blocks on each qubit since its last fence, ascending.
  private final int[][] wires;

  private final int[] wireSize;
  private final WeylDecomposer decomposer = new WeylDecomposer();
  private final double[] left = new double[32];
  private final double[] right = new double[32];
  private final double[] product = new double[32];
  private double errorD2;

  public BlockCollector(
      int qubits,
      List<ClassicalRegister> classicalRegisters,
      Entangler entangler,
      Merging merging,
      double errorD2) {
    this.qubits = qubits;
    this.classicalRegisters = classicalRegisters;
    this.entangler = entangler;
    this.merging = merging;
    this.errorD2 = errorD2;
    this.frame = new Rotation[qubits];
    Arrays.fill(frame, Rotation.IDENTITY);
    this.wires = new int[qubits][4];
    this.wireSize = new int[qubits];
  }

  /// Gathers a circuit's blocks anew.
  public static BlockCircuit collect(BlockCircuit circuit, Entangler entangler, Merging merging) {
    BlockCollector collector =
        new BlockCollector(
            circuit.qubits(), circuit.classicalRegisters(), entangler, merging, circuit.errorD2());
    collector.add(circuit.elements());
    return collector.finish();
  }

  /// Adds elements one after the other.
  public void add(List<BlockElement> more) {
    for (BlockElement element : more) {
      switch (element) {
        case Block block -> add(block);
        case LocalGate(int qubit, Rotation rotation) -> add(qubit, rotation);
        case Fence(Operation operation) -> fence(operation);
      }
    }
  }

  public void add(int qubit, Rotation rotation) {
    frame[qubit] = rotation.after(frame[qubit]);
  }

  public void add(Block block) {
    append(block.behind(frame[block.a()], frame[block.b()]));
  }

  /// Adds any two-qubit gate.
  ///
  /// @param first the qubit `gate` calls A
  public void add(int first, int second, WeylDecomposition gate) {
    boolean inOrder = first < second;
    int a = Math.min(first, second);
    int b = Math.max(first, second);
    Rotation beforeA = inOrder ? gate.beforeA() : gate.beforeB();
    Rotation beforeB = inOrder ? gate.beforeB() : gate.beforeA();
    Rotation afterA = inOrder ? gate.afterA() : gate.afterB();
    Rotation afterB = inOrder ? gate.afterB() : gate.afterA();
    Block block =
        new Block(
            a, b, gate.x(), gate.y(), gate.z(), beforeA.after(frame[a]), beforeB.after(frame[b]));
    // The gate is L E with E = block and L = after before; F E' with the frame F = L F follows.
    frame[a] = afterA.after(beforeA).after(frame[a]);
    frame[b] = afterB.after(beforeB).after(frame[b]);
    errorD2 += gate.error();
    append(block);
  }

  /// Adds an operation nothing passes.
  public void fence(Operation operation) {
    Location location = operation.location();
    for (int i = 0; i < location.size(); i++) {
      flush(location.get(i));
      wireSize[location.get(i)] = 0;
    }
    elements.add(new Fence(operation));
  }

  public BlockCircuit finish() {
    for (int q = 0; q < qubits; q++) {
      flush(q);
    }
    List<BlockElement> kept = new ArrayList<>(elements.size());
    for (BlockElement element : elements) {
      if (element != null) {
        kept.add(element);
      }
    }
    return new BlockCircuit(qubits, classicalRegisters, kept, errorD2);
  }

  private void flush(int qubit) {
    if (!frame[qubit].isIdentity(LOCAL_IDENTITY)) {
      elements.add(new LocalGate(qubit, frame[qubit]));
    }
    frame[qubit] = Rotation.IDENTITY;
  }

  private void append(Block block) {
    if (block.x() == 0) {
      return;
    }
    if (!mergeBack(block)) {
      push(block);
    }
  }

  private void push(Block block) {
    elements.add(block);
    push(block.a(), elements.size() - 1);
    push(block.b(), elements.size() - 1);
  }

  private void push(int qubit, int index) {
    if (wireSize[qubit] == wires[qubit].length) {
      wires[qubit] = Arrays.copyOf(wires[qubit], 2 * wireSize[qubit]);
    }
    wires[qubit][wireSize[qubit]++] = index;
  }

  private Block blockAt(int index) {
    if (elements.get(index) instanceof Block block) {
      return block;
    }
    throw new IllegalStateException("no block at " + index + ": " + elements.get(index));
  }

  /// Merges the block with the nearest one it can reach with profit.
  private boolean mergeBack(Block block) {
    int a = block.a();
    int b = block.b();
    int slotA = wireSize[a];
    int slotB = wireSize[b];
    while (true) {
      slotA = previousOnPair(a, block, slotA - 1);
      slotB = previousOnPair(b, block, slotB - 1);
      if (slotA < 0 || slotB < 0) {
        return false;
      }
      if (wires[a][slotA] != wires[b][slotB]) {
        throw new IllegalStateException("blocks of one pair in different order on its qubits");
      }
      Block candidate = blockAt(wires[a][slotA]);
      boolean newMoves = commutesBack(block, a, slotA) && commutesBack(block, b, slotB);
      boolean oldMoves =
          !newMoves && commutesBack(candidate, a, slotA) && commutesBack(candidate, b, slotB);
      if (!newMoves && !oldMoves) {
        return false;
      }
      boolean isAdjacent = slotA == wireSize[a] - 1 && slotB == wireSize[b] - 1;
      if (merge(candidate, block, slotA, slotB, newMoves, isAdjacent)) {
        return true;
      }
      // Pass on only where the new block commutes with the one it did not merge with.
      if (!newMoves || block.parallel(candidate, a) == 0 || block.parallel(candidate, b) == 0) {
        return false;
      }
    }
  }

  /// The last slot up to `slot` on a wire that holds a block of the same pair, or -1.
  private int previousOnPair(int qubit, Block block, int slot) {
    int end = Math.max(0, wireSize[qubit] - WINDOW);
    for (int s = slot; s >= end; s--) {
      Block other = blockAt(wires[qubit][s]);
      if (other.a() == block.a() && other.b() == block.b()) {
        return s;
      }
    }
    return -1;
  }

  /// Whether the block commutes, on a wire, with everything after a slot.
  private boolean commutesBack(Block block, int qubit, int slot) {
    for (int s = wireSize[qubit] - 1; s > slot; s--) {
      if (block.parallel(blockAt(wires[qubit][s]), qubit) == 0) {
        return false;
      }
    }
    return true;
  }

  private boolean merge(
      Block old, Block block, int slotA, int slotB, boolean newMoves, boolean isAdjacent) {
    int a = block.a();
    int b = block.b();
    WeylDecomposition merged = multiply(old, block);
    int cost = entangler.cost(merged.x(), merged.y(), merged.z());
    int separate =
        entangler.cost(old.x(), old.y(), old.z()) + entangler.cost(block.x(), block.y(), block.z());
    if (cost >= separate && !(isAdjacent && merging == Merging.ADJACENT)) {
      return false;
    }
    // What was taken for parallel may be off by the tolerance, in each exchange and in the merge.
    int exchanges = wireSize[a] - slotA + wireSize[b] - slotB;
    errorD2 += merged.error() + (isAdjacent ? 2 : 2 * exchanges) * Block.AXIS_TOLERANCE;
    int index = wires[a][slotA];
    Block result =
        new Block(a, b, merged.x(), merged.y(), merged.z(), merged.beforeA(), merged.beforeB());
    Rotation localA = merged.afterA().after(merged.beforeA());
    Rotation localB = merged.afterB().after(merged.beforeB());
    if (newMoves && result.x() != 0) {
      elements.set(index, result);
      pushLocal(a, slotA + 1, localA);
      pushLocal(b, slotB + 1, localB);
      return true;
    }
    elements.set(index, null);
    remove(a, slotA);
    remove(b, slotB);
    if (newMoves) {
      pushLocal(a, slotA, localA);
      pushLocal(b, slotB, localB);
    } else {
      frame[a] = frame[a].after(localA);
      frame[b] = frame[b].after(localB);
      if (result.x() != 0) {
        push(result);
      }
    }
    return true;
  }

  /// Moves a local gate that stands before a slot to the right, into the frame.
  private void pushLocal(int qubit, int slot, Rotation local) {
    if (local.isIdentity(0)) {
      return;
    }
    for (int s = slot; s < wireSize[qubit]; s++) {
      int index = wires[qubit][s];
      elements.set(index, blockAt(index).behind(qubit, local));
    }
    frame[qubit] = frame[qubit].after(local);
  }

  private void remove(int qubit, int slot) {
    System.arraycopy(wires[qubit], slot + 1, wires[qubit], slot, wireSize[qubit] - slot - 1);
    wireSize[qubit]--;
  }

  /// `second * first`. Along common axes angles just add, which keeps powers of Clifford gates
  /// exact.
  private WeylDecomposition multiply(Block first, Block second) {
    int signA = first.parallel(second, first.a());
    int signB = first.parallel(second, first.b());
    if (signA != 0 && signB != 0) {
      return WeylDecomposition.canonical(
          first.turnA(),
          first.turnB(),
          first.x() + signA * signB * second.x(),
          0,
          0,
          first.turnA().inverse(),
          first.turnB().inverse());
    }
    first.unitary(right);
    second.unitary(left);
    Matrices.kernel().multiply4(left, right, product);
    return decomposer.measured(product);
  }
}
