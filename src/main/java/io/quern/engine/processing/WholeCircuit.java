package io.quern.engine.processing;

import io.quern.engine.circuit.StandardGate;
import io.quern.engine.instantiation.Instantiation;
import io.quern.engine.linalg.Rotation;
import io.quern.engine.machine.CouplingGraph;
import io.quern.engine.machine.CouplingGraph.Edge;
import io.quern.engine.machine.GateSet;
import io.quern.engine.partition.Block;
import io.quern.engine.partition.BlockCircuit;
import io.quern.engine.partition.BlockCollector.Merging;
import io.quern.engine.partition.BlockElement;
import io.quern.engine.partition.BlockElement.Fence;
import io.quern.engine.partition.BlockElement.LocalGate;
import io.quern.engine.partition.BlockWriter;
import io.quern.engine.partition.Window;
import io.quern.engine.partition.WindowFinder;
import io.quern.engine.pass.PassData;
import io.quern.engine.synthesis.Entangler;
import io.quern.engine.synthesis.NativeGates;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/// A compilation's circuit seen as one unitary, and what may take its place.
///
/// One-qubit gates at the end are left out: they stay as they are, whatever comes before them.
final class WholeCircuit {
  private static final double QUARTER = Math.PI / 4;

  /// {cz, u3}
  static final NativeGates CZ =
      NativeGates.of(new GateSet(EnumSet.of(StandardGate.CZ, StandardGate.U3)));

  private final PassData data;
  private final BlockCircuit circuit;
  private final WindowFinder finder;
  private final Window window;
  private final Entangler entangler;

  private WholeCircuit(PassData data) {
    this.data = data;
    this.circuit = data.blocks();
    this.finder = WindowFinder.of(circuit, Integer.MAX_VALUE);
    this.window = finder.whole();
    this.entangler = data.entangler();
  }

  /// The circuit as it is now; empty if it has no two-qubit gate.
  ///
  /// @throws IllegalArgumentException if it has a fence or more qubits than the pass takes
  static Optional<WholeCircuit> of(PassData data, String pass, int mostQubits) {
    BlockCircuit circuit = data.blocks();
    if (circuit.qubits() > mostQubits) {
      throw new IllegalArgumentException(
          pass + " takes at most " + mostQubits + " qubits, found " + circuit.qubits());
    }
    for (BlockElement element : circuit.elements()) {
      if (element instanceof Fence fence) {
        throw new IllegalArgumentException(
            pass + " takes circuits of gates only, found " + fence.operation());
      }
    }
    return circuit.blockCount() == 0 ? Optional.empty() : Optional.of(new WholeCircuit(data));
  }

  int qubits() {
    return circuit.qubits();
  }

  /// Whether it consists of Clifford gates, but for one-qubit gates at both ends.
  boolean isClifford() {
    return window.isClifford();
  }

  /// Row-major, interleaved re/im; a fresh array.
  double[] unitary() {
    return window.unitary();
  }

  /// The blocks of a circuit equal to [#unitary].
  List<Block> blocks() {
    List<Block> blocks = new ArrayList<>();
    for (BlockElement element : inside().elements()) {
      if (element instanceof Block block) {
        blocks.add(block);
      }
    }
    return blocks;
  }

  /// For each qubit the turn before [#unitary]; its inverse follows.
  List<Rotation> frame() {
    return window.frame();
  }

  /// For each qubit the gate at the end of the circuit, which is no part of [#unitary].
  List<Rotation> localsAtEnd() {
    List<Rotation> last = new ArrayList<>(Collections.nCopies(qubits(), Rotation.IDENTITY));
    for (BlockElement element : circuit.elements()) {
      if (element instanceof LocalGate(int qubit, Rotation rotation)) {
        last.set(qubit, rotation.after(last.get(qubit)));
      }
    }
    return last;
  }

  private BlockCircuit inside() {
    return window.circuit(IntStream.range(0, qubits()).toArray());
  }

  /// The circuit in CZ and one-qubit gates, equal to [#unitary].
  Instantiation known() {
    return Instantiation.of(BlockWriter.write(inside(), CZ));
  }

  /// Pairs that may have gates.
  List<Edge> couplings() {
    CouplingGraph coupling =
        data.isMapped() ? data.machine().coupling() : CouplingGraph.all(qubits());
    return coupling.edges();
  }

  /// The least number of CZ that needs no fewer of the machine's gates than the circuit does.
  int limit() {
    int perCz = entangler.cost(QUARTER, 0, 0);
    return (window.cost(entangler) + perCz - 1) / perCz;
  }

  /// Goes on with another circuit for the same unitary if it needs fewer of the machine's two-qubit
  /// gates than what there is by now; what it is off by is measured and added to the error bound.
  void replaceIfShorter(Instantiation found) {
    List<BlockElement> elements = new ArrayList<>();
    found.write(
        new Instantiation.Writer() {
          @Override
          public void local(int qubit, Rotation gate) {
            elements.add(new LocalGate(qubit, gate));
          }

          @Override
          public void cz(int a, int b) {
            Rotation turn = Rotation.aboutZ(Math.PI / 2);
            elements.add(
                new Block(Math.min(a, b), Math.max(a, b), QUARTER, 0, 0, Rotation.H, Rotation.H));
            elements.add(new LocalGate(a, turn));
            elements.add(new LocalGate(b, turn));
          }
        });
    replaceIfShorter(elements);
  }

  /// As above, with blocks and one-qubit gates.
  void replaceIfShorter(List<BlockElement> elements) {
    BlockCircuit next =
        finder.replaced(
            window, elements, Math.sqrt(2 * window.distance(elements)), entangler, Merging.GAIN);
    if (next.cost(entangler) < data.cost()) {
      data.setBlocks(next);
    }
  }
}
