package io.quern.bqskit.codec;

import io.quern.bqskit.codec.PickledGate.Bit;
import io.quern.bqskit.codec.PickledGate.PickledOperation;
import io.quern.bqskit.codec.PickledGate.Register;
import io.quern.bqskit.pickle.DictNode;
import io.quern.bqskit.pickle.InstanceNode;
import io.quern.bqskit.pickle.PickleException;
import io.quern.bqskit.pickle.PickleLimits;
import io.quern.bqskit.pickle.PickleNode;
import io.quern.bqskit.pickle.PickleReader;
import io.quern.bqskit.pickle.TupleNode;
import io.quern.bqskit.wire.PickledValue;
import io.quern.engine.circuit.Circuit;
import io.quern.engine.circuit.ClassicalRegister;
import io.quern.engine.circuit.Location;
import io.quern.engine.circuit.Operation;
import io.quern.engine.circuit.Parameters;
import io.quern.engine.circuit.StandardGate;
import io.quern.engine.qasm.QasmWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Shows the circuits in BQSKit's pickles as OpenQASM 2, where that has words for all their gates:
/// circuits within gates are written out, unitaries and qudit gates cannot be shown.
public final class Circuits {
  /// Circuits within gates may make a short pickle a long circuit.
  private static final int MAX_OPERATIONS = 1_000_000;

  private static final int MAX_QUBITS = 10_000;
  private static final Pattern REGISTER_NAME = Pattern.compile("[a-z][A-Za-z0-9_]{0,99}");

  private final int qubits;
  private final List<PickledOperation> operations;
  private final Map<String, Integer> registers = new LinkedHashMap<>();
  private final List<ClassicalRegister> classical = new ArrayList<>();
  private Circuit.Builder builder = Circuit.builder(1);
  private int work;

  private Circuits(int qubits, List<PickledOperation> operations) {
    this.qubits = qubits;
    this.operations = operations;
  }

  /// The circuit of a `CompilationTask`, or of what one returned, as OpenQASM 2; null if there is
  /// none or it cannot be said in OpenQASM 2.
  public static @Nullable String qasm(PickledValue taskOrResult, PickleLimits limits) {
    try {
      PickleNode circuit = find(PickleReader.read(taskOrResult.toBytes(), limits));
      if (circuit == null) {
        return null;
      }
      int qubits = CircuitReader.qubits(circuit);
      if (qubits < 1 || qubits > MAX_QUBITS) {
        return null;
      }
      return new Circuits(qubits, new CircuitReader(limits).operations(circuit, 0)).write();
    } catch (PickleException
        | IllegalArgumentException
        | IndexOutOfBoundsException
        | NoSuchElementException e) {
      // What a client may send is no circuit that can be shown: that is an answer, not a fault.
      return null;
    }
  }

  private static @Nullable PickleNode find(PickleNode node) {
    PickleNode found = node;
    if (node instanceof InstanceNode made
        && made.isOf(Names.COMPILATION)
        && made.state() instanceof DictNode state) {
      found = state.get("circuit");
    } else if (node instanceof TupleNode pair && pair.items().size() == 2) {
      found = pair.items().getFirst();
    }
    return CircuitReader.isCircuit(found) ? found : null;
  }

  private String write() {
    operations.forEach(this::declare);
    builder = Circuit.builder(qubits, classical);
    for (PickledOperation operation : operations) {
      add(operation.gate(), operation.location(), operation.parameters());
    }
    return QasmWriter.write(builder.build());
  }

  /// Measurements within gates of gates do not exist: BQSKit has no unitary for them.
  private void declare(PickledOperation operation) {
    if (operation.gate() instanceof PickledGate.Measurements measured) {
      for (Register register : measured.registers()) {
        if (!REGISTER_NAME.matcher(register.name()).matches()) {
          throw new PickleException("a register '" + register.name() + "'");
        }
        if (registers.putIfAbsent(register.name(), classical.size()) == null) {
          classical.add(new ClassicalRegister(register.name(), register.size()));
        }
      }
    }
  }

  private void add(PickledGate gate, List<Integer> location, List<Double> parameters) {
    count();
    switch (gate) {
      case PickledGate.Standard(StandardGate standard, List<Double> fixed) ->
          addGate(standard, location, fixed.isEmpty() ? parameters : fixed);
      case PickledGate.Negated(StandardGate standard) ->
          addGate(standard, location, List.of(-parameters.getFirst()));
      case PickledGate.Identity() ->
          location.forEach(qubit -> addGate(StandardGate.ID, List.of(qubit), List.of()));
      case PickledGate.Barrier() -> add(new Operation.Barrier(places(location)));
      case PickledGate.Reset() -> add(new Operation.Reset(location.getFirst()));
      case PickledGate.Measurements(List<Register> _, Map<Integer, Bit> bits) ->
          bits.forEach(this::measure);
      case PickledGate.Frozen(PickledGate inner, Map<Integer, Double> set) ->
          add(inner, location, merged(set, parameters));
      case PickledGate.Nested(List<PickledOperation> inner) -> addAll(inner, location, parameters);
    }
  }

  private void measure(int qubit, Bit bit) {
    Integer register = registers.get(bit.register());
    if (register == null) {
      throw new PickleException("no register '" + bit.register() + "'");
    }
    add(new Operation.Measurement(qubit, register, bit.index()));
  }

  /// The operations of a circuit that is a gate, with the parameters that the gate has here.
  private void addAll(
      List<PickledOperation> inner, List<Integer> location, List<Double> parameters) {
    int next = 0;
    for (PickledOperation operation : inner) {
      int count = operation.parameters().size();
      if (next + count > parameters.size()) {
        throw new PickleException("too few parameters for a circuit as a gate");
      }
      add(
          operation.gate(),
          operation.location().stream().map(location::get).toList(),
          parameters.subList(next, next + count));
      next += count;
    }
  }

  /// The parameters of a gate of which some are set.
  private static List<Double> merged(Map<Integer, Double> set, List<Double> free) {
    List<Double> all = new ArrayList<>();
    int next = 0;
    for (int i = 0; i < set.size() + free.size(); i++) {
      Double value = set.get(i);
      all.add(value != null ? value : free.get(next++));
    }
    return all;
  }

  private void addGate(StandardGate gate, List<Integer> location, List<Double> parameters) {
    double[] values = parameters.stream().mapToDouble(Double::doubleValue).toArray();
    add(new Operation.GateOperation(gate, places(location), Parameters.of(values)));
  }

  private void add(Operation operation) {
    count();
    builder.add(operation);
  }

  /// Counts a gate that is taken up and an operation that is written: also empty circuits within
  /// circuits take time.
  private void count() {
    if (++work > 2 * MAX_OPERATIONS) {
      throw new PickleException("more than " + MAX_OPERATIONS + " operations");
    }
  }

  private static Location places(List<Integer> location) {
    return Location.of(location.stream().mapToInt(Integer::intValue).toArray());
  }
}
