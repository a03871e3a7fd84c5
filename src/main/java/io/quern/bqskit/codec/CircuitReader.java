package io.quern.bqskit.codec;

import io.quern.bqskit.codec.PickledGate.PickledOperation;
import io.quern.bqskit.pickle.BytesNode;
import io.quern.bqskit.pickle.InstanceNode;
import io.quern.bqskit.pickle.PickleException;
import io.quern.bqskit.pickle.PickleLimits;
import io.quern.bqskit.pickle.PickleNode;
import io.quern.bqskit.pickle.PickleNode.Constant;
import io.quern.bqskit.pickle.PickleNode.Int;
import io.quern.bqskit.pickle.PickleNode.Real;
import io.quern.bqskit.pickle.TupleNode;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Reads BQSKit's circuits from their pickles: `rebuild_circuit(qudits, radixes, gates, cycles)`,
/// in which gates and cycles are pickles of their own.
final class CircuitReader {
  /// How deep circuits may be gates of circuits: reading them is recursive.
  static final int MAX_NESTING = 32;

  private final PickleLimits limits;
  private final GateReader gates = new GateReader(this);

  CircuitReader(PickleLimits limits) {
    this.limits = limits;
  }

  static boolean isCircuit(@Nullable PickleNode node) {
    return node instanceof InstanceNode made && made.isOf("bqskit.ir.circuit", "rebuild_circuit");
  }

  /// The number of qubits of a circuit.
  static int qubits(PickleNode node) {
    return Fields.smallNumber(parts(node).getFirst(), "a number of qubits");
  }

  private static List<PickleNode> parts(@Nullable PickleNode node) {
    if (!(node instanceof InstanceNode made) || !isCircuit(node)) {
      throw Fields.expected("a circuit", node);
    }
    return Fields.tuple(made.arguments(), 4, "a circuit");
  }

  /// The operations of a circuit in order.
  ///
  /// @param nesting in how many gates it is
  List<PickledOperation> operations(@Nullable PickleNode node, int nesting) {
    List<PickleNode> parts = parts(node);
    requireQubits(parts.get(1));
    List<PickledGate> table = new ArrayList<>();
    for (PickleNode entry : Fields.list(parts.get(2), "a list of gates")) {
      List<PickleNode> pair = Fields.tuple(entry, 2, "a gate");
      if (pair.getFirst() != Constant.FALSE) {
        throw new PickleException("a gate that is not BQSKit's own");
      }
      BytesNode gate = Fields.bytes(pair.get(1), "the pickle of a gate");
      table.add(gates.read(gate.unpickle(limits), nesting));
    }
    BytesNode cycles = Fields.bytes(parts.get(3), "the pickle of the cycles");
    List<PickledOperation> operations = new ArrayList<>();
    for (PickleNode cycle : Fields.list(cycles.unpickle(limits), "a list of cycles")) {
      for (PickleNode operation : Fields.list(cycle, "a cycle")) {
        operations.add(operation(operation, table));
      }
    }
    return operations;
  }

  private static PickledOperation operation(PickleNode node, List<PickledGate> table) {
    List<PickleNode> parts = Fields.tuple(node, 3, "an operation");
    long gate = Fields.number(parts.getFirst(), "the index of a gate");
    if (gate < 0 || gate >= table.size()) {
      throw new PickleException("expected one of " + table.size() + " gates, found " + gate);
    }
    List<Integer> location = new ArrayList<>();
    for (PickleNode qubit : Fields.list(parts.get(1), "a location")) {
      location.add(Fields.smallNumber(qubit, "a qubit"));
    }
    List<Double> parameters = new ArrayList<>();
    for (PickleNode parameter : Fields.list(parts.get(2), "parameters")) {
      parameters.add(number(parameter));
    }
    return new PickledOperation(table.get((int) gate), location, parameters);
  }

  static void requireQubits(PickleNode radixes) {
    for (PickleNode radix : Fields.list(radixes, "radixes")) {
      if (Fields.number(radix, "a radix") != 2) {
        throw Fields.expected("qubits only", radix);
      }
    }
  }

  /// A float, an integer or a NumPy float of 64 bits.
  static double number(PickleNode node) {
    if (node instanceof Real(double value)) {
      return value;
    }
    if (node instanceof Int(long value)) {
      return value;
    }
    if (node instanceof InstanceNode made
        && (made.isOf("numpy._core.multiarray", "scalar")
            || made.isOf("numpy.core.multiarray", "scalar"))
        && made.arguments() instanceof TupleNode arguments
        && arguments.items().size() == 2
        && arguments.items().get(1) instanceof BytesNode bytes
        && bytes.length() == Double.BYTES) {
      return bytes.view().order(ByteOrder.LITTLE_ENDIAN).getDouble();
    }
    throw Fields.expected("a number", node);
  }
}
