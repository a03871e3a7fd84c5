package io.quern.engine.synthesis;

import io.quern.engine.circuit.Location;
import io.quern.engine.circuit.Operation;
import io.quern.engine.circuit.Operation.GateOperation;
import io.quern.engine.circuit.Parameters;
import io.quern.engine.circuit.StandardGate;
import io.quern.engine.linalg.Rotation;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Writes operations in a gate set, with neighbouring one-qubit gates merged; not thread-safe.
public final class NativeWriter {
  private final OneQubitBasis basis;
  private final boolean prefersSecond;
  private final boolean keepsFrames;
  private final Rotation[] pending;
  private final List<Operation> operations = new ArrayList<>();

  public NativeWriter(int qubits, OneQubitBasis basis) {
    this(qubits, basis, false, false);
  }

  /// @param prefersSecond whether of two qubits the second is the control where both would do
  /// @param keepsFrames whether a CX that needs one-qubit gates before gets all that is pending,
  ///   which often suits the gates that follow, rather than the least turns
  public NativeWriter(int qubits, OneQubitBasis basis, boolean prefersSecond, boolean keepsFrames) {
    this.basis = basis;
    this.prefersSecond = prefersSecond;
    this.keepsFrames = keepsFrames;
    this.pending = new Rotation[qubits];
    Arrays.fill(pending, Rotation.IDENTITY);
  }

  /// A one-qubit gate; it is written when something else follows on its qubit.
  public void local(int qubit, Rotation rotation) {
    pending[qubit] = rotation.after(pending[qubit]);
  }

  boolean prefersSecond() {
    return prefersSecond;
  }

  boolean keepsFrames() {
    return keepsFrames;
  }

  /// The one-qubit gates since the last operation on a qubit, as one.
  Rotation pending(int qubit) {
    return pending[qubit];
  }

  /// Forgets what is pending.
  void drop(int qubit) {
    pending[qubit] = Rotation.IDENTITY;
  }

  void entangle(StandardGate gate, Parameters parameters, int a, int b) {
    flush(a);
    flush(b);
    operations.add(new GateOperation(gate, Location.of(a, b), parameters));
  }

  void swap(int a, int b) {
    Rotation pendingA = pending[a];
    pending[a] = pending[b];
    pending[b] = pendingA;
    operations.add(new GateOperation(StandardGate.SWAP, Location.of(a, b), Parameters.NONE));
  }

  /// Any operation, as it is, after the one-qubit gates on its qubits.
  public void operation(Operation operation) {
    Location location = operation.location();
    for (int i = 0; i < location.size(); i++) {
      flush(location.get(i));
    }
    operations.add(operation);
  }

  /// All operations; writes what is pending first.
  public List<Operation> finish() {
    for (int q = 0; q < pending.length; q++) {
      flush(q);
    }
    return operations;
  }

  private void flush(int qubit) {
    basis.write(pending[qubit], qubit, operations);
    pending[qubit] = Rotation.IDENTITY;
  }
}
